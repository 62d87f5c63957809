# What failed, and what to do about it.
fault-secret-missing = the { $what } is needed and nobody gave it
    .do = Set { $variable }, use { $option } with a file descriptor, or run this on a terminal.
fault-secret-unreadable = the { $what } could not be read from file descriptor { $descriptor }
    .do = Open the descriptor for this program, for instance: mahzar … 3< FILE, with the number 3.
fault-unlock-form = the unlock secret is not well-formed
    .do = Type it again as it was printed, in groups of four digits.
fault-unlock-wrong = the unlock secret does not open this office
    .do = Check that the folder and the secret belong together.
fault-passphrase-form = the passphrase is not well-formed
    .do = Type it again as it was printed, or choose one of 15 characters or more.
fault-origin = the name of the record is not well-formed
    .do = Use an address without scheme, of printable ASCII without spaces and plus signs.
fault-sign-in = the member or the passphrase is not right
    .do = Check --as and the passphrase. A member whose passphrase is lost can be recovered: mahzar member recover.
fault-acting-missing = nobody is named who does this
    .do = Say who acts: --as MEMBER.
fault-office-absent = there is no office in { $folder }
    .do = Name the right folder with --office, or make an office with: mahzar init
fault-init-not-empty = something lies in { $folder } already
    .do = Choose a folder that is absent or empty.
fault-refused = there is no such thing here, or it is not yours to see
    .do = Check the name or the id, and who acts.
fault-full = not received: the disk is full or read-only
    .do = Make room. What was acknowledged before is safe.
fault-busy = the office is busy
    .do = Try again.
fault-moved = this has changed meanwhile
    .do = Look again, then try again.
fault-damaged = something is damaged, and nothing of it is used
    .do = Run mahzar fsck; restore from a backup.
fault-fatal = the disk failed, and the program ends
    .do = Look at the disk. At the next start the office reads what is really there.
fault-failed = it could not be done
    .do = The line above says why. Nothing was changed.
fault-rotation = somebody left this circle, so its key must be renewed first
    .do = A member renews it: mahzar circle rotate CIRCLE
fault-read = could not read { $path }
    .do = Check the path and the permission.
fault-write = could not write { $path }
    .do = Check the path, the permission and the room on the disk. Nothing is written over a file that is there.
fault-too-long = { $path } is longer than such a file can be
    .do = Check that it is the right file.
fault-circle-unknown = there is no circle { $name } that you can read
    .do = mahzar circle show lists your circles.
fault-circle-ambiguous = two of your circles are called { $name }
    .do = Name the circle by its id.
fault-circle-missing = you are in several circles, or in none
    .do = Name one: --circle CIRCLE.
fault-member-unknown = there is no member { $name }
    .do = mahzar member list lists the members.
fault-id-form = { $id } is not an id
    .do = An id has 32 hexadecimal digits. mahzar list shows them.
fault-pending = it is accepted, but not entered in the record yet
    .do = Ask again after the next batch.
fault-not-agreed = nothing was done, because nobody agreed to it
    .do = Read the plan, then agree on the terminal or add --yes.
fault-title = the title is refused
    .do = A title has 1 to 300 characters, without control characters.
fault-purpose = the purpose is refused
    .do = Say in a sentence of up to 1,000 characters what it is for.
fault-nothing-found = there is nothing to take in
    .do = Name files or folders.
fault-rejected = { $count } of what was seen was not taken in
    .do = Each is listed above with its reason.
fault-found = the check found { $count } faults
    .do = Each is named above. Restore from a backup, and keep the damaged folder for whoever looks into it.
fault-keyholder-key = { $path } holds no key of a key-holder
    .do = Name the file that mahzar keyholder keygen wrote.
fault-keyholder-passphrase = the passphrase of the key in { $path } is not right
    .do = Give the passphrase of the key (MAHZAR_PASSPHRASE, --passphrase-fd), not that of a member.
fault-recipient = the recipient is not that of a key-holder
    .do = It begins with age1pq1 and was shown by mahzar keyholder keygen.
