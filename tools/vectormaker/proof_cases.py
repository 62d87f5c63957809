"""Faults of proofs and of what they lead to (record.md, section 4; bundle.md, sections 4 and 5)."""

from vectormaker.cases import changed, inside, instead, setting, within, without
from vectormaker.json_cases import WRITINGS, at_the_edge, base64_faults
from vectormaker.keys import b64, with_flipped_bit
from vectormaker.note_cases import flipped
from vectormaker.office import OFFICE, OTHER_OFFICE, POLICY, dump, label_bytes, log_line, sha256, tree_path
from verify import header_bytes

FILLER = label_bytes("a hash of nothing")


def add_shapes(add, name):
    """Faults of one tlog-proof's shape. add(what, reason, **hooks)."""

    def on_lines(what, change, reason="proof"):
        add(what, reason, **{f"{name}_lines": changed(change)})

    def on_text(what, change, reason="proof"):
        add(what, reason, **{f"{name}_text": changed(change)})

    for what, first in {
        "of version 2": "c2sp.org/tlog-proof@v2",
        "with a space": "c2sp.org/tlog-proof@v1 ",
        "in capitals": "C2SP.ORG/TLOG-PROOF@V1",
        "empty": "",
        "with a URL": "https://c2sp.org/tlog-proof@v1",
    }.items():
        on_lines(f"the first line is {what}", lambda old, f=first: [f] + old[1:])
    on_lines("there is no first line", lambda old: old[1:])
    on_lines("there is no extra line", lambda old: old[:1] + old[2:])
    on_lines("there are two extra lines", lambda old: old[:2] + old[1:])
    on_lines("the extra line is empty", lambda old: [old[0], "extra ", *old[2:]])
    on_lines("the extra line is a word", lambda old: [old[0], "extra", *old[2:]])
    on_lines("the extra line has a capital", lambda old: [old[0], old[1].replace("extra", "Extra"), *old[2:]])
    on_lines("the extra line has two spaces", lambda old: [old[0], old[1].replace(" ", "  "), *old[2:]])
    on_lines("the extra line comes after the index", lambda old: [old[0], old[2], old[1], *old[3:]])
    for what in base64_faults("AAAAAAAAAAAA=="):

        def spoil(old, what=what):
            return [old[0], "extra " + base64_faults(old[1][6:]).get(what, "="), *old[2:]]

        on_lines(f"the extra line's base64 {what}", spoil)
    for what, index in {
        "has a leading zero": "index 07",
        "has a sign": "index +7",
        "is negative": "index -7",
        "is empty": "index ",
        "is missing": None,
        "has two spaces": "index  7",
        "ends with a space": "index 7 ",
        "is a word": "index seven",
        "is hexadecimal": "index 0x7",
        "is 2^53": f"index {2**53}",
        "is 2^64": f"index {2**64}",
        "has 200 digits": "index " + "7" * 200,
        "has a capital": "Index 7",
        "has a colon": "index: 7",
        "has a fraction": "index 7.0",
    }.items():
        on_lines(f"the index {what}", lambda old, i=index: old[:2] + ([i] if i else []) + old[3:])
    for what, hash_line in {
        "of 31 bytes": b64(bytes(31)),
        "of 33 bytes": b64(bytes(33)),
        "in hex": "ab" * 32,
        "without padding": b64(bytes(32))[:-1],
        "with trailing bits": b64(bytes(32))[:-2] + "B=",
        "of the URL alphabet": "-" + b64(bytes(32))[1:],
        "with a space": b64(bytes(32)) + " ",
        "of one letter": "A",
    }.items():
        on_lines(f"there is a hash {what}", lambda old, h=hash_line: old[:3] + [h] + old[4:])
    on_lines("there are 65 hashes", lambda old: old[:3] + [b64(bytes(32))] * 65 + [""])
    on_lines("there are two blank lines", lambda old: old + [""], "checkpoint")
    on_lines("there is no blank line", lambda old: old[:-1])
    on_lines("there is a blank line after the index", lambda old: old[:3] + [""] + old[3:], "checkpoint")
    on_text("it has carriage returns", lambda raw: raw.replace(b"\n", b"\r\n"))
    on_text("it is empty", lambda raw: b"")
    on_text("it is one line", lambda raw: b"c2sp.org/tlog-proof@v1\n")
    on_text("it begins with a byte-order mark", lambda raw: b"\xef\xbb\xbf" + raw)
    on_text("it ends before its checkpoint", lambda raw: raw[: raw.index(b"\n\n") + 2], "checkpoint")
    on_text("it ends in its checkpoint", lambda raw: raw[:-9], "checkpoint")
    on_text("something follows its checkpoint", lambda raw: raw + b"\n", "checkpoint")


