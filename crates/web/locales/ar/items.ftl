# المواد: القوائم، والاستلام، ومادة واحدة، وفتحها.
items-title = المواد
items-no-circle-title = لست في أي دائرة بعد
items-no-circle-text = المواد تخص الدوائر. اطلب من قيّم دائرة أن يضيفك، أو ابدأ دائرة خاصة بك.
items-add = استلام مواد
items-filter = البحث في المواد
items-filter-text = كلمات في الاسم
items-filter-circle = الدائرة
items-filter-all = كل دوائري
items-filter-kind = النوع
items-filter-any = أي نوع
items-filter-image = صور
items-filter-video = أفلام
items-filter-audio = صوت
items-filter-text-kind = نصوص
items-filter-pdf = PDF
items-filter-sort = الترتيب
items-filter-newest = الأحدث أولًا
items-filter-oldest = الأقدم أولًا
items-filter-name = بالاسم
items-filter-button = ابحث
items-none-found = لا شيء يوافق هذه الكلمات
items-clear = إظهار الكل
items-empty-title = لم يُستلم شيء هنا بعد
items-empty-text = استلم أول ملف. يُشفَّر للدائرة عند وصوله، ويُقيَّد وصوله في السجل.
items-count = { $count ->
    [zero] لا مواد
    [one] مادة واحدة
    [two] مادتان
    [few] { $count } مواد
   *[other] { $count } مادة
}
items-first = هذه أول { $count }. اختر حلقة لترى كل ما فيها.
item-name = الاسم
item-received = وقت الاستلام
item-circle = الدائرة
item-kind = النوع
item-size = الحجم
item-mark = العلامة
item-by = استلمها
item-folder = المجلد
item-digest = SHA-256
item-tool = بواسطة
item-id = المعرّف
item-proof = إثبات القيد
item-erased = مُحيت
item-erased-text = أُتلف المحتوى ولا يمكن إعادته. ويبقى مقيَّدًا أنه كان هنا.
item-erased-reason = السبب:
item-unaltered = لم تُغيَّر منذ القيد { $number }.
mark-accepted = مقبولة، لم تُقيَّد بعد
mark-entered = مقيَّدة، رقم { $number }
mark-countersigned = { $count ->
    [one] مقيَّدة، رقم { $number }؛ وقّع عليها أيضًا مكتب خارجي واحد
    [two] مقيَّدة، رقم { $number }؛ وقّع عليها أيضًا مكتبان خارجيان
    [few] مقيَّدة، رقم { $number }؛ وقّعت عليها أيضًا { $count } مكاتب خارجية
   *[other] مقيَّدة، رقم { $number }؛ وقّع عليها أيضًا { $count } مكتبًا خارجيًا
}
item-open-title = فتح نسخة
item-open-text = يُقيَّد الفتح قبل أن يخرج أول بايت: من ومتى ولأي غرض. ويراه كل من في الدائرة.
item-open-purpose = لماذا تحتاج إليها؟
item-open-purpose-hint = بضع كلمات. تُحفظ لهذا اليوم فلا تكتبها ثانية.
item-open-required = قل لماذا تحتاج إليها
item-open-button = قيّد هذا وافتح نسخة
custody-title = سلسلة الحيازة
custody-text = ما جرى للأصل منذ وصوله.
custody-received = استُلمت
custody-published = صارت جزءًا من نشر
custody-erased = أُتلف المحتوى
custody-checked-unaltered = قُرئت ثانية ووُجدت غير مغيَّرة
custody-checked-altered = قُرئت ثانية ووُجدت مغيَّرة
custody-checked-missing = قُرئت ثانية ووُجدت مفقودة
accesses-title = مرات الفتح
accesses-none = لم يفتح أحد نسخة بعد.
access-when = متى
access-who = من
access-purpose = الغرض
access-how = كيف
access-view = عُرضت في صفحة
access-copy = سُلّمت نسخة

add-title = استلام مواد
add-lead = تُستلم الملفات كما هي تمامًا. تُشفَّر للدائرة عند وصولها؛ ولا يصل إلى القرص شيء مقروء.
add-care = ليس المحتوى وحده ما يعرّف بالناس: الأصوات والوجوه وخط اليد وأسماء الملفات والأماكن أيضًا. اختر الدائرة بعناية، فكل من فيها يقرأ ما تستلمه.
add-circle = لأي دائرة؟
add-files = الملفات
add-files-hint = اختر ملفًا أو أكثر، أو أفلتها هنا.
add-files-none = اختر ملفًا واحدًا على الأقل
add-circle-none = اختر دائرة أنت فيها
add-circle-rotation = تحتاج هذه الدائرة إلى مفتاح جديد قبل أن تستلم مواد. اصنعه في صفحة الدائرة
add-button = استلم
add-progress = التقدم
add-js-sending = جارٍ الإرسال
add-js-failed = لم يُستلم
add-js-again = انقطع الاتصال؛ يتابع من تلقاء نفسه
add-js-list = إظهار المواد
add-js-see = فتح
added-title = استُلمت
added-total = { $total } ملفات: { $received } استُلمت، { $duplicate } نسخ مطابقة موجودة من قبل، { $rejected } لم تُستلم.
added-outcome = النتيجة
added-received = استُلم
added-duplicate = نسخة مطابقة موجودة من قبل
added-rejected = لم يُستلم
added-rejected-full = لم يُستلم: قرص المكتب ممتلئ
added-rejected-broken = لم يُستلم: انقطع الاتصال
added-rejected-empty-name = لم يُستلم: لا اسم للملف
added-next = تُقيَّد المواد المقبولة في السجل مع الدفعة التالية خلال دقائق.
added-list = إظهار المواد
added-more = استلام المزيد
item-open-rotation = تحتاج هذه الدائرة إلى مفتاح جديد قبل فتح أي شيء. اصنعه في صفحة الدائرة
custody-digest = حُسب الملخص
custody-encrypted = شُفّرت للدائرة
item-open-sealed = هذا تحت مفاتيح حاملي المفاتيح. لا يفتحه إلا هم معًا وببرامجهم