fault-share = the share cannot be given or used
    .do = The line above says why.
fault-warrant-form = this is no warrant
    .do = Ask the office for the file again.
fault-warrant = the warrant does not hold, so no share was given
    .do = Tell the other key-holders what the line above says.
fault-policy = the policy is not well-formed
    .do = Name a file in the format of C2SP tlog-policy.
fault-issuer = the issuer's key is not well-formed
    .do = It is 32 bytes in base64.
fault-witness = the outside office cannot be used
    .do = Check its key and its address.
fault-witness-state = the folder of the witness cannot be used
    .do = The line above says why. Nothing was countersigned.
fault-serve = the pages cannot be served
    .do = Check that the address is free: --listen ADDRESS:PORT.
fault-backup = the backup was not written
    .do = Nothing of it is left. The line above says why.
fault-restore = nothing was restored
    .do = The line above says why.
fault-leaf = the record has no leaf { $number }
    .do = mahzar record head shows how many there are.
fault-head = the record has no published head yet
    .do = Enter something, then ask again.
fault-demo = the demonstration does not hold: { $step }
    .do = This is a fault of the program. Please report it with the line above.
fault-bench = { $name } could not be measured
    .do = The line above says why.
fault-bench-name = there is no measurement { $name }
    .do = There are: { $names }
fault-estimate-table = nothing can be estimated from { $path }
    .do = Mend what the line above names. The table has a column of 0 and 1 for each list, and the column count.
fault-estimate-model = there is no such model of this table
    .do = Write it as A*B*C + A*D, with the names in the table's head.
fault-estimate-samples = the latent-class model needs at least 16 samples and a thinning of 1
    .do = Leave --samples and --thinning out, or give --samples 0 to do without that model.
fault-estimate-release = the estimate was not released
    .do = Without --approved-by it is written as a draft.
fault-sealed = this item is sealed: only key-holders together can open it
    .do = Issue a warrant: mahzar keyholder warrant
fault-unsigned = no head is signed
    .do = Ask again when the outside offices can be reached. If a loss cannot be ruled out: mahzar record reconcile --accept-loss
fault-witness-name = there is no witness in this folder, and no name for a new one
    .do = Name one: --name NAME