def add_extra_shapes(add, name):
    for what, fault in {
        "v is 2": setting(v=2),
        "v is a text": setting(v="1"),
        "v is true": setting(v=True),
        "there is no v": without("v"),
        "there is no circle": without("circle"),
        "the circle is another": setting(circle="house"),
        "the circle is a number": setting(circle=0),
        "there is a field too many": setting(note=""),
    }.items():
        add(f"in the extra line {what}", "proof", **{f"{name}_extra": fault})
    for what, old, new in WRITINGS:
        if what not in {"an integer of 5,000 digits"}:
            add(f"in the extra line {what}", "proof", **{f"{name}_extra_bytes": changed(lambda raw, o=old, n=new: at_the_edge(raw, o, n))})


def add_bundle_proofs(cases):
    def add(what, reason, **hooks):
        cases.bundle(f"proof: {what}", reason, **hooks)

    add_shapes(add, "admitted")
    add_extra_shapes(add, "admitted")
    private = {"circle": "private", "v": 1, "commitment_env": "ab" * 32, "salt": "ab" * 32, "sha256": "ab" * 32, "size": 1}
    add("it is a private one", "proof", published_extra=instead(private))
    add("the publication's extra line has no envelope", "proof", published_extra=without("envelope"))
    add("the publication's extra line has a number for its envelope", "proof", published_extra=setting(envelope=1))
    add("the publication's envelope has trailing bits", "proof", published_extra=setting(envelope="AAAAAAB="))
    older = "\u2014 nobody.example AAAAAAA=\n"
    add("its checkpoint has a line more than the manifest's", "proof", published_text=changed(lambda raw: raw + older.encode()))
    add(
        "its checkpoint has a line less than the manifest's",
        "proof",
        published_text=changed(lambda raw: raw[: raw.rindex("\u2014".encode())]),
    )
    add(
        "its checkpoint is an older one of the same record",
        "proof",
        published_text=lambda raw, made: raw[: raw.index(b"\n\n") + 2] + older_note(made).encode(),
    )
    add(
        "the manifest's checkpoint is an older one than the proofs'",
        "proof",
        manifest=lambda manifest, made: manifest.update(checkpoint=older_note(made)),
    )
    for name, reason in ("admitted", "admission_proof"), ("published", "publication_proof"):
        add_false_paths(add, name, reason, {"admitted": "the admission", "published": "the publication"}[name])


def older_note(made):
    text = f"{OFFICE.name}\n42\n{b64(sha256(b'older'))}\n"
    return text + "\n" + log_line(OFFICE, text.encode()) + "\n"


def add_false_paths(add, name, reason, subject):
    hook = f"{name}_proof"

    def path(what, change):
        add(f"{subject}'s {what}", reason, **{hook: inside("path", changed(change))})

    def index(what, change):
        add(f"{subject}'s {what}", reason, **{hook: inside("index", changed(change))})

    index("index is one more", lambda old: old + 1)
    index("index is one less", lambda old: old - 1)
    index("index is 0", lambda old: 0)
    index("index is the record's size", lambda old: 43)
    index("index is 2^53 - 1", lambda old: 2**53 - 1)
    index("index is 64 more", lambda old: old + 64)
    path("proof is empty", lambda old: [])
    path("proof lacks its first hash", lambda old: old[1:])
    path("proof lacks its last hash", lambda old: old[:-1])
    path("proof has a hash too many", lambda old: old + [FILLER])
    path("proof has a hash too many at its start", lambda old: [FILLER] + old)
    path("proof has 64 hashes", lambda old: (old + [FILLER] * 64)[:64])
    path("proof is in the other order", lambda old: old[::-1])
    path("proof has a bit flipped in its first hash", lambda old: [with_flipped_bit(old[0], 0)] + old[1:])
    path("proof has a bit flipped in its last hash", lambda old: old[:-1] + [with_flipped_bit(old[-1], 255)])
    path("proof has one hash twice", lambda old: [old[0], old[0], *old[2:]])
    add(f"{subject}'s proof is another leaf's", reason, **{hook: lambda proof, made: proof.update(index=9, path=tree_path(made.leaves, 9))})


