"""Faults of the two public entries, and pieces taken from elsewhere (entry.md, sections 2 and 3; bundle.md, section 3)."""

import base64

from vectormaker.cases import changed, inside, instead, replacing, setting, within, without
from vectormaker.json_cases import WRITINGS, add_signature_shapes, at_the_edge, base64_faults, ending_in_two_bytes, surrounded
from vectormaker.keys import Signer, b64, with_flipped_bit
from vectormaker.office import OFFICE, OTHER_OFFICE, POLICY, PUBLISHER, STRANGER, WITNESSES, Made, dump, log_line, sha256, witness_line
from verify import BUNDLE_TYPE

OTHER_PUBLISHER = Signer("other publisher")
BOTH_OFFICES = POLICY + f"log {OTHER_OFFICE.vkey}\n"
NAMES = {"admission": "the admission", "publication": "the publication"}

FIELD_FAULTS = {
    "v": [2, 0, "1", None, True],
    "id": ["", "ab" * 15, "ab" * 17, "AB" * 16, None, 1],
    "office": ["", "office example", "office+example", "o" * 256, None, 1],
    "circle": ["", "0" * 31 + "1", "0" * 31, "0" * 33, "ab" * 16, None],
    "by": ["", "0" * 31 + "1", "0" * 31, None, 0],
    "at": [
        "",
        "2025-10-09",
        "2025-10-09 08:53:20Z",
        "2025-10-09T08:53:20",
        "2025-10-09T08:53:20+00:00",
        "2025-10-09T24:00:00Z",
        "2025-10-09T08:60:00Z",
        "2025-10-09T08:53:60Z",
        "2025-02-30T08:53:20Z",
        "1969-12-31T23:59:59Z",
        "2025-10-09t08:53:20z",
        "2025-10-09T08:53:20.5Z",
        "2025-10-09T8:53:20Z",
        "2025-10-09T08:53:20Z\n",
        None,
        1760000000,
    ],
    "kind": [
        "",
        "publisher",
        "publisher.removed",
        "Publisher.admitted",
        "publisher..admitted",
        ".admitted",
        "publisher.",
        "publisher admitted",
        "publisher.admitted2",
        "a." * 32 + "a",
        None,
        1,
    ],
    "body": [None, [], "", 1, {}],
    "after": ["", "ab" * 31, "AB" * 32, 0, False],
}
BODY_FAULTS = {
    "admission": {"key": ["", b64(bytes(31)), b64(bytes(33)), "ab" * 32, None, 1], "purpose": ["", "Publication", "witness", None, 1]},
    "publication": {
        "contents": ["", "ab" * 31, "AB" * 32, b64(bytes(32)), None],
        "count": ["3", -1, 2**53, None, True],
        "title": [None, 1, []],
    },
}


# Faults that any public entry can have; the other fields are fixed by the kind, which only a bundle asks for.
OF_ANY_KIND = {"v", "id", "office", "circle", "at", "after"}


def add_shapes(cases, name):
    """The admission's faults in a bundle; the publication's in a proof alone, where any public entry is read."""

    def add(what, reason, **hooks):
        if name == "admission":
            cases.bundle(f"entry: {NAMES[name]}{what}", reason, **hooks)
        else:
            cases.proof(f"entry alone: {NAMES[name]}{what}", reason, public=True, **hooks)

    surrounded(lambda what, reason, **hooks: add(f"'s envelope: {what}", reason, **hooks), "entry", f"{name}_bytes")
    surrounded(lambda what, reason, **hooks: add(f"'s payload: {what}", reason, **hooks), "entry", f"{name}_payload")
    add_signature_shapes(lambda what, reason, **hooks: add(f": {what}", reason, **hooks), "entry", name)
    for field, values in FIELD_FAULTS.items():
        add(f" has no {field}", "entry", **{name: without(field)})
        for value in values:
            if name == "admission" or field in OF_ANY_KIND:
                add(f": {field} is {value!r:.48}", "entry", **{name: setting(**{field: value})})
    add(" has a field too many", "entry", **{name: setting(seq=1)})


