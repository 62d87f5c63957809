"""Faults of the envelope, of canonical JSON, and of the manifest's fields (entry.md, sections 1 and 3; bundle.md, section 2)."""

from vectormaker.cases import changed, inside, instead, replacing, setting, within, without
from vectormaker.keys import b64
from vectormaker.office import STRANGER
from verify import ENTRY_TYPE


def base64_faults(text):
    """Other writings of the same bytes, and writings of none."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    bare = text.rstrip("=")
    faults = {
        "has a space": text[:8] + " " + text[8:],
        "has a newline": text[:8] + "\n" + text[8:],
        "ends with a newline": text + "\n",
        "has a letter too many": "A" + text,
        "has padding in the middle": text[:4] + "====" + text[4:],
        "has padding too much": text + "====",
        "is not base64": "*" + text[1:],
        "is not ASCII": "\u0410" + text[1:],
    }
    if text != bare:
        faults["has no padding"] = bare
        faults["has trailing bits"] = bare[:-1] + alphabet[alphabet.index(bare[-1]) + 1] + text[len(bare) :]
    if "+" in text or "/" in text:
        faults["is of the URL alphabet"] = text.replace("+", "-").replace("/", "_")
    return faults


# Other writings of the same JSON, or of what is not JSON. (what, old, new), on the bytes of a payload.
WRITINGS = [
    ("a space after a colon", b'"v":1', b'"v": 1'),
    ("the integer 1.0", b'"v":1', b'"v":1.0'),
    ("the integer 1e0", b'"v":1', b'"v":1e0'),
    ("a leading zero", b'"v":1', b'"v":01'),
    ("a plus sign", b'"v":1', b'"v":+1'),
    ("a hexadecimal integer", b'"v":1', b'"v":0x1'),
    ("an integer of 400 digits", b'"v":1', b'"v":' + b"9" * 400),
    ("an integer of 5,000 digits", b'"v":1', b'"v":' + b"9" * 5000),
    ("a fraction", b'"v":1', b'"v":1.5'),
    ("NaN", b'"v":1', b'"v":NaN'),
    ("Infinity", b'"v":1', b'"v":-Infinity'),
    ("true for 1", b'"v":1', b'"v":true'),
    ("an unfinished text", b'"v":1}', b'"v":1'),
    ("a comma at the end", b'"v":1}', b'"v":1,}'),
    ("a name twice", b'"v":1', b'"v":1,"v":1'),
    ("a name twice with two values", b'"v":1', b'"v":2,"v":1'),
    ("names out of order", b'"v":1}', b'"v":1,"a":1}'),
    ("a name in single quotes", b'"v"', b"'v'"),
    ("a name without quotes", b'"v":1', b"v:1"),
    ("a name that is escaped", b'"v":1', b'"\\u0076":1'),
    ("a name with a capital", b'"v":1', b'"V":1'),
    ("an empty name", b'{"', b'{"":1,"'),
    ("a name __proto__", b'{"', b'{"__proto__":1,"'),
    ("a comment", b'"v":1', b'"v":1/**/'),
    ("null for 1", b'"v":1', b'"v":null'),
]


def surrounded(add, reason, hook_name):
    """Faults around a JSON text, on its bytes. add(what, reason, **hooks)."""
    for what, change in {
        "a newline follows": lambda raw: raw + b"\n",
        "a space comes first": lambda raw: b" " + raw,
        "a byte-order mark comes first": lambda raw: b"\xef\xbb\xbf" + raw,
        "a NUL follows": lambda raw: raw + b"\0",
        "a second object follows": lambda raw: raw + b"{}",
        "it is in a list": lambda raw: b"[" + raw + b"]",
        "it is empty": lambda raw: b"",
        "it is null": lambda raw: b"null",
        "it is an empty object": lambda raw: b"{}",
        "it is an empty list": lambda raw: b"[]",
        "it is a text": lambda raw: b'"text"',
        "it is a number": lambda raw: b"1",
        "it is UTF-16": lambda raw: raw.decode().encode("utf-16-le"),
        "its last byte is missing": lambda raw: raw[:-1],
        "it is 40,000 brackets": lambda raw: b"[" * 40_000,
        "it is 100 nested objects": lambda raw: b'{"a":' * 100 + b"1" + b"}" * 100,
    }.items():
        add(what, reason, **{hook_name: changed(change)})


def add_envelope_cases(cases):
    surrounded(lambda what, reason, **hooks: cases.bundle(f"envelope: {what}", reason, **hooks), "envelope", "manifest_bytes")
    for what, old, new in [
        ("a space after a colon", b'"payloadType":', b'"payloadType": '),
        ("an escaped slash", b"application/", b"application\\/"),
        ("an escaped letter", b"application/", b"\\u0061pplication/"),
        ("a name twice", b',"payloadType"', b',"payloadType":"application/vnd.mahzar.bundle.v1+json","payloadType"'),
        ("not UTF-8", b"application/", b"\xffpplication/"),
    ]:
        cases.bundle(f"envelope: {what}", "envelope", manifest_bytes=replacing(old, new))
    cases.bundle("envelope: the fields are in another order", "envelope", manifest_bytes=changed(reordered))
    for field in "payload", "payloadType", "signatures":
        cases.bundle(f"envelope: no {field}", "envelope", manifest_envelope=without(field))
        for what, value in ("null", None), ("a number", 1), ("an empty object", {}), ("an empty list", []):
            cases.bundle(f"envelope: {field} is {what}", "envelope", manifest_envelope=setting(**{field: value}))
    cases.bundle("envelope: a field too many", "envelope", manifest_envelope=setting(payloadHash=""))
    cases.bundle("envelope: a field of the payload's kind too many", "envelope", manifest_envelope=setting(note=""))
    cases.bundle("envelope: the type is an entry's", "envelope", manifest_type=instead(ENTRY_TYPE))
    cases.bundle("envelope: the type is another version's", "envelope", manifest_type=replacing(".v1", ".v2"))
    cases.bundle("envelope: the type has a capital", "envelope", manifest_type=replacing("json", "JSON"))
    for what in base64_faults("AAAAAAAAAAAA=="):

        def spoil(text, what=what):
            faults = base64_faults(text)
            return faults.get(what, "=" + text)

        cases.bundle(
            f"envelope: the payload {what}",
            "envelope",
            manifest_payload=ending_in_two_bytes,
            manifest_envelope=inside("payload", changed(spoil)),
        )
        cases.bundle(f"envelope: the signature {what}", "envelope", manifest_signatures=within(0, "sig", changed(spoil)))
    add_signature_shapes(lambda what, reason, **hooks: cases.bundle(f"envelope: {what}", reason, **hooks), "envelope", "manifest")
    cases.bundle("envelope: two signatures", "envelope", manifest_signers=changed(lambda signers: signers + [STRANGER]))


def ending_in_two_bytes(payload, made):
    """A payload whose base64 ends with padding: its shape does not matter, for the envelope is judged first."""
    return payload + b"\n" * (-(len(payload) + 1) % 3)


def reordered(raw):
    payload, rest = raw[1:].split(b",", 1)
    return b"{" + rest[:-1] + b"," + payload + b"}"


def add_signature_shapes(add, reason, name):
    """Faults of a signature's form. add(what, reason, **hooks)."""
    hook = f"{name}_signatures"
    add("no signature", reason, **{hook: instead([])})
    add("a signature is a text", reason, **{hook: instead(["sig"])})
    for what, fault in {
        "has no keyid": without("keyid"),
        "has no sig": without("sig"),
        "has a field too many": setting(cert=""),
        "has null for its keyid": setting(keyid=None),
        "has a number for its sig": setting(sig=1),
        "has an empty keyid": setting(keyid=""),
        "has a short keyid": inside("keyid", changed(lambda text: text[:-1])),
        "has a long keyid": inside("keyid", changed(lambda text: text + "00")),
        "has a keyid in capitals": inside("keyid", changed(lambda text: "AB" + text[2:])),
        "has an empty sig": setting(sig=""),
        "has 63 bytes": setting(sig=b64(bytes(63))),
        "has 65 bytes": setting(sig=b64(bytes(65))),
        "has 0 bytes and padding": setting(sig="===="),
    }.items():
        add(f"a signature {what}", reason, **{hook: inside(0, fault)})