def add_exhibit_proofs(cases):
    def exhibit(what, fault, position=0):
        cases.bundle(f"exhibit: {what}", "exhibit_proof", manifest=within("contents", position, fault))

    exhibit("a bit of the salt is flipped", inside("salt", changed(lambda text: with_flipped_bit(bytes.fromhex(text), 0).hex())))
    exhibit(
        "a bit of the envelope's commitment is flipped",
        inside("commitment_env", changed(lambda text: with_flipped_bit(bytes.fromhex(text), 255).hex())),
    )
    exhibit("salt and commitment are exchanged", lambda one, made: one.update(salt=one["commitment_env"], commitment_env=one["salt"]))
    for what, value in ("one more", 8), ("one less", 6), ("0", 0), ("the record's size", 43), ("2^53 - 1", 2**53 - 1), ("64 more", 71):
        exhibit(f"the index is {what}", setting(index=value))
    for what, change in {
        "is empty": lambda old: [],
        "lacks its first hash": lambda old: old[1:],
        "lacks its last hash": lambda old: old[:-1],
        "has a hash too many": lambda old: old + [b64(FILLER)],
        "has 64 hashes": lambda old: (old + [b64(FILLER)] * 64)[:64],
        "is in the other order": lambda old: old[::-1],
        "has one hash twice": lambda old: [old[0], *old[:-1]],
    }.items():
        exhibit(f"the proof {what}", inside("proof", changed(change)))
        exhibit(f"the last leaf's proof {what}", inside("proof", changed(change)), 2)
    exhibit("its place is another exhibit's", lambda one, made: one.update(index=20, proof=made.exhibits[1]["proof"]))
    exhibit("its place is a filler's", lambda one, made: one.update(index=9, proof=[b64(node) for node in tree_path(made.leaves, 9)]))
    cases.bundle("exhibit: its leaf was never entered", "exhibit_proof", leaves=lambda leaves, made: leaves.__setitem__(7, FILLER))
    cases.bundle(
        "exhibit: its leaf has another size in it",
        "exhibit_proof",
        leaves=lambda leaves, made: leaves.__setitem__(7, leaf_of(made.exhibits[0], size=326)),
    )
    cases.bundle(
        "exhibit: its leaf has another digest in it",
        "exhibit_proof",
        leaves=lambda leaves, made: leaves.__setitem__(7, leaf_of(made.exhibits[0], sha256="00" * 32)),
    )
    cases.bundle(
        "exhibit: its leaf is the content's commitment without the entry's",
        "exhibit_proof",
        leaves=lambda leaves, made: leaves.__setitem__(7, content_of(made.exhibits[0])),
    )
    cases.bundle(
        "exhibit: its leaf is the digest of the file",
        "exhibit_proof",
        leaves=lambda leaves, made: leaves.__setitem__(7, bytes.fromhex(made.exhibits[0]["sha256"])),
    )
    cases.bundle(
        "exhibit: its leaf has the size as 4 bytes",
        "exhibit_proof",
        leaves=lambda leaves, made: leaves.__setitem__(7, leaf_of(made.exhibits[0], width=4)),
    )
    cases.bundle(
        "exhibit: its leaf has the size as little-endian",
        "exhibit_proof",
        leaves=lambda leaves, made: leaves.__setitem__(7, leaf_of(made.exhibits[0], order="little")),
    )


def content_of(exhibit, width=8, order="big", **others):
    exhibit = exhibit | others
    return sha256(
        b"mahzar/v1/content\0", bytes.fromhex(exhibit["salt"]), bytes.fromhex(exhibit["sha256"]), exhibit["size"].to_bytes(width, order)
    )


def leaf_of(exhibit, **others):
    return sha256(b"mahzar/v1/leaf\0", bytes.fromhex(exhibit["commitment_env"]), content_of(exhibit, **others))