def add_bodies(cases, name):
    for field in "by", "kind", "body":
        for value in FIELD_FAULTS[field] if name == "publication" else []:
            cases.bundle(f"entry: {NAMES[name]}: {field} is {value!r:.48}", "entry", **{name: setting(**{field: value})})
    for field, values in BODY_FAULTS[name].items():
        cases.bundle(f"entry: {NAMES[name]}'s body has no {field}", "entry", **{name: inside("body", without(field))})
        for value in values:
            cases.bundle(
                f"entry: {NAMES[name]}'s body: {field} is {value!r:.48}", "entry", **{name: inside("body", setting(**{field: value}))}
            )
    cases.bundle(f"entry: {NAMES[name]}'s body has a field too many", "entry", **{name: inside("body", setting(note=""))})


def add_writings(cases):
    for what, old, new in WRITINGS:
        cases.bundle(
            f"entry: in the admission's payload {what}",
            "entry",
            admission_payload=changed(lambda raw, o=old, n=new: at_the_edge(raw, o, n)),
        )
    for what in base64_faults("AAAAAAAAAAAA=="):

        def spoil(text, what=what):
            return base64_faults(text).get(what, "=" + text)

        cases.bundle(
            f"entry: the admission's payload {what}",
            "entry",
            admission_payload=ending_in_two_bytes,
            admission_envelope=inside("payload", changed(spoil)),
        )
        cases.bundle(f"entry: the publication's signature {what}", "entry", publication_signatures=within(0, "sig", changed(spoil)))
    for field in "payload", "payloadType", "signatures":
        cases.bundle(f"entry: the admission's envelope has no {field}", "entry", admission_envelope=without(field))
    cases.bundle("entry: the admission's envelope has a field too many", "entry", admission_envelope=setting(keyid=""))
    cases.bundle("entry: the admission's type is a bundle's", "entry", admission_type=instead(BUNDLE_TYPE))
    cases.bundle("entry: the admission has five signatures", "entry", admission_signers=changed(lambda signers: signers * 5))
    cases.bundle(
        "entry: the admission's second signature has 63 bytes",
        "entry",
        admission_signatures=changed(lambda old: old + [old[0] | {"sig": b64(bytes(63))}]),
    )
    cases.bundle("entry: the admission and the publication are exchanged", "entry", manifest=exchange_proofs)


def exchange_proofs(manifest, made):
    manifest["publisher"]["admitted"], manifest["publication"] = manifest["publication"], manifest["publisher"]["admitted"]