# What is told.
init-done = An office was made in { $folder }. Its record is called { $origin }.
init-founder = { $name } is its first member and administrator ({ $member }).
secret-unlock = Unlock secret of the office: { $secret }
secret-passphrase = Passphrase of { $name }: { $secret }
secret-recovery = Recovery key of { $name }, to be printed: { $secret }
secrets-once = Write these down now. They are not shown again, and nobody can look them up.
member-added = { $name } is a member now ({ $member }), and can read nothing yet.
member-fingerprint = Compare aloud, by a channel that you trust: { $fingerprint }
member-revoked = { $name } is cut off. Their circles are due for a new key.
standing-present = present
standing-travelling = travelling
standing-revoked = revoked
passphrase-changed = { $name } has another passphrase.
recovery-began = New keys were made for { $name }. They open nothing before { $stewards } stewards have approved and the delay is over.
recovery-step = Recovery of { $member }: { $step }
recovery-readmitted = { $circles ->
    [one] Let into { $circles } circle again.
   *[other] Let into { $circles } circles again.
}
travel-began = The account of { $name } holds no key of any circle now.
travel-ended = { $name } is back. The stewards of the circles give the keys again: mahzar member travel restore
travel-restored = { $name } has the keys of { $circles } circles again.
circle-created = Circle { $name } ({ $circle })
circle-added = { $name } can read { $circle } now, the archive included.
circle-removed = { $name } is no longer in { $circle }.
circle-rotated = { $circle } has a new key.
circle-epoch = Key number { $epoch }
circle-rotation-due = Somebody left. Nothing is entered before a member renews the key.
circle-steward = steward
circle-member = member
intake-received = { $count ->
    [one] { $count } file received
   *[other] { $count } files received
}
intake-rejected-one = not received: { $path }: { $reason }
intake-totals = Seen { $seen } = received { $received } ({ $size }) + duplicates { $duplicates } + rejected { $rejected }
list-total = { $total ->
    [one] { $total } item
   *[other] { $total } items
}
mark-accepted = accepted
mark-entered = entered as number { $number }
mark-countersigned = entered as number { $number }, countersigned by { $offices } outside { $offices ->
    [one] office
   *[other] offices
}
show-custody = Custody of the original:
show-accesses = { $count ->
    [one] A copy was opened once:
   *[other] A copy was opened { $count } times:
}
show-erased = { $item }  erased at { $at } by { $by }: { $reason }
open-done = Written to { $path }, readable by you alone.
erase-plan = This destroys { $name } ({ $size }, { $item }) for good. Copies that were taken out, publications, and backups that still have its key are not reached.
erase-question = Destroy it? (y/n)
erase-done = { $item } is erased. The record keeps a commitment that says nothing.
proof-written = The proof for number { $number } is in { $path }.
policy-written = The policy is in { $path }. Hand it over by a channel that the reader trusts.
publish-plan = “{ $title }” will make { $count } { $count ->
    [one] item
   *[other] items
} public:
publish-tells = { "      " }this file tells: { $what }
publish-not-told = The bundle names no member, no original file name, and no time but the day. What the files show or sound like identifies too, and no program can list that.
publish-for-good = A publication cannot be taken back, and its entry cannot be erased.
publish-question = Publish it? (y/n)
publish-done = Published as number { $number } in { $path }, countersigned by { $offices } outside { $offices ->
    [one] office
   *[other] offices
}.
head-countersigned = Countersigned by { $offices } outside offices; { $quorum } must.
record-elsewhere = Accepted. Another process writes the record and will enter it.
record-unsigned = Accepted and entered, but no head is signed: { $cause }
record-not-countersigned = { $name } has not countersigned: { $cause }
reconcile-anew = The record goes on under a new name and key: { $origin }. Everybody sees that it began anew.
reconcile-signing = Heads are signed.
fsck-working = checking
fsck-stray = nothing refers to { $path }; a crash left it, and it does no harm
fsck-done = { $leaves } leaves, { $objects } objects and { $entries } entries checked; { $locked } entries could not be opened by anyone here.
backup-working = backing up
backup-done = Backup in { $path }: { $files } files, { $size }. Keep keys.db apart, and not for long.
restore-working = restoring
restore-done = The record { $origin } with { $size } leaves is restored in { $folder }. It signs nothing before mahzar record reconcile.
witness-changed = Changed: { $what }
witness-quorum = { $quorum } must countersign.
witness-serving = Countersigning at { $url } as:
witness-unusable = The outside office { $name } cannot be asked: { $cause }
keyholder-passphrase = It opens with this passphrase, which is shown once; write it down, and keep it apart from the key:
keyholder-made = The key is in { $path }. It must not leave this machine. Encrypt to:
keyholder-added = { $name } gets a share of whatever is sealed from now on.
keyholder-sealed = { $item } is sealed. { $threshold } of these open it together: { $holders }
share-for = Share for { $name }: { $path }
share-given = Share { $number }, for the requester alone, is in { $path }.
warrant-holds = The warrant for { $object } holds until { $expires }; { $offices } outside offices countersigned.
warrant-reason = Reason: { $reason }
warrant-requester = Requester: { $requester }
warrant-question = Give your share? (y/n)
warrant-written = The warrant for the key-holders is in { $path }.
serving = The pages are at { $url }. End with Ctrl-C.
bench-working = measuring { $name }
estimate-working = estimating
estimate-observed = People on at least one list: { $people }
estimate-answer = Estimate: { $estimate }, 95 % interval { $low } to { $high }
estimate-model = Model: { $model }, the best by { $criterion } of { $fitted } that could be fitted, of { $tried } tried
estimate-averaged = All models averaged: { $estimate }, 95 % interval { $low } to { $high }
estimate-latent = Latent classes: { $estimate }, 95 % interval { $low } to { $high }
estimate-chao = Chao's lower bound for unequal lists: { $estimate }
estimate-refused = No estimate: { $why }
estimate-doubt = Doubtful: { $doubt }
estimate-stratum = Stratum { $name }:
estimate-total = Strata added up: { $estimate }, 95 % interval { $low } to { $high }
estimate-written = Written: { $path }
estimate-draft = This is a draft: no statistician has approved it.
estimate-approved = Approved by { $name }.