def add_file_faults(cases):
    def member(what, reason, change, position=1):
        """Changes a member's bytes; header and manifest stay as they were."""

        def hook(members, made):
            name, data, header = members[position]
            members[position] = (name, change(data), header)

        cases.bundle(f"file: {what}", reason, members=hook)

    for bit in 0, 1, 1000, 327 * 8 - 1:
        member(f"bit {bit} of an exhibit is flipped", "file_digest", lambda data, b=bit: with_flipped_bit(data, b))
    member("all of an exhibit is zeros", "file_digest", lambda data: bytes(len(data)))
    member("the last bit of the second exhibit is flipped", "file_digest", lambda data: with_flipped_bit(data, 8191), 2)
    for what, change in {
        "a byte longer": lambda data: data + b"\n",
        "a byte shorter": lambda data: data[:-1],
        "empty": lambda data: b"",
        "a block longer": lambda data: data + bytes(512),
        "another text": lambda data: b"another",
    }.items():
        cases.bundle(f"file: an exhibit is {what}, and its header says so", "file_size", members=resized(1, change))
    cases.bundle("file: the empty exhibit has a byte", "file_size", members=resized(3, lambda data: b"\0"))
    cases.bundle(
        "file: a proof has another byte in its extra line's text",
        "file_digest",
        manifest=lambda manifest, made: manifest["files"][3].update(sha256="ab" * 32),
    )
    cases.bundle(
        "file: files says another digest of a proof",
        "file_digest",
        manifest=lambda manifest, made: manifest["files"][4].update(sha256=manifest["files"][3]["sha256"]),
    )
    cases.bundle(
        "file: files says another size of a proof", "file_size", manifest=lambda manifest, made: manifest["files"][4].update(size=1)
    )
    cases.bundle(
        "file: files says the largest size of a proof",
        "file_size",
        manifest=lambda manifest, made: manifest["files"][4].update(size=2**53 - 1),
    )
    cases.bundle(
        "file: two exhibits of one size are exchanged",
        "file_digest",
        sources=changed(lambda old: [old[0], (old[1][0], old[1][1], old[0][2][::-1], 20)]),
        members=exchanged,
    )
    cases.bundle(
        "file: files and contents agree on a digest that is not the file's",
        "file_digest",
        exhibits=within(0, setting(sha256="ab" * 32)),
        manifest=lambda manifest, made: manifest["files"][0].update(sha256="ab" * 32),
    )
    cases.bundle(
        "file: files and contents agree on a size that is not the file's",
        "file_size",
        exhibits=within(0, setting(size=328)),
        manifest=lambda manifest, made: manifest["files"][0].update(size=328),
    )


def resized(position, change):
    def hook(members, made):
        name, data, _ = members[position]
        members[position] = (name, change(data), header_bytes(name.encode(), len(change(data))))

    return hook


def exchanged(members, made):
    members[1], members[2] = (members[1][0], members[2][1], members[1][2]), (members[2][0], members[1][1], members[2][2])


