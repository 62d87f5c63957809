# What stands around every page, forms, refusals, units, months.
skip = Skip to the content
languages = Language
places = Places
trail = Where you are
pages = Further pages
pages-next = Next page
pages-newer = Newer
pages-older = Older
place-items = Material
place-circles = Circles
place-members = Members
place-record = Public record
place-verify = Verify
sign-in = Sign in
sign-out = Sign out
continue = Continue
cancel = Cancel
circle-readers = { $count ->
    [one] One person can read this
   *[other] { $count } people can read this
}
foot-limits = What this does not protect
foot-help = Help
foot-about = About
limits-link = What this does not protect

form-summary = There is a problem
form-error = Error:
form-required = Fill in this field
form-too-long = Shorten this: it is longer than the office keeps
check-stays = What is entered stays. Look at it once more before you go on.
check-change = Change it
secret-once = These words are shown once. Write them down now, on paper, and keep them apart from this machine.

refusal-start = Go to the start page
refusal-not-found-title = There is nothing here
refusal-not-found-text = Either there is no such page, or it is not yours to open. Check the address, or ask the person who gave it to you.
refusal-sign-in-first-title = Sign in first
refusal-sign-in-first-text = This page is for members of the office.
refusal-stale-form-title = This form is no longer valid
refusal-stale-form-text = Nothing was done. Go back, load the page again, and send the form once more. What was typed may still be in your browser.
refusal-senseless-title = The request could not be understood
refusal-senseless-text = Nothing was done. Go back and try again from the page itself.
refusal-too-large-title = Too large
refusal-too-large-text = Nothing was received. A browser without scripts can send files of any size through the form for material; other forms take a few pages of text.
refusal-too-many-title = Too many attempts at once
refusal-too-many-text = Nothing is locked. Wait half a minute and try again.
refusal-busy-title = Somebody was faster
refusal-busy-text = Nothing was done. The office was busy, or somebody changed the same thing at the same moment. Go back, load the page again, and look at what has changed.
refusal-read-only-title = Not received
refusal-read-only-text = The office cannot write at the moment: its disk is full or failing. Nothing of what you sent was kept. Tell the operator, and send it again later.
refusal-trouble-title = Something went wrong
refusal-trouble-text = It is not your fault. If you were sending something, look whether it is in the list before you send it again. Tell the operator if it happens twice.

home-title = The office's record
home-lead = Material and accounts are kept here encrypted, and everything that is done with them is entered in a record that nobody can change unseen.
home-verify = Verify something the office has given out
home-record-title = A record that outside offices countersign
home-record-text = The record shows, for every entry, that it exists and has not been altered since. It does not show what the entry says.
home-record-link = Look at the public record
home-what-title = If you are not a member
home-what-text = You can look at the public record, and you can verify a file or a bundle that the office has given out, without trusting the office.

size-bytes = { $count ->
    [one] { $count } byte
   *[other] { $count } bytes
}
size-kilobytes = { $amount } kB
size-megabytes = { $amount } MB
size-gigabytes = { $amount } GB

month-gregorian-1 = January
month-gregorian-2 = February
month-gregorian-3 = March
month-gregorian-4 = April
month-gregorian-5 = May
month-gregorian-6 = June
month-gregorian-7 = July
month-gregorian-8 = August
month-gregorian-9 = September
month-gregorian-10 = October
month-gregorian-11 = November
month-gregorian-12 = December
month-solar-1 = Farvardin
month-solar-2 = Ordibehesht
month-solar-3 = Khordad
month-solar-4 = Tir
month-solar-5 = Mordad
month-solar-6 = Shahrivar
month-solar-7 = Mehr
month-solar-8 = Aban
month-solar-9 = Azar
month-solar-10 = Dey
month-solar-11 = Bahman
month-solar-12 = Esfand