WRONG_TYPES = {"null": None, "a text": "text", "a number": 7, "true": True, "a list": [], "an object": {}}
TEXT_FIELDS = {"office", "day", "title", "checkpoint", "publication"}


def add_manifest_cases(cases):
    surrounded(lambda what, reason, **hooks: cases.bundle(f"manifest: {what}", reason, **hooks), "manifest", "manifest_payload")
    for what, old, new in WRITINGS:
        cases.bundle(f"manifest: {what}", "manifest", manifest_payload=changed(lambda raw, o=old, n=new: at_the_edge(raw, o, n)))
    title = "نمونه".encode()
    for what, new in {
        "an escaped letter": b"\\u0646",
        "an escaped slash": b"\\/",
        "a raw newline": b"\n",
        "a raw NUL": b"\0",
        "a raw tab": b"\t",
        "an unknown escape": b"\\x41",
        "a lone high surrogate": b"\\ud83d",
        "a lone low surrogate": b"\\udc00",
        "a surrogate pair in escapes": b"\\ud83d\\ude00",
        "a surrogate in UTF-8": b"\xed\xa0\xbd",
        "an overlong slash": b"\xc0\xaf",
        "a cut character": b"\xd9",
        "a character past Unicode": b"\xf4\x90\x80\x80",
        "a Latin-1 byte": b"\xe9",
        "a control character in capitals": b"\\u001F",
        "a control character": b"\\u001f",
        "DEL escaped": b"\\u007f",
    }.items():
        cases.bundle(f"manifest: in the title {what}", "manifest", manifest_payload=replacing(b'"title":"' + title, b'"title":"' + new))
    for field in "v", "office", "day", "title", "checkpoint", "publisher", "publication", "contents", "files":
        cases.bundle(f"manifest: no {field}", "manifest", manifest=without(field))
        for what, value in WRONG_TYPES.items():
            if field in TEXT_FIELDS and what == "a text" or (field, what) in {("v", "true")}:
                continue
            reason = "manifest"
            cases.bundle(f"manifest: {field} is {what}", reason, manifest=setting(**{field: value}))
    cases.bundle("manifest: a field too many", "manifest", manifest=setting(note=""))
    cases.bundle("manifest: it nests 17 deep", "manifest", manifest=setting(note=nested(17)))
    for what, value in ("2", 2), ("0", 0), ("-1", -1), ("a text of 1", "1"):
        cases.bundle(f"manifest: v is {what}", "manifest", manifest=setting(v=value))
    add_text_cases(cases)
    add_publisher_cases(cases)
    add_file_cases(cases)
    add_exhibit_cases(cases)