def add_admission_faults(cases):
    def case(what, reason, **hooks):
        cases.bundle(f"admission: {what}", reason, **hooks)

    case("it is of another office", "admission_office", admission=setting(office=OTHER_OFFICE.name))
    case("its office differs by a capital", "admission_office", admission=setting(office="Office.example/record"))
    case("it names another key", "admission_key", admission=inside("body", setting(key=b64(OTHER_PUBLISHER.public))))
    case("it names the office key", "admission_key", admission=inside("body", setting(key=b64(OFFICE.public))))
    case("it is signed by the publisher itself", "admission_signature", admission_signers=instead_of_signers(PUBLISHER))
    case("it is signed by another office", "admission_signature", admission_signers=instead_of_signers(OTHER_OFFICE))
    case("it is signed by a witness", "admission_signature", admission_signers=instead_of_signers(WITNESSES[0]))
    case("the office signed second", "admission_signature", admission_signers=instead_of_signers(STRANGER, OFFICE))
    case("a bit of its signature is flipped", "admission_signature", admission_signatures=within(0, "sig", flipped_bit(3)))
    case("a bit of S in its signature is flipped", "admission_signature", admission_signatures=within(0, "sig", flipped_bit(300)))
    case(
        "a bit of its keyid is flipped",
        "admission_signature",
        admission_signatures=within(0, "keyid", changed(lambda text: with_flipped_bit(bytes.fromhex(text), 1).hex())),
    )
    case("its keyid is the publisher's", "admission_signature", admission_signatures=within(0, "keyid", instead(PUBLISHER.keyid)))
    case("its signature is zeros", "admission_signature", admission_signatures=within(0, "sig", instead(b64(bytes(64)))))
    case(
        "its signature is over the payload alone",
        "admission_signature",
        admission_signatures=within(0, signed_otherwise(OFFICE, lambda signed: signed[signed.index(b"{") :])),
    )
    case(
        "its signature is over the encoding of another type",
        "admission_signature",
        admission_signatures=within(0, signed_otherwise(OFFICE, lambda signed: signed.replace(b"entry", b"bundl"))),
    )
    case(
        "its signature is over an encoding without the lengths",
        "admission_signature",
        admission_signatures=within(0, signed_otherwise(OFFICE, lambda signed: b"DSSEv1 " + signed[10:])),
    )
    case(
        "its signature is the office's, of another text",
        "admission_signature",
        admission_signatures=within(0, signed_otherwise(OFFICE, lambda signed: signed.replace(b"publication", b"publicatioN"))),
    )
    case(
        "the manifest's key was never admitted",
        "admission_key",
        manifest=inside("publisher", setting(key=b64(OTHER_PUBLISHER.public))),
        manifest_signers=instead_of_signers(OTHER_PUBLISHER),
    )


def instead_of_signers(*signers):
    return lambda old, made: list(signers)


def flipped_bit(bit):
    return changed(lambda text: b64(with_flipped_bit(base64.b64decode(text), bit)))


def signed_otherwise(signer, change):
    return lambda signature, made: signature.update(sig=b64(signer.sign(change(made.signed))))


def add_manifest_signatures(cases):
    def case(what, **hooks):
        cases.bundle(f"manifest signature: {what}", "manifest_signature", **hooks)

    case("it is another publisher's", manifest_signers=instead_of_signers(OTHER_PUBLISHER))
    case("it is the office's", manifest_signers=instead_of_signers(OFFICE))
    case("a bit is flipped", manifest_signatures=within(0, "sig", flipped_bit(0)))
    case("a bit of S is flipped", manifest_signatures=within(0, "sig", flipped_bit(260)))
    case(
        "a bit of the keyid is flipped",
        manifest_signatures=within(0, "keyid", changed(lambda text: with_flipped_bit(bytes.fromhex(text), 0).hex())),
    )
    case("the keyid is the office's", manifest_signatures=within(0, "keyid", instead(OFFICE.keyid)))
    case(
        "the keyid is another's and the signature too",
        manifest_signatures=lambda old, made: [{"keyid": PUBLISHER.keyid, "sig": b64(OTHER_PUBLISHER.sign(made.signed))}],
    )
    case(
        "it is over the payload alone",
        manifest_signatures=within(0, signed_otherwise(PUBLISHER, lambda signed: signed[signed.index(b"{") :])),
    )
    case(
        "it is over an entry's type",
        manifest_signatures=within(0, signed_otherwise(PUBLISHER, lambda signed: signed.replace(b"bundle", b"entry!"))),
    )
    case(
        "the day is altered after signing",
        manifest_signatures=within(0, signed_otherwise(PUBLISHER, lambda signed: signed.replace(b"2025-10-09", b"2025-10-08"))),
    )
    case("it is zeros", manifest_signatures=within(0, "sig", instead(b64(bytes(64)))))


