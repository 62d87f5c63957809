# آنچه گرد هر صفحه می‌آید، فرم‌ها، پاسخ‌های رد، واحدها، ماه‌ها.
skip = رفتن به متن
languages = زبان
places = بخش‌ها
trail = جای شما
pages = صفحه‌های دیگر
pages-next = صفحهٔ بعد
pages-newer = تازه‌تر
pages-older = قدیمی‌تر
place-items = مواد
place-circles = حلقه‌ها
place-members = اعضا
place-record = دفتر ثبت عمومی
place-verify = راستی‌آزمایی
sign-in = ورود
sign-out = خروج
continue = ادامه
cancel = انصراف
circle-readers = { $count ->
    [one] یک نفر می‌تواند این را بخواند
   *[other] { $count } نفر می‌توانند این را بخوانند
}
foot-limits = این‌ها از چه محافظت نمی‌کنند
foot-help = راهنما
foot-about = درباره
limits-link = این از چه محافظت نمی‌کند

form-summary = مشکلی هست
form-error = خطا:
form-required = این را پر کنید
form-too-long = کوتاه‌ترش کنید: بلندتر از آن است که دبیرخانه نگه می‌دارد
check-stays = آنچه ثبت شود می‌ماند. پیش از ادامه یک بار دیگر نگاه کنید.
check-change = تغییرش می‌دهم
secret-once = این کلمه‌ها فقط یک بار نشان داده می‌شوند. همین حالا روی کاغذ بنویسید و جدا از این دستگاه نگه دارید.

refusal-start = رفتن به صفحهٔ آغاز
refusal-not-found-title = اینجا چیزی نیست
refusal-not-found-text = یا چنین صفحه‌ای نیست، یا بازکردن آن با شما نیست. نشانی را بررسی کنید، یا از کسی که آن را به شما داده بپرسید.
refusal-sign-in-first-title = نخست وارد شوید
refusal-sign-in-first-text = این صفحه برای اعضای دبیرخانه است.
refusal-stale-form-title = این فرم دیگر معتبر نیست
refusal-stale-form-text = کاری انجام نشد. برگردید، صفحه را دوباره بار کنید و فرم را از نو بفرستید. شاید آنچه نوشته بودید هنوز در مرورگرتان باشد.
refusal-senseless-title = درخواست فهمیده نشد
refusal-senseless-text = کاری انجام نشد. برگردید و از خود صفحه دوباره بکوشید.
refusal-too-large-title = بیش از اندازه بزرگ
refusal-too-large-text = چیزی دریافت نشد. فرمِ مواد در مرورگر بدون اسکریپت هم فایل با هر اندازه‌ای می‌پذیرد؛ فرم‌های دیگر چند صفحه متن.
refusal-too-many-title = تلاش‌های هم‌زمان بیش از اندازه
refusal-too-many-text = چیزی قفل نشده است. نیم دقیقه صبر کنید و دوباره بکوشید.
refusal-busy-title = کسی تندتر بود
refusal-busy-text = کاری انجام نشد. دبیرخانه مشغول بود، یا کسی در همان لحظه همان چیز را تغییر داد. برگردید، صفحه را دوباره بار کنید و ببینید چه تغییر کرده است.
refusal-read-only-title = دریافت نشد
refusal-read-only-text = دبیرخانه اکنون نمی‌تواند بنویسد: دیسکش پر یا خراب است. از آنچه فرستادید چیزی نماند. به گرداننده بگویید و بعد دوباره بفرستید.
refusal-trouble-title = مشکلی پیش آمد
refusal-trouble-text = تقصیر شما نیست. اگر چیزی می‌فرستادید، پیش از فرستادن دوباره ببینید آیا در فهرست هست. اگر دوباره پیش آمد به گرداننده بگویید.

home-title = دفتر ثبت دبیرخانه
home-lead = مواد و روایت‌ها اینجا رمزنگاری‌شده نگهداری می‌شوند، و هر کاری که با آن‌ها بشود در دفتری ثبت می‌شود که هیچ‌کس نمی‌تواند پنهانی تغییرش دهد.
home-verify = راستی‌آزمایی چیزی که دبیرخانه داده است
home-record-title = دفتری که دبیرخانه‌های بیرونی هم امضا می‌کنند
home-record-text = دفتر ثبت برای هر ثبت نشان می‌دهد که هست و از آن پس تغییر نکرده است. نشان نمی‌دهد که در آن چه نوشته شده.
home-record-link = دیدن دفتر ثبت عمومی
home-what-title = اگر عضو نیستید
home-what-text = می‌توانید دفتر ثبت عمومی را ببینید، و فایل یا بسته‌ای را که دبیرخانه داده است راستی‌آزمایی کنید، بی‌آنکه به دبیرخانه اعتماد کنید.

size-bytes = { $count } بایت
size-kilobytes = { $amount } کیلوبایت
size-megabytes = { $amount } مگابایت
size-gigabytes = { $amount } گیگابایت

month-gregorian-1 = ژانویه
month-gregorian-2 = فوریه
month-gregorian-3 = مارس
month-gregorian-4 = آوریل
month-gregorian-5 = مه
month-gregorian-6 = ژوئن
month-gregorian-7 = ژوئیه
month-gregorian-8 = اوت
month-gregorian-9 = سپتامبر
month-gregorian-10 = اکتبر
month-gregorian-11 = نوامبر
month-gregorian-12 = دسامبر
month-solar-1 = فروردین
month-solar-2 = اردیبهشت
month-solar-3 = خرداد
month-solar-4 = تیر
month-solar-5 = مرداد
month-solar-6 = شهریور
month-solar-7 = مهر
month-solar-8 = آبان
month-solar-9 = آذر
month-solar-10 = دی
month-solar-11 = بهمن
month-solar-12 = اسفند