def at_the_edge(raw, old, new):
    """Replaces the last place where `old` is written (the top object's `v` is its last member), or the first for `{`."""
    if old == b'{"':
        return raw.replace(old, new, 1)
    head, found, tail = raw.rpartition(old)
    if not found:
        raise ValueError(f"{old!r} is not there")
    return head + new + tail


def nested(depth):
    """An object that makes the top object nest that deep."""
    value = {}
    for _ in range(depth - 2):
        value = {"a": value}
    return value


DAYS = {
    "is not padded": "2025-2-03",
    "is the 30th of February": "2025-02-30",
    "is the 29th of February in a common year": "2025-02-29",
    "is the 29th of February 2100": "2100-02-29",
    "is in month 13": "2025-13-01",
    "is in month 0": "2025-00-10",
    "is day 0": "2025-01-00",
    "is the 31st of April": "2025-04-31",
    "is before 1970": "1969-12-31",
    "is in year 0": "0000-01-01",
    "is a moment": "2025-10-09T00:00:00Z",
    "has slashes": "2025/10/09",
    "has Persian digits": "\u06f2\u06f0\u06f2\u06f5-10-09",
    "is empty": "",
    "has a sign": "+2025-1-09",
    "is of five-digit years": "12025-10-09",
    "ends with a newline": "2025-10-09\n",
    "is compact": "20251009",
}
TITLES = {
    "is empty": "",
    "has 301 characters": "x" * 301,
    "has a newline": "a\nb",
    "has an escape character": "a\x1b[2Jb",
    "has DEL": "a\x7fb",
    "has the control U+0085": "a\x85b",
    "has the control U+009B": "a\x9bb",
    "has a bidi override": "a\u202eb",
    "has a bidi embedding": "a\u202ab",
    "has a bidi isolate": "a\u2066b",
    "ends a bidi isolate": "a\u2069b",
    "has a left-to-right mark": "a\u200eb",
    "has a right-to-left mark": "a\u200fb",
    "has an Arabic letter mark": "a\u061cb",
    "has a NUL": "a\0b",
    "has a tab": "a\tb",
}
ORIGINS = {
    "is empty": "",
    "has a space": "office example",
    "has a plus": "office.example+record",
    "has a newline": "office.example\nrecord",
    "has DEL": "office.example\x7f",
    "is not ASCII": "دفتر.example",
    "has 256 bytes": "o" * 256,
}