def add_publication_faults(cases):
    def case(what, reason, **hooks):
        cases.bundle(f"publication: {what}", reason, **hooks)

    case("it is of another office", "publication_office", publication=setting(office=OTHER_OFFICE.name))
    case("it is signed by the office", "publication_signature", publication_signers=instead_of_signers(OFFICE))
    case("it is signed by another publisher", "publication_signature", publication_signers=instead_of_signers(OTHER_PUBLISHER))
    case("the publisher signed second", "publication_signature", publication_signers=instead_of_signers(OFFICE, PUBLISHER))
    case("a bit of its signature is flipped", "publication_signature", publication_signatures=within(0, "sig", flipped_bit(100)))
    case("its keyid is the office's", "publication_signature", publication_signatures=within(0, "keyid", instead(OFFICE.keyid)))
    case("its digest of the contents is another", "publication_contents", publication=inside("body", setting(contents="ab" * 32)))
    for what, fields in {
        "without the sizes": ("media_type", "number", "sha256"),
        "without the media types": ("number", "sha256", "size"),
        "with the paths": ("media_type", "number", "path", "sha256", "size"),
        "without the digests": ("media_type", "number", "size"),
    }.items():
        case(
            f"its digest of the contents is {what}",
            "publication_contents",
            publication=lambda fields_, made, f=fields: fields_["body"].update(
                contents=sha256(dump({"contents": [{name: exhibit[name] for name in f} for exhibit in made.exhibits]})).hex()
            ),
        )
    case(
        "its digest is of the list alone",
        "publication_contents",
        publication=lambda fields, made: fields["body"].update(
            contents=sha256(
                dump([{name: exhibit[name] for name in ("media_type", "number", "sha256", "size")} for exhibit in made.exhibits])
            ).hex()
        ),
    )
    case("an exhibit's media type is altered", "publication_contents", manifest=within("contents", 0, setting(media_type="text/html")))
    case("it counts one more", "publication_count", publication=inside("body", setting(count=4)))
    case("it counts none", "publication_count", publication=inside("body", setting(count=0)))
    for what, title in (
        ("is another", "Another"),
        ("is empty", ""),
        ("ends with a space", "نمونه · a sample for verifiers "),
        ("is decomposed", "نمونه · a sa\u0301mple"),
        ("has a bidi override", "\u202e"),
        ("is longer than a title may be", "x" * 400),
    ):
        case(f"its title {what}", "publication_title", publication=inside("body", setting(title=title)))
    case(
        "its title differs from the manifest's in its form of an accent",
        "publication_title",
        title=instead("é"),
        publication=inside("body", setting(title="e\u0301")),
    )
    case(
        "an exhibit is left out of the bundle",
        "publication_contents",
        manifest=leave_out_an_exhibit,
        members=changed(lambda members: members[:3] + members[4:]),
    )


def leave_out_an_exhibit(manifest, made):
    manifest["contents"], manifest["files"] = manifest["contents"][:2], manifest["files"][:2] + manifest["files"][3:]