# The demonstration.
demo-founded = An office in { $folder }, with a record of its own: { $origin }. These secrets were made for it:
demo-circle = Circle { $name }: { $one } and { $two } read it, and nobody else.
demo-witness = The outside office { $name } countersigns at { $url }.
demo-invented = Seven files were invented for this demonstration, and say so: { $folder }
demo-intake = { $name } takes the folder in, for the circle { $circle }. Each file is hashed and encrypted in one pass, made durable, then entered.
demo-again = The same folder again. The same bytes are kept once:
demo-apart = { $name } is not in the circle { $circle } and finds nothing of it.
demo-opened = { $name } opens one, for: { $purpose }. The purpose was entered before the first byte left. The copy is { $path }.
demo-desk-filling = stating what is invented, in circle { $circle }
demo-desk-filled = The desk of circle { $circle } holds { $count } entities of an invented country, in four languages, stated, reviewed and contradicted by its members. Each says that it is invented.
demo-desk-share = { $name } shares with circle { $circle } what consent allows, in full or else under codes. The rest is withheld, for the reasons named:
demo-desk-sharing = sharing with circle { $circle }
demo-custody = What its circle sees of it:
demo-proved = A proof that it was entered as number { $number }, for whoever has the file: { $path }
demo-held-back = { $count } of them tell more than they show, so they are held back. The plan without them:
demo-checked = Checked as an outsider would: { $exhibits } exhibits unaltered, countersigned by { $offices } outside offices.
demo-verifier = mahzar-verify, a program of its own without network, says the same.
demo-no-verifier = mahzar-verify is not beside this program; build it to check with a second one.
demo-audit = Everything derived anew:
demo-done = Done. Check it yourself: mahzar-verify { $bundle } --policy { $policy }

# Linkage.
link-learning = learning from a sample
link-comparing = comparing pairs
link-clustering = putting together who is one person
link-read = { $records } records on { $lists } lists; { $pairs } pairs compared by { $rules } rules.
link-loss = Of the pairs that are likely one person, about { $share } % are not compared.
link-done = { $persons } persons: { $alone } with one record, { $several } with several. { $review } pairs are worth a look.
link-evaluated = Against the gold list: precision { $precision }, recall { $recall }, F1 { $f1 }, B-cubed F1 { $bcubed }.
link-warned = Not readable and taken as missing: { $count } values. The first: list { $list }, record { $id }, field { $field }: { $why }
link-oversize = { $records } records share { $rule }, too many to compare each with each: { $first }
link-single-list = One list: duplicates are found, but nothing can be estimated from it.
link-apart = No person is on two lists: nothing can be estimated from these.
link-written = Written to { $path }
fault-link-config = the configuration { $path } cannot be used
    .do = docs/spec/linkage.md shows every setting; the line above says what is wrong.
fault-link-source = { $path } cannot be read
    .do = CSV, JSON lines (.jsonl) and Parquet are read. The line above names the row; for another encoding set encoding, such as windows-1256.
fault-link = nothing was linked
    .do = The line above says why.
fault-link-decisions = the decisions in { $path } cannot be followed
    .do = The line above names the decision. Withdraw one of those that contradict each other, or mend the line.

fault-ballot = Nothing was done. { $cause }.
    .do = Mend what is named and say it again; docs/spec/ballot.md says what each role needs.
fault-ballot-form = { $path } has not the form that it must have.
    .do = Ask whoever made the file for it again; docs/spec/ballot.md shows the form.