def add_text_cases(cases):
    for what, day in DAYS.items():
        cases.bundle(f"manifest: the day {what}", "manifest", manifest=setting(day=day))
    for what, title in TITLES.items():
        cases.bundle(f"manifest: the title {what}", "manifest", title=instead(title))
    for what, origin in ORIGINS.items():
        cases.bundle(f"manifest: the office {what}", "manifest", manifest=setting(office=origin))


def add_publisher_cases(cases):
    for field in "key", "admitted":
        cases.bundle(f"manifest: the publisher has no {field}", "manifest", manifest=inside("publisher", without(field)))
    for what, fault in {
        "has a field too many": setting(name="x"),
        "has a key of 31 bytes": setting(key=b64(bytes(31))),
        "has a key of 33 bytes": setting(key=b64(bytes(33))),
        "has an empty key": setting(key=""),
        "has a key in hex": setting(key="00" * 32),
        "has a number for a key": setting(key=1),
        "has null for a path": setting(admitted=None),
        "has a path out of the bundle": setting(admitted="../admitted"),
        "has a path that files does not name": setting(admitted="proofs/another"),
        "has the publication's path": setting(admitted="proofs/publication.tlog-proof"),
        "has an exhibit's path": setting(admitted="exhibits/3/empty"),
        "has the manifest's path": setting(admitted="manifest.json"),
    }.items():
        cases.bundle(f"manifest: the publisher {what}", "manifest", manifest=inside("publisher", fault))
    for what, writing in base64_faults(b64(b"\xfb" * 32)).items():
        cases.bundle(f"manifest: the publisher's key {what}", "manifest", manifest=within("publisher", "key", instead(writing)))
    for what, path in (
        ("files does not name", "proofs/another"),
        ("is an exhibit", "exhibits/3/empty"),
        ("leaves the bundle", "/proofs/publication"),
        ("is empty", ""),
    ):
        cases.bundle(f"manifest: the publication's path {what}", "manifest", manifest=setting(publication=path))


def add_file_cases(cases):
    for field in "path", "sha256", "size":
        cases.bundle(f"manifest: a file has no {field}", "manifest", manifest=within("files", 3, without(field)))
    digest = "ab" * 32
    for what, fault in {
        "has a field too many": setting(mode="0644"),
        "has a digest in capitals": setting(sha256=digest.upper()),
        "has a short digest": setting(sha256=digest[2:]),
        "has a long digest": setting(sha256=digest + "00"),
        "has a digest in base64": setting(sha256=b64(bytes(32))),
        "has null for a digest": setting(sha256=None),
        "has a negative size": setting(size=-1),
        "has a text for a size": setting(size="1"),
        "has a size of 2^53": setting(size=2**53),
        "has null for a size": setting(size=None),
        "has a path out of the bundle": setting(path="../file"),
        "has a path with a capital": setting(path="File"),
        "has a path of 101 bytes": setting(path="f" * 101),
        "has an empty path": setting(path=""),
        "has the manifest's path": setting(path="manifest.json"),
        "has a path that nothing uses": setting(path="proofs/another"),
        "has a number for a path": setting(path=1),
    }.items():
        cases.bundle(f"manifest: a file {what}", "manifest", manifest=within("files", 3, fault))
    entry = {"path": "extra", "sha256": digest, "size": 1}
    for what, change in {
        "names a file that nothing uses": lambda files: files + [entry],
        "names a file twice": lambda files: files + [files[0]],
        "leaves out an exhibit": lambda files: files[1:],
        "leaves out a proof": lambda files: files[:-1],
        "is empty": lambda files: [],
        "names the manifest": lambda files: [entry | {"path": "manifest.json"}] + files,
        "holds a text": lambda files: files + ["extra"],
    }.items():
        cases.bundle(f"manifest: files {what}", "manifest", manifest=inside("files", changed(change)))


