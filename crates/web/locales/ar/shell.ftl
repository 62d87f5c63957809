# ما يحيط بكل صفحة، والنماذج، وردود الرفض، والوحدات، والشهور.
skip = انتقل إلى المحتوى
languages = اللغة
places = الأقسام
trail = أين أنت
pages = صفحات أخرى
pages-next = الصفحة التالية
pages-newer = الأحدث
pages-older = الأقدم
place-items = المواد
place-circles = الدوائر
place-members = الأعضاء
place-record = السجل العام
place-verify = التحقق
sign-in = الدخول
sign-out = الخروج
continue = متابعة
cancel = إلغاء
circle-readers = { $count ->
    [zero] لا أحد يستطيع قراءة هذا
    [one] شخص واحد يستطيع قراءة هذا
    [two] شخصان يستطيعان قراءة هذا
    [few] { $count } أشخاص يستطيعون قراءة هذا
    [many] { $count } شخصًا يستطيعون قراءة هذا
   *[other] { $count } شخص يستطيعون قراءة هذا
}
foot-limits = ما لا يحميه هذا
foot-help = مساعدة
foot-about = حول
limits-link = ما لا يحميه هذا

form-summary = هناك مشكلة
form-error = خطأ:
form-required = املأ هذا الحقل
form-too-long = اختصر هذا: إنه أطول مما يحفظه المكتب
check-stays = ما يُقيَّد يبقى. انظر إليه مرة أخرى قبل المتابعة.
check-change = أريد تغييره
secret-once = تظهر هذه الكلمات مرة واحدة. اكتبها الآن على ورق واحفظها بعيدًا عن هذا الجهاز.

refusal-start = إلى صفحة البداية
refusal-not-found-title = لا شيء هنا
refusal-not-found-text = إما أن الصفحة غير موجودة، أو أن فتحها ليس لك. تحقق من العنوان أو اسأل من أعطاك إياه.
refusal-sign-in-first-title = ادخل أولًا
refusal-sign-in-first-text = هذه الصفحة لأعضاء المكتب.
refusal-stale-form-title = لم يعد هذا النموذج صالحًا
refusal-stale-form-text = لم يُنفَّذ شيء. ارجع وأعد تحميل الصفحة وأرسل النموذج من جديد. ربما ما زال ما كتبته في متصفحك.
refusal-senseless-title = تعذّر فهم الطلب
refusal-senseless-text = لم يُنفَّذ شيء. ارجع وحاول مجددًا من الصفحة نفسها.
refusal-too-large-title = أكبر من اللازم
refusal-too-large-text = لم يُستلم شيء. نموذج المواد يقبل ملفات بأي حجم ولو بلا برامج نصية؛ والنماذج الأخرى تقبل بضع صفحات من النص.
refusal-too-many-title = محاولات كثيرة في وقت واحد
refusal-too-many-text = لم يُقفل شيء. انتظر نصف دقيقة ثم حاول من جديد.
refusal-busy-title = سبقك أحد
refusal-busy-text = لم يُنفَّذ شيء. كان المكتب مشغولًا، أو غيّر أحد الشيء نفسه في اللحظة نفسها. ارجع وأعد تحميل الصفحة وانظر ما تغيّر.
refusal-read-only-title = لم يُستلم
refusal-read-only-text = لا يستطيع المكتب الكتابة الآن: قرصه ممتلئ أو معطوب. لم يُحفظ شيء مما أرسلت. أخبر المشغّل وأرسله لاحقًا.
refusal-trouble-title = حدث خلل
refusal-trouble-text = ليس الخطأ منك. إن كنت ترسل شيئًا فانظر هل هو في القائمة قبل أن ترسله ثانية. أخبر المشغّل إن تكرر.

home-title = سجل المكتب
home-lead = تُحفظ المواد والروايات هنا مشفّرة، وكل ما يُفعل بها يُقيَّد في سجل لا يستطيع أحد تغييره خفية.
home-verify = التحقق من شيء أصدره المكتب
home-record-title = سجل توقّعه مكاتب خارجية أيضًا
home-record-text = يُظهر السجل لكل قيد أنه موجود ولم يُغيَّر منذ ذلك الحين. ولا يُظهر ما يقوله القيد.
home-record-link = انظر السجل العام
home-what-title = إن لم تكن عضوًا
home-what-text = تستطيع أن تنظر في السجل العام، وأن تتحقق من ملف أو حزمة أصدرها المكتب دون أن تثق به.

size-bytes = { $count ->
    [zero] لا بايت
    [one] بايت واحد
    [two] بايتان
    [few] { $count } بايتات
    [many] { $count } بايتًا
   *[other] { $count } بايت
}
size-kilobytes = { $amount } كيلوبايت
size-megabytes = { $amount } ميغابايت
size-gigabytes = { $amount } غيغابايت

month-gregorian-1 = يناير
month-gregorian-2 = فبراير
month-gregorian-3 = مارس
month-gregorian-4 = أبريل
month-gregorian-5 = مايو
month-gregorian-6 = يونيو
month-gregorian-7 = يوليو
month-gregorian-8 = أغسطس
month-gregorian-9 = سبتمبر
month-gregorian-10 = أكتوبر
month-gregorian-11 = نوفمبر
month-gregorian-12 = ديسمبر
month-solar-1 = فروردين
month-solar-2 = أرديبهشت
month-solar-3 = خرداد
month-solar-4 = تير
month-solar-5 = مرداد
month-solar-6 = شهريور
month-solar-7 = مهر
month-solar-8 = آبان
month-solar-9 = آذر
month-solar-10 = دي
month-solar-11 = بهمن
month-solar-12 = إسفند
