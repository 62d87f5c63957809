# What leaves the office or is destroyed, and who stands outside: publishing, erasing, outside offices, key-holders.
items-choose = Choose
items-publish = Publish what is chosen …
publish-one = Publish this …
publish-title = Publish
publish-lead = A publication is a bundle that proves itself: anyone can check it without trusting this office. First you see a plan of what it discloses; nothing leaves before you agree to it.
publish-none-title = Nothing is chosen
publish-none-text = Choose items in the list, then publish them from there.
publish-chosen = { $count ->
    [one] One item is chosen
   *[other] { $count } items are chosen
}
publish-name = Title of the publication
publish-name-hint = Everybody can read it, in the record and in the bundle.
publish-title-refused = Use up to 300 letters, without invisible characters
publish-sealed = One of these is under the key-holders’ keys. It cannot be published
publish-rotation = One of the circles needs a new key before anything of it is published. Make one on the circle’s page
publish-pending = The publication is accepted, but no head with enough countersignatures covers it yet, so no bundle was made. Try again later
publish-show-plan = Show the plan
plan-title = Look at the plan before you publish
plan-to-whom = To whom:
plan-everyone = Everyone, for good. A publication cannot be taken back, and a public entry cannot be erased.
plan-from = Circles whose material it is
plan-files-title = The files
plan-path = Name in the bundle
plan-here = Name here
plan-tells = What the file itself tells
plan-tells-nothing = Nothing was found
plan-not-seen = Only what programs can find is listed. Faces, voices, handwriting and places in a file are not, and they identify people too.
tells-position = Where it was made
tells-device = With which device
tells-time = When it was made
tells-name = Somebody’s name
tells-program = With which program
tells-film = A film hidden behind the picture
tells-unread = It could not be looked into as a whole
plan-discloses-title = What everyone learns besides the files
plan-discloses-1 = The title, the day, the number of files, and of each its kind and size.
plan-discloses-2 = That these files stand in this office’s record, under which numbers.
plan-discloses-3 = The office’s public name and keys, and which outside offices countersigned.
plan-closed-title = What the bundle does not say
plan-closed-1 = The names these files had, who brought them, who took them in, and at what hour.
plan-closed-2 = Which members and circles there are.
plan-stays = Under your name it is entered in these circles that the items were published. Their members see it.
plan-button = Publish, and download the bundle
plan-download = The download begins by itself within half a minute; this page stays. Pass the bundle on together with the policy file, but by another way:
erase-link = Erase this …
erase-title = Erase this item
erase-lead = Its content, its name and its keys are destroyed for good. Nobody can bring them back, not even the office.
erase-stays = That something was here, and that it was erased, stays entered. Public entries cannot be erased: what was published remains published.
erase-reason = Reason
erase-reason-hint = It stays for good and the circle can read it. Do not repeat what you erase.
erase-check = Check before you erase
erase-copies = Copies handed out, which this does not reach
erase-copies-count = { $count ->
    [0] None
    [one] One
   *[other] { $count }
}
erase-publications = Publications that remain public
erase-publications-count = { $count ->
    [0] None
    [one] One: it cannot be erased
   *[other] { $count }: they cannot be erased
}
erase-button = Erase for good
erase-rotation = This circle needs a new key before anything can be erased. Make one on the circle’s page
erased-title = The item is erased
erased-text = Its content is destroyed. Copies that somebody has taken, and backups from before, are not reached by this; backups lose their keys when they expire.
erased-see = What stays
outside-title = Outside offices
outside-empty-title = No outside office yet
outside-empty-text = Agree with another office that it will countersign. Then an administrator adds it on the office’s own machine with:
outside-quorum = { $count ->
    [one] One outside office is asked; at least { $needed } must countersign.
   *[other] { $count } outside offices are asked; at least { $needed } must countersign.
}
outside-address = Address
outside-key = Key
outside-change = They are added and removed on the office’s own machine with:
holders-title = Key-holders
holders-lead = Key-holders keep shares of the keys to what is sealed, such as who a source is. Each keeps theirs on a machine of their own. Only several together can open something, and only for a warrant that stands in the record.
holders-empty-title = No key-holder yet
holders-empty-text = Without key-holders nothing can be sealed. Each makes a key on their own machine; an administrator then adds them on the office’s own machine with:
holders-count = { $count ->
    [one] One key-holder
   *[other] { $count } key-holders
}
holders-jurisdiction = Where they live
holders-recipient = Key
holders-recipient-show = Show the key
add-circle-next = Continue
add-readers-title = Who will be able to read this
add-check-title = Check before you take in
add-check-text = What is taken in is entered and stays. Erasing it later leaves its number behind.
add-check-count = Files
add-check-size = Together
add-check-button = Take in these files
add-js-ended = Not received: you have been signed out, or the office was started anew. What stands above as taken in is safe. Sign in and choose the rest again; what is here already is recognised.
add-js-sign-in = Sign in again
item-acts = What you can do
outside-no-quorum = None of them is required yet: publications are made even if none countersigns. An administrator sets how many must.
publish-withheld = Some of this may not go out.
withheld-do = Describe each item on the desk: on what basis it is held, whether it identifies a source, who can be recognised. Enter the consents that cover it. Or leave it out.
withheld-title = Withheld:
withheld-not-described = Nobody described it, so it states no basis on which it is held
withheld-unknown = Nobody said whether it identifies a source
withheld-identifies = It identifies a source. Make a checked copy that does not
withheld-withdrawn = A consent that covers it was withdrawn
withheld-strangers = Other people can be recognised, or nobody looked
withheld-risk = It is held without consent, and two members have not decided about the risk
withheld-consent = No consent allows that everybody gets it