def add_splices(cases):
    cases.bundle("splice: the whole bundle is another office's", "office_unknown", office=instead_object(OTHER_OFFICE))
    cases.bundle("splice: the policy knows no office", "office_unknown", policy=POLICY.replace(f"log {OFFICE.vkey}\n", ""))
    cases.bundle(
        "splice: the policy has the office's name with another key",
        "log_signature",
        policy=POLICY.replace(OFFICE.vkey, Signer("impostor", OFFICE.name).vkey),
    )
    cases.bundle(
        "splice: the policy has the office's key under another name",
        "office_unknown",
        policy=POLICY.replace(OFFICE.vkey, Signer("office", "another.example").vkey),
    )
    cases.bundle(
        "splice: the manifest names another office of the policy",
        "checkpoint_office",
        policy=BOTH_OFFICES,
        manifest=setting(office=OTHER_OFFICE.name),
    )
    cases.bundle(
        "splice: an admission by the other office of the policy",
        "admission_signature",
        policy=BOTH_OFFICES,
        admission_signers=instead_of_signers(OTHER_OFFICE),
    )
    cases.bundle(
        "splice: all but the manifest's and the checkpoint's name is another office's",
        "admission_office",
        admission=setting(office=OTHER_OFFICE.name),
        publication=setting(office=OTHER_OFFICE.name),
    )
    other_tree = Made(tree_size=lambda old, made: 44)
    cases.bundle(
        "splice: the checkpoint of a fork, of the same size",
        "admission_proof",
        text=lambda text, made: text.replace(text.split("\n")[2], b64(sha256(b"a fork"))),
        lines=resigned,
    )
    cases.bundle("splice: the checkpoint of a larger record", "admission_proof", text=instead(other_tree.text), lines=resigned)
    cases.bundle("splice: the checkpoint of a smaller record", "publication_proof", text=replacing("\n43\n", "\n42\n"), lines=resigned)
    cases.bundle("splice: the checkpoint of an empty record", "admission_proof", text=replacing("\n43\n", "\n0\n"), lines=resigned)
    cases.bundle("splice: the checkpoint of a record of one entry", "admission_proof", text=replacing("\n43\n", "\n1\n"), lines=resigned)
    another = Made(title=instead("Another publication"))
    cases.bundle(
        "splice: the manifest of another bundle of the same office",
        "proof",
        members=lambda members, made: members.__setitem__(0, Made.member("manifest.json", another.manifest)),
    )
    cases.bundle(
        "splice: the publication of another bundle, in the same record",
        "publication_title",
        title=instead("Another publication"),
        publication=inside("body", setting(title="نمونه · a sample for verifiers")),
    )
    cases.bundle(
        "splice: an exhibit of another bundle in the first one's place",
        "file_digest",
        members=lambda members, made: members.__setitem__(1, (members[1][0], b"x" * 327, members[1][2])),
    )
    cases.bundle(
        "splice: nothing is signed by the admitted key",
        "manifest_signature",
        admission=inside("body", setting(key=b64(OTHER_PUBLISHER.public))),
        manifest=inside("publisher", setting(key=b64(OTHER_PUBLISHER.public))),
    )
    cases.bundle(
        "splice: a malformed file and a false signature together",
        "entry",
        admission=setting(v=2),
        manifest_signers=instead_of_signers(OTHER_PUBLISHER),
    )
    cases.bundle(
        "splice: an unknown office and a missing end together",
        "archive",
        office=instead_object(OTHER_OFFICE),
        archive=changed(lambda raw: raw[:-512]),
    )


def instead_object(value):
    return lambda old, made: value


def resigned(lines, made):
    text = made.text.encode()
    return [log_line(OFFICE, text)] + [witness_line(witness, text) for witness in WITNESSES]


def add_good_entries(cases):
    cases.bundle("good: the admission has a second signature, of a stranger", None, admission_signers=instead_of_signers(OFFICE, STRANGER))
    cases.bundle(
        "good: the admission has four signatures, three of them false",
        None,
        admission_signatures=changed(lambda old: old + [old[0] | {"sig": b64(bytes(64))}] * 3),
    )
    cases.bundle("good: the admission names an earlier entry", None, admission=setting(after="ab" * 32))
    cases.bundle("good: an entry at the last second of a leap day", None, publication=setting(at="2024-02-29T23:59:59Z"))
    cases.bundle("good: an entry at the first second", None, publication=setting(at="1970-01-01T00:00:00Z"))
    cases.bundle("good: an entry at the last second", None, publication=setting(at="9999-12-31T23:59:59Z"))
    cases.bundle("good: the office publishes under its own key", None, publisher=instead_object(OFFICE))
    cases.bundle("good: another publisher", None, publisher=instead_object(OTHER_PUBLISHER))
    cases.bundle("good: another office of a policy with two", None, policy=BOTH_OFFICES, office=instead_object(OTHER_OFFICE))
    nameless = Signer("nameless", "mahzar.invalid/" + "0f" * 16)
    cases.bundle(
        "good: an office without a domain", None, policy=POLICY.replace(OFFICE.vkey, nameless.vkey), office=instead_object(nameless)
    )


def add(cases):
    for name in NAMES:
        add_shapes(cases, name)
        add_bodies(cases, name)
    add_writings(cases)
    add_admission_faults(cases)
    add_manifest_signatures(cases)
    add_publication_faults(cases)
    add_splices(cases)
    add_good_entries(cases)