ballot-written = Written: { $path }
ballot-verifying = Checking the archive
ballot-tracker = The tracker of this ballot: { $tracker }. Keep it: by it the ballot is found in the archive.
ballot-received = Received and appended: { $path }
ballot-closed = The ballots have ended. Voters who voted: { $ballots }
ballot-holds = It holds. Ballots in the box: { $ballots }. Fingerprint: { $fingerprint }
ballot-counted = Question { $number } by { $rule }: { $order }. Ballots: { $valid } valid, { $blank } blank, { $invalid } invalid.
ballot-lot = Question { $number }: only a lot can decide between { $between }. Draw it in public and give the order with --lot.
ballot-booth = The pages lie in { $path }: booth.html for voters, trustee.html, auditor.html. Beside them they look for election.json and election.bel; --election puts them there.
ballot-opened = Ballots can come in: { $path }. Announce the fingerprint by another way: { $fingerprint }

# The desk.
entity-stated = Stated: { $entity }
entity-contested =     Stated differently by several, who had not seen one another's words:
entity-erase-plan = Everything stated about { $title } will be destroyed: { $statements } statements.
entities-total = { $total } in all
entities-more = more than { $total } in all
fault-fields = Nothing was entered: some fields are not as they should be.
    .do = Mend the fields that are named above; `mahzar TYPE fields` shows what may stand in each.
fault-field-form = { $argument } is not FIELD=VALUE.
    .do = Write the field's name, an equals sign and the value, in quotation marks if it has spaces.
fault-date-form = { $date } is not a date.
    .do = Write 2022-09-21, 2022-09, 2022~, 2021/2022, or sh:1401-06-30 in Solar Hijri, hj:1444 in Hijri.
fault-unchanged = Nothing was entered: what you stated stands already.
    .do = Look with `mahzar TYPE show ID`.
fault-statement-large = Nothing was entered: it is more than one entry can hold.
    .do = State long texts one field at a time, or take them in as files with `mahzar add`.
fault-own-words = Somebody else has to review what you stated yourself.
    .do = Ask another member of the circle.
fault-file = The file { $path } cannot be read.
    .do = Look at the line above; the file must be UTF-8 text.
import-column = { $columns } → { $field }
import-left-out = Left out, since no field has these names: { $columns }
import-rejected = Row { $row } is rejected: { $why }
import-no-type = Left out, since the desk has no such type: { $count } × { $schema }
import-done = { $rows } rows: { $new } new, { $changed } changed, { $unchanged } there already, { $empty } empty, { $rejected } rejected.
import-would = Nothing was entered. { $rows } rows: { $new } would be new, { $changed } changed, { $unchanged } are there already, { $empty } empty, { $rejected } rejected.
fault-import-source = The table { $path } cannot be read further.
    .do = The line above says why. What was read before it is entered and counted; run the import again once it is mended, and nothing is entered twice.
fault-import-mapping = The mapping { $path } cannot be used.
    .do = docs/spec/desk.md shows every setting; the line above says what is wrong.
fault-import-type = Nobody said what a row is.
    .do = Say --type person, or another type; `mahzar help` lists them.
leaving-plan = Of { $all } asked for, { $goes } go and { $withheld } are withheld.
leaving-reason =     { $count } ×  { $reason }
leaving-shared = { $entity } was shared; the copy is { $copy }
leaving-there = It is there already: { $copy }
leaving-ftm = data/ftm.json holds { $count } entities; for { $left_out } others FollowTheMoney has no place.
leaving-exported = { $files } files written to { $folder }. Check them with: sha256sum --check manifest-sha256.txt
fault-leaving-word = There is no { $word }.
    .do = `mahzar risk-decision fields` lists every purpose, recipient and level; aggregate is for counts only. A name has no semicolon.
publish-withheld =     withheld: { $reason }
fault-withheld = Nothing was published: something of it may not go out.
    .do = The plan above says why. Describe the item with `mahzar material add item=ID …`, enter the consent that covers it, or leave it out.
week-counts = { $due } dates this week or past. { $undescribed } items nobody described. { $submitted } wait for review, { $returned } were returned.
week-disclosed =     went to { $to }: { $count }
week-opened =     { $name } opened { $count } copies
week-calendar = The dates as a calendar, by code only: { $path }