def add_single_proofs(cases):
    cases.proof("proof alone: a file", None)
    cases.proof("proof alone: a public entry", None, public=True)
    cases.proof("proof alone: an empty file", None, sources=changed(lambda old: [(old[0][0], old[0][1], b"", 7)] + old[1:]))
    cases.proof("proof alone: the record's first entry", None, sources=changed(lambda old: [(*old[0][:3], 0)] + old[1:]))
    cases.proof("proof alone: the record's last entry", None, sources=changed(lambda old: [(*old[0][:3], 42)] + old[1:2]))
    add_shapes(lambda what, reason, **hooks: cases.proof(f"proof alone: {what}", reason, **hooks), "private")
    add_extra_shapes(lambda what, reason, **hooks: cases.proof(f"proof alone: {what}", reason, **hooks), "private")
    add_false_paths(
        lambda what, reason, **hooks: cases.proof(f"proof alone: {what}", "inclusion", **hooks), "private", "inclusion", "the file"
    )
    for field, values in {
        "salt": ["", "ab" * 31, "AB" * 32, None, 1],
        "commitment_env": ["", "ab" * 33, b64(bytes(32)), None],
        "sha256": ["", "ab" * 31, "AB" * 32, None, []],
        "size": [-1, 2**53, "327", None, True],
    }.items():
        cases.proof(f"proof alone: the extra line has no {field}", "proof", private_extra=without(field))
        for value in values:
            cases.proof(f"proof alone: the extra line's {field} is {value!r:.40}", "proof", private_extra=setting(**{field: value}))
    for what, fault in {
        "salt": setting(salt="ab" * 32),
        "commitment": setting(commitment_env="ab" * 32),
        "digest": setting(sha256="ab" * 32),
        "size": setting(size=328),
        "size 2^53 - 1": setting(size=2**53 - 1),
    }.items():
        cases.proof(f"proof alone: the extra line has another {what}", "inclusion", private_extra=fault)
    for what, content in {
        "has a bit flipped": lambda data: with_flipped_bit(data, 77),
        "is a byte longer": lambda data: data + b"\0",
        "is a byte shorter": lambda data: data[:-1],
        "is empty": lambda data: b"",
        "is another": lambda data: b"another",
    }.items():
        cases.proof(f"proof alone: the content {what}", "content", content=content)
        cases.proof(f"proof alone: a public entry's content {what}", "content", public=True, content=content)
    cases.proof("proof alone: a public entry's content is its payload", "content", public=True, content=lambda data: data[:-2] + b"}")
    cases.proof("proof alone: the text is over 256 KiB", "limit", private_text=changed(lambda raw: raw + b"\n" * (256 << 10)))
    cases.proof("proof alone: the policy names another office", "office_unknown", policy=POLICY.replace(OFFICE.vkey, OTHER_OFFICE.vkey))
    cases.proof("proof alone: the policy is empty", "policy", policy="")
    cases.proof("proof alone: the log has not signed", "log_signature", lines=changed(lambda old: old[1:]))
    cases.proof(
        "proof alone: a witness's signature is false", "cosignature", lines=changed(lambda old: [old[0], flipped(old[1], 77), old[2]])
    )
    cases.proof("proof alone: one witness of two", "quorum", lines=changed(lambda old: old[:2]))
    cases.proof("proof alone: a public entry of another office", "entry_office", public=True, publication=setting(office=OTHER_OFFICE.name))
    cases.proof(
        "proof alone: a public entry of any kind by a member, with a false signature",
        None,
        public=True,
        publication=setting(kind="assembly.sat", by="ab" * 16, body={"a": [1, None, True, "x"]}),
        publication_signatures=within(0, "sig", instead(b64(bytes(64)))),
    )
    cases.proof("proof alone: a public entry that nests 16 deep", None, public=True, publication=setting(body=nested_body(15)))
    cases.proof("proof alone: a public entry that nests 17 deep", "entry", public=True, publication=setting(body=nested_body(16)))
    cases.proof(
        "proof alone: a public entry that nests 17 deep in lists", "entry", public=True, publication=setting(body={"a": nested_list(15)})
    )
    cases.proof(
        "proof alone: a public entry that nests 16 deep in lists", None, public=True, publication=setting(body={"a": nested_list(14)})
    )
    for what, value in (
        ("2^53 - 1", 2**53 - 1),
        ("-(2^53 - 1)", 1 - 2**53),
        ("0", 0),
        ("false", False),
        ("null", None),
        ("every escape", '\b\t\n\f\r"\\\0\x1f/\x7f\u2028\U0001f54a'),
        ("digits in a name", {"a1_": {}}),
    ):
        cases.proof(f"proof alone: a public entry with {what} in its body", None, public=True, publication=setting(body={"a": value}))
    for what, value in (
        ("2^53", 2**53),
        ("-2^53", -(2**53)),
        ("a name that begins with a digit", {"1a": 1}),
        ("a name that begins with an underscore", {"_a": 1}),
        ("an empty name", {"": 1}),
        ("a name with a hyphen", {"a-b": 1}),
        ("a name that is not ASCII", {"é": 1}),
        ("a fraction", 0.5),
    ):
        cases.proof(f"proof alone: a public entry with {what} in its body", "entry", public=True, publication=setting(body={"a": value}))
    cases.proof(
        "proof alone: a public entry as large as is allowed",
        None,
        public=True,
        publication=lambda fields, made: fields.update(body={"a": "x" * fill(fields)}),
    )
    cases.proof(
        "proof alone: a public entry a step larger than is allowed",
        "entry",
        public=True,
        publication=lambda fields, made: fields.update(body={"a": "x" * (fill(fields) + 1)}),
    )


def fill(fields):
    """How many letters make the envelope of these fields 65,535 bytes or just below."""
    empty = len(dump(fields | {"body": {"a": ""}}))
    around = len(
        dump({"payload": "", "payloadType": "application/vnd.mahzar.entry.v1+json", "signatures": [{"keyid": "0" * 32, "sig": "A" * 88}]})
    )
    return (65535 - around) // 4 * 3 - empty


def nested_body(depth):
    value = {}
    for _ in range(depth - 1):
        value = {"a": value}
    return value


def nested_list(depth):
    value = []
    for _ in range(depth - 1):
        value = [value]
    return value


def add(cases):
    add_bundle_proofs(cases)
    add_exhibit_proofs(cases)
    add_file_faults(cases)
    add_single_proofs(cases)