def add_exhibit_cases(cases):
    def exhibit(what, fault, position=0):
        cases.bundle(f"manifest: an exhibit {what}", "manifest", manifest=within("contents", position, fault))

    for field in "number", "path", "media_type", "sha256", "size", "salt", "commitment_env", "index", "proof":
        exhibit(f"has no {field}", without(field))
        exhibit(f"has null for {field}", setting(**{field: None}))
    exhibit("has a field too many", setting(file_name="holiday.jpg"))
    for what, media_type in {
        "has a capital": "Text/plain",
        "has no slash": "text",
        "has two slashes": "text/plain/utf",
        "has a parameter": "text/plain;charset=utf-8",
        "has no subtype": "text/",
        "has no type": "/plain",
        "is empty": "",
        "has 101 bytes": "text/" + "p" * 96,
        "has a dot in its type": "te.xt/plain",
        "has a space": "text/ plain",
        "has an underscore": "text/pl_ain",
    }.items():
        exhibit(f"has a media type that {what}", setting(media_type=media_type))
    for field in "salt", "commitment_env", "sha256":
        for what, value in (
            ("short", "ab" * 31),
            ("long", "ab" * 33),
            ("in capitals", "AB" * 32),
            ("of base64", b64(bytes(32))),
            ("not hexadecimal", "zz" * 32),
            ("with a prefix", "0x" + "ab" * 31),
        ):
            exhibit(f"has a {field} {what}", setting(**{field: value}))
    for what, value in ("a negative", -1), ("2^53 for an", 2**53), ("a text for an", "7"), ("true for an", True):
        exhibit(f"has {what} index", setting(index=value))
        exhibit(f"has {what} size", setting(size=value))
    exhibit("is number 0", setting(number=0))
    exhibit("is number 2 before number 2", setting(number=2))
    exhibit("is number 4 after number 2", setting(number=4), 2)
    exhibit("has another digest than files", setting(sha256="ab" * 32))
    exhibit("has another size than files", setting(size=328))
    exhibit("has a path that files does not name", setting(path="exhibits/1/another"))
    exhibit("has another exhibit's path", setting(path="exhibits/2/noise.bin"))
    exhibit("has a proof's path", setting(path="proofs/admitted.tlog-proof"))
    for what, proof in {
        "is an object": {},
        "is a text": b64(bytes(32)),
        "has a hash of 31 bytes": [b64(bytes(31))],
        "has a number": [1],
        "has null": [None],
        "has an empty hash": [""],
        "has a hash in hex": ["ab" * 32],
        "has 65 hashes": [b64(bytes(32))] * 65,
        "has a hash without padding": [b64(bytes(32))[:-1]],
        "has a hash with trailing bits": [b64(bytes(32))[:-2] + "B="],
    }.items():
        exhibit(f"has a proof that {what}", setting(proof=proof))
    for what, change in {
        "there are none": lambda contents: [],
        "one is a text": lambda contents: contents + ["exhibit"],
        "one is there twice": lambda contents: contents + [contents[0] | {"number": 4}],
        "two are exchanged": lambda contents: [contents[1], contents[0], contents[2]],
        "one is not listed": lambda contents: contents[:-1],
    }.items():
        cases.bundle(f"manifest: of the exhibits {what}", "manifest", manifest=inside("contents", changed(change)))


def add_good_cases(cases):
    for what, title in {
        "has 300 characters outside the BMP": "\U0001f54a" * 300,
        "has one character": "م",
        "has a joiner": "می\u200cخواهم",
        "has quotes and a backslash": 'a "b" \\ c',
        "has a line separator": "a\u2028b",
        "has a noncharacter": "a\uffffb",
        "has a combining mark alone": "\u0301",
    }.items():
        cases.bundle(f"good: the title {what}", None, title=instead(title))
    cases.bundle("good: the day is the 29th of February 2024", None, manifest=setting(day="2024-02-29"))
    cases.bundle("good: the day is the first", None, manifest=setting(day="1970-01-01"))
    cases.bundle("good: the day is the last", None, manifest=setting(day="9999-12-31"))
    cases.bundle(
        "good: the files are in another order",
        None,
        manifest=inside("files", changed(lambda files: files[3:] + files[:3])),
        members=changed(lambda members: members[:1] + members[4:] + members[1:4]),
    )
    cases.bundle("good: one exhibit", None, sources=changed(lambda sources: sources[:1]))
    cases.bundle(
        "good: two exhibits with the same bytes", None, sources=changed(lambda sources: [*sources, ("again", *sources[0][1:3], 9)])
    )
    cases.bundle(
        "good: a media type of 100 bytes", None, sources=changed(lambda sources: [(sources[0][0], "text/" + "p" * 95, *sources[0][2:])])
    )
    cases.bundle(
        "good: a media type with a dot, a plus and a hyphen",
        None,
        sources=changed(lambda sources: [(sources[0][0], "application/vnd.x-y.z+json", *sources[0][2:])]),
    )
    cases.bundle("good: unchanged", None)
    cases.bundle("good: a title with every escape left out", None, title=instead("/\u00e9\u007e'<>&"))
    cases.bundle("good: a file without bytes is the only exhibit", None, sources=changed(lambda sources: sources[2:]))


def add(cases):
    add_envelope_cases(cases)
    add_manifest_cases(cases)
    add_good_cases(cases)
