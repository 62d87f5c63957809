#!/usr/bin/env python3
"""Makes the negative vectors of secret ballots: each is one alteration of an archive that holds.

    tools/make_ballot_vectors.py            writes vectors/ballot/negative.json
    tools/make_ballot_vectors.py --check    says whether it would write the same
    ... --judge NAME=COMMAND                marks what another verifier accepts, e.g. 2.0=belenios-tool

A vector is a list of records: a number is a record of the base archive, an object a new one. Names, chain and tar headers
follow from the records, except where `edits` change bytes behind that: [offset, bytes removed, hexadecimal inserted].
A separate writer of the format: it shares no code with the Rust crate.
"""
import argparse
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "vectors" / "ballot"
BLOCK = 512
ED_ORDER = 2**252 + 27742317777372353535851937790883648493
BELENIOS_ORDER = 78571733251071885079927659812671450121821421258408794611510081919805623223441


def digest(body):
    return hashlib.sha256(body).hexdigest()


def header(name, size, time):
    block = bytearray(BLOCK)
    for at, text in [(0, name), (100, "0000644"), (108, "0000000"), (116, "0000000"), (124, f"{size:011o}"), (136, f"{time:011o}"), (148, " " * 8), (156, "0")]:
        block[at:at + len(text)] = text.encode()
    block[148:156] = f"{sum(block):06o}\0 ".encode()
    return bytes(block)


def tar(records, time=1_700_000_000):
    out = bytearray()
    for kind, body in records:
        name = "BELENIOS" if kind == "header" else f"{digest(body)}.{kind}.json"
        out += header(name, len(body), time) + body + bytes(-len(body) % BLOCK)
    return bytes(out)


def untar(archive):
    at, records = 0, []
    while at < len(archive):
        name = archive[at:at + 100].rstrip(b"\0").decode()
        size = int(archive[at + 124:at + 135], 8)
        kind = {"BELENIOS": "header"}.get(name, name.split(".")[1] if "." in name else "")
        records.append((kind, archive[at + BLOCK:at + BLOCK + size]))
        at += BLOCK + size + -size % BLOCK
    return records


def base(name):
    return untar((FOLDER / "positive" / f"{name}.bel").read_bytes())


def rechained(records):
    """The same records with every reference following: payloads, sizes, owners, set-up, parents and heights."""
    original = [digest(body) for _, body in records["old"]]
    moved, out, parent, height = {}, [], None, 0
    for (kind, body), source in zip(records["new"], records["from"]):
        text = body.decode("utf-8", "surrogateescape")
        if kind != "header":
            for old, new in moved.items():
                text = text.replace(old, new)
        if kind == "event" and source != "raw":
            event = json.loads(text)
            event.pop("parent", None)
            fields = {"parent": parent} if parent else {}
            fields.update(height=height, **{key: event[key] for key in ("type", "payload") if key in event})
            text = json.dumps(fields, separators=(",", ":"))
        body = text.encode("utf-8", "surrogateescape")
        if isinstance(source, int):
            moved[original[source]] = digest(body)
        if kind == "event":
            parent, height = digest(body), height + 1
        out.append((kind, body))
    return [(old, new) for old, new in moved.items()], out


class Altered:
    """A base archive in the making of one alteration."""

    def __init__(self, name):
        self.name, self.old = name, base(name)
        self.new = list(self.old)
        self.source = list(range(len(self.old)))
        self.edits = []

    def find(self, kind, number=0):
        """The index of the number-th message or event of a kind."""
        tests = {
            "election": b'{"version":1,"desc', "trustees": b'[["', "credentials": b'["', "setup": b'{"election":', "ballot": b'{"election_uuid"',
            "tally": b'[[{"alpha"', "sized": b'{"num_tallied"', "shuffle": b'{"ciphertexts"', "owned": b'{"owner"', "decryption": b'{"decryption_f', "result": b'{"result"',
        }
        if kind in tests:
            found = [at for at, (one, body) in enumerate(self.new) if one == "data" and body.startswith(tests[kind]) and not (kind == "trustees" and body.startswith(b'[[{'))]
            if kind == "trustees":
                found = found[:1]
        else:
            found = [at for at, (one, body) in enumerate(self.new) if one == "event" and f'"type":"{kind}"'.encode() in body]
        return found[number]

    def text(self, at):
        return self.new[at][1].decode()

    def put(self, at, text, raw=False):
        self.new[at] = (self.new[at][0], text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
        if raw:
            self.source[at] = "raw"

    def sub(self, kind, pattern, replacement, number=0, count=1):
        at = self.find(kind, number)
        text, made = re.subn(pattern, replacement, self.text(at), count=count)
        assert made, (self.name, kind, pattern)
        self.put(at, text)
        return self

    def json(self, kind, change, number=0):
        at = self.find(kind, number)
        value = json.loads(self.text(at))
        value = change(value) or value
        self.put(at, json.dumps(value, separators=(",", ":"), ensure_ascii=False))
        return self

    def drop(self, *places):
        for at in sorted(places, reverse=True):
            del self.new[at], self.source[at]
        return self

    def insert(self, at, kind, body, source="raw"):
        self.new.insert(at, (kind, body if isinstance(body, bytes) else body.encode()))
        self.source.insert(at, source)
        return self

    def records(self, chained=True):
        if not chained:
            return self.new
        return rechained({"old": self.old, "new": self.new, "from": self.source})[1]


VECTORS = []


def vector(name, start, reason, why, change=None, chained=True, edits=None):
    """One vector: `change` alters the archive, `edits` computes edits of the finished bytes."""
    altered = Altered(start)
    if change:
        change(altered)
    records = altered.records(chained)
    listed, position = [], {}
    for at, record in enumerate(altered.old):
        position.setdefault(record, at)
    for kind, body in records:
        at = position.get((kind, body))
        if at is not None:
            listed.append(at)
        else:
            try:
                listed.append({kind: body.decode()})
            except UnicodeDecodeError:
                listed.append({kind + "_hex": body.hex()})
    one = {"name": name, "base": start, "reason": reason, "why": why, "records": listed}
    if edits:
        one["edits"] = edits(tar(records), records)
    VECTORS.append(one)


def build(one):
    old = base(one["base"])
    records = []
    for entry in one["records"]:
        if isinstance(entry, int):
            records.append(old[entry])
        else:
            (kind, text), = entry.items()
            records.append((kind[:-4], bytes.fromhex(text)) if kind.endswith("_hex") else (kind, text.encode()))
    archive = bytearray(tar(records))
    for offset, removed, inserted in one.get("edits", []):
        archive[offset:offset + removed] = bytes.fromhex(inserted)
    return bytes(archive)


def offset_of(records, at):
    return sum(BLOCK + len(body) + -len(body) % BLOCK for _, body in records[:at])


def plus_one(match):
    return match.group(1) + str(int(match.group(2)) + 1) + match.group(3)


def number_after(field):
    return rf'("{field}":")(\d+)(")'


def archive_vectors():
    """The tar file and the chain."""
    start = "simple"
    cut = lambda length: lambda data, _: [[length, len(data) - length, ""]]
    edit = lambda *edits: lambda data, _: [list(one) for one in edits]
    vector("archive-empty", start, "archive-header", "there is nothing in the file", edits=cut(0))
    vector("archive-half-a-header", start, "archive-truncated", "the file ends in the first header", edits=cut(300))
    vector("archive-cut-in-a-body", start, "archive-truncated", "the file ends in the election", edits=cut(1800))
    vector("archive-cut-behind-a-message", start, "record-foreign", "the file ends between a ballot and its event", edits=lambda data, records: [[offset_of(records, 7), len(data) - offset_of(records, 7), ""]])
    vector("archive-cut-in-padding", start, "archive-truncated", "the last zero byte is missing", edits=lambda data, _: [[len(data) - 1, 1, ""]])
    vector("archive-trailer", start, "record-name", "two blocks of zeros at the end, as other tar programs write", edits=lambda data, _: [[len(data), 0, "00" * 1024]])
    vector("archive-one-zero-byte-more", start, "archive-truncated", "a byte too many", edits=lambda data, _: [[len(data), 0, "00"]])
    vector("archive-ustar", start, "record-form", "the magic of newer tar files", edits=edit((1024 + 257, 8, b"ustar\x0000".hex())))
    vector("archive-mode", start, "record-form", "another mode", edits=edit((1024 + 100, 7, b"0000755".hex())))
    vector("archive-owner", start, "record-form", "an owner", edits=edit((1024 + 108, 7, b"0001750".hex())))
    vector("archive-time", start, "record-form", "a record with a time of its own", edits=edit((1024 + 136, 11, b"14524770401".hex())))
    vector("archive-checksum", start, "record-form", "a wrong checksum", edits=edit((1024 + 148, 6, b"000000".hex())))
    vector("archive-type", start, "record-form", "a link in place of a file", edits=edit((1024 + 156, 1, b"2".hex())))
    vector("archive-link-name", start, "record-form", "bytes where nothing may be", edits=edit((1024 + 157, 4, b"link".hex())))
    vector("archive-padding", start, "record-padding", "a byte in the padding", edits=edit((1023, 1, "01")))
    vector("archive-size-not-octal", start, "record-form", "a size that is no octal number", edits=edit((1024 + 124, 11, b"0000000199x".hex())))
    vector("archive-size-huge", start, "record-size", "a record that claims eight gigabytes", edits=edit((1024 + 124, 11, b"77777777777".hex())))
    vector("archive-name-other", start, "record-name", "a record that no election has", edits=edit((1024, 10, b"README.txt\0".hex())))
    vector("archive-name-uppercase", start, "record-name", "a digest in capitals", edits=lambda data, _: [[1024, 64, data[1024:1088].upper().hex()]])
    vector("archive-digest", start, "record-digest", "a body that is not what its name says", edits=lambda data, _: [[1024 + 512 + 30, 1, "58"]])
    vector("archive-header-version", start, "archive-header", "another version", lambda one: one.put(0, '{"version":2,"timestamp":"1700000000"}'))
    vector("archive-header-number", start, "archive-header", "the time as a number", lambda one: one.put(0, '{"version":1,"timestamp":1700000000}'))
    vector("archive-header-space", start, "archive-header", "a space in the header", lambda one: one.put(0, '{"version":1, "timestamp":"1700000000"}'))
    vector("archive-header-zero", start, "archive-header", "a leading zero in the time", lambda one: one.put(0, '{"version":1,"timestamp":"01700000000"}'))
    vector("archive-no-header", start, "archive-header", "the first record is missing", lambda one: one.drop(0))
    vector("archive-header-twice", start, "record-name", "the first record comes again", lambda one: one.insert(1, "header", one.new[0][1]))
    vector("archive-only-header", start, "archive-incomplete", "nothing but the first record", lambda one: one.drop(*range(1, len(one.new))))
    vector("event-first-parent", start, "event-parent", "the first event has a parent", lambda one: one.put(one.find("Setup"), '{"parent":"' + "0" * 64 + '",' + one.text(one.find("Setup"))[1:], raw=True))
    vector("event-no-parent", start, "event-parent", "a later event has none", lambda one: one.put(one.find("Ballot"), re.sub(r'"parent":"\w+",', "", one.text(one.find("Ballot"))), raw=True))
    vector("event-parent-other", start, "event-parent", "an event names another parent", lambda one: one.put(one.find("Ballot"), re.sub(r'"parent":"\w+"', '"parent":"' + "1" * 64 + '"', one.text(one.find("Ballot"))), raw=True))
    vector("event-height", start, "event-height", "a number is left out", lambda one: one.put(one.find("Ballot"), one.text(one.find("Ballot")).replace('"height":1', '"height":2'), raw=True))
    vector("event-height-zero", start, "not-canonical", "a number with a leading zero", lambda one: one.put(one.find("Ballot"), one.text(one.find("Ballot")).replace('"height":1', '"height":01'), raw=True))
    vector("event-type-unknown", start, "not-canonical", "an event of no known type", lambda one: one.put(one.find("Ballot"), one.text(one.find("Ballot")).replace('"Ballot"', '"Vote"'), raw=True))
    vector("event-field-more", start, "not-canonical", "a field more", lambda one: one.put(one.find("Ballot"), one.text(one.find("Ballot"))[:-1] + ',"note":"x"}', raw=True))
    vector("event-fields-in-another-order", start, "not-canonical", "type before height", lambda one: one.put(one.find("Setup"), re.sub(r'("height":0),("type":"Setup")', r"\2,\1", one.text(one.find("Setup"))), raw=True))
    vector("event-payload-other", start, "event-payload", "a ballot's event refers to another message", lambda one: one.put(one.find("Ballot"), re.sub(r'"payload":"\w+"', '"payload":"' + "2" * 64 + '"', one.text(one.find("Ballot"))), raw=True))
    vector("event-payload-missing", start, "event-payload", "a ballot's event refers to nothing", lambda one: one.sub("Ballot", r',"payload":"\w+"', ""))
    vector("event-payload-too-many", start, "event-payload", "the end of the ballots carries something", lambda one: one.sub("EndBallots", r'"EndBallots"', '"EndBallots","payload":"' + "3" * 64 + '"'))
    vector("event-order-result-first", start, "event-order", "a result right after the ballots", lambda one: one.drop(*range(one.find("EndBallots"), len(one.new) - 2)))
    vector("event-order-end-missing", start, "record-foreign", "a tally while ballots may still come", lambda one: one.drop(one.find("EndBallots")))
    vector("event-order-end-twice", start, "event-order", "the ballots end twice", lambda one: one.insert(one.find("EndBallots"), "event", '{"height":0,"type":"EndBallots"}', source=None))
    vector("event-order-late-ballot", start, "event-order", "a ballot after the end", lambda one: (one.insert(one.find("EndBallots") + 1, "data", one.new[one.find("ballot", 1)][1]), one.insert(one.find("EndBallots") + 2, "event", one.new[one.find("Ballot", 1)][1], source=None)))
    vector("event-order-setup-twice", start, "event-order", "a second set-up", lambda one: (one.insert(one.find("Setup") + 1, "data", one.new[one.find("setup")][1]), one.insert(one.find("Setup") + 2, "event", one.new[one.find("Setup")][1], source=None)))
    vector("event-order-shuffles-without-ranks", start, "event-order", "shuffles end where there are none", lambda one: one.insert(one.find("EncryptedTally") + 1, "event", '{"height":0,"type":"EndShuffles"}', source=None))
    vector("event-after-the-result", start, "event-order", "something after the result", lambda one: one.insert(len(one.new), "event", '{"height":0,"type":"EndBallots"}', source=None))
    vector("record-nobody-refers-to", start, "record-foreign", "a message to which no event refers", lambda one: one.insert(one.find("ballot"), "data", '{"note":"foreign"}'))
    vector("record-at-the-end", start, "record-foreign", "a message behind the result", lambda one: one.insert(len(one.new), "data", '{"note":"foreign"}'))
    vector("record-setup-order", start, "event-payload", "trustees before the election", lambda one: (one.insert(1, "data", one.new[2][1], 2), one.drop(3)))
    vector("record-setup-missing", start, "event-payload", "no trustees", lambda one: one.drop(2))


def setup_vectors():
    """Elections, trustees, credentials."""
    start = "simple-open"
    vector("election-space", start, "not-canonical", "a space", lambda one: one.sub("election", ",", ", "))
    vector("election-version", start, "not-canonical", "version 2", lambda one: one.sub("election", '"version":1', '"version":2'))
    vector("election-group", start, "not-canonical", "a group that nobody knows", lambda one: one.sub("election", "BELENIOS-2048", "TOY-64"))
    vector("election-field-more", start, "not-canonical", "an unknown field", lambda one: one.sub("election", r"\}$", ',"extra":1}'))
    vector("election-field-missing", start, "not-canonical", "no name", lambda one: one.sub("election", r',"name":"[^"]*"', ""))
    vector("election-uuid-short", start, "not-canonical", "an identifier of 13 characters", lambda one: one.sub("election", "Mahzar1234567A", "Mahzar1234567"))
    vector("election-uuid-letter", start, "not-canonical", "an identifier with a zero", lambda one: one.sub("election", "Mahzar1234567A", "Mahzar0234567A"))
    vector("election-escape", start, "not-canonical", "an escape that is not needed", lambda one: one.sub("election", " / ", r" \\/ "))
    vector("election-not-utf-8", start, "not-canonical", "bytes that are no text", lambda one: one.put(one.find("election"), one.new[one.find("election")][1].replace(b"a sample", b"a\xffsample")))
    vector("election-deep", start, "not-canonical", "ten thousand brackets", lambda one: one.put(one.find("election"), "[" * 10_000))
    vector("election-max-above-answers", start, "not-canonical", "four of three may be chosen", lambda one: one.sub("election", '"max":1', '"max":4'))
    vector("election-min-above-max", start, "not-canonical", "at least two and at most one", lambda one: one.sub("election", '"min":1', '"min":2'))
    vector("election-million-digits", start, "not-canonical", "a key of a hundred thousand digits", lambda one: one.sub("election", r'"public_key":"\d+"', '"public_key":"' + "9" * 100_000 + '"'))
    vector("election-no-questions", start, "questions-none", "nothing is asked", lambda one: one.json("election", lambda v: v.update(questions=[])))
    vector("election-no-answers", start, "question-group", "a question without answers", lambda one: one.json("election", lambda v: v["questions"][0].update(answers=[], min=0, max=0)))
    vector("election-ranks-in-belenios", start, "question-group", "ranks in a group that cannot encode them", lambda one: one.json("election", lambda v: v.update(questions=[{"type": "NonHomomorphic", "value": {"answers": ["a"], "question": "q"}}])))
    vector("election-key-other", start, "key-product", "the key is not the trustees'", lambda one: one.sub("election", r'"public_key":"\d+"', '"public_key":"4"'))
    vector("election-key-leading-zero", start, "key-member", "a key with a leading zero", lambda one: one.sub("election", '"public_key":"', '"public_key":"0'))
    vector("election-key-zero", start, "key-member", "a key that is zero", lambda one: one.sub("election", r'"public_key":"\d+"', '"public_key":"0"'))
    vector("trustee-missing", start, "key-product", "a trustee is left out", lambda one: one.json("trustees", lambda v: v[:1]))
    vector("trustees-none", start, "trustees-none", "no trustees at all", lambda one: one.put(2, "[]"))
    vector("trustee-twice", start, "key-twice", "the same trustee twice", lambda one: one.json("trustees", lambda v: [v[0], v[0]]))
    vector("trustee-kind", start, "not-canonical", "an unknown kind of trustee", lambda one: one.sub("trustees", '"Single"', '"Double"'))
    vector("trustee-proof", start, "key-proof", "a proof of knowledge that does not hold", lambda one: one.sub("trustees", number_after("challenge"), plus_one))
    vector("trustee-proof-response", start, "key-proof", "another response", lambda one: one.sub("trustees", number_after("response"), plus_one))
    vector("trustee-proof-above-the-order", start, "not-canonical", "a challenge plus the order", lambda one: one.sub("trustees", number_after("challenge"), lambda m: m.group(1) + str(int(m.group(2)) + BELENIOS_ORDER) + m.group(3)))
    vector("trustee-key-identity", start, "key-member", "a key that is 1", lambda one: one.sub("trustees", r'"public_key":"\d+"', '"public_key":"1"'))
    vector("trustee-signature-out-of-place", start, "key-signature", "a single trustee with a signature", lambda one: one.json("trustees", lambda v: v[0][1].update(signature=v[0][1]["pok"])))
    vector("credential-twice", start, "credential-twice", "a voter twice in the list", lambda one: one.json("credentials", lambda v: v + [v[0]]))
    vector("credential-identity", start, "credential-member", "a credential that is 1", lambda one: one.json("credentials", lambda v: v + ["1"]))
    vector("credential-outside", start, "credential-member", "a credential outside the group", lambda one: one.json("credentials", lambda v: v + ["2"]))
    vector("credential-leading-zero", start, "not-canonical", "a credential with a leading zero", lambda one: one.json("credentials", lambda v: ["0" + v[0]] + v[1:]))
    vector("credential-weight-zero", start, "not-canonical", "a weight of nothing", lambda one: one.json("credentials", lambda v: [f"{v[0]},0"] + v[1:]))
    vector("credential-weight-zeros", start, "not-canonical", "a weight with a leading zero", lambda one: one.json("credentials", lambda v: [f"{v[0]},01"] + v[1:]))
    vector("credential-weight-for-some", start, "credential-weight", "a weight for one voter only", lambda one: one.json("credentials", lambda v: [f"{v[0]},2"] + v[1:]))
    vector("credential-weight-huge", start, "not-canonical", "a weight above all bounds", lambda one: one.json("credentials", lambda v: [f"{one_},{10**12}" for one_ in v]))
    vector("credential-space", start, "not-canonical", "a space in the list", lambda one: one.sub("credentials", ",", ", "))
    vector("setup-data-order", start, "not-canonical", "the parts in another order", lambda one: one.json("setup", lambda v: dict(reversed(list(v.items())))))


def pedersen_vectors():
    """Groups of trustees of whom some suffice."""
    start = "mixed-open"
    group = lambda change: lambda one: one.json("trustees", lambda v: change(v[1][1]) and None)
    bump = lambda proof: proof.update(response=str((int(proof["response"]) + 1) % ED_ORDER))
    vector("group-threshold-zero", start, "threshold", "nobody need decrypt", group(lambda v: v.update(threshold=0)))
    vector("group-threshold-above", start, "threshold", "four of three", group(lambda v: v.update(threshold=4)))
    vector("group-threshold-other", start, "commitment-length", "three where two was dealt", group(lambda v: v.update(threshold=3)))
    vector("group-certificate-missing", start, "threshold", "a certificate is left out", group(lambda v: v["certs"].pop()))
    vector("group-certificate-signature", start, "cert-signature", "a certificate with a bad signature", group(lambda v: bump(v["certs"][0]["signature"])))
    vector("group-certificates-exchanged", start, "cert-context", "two certificates change places", group(lambda v: v["certs"].reverse()))
    vector("group-certificate-context", start, "cert-signature", "a certificate for four trustees", group(lambda v: v["certs"][1].update(message=v["certs"][1]["message"].replace('"size":3', '"size":4'))))
    vector("group-certificate-no-context", start, "cert-context", "a certificate of the older shape among newer ones", group(lambda v: v["certs"][1].update(message=re.sub(r'"context":\{[^}]*\},', "", v["certs"][1]["message"]))))
    vector("group-commitment-signature", start, "commitment-signature", "commitments with a bad signature", group(lambda v: bump(v["coefexps"][2]["signature"])))
    vector("group-commitment-of-another", start, "commitment-signature", "one trustee's commitments twice", group(lambda v: v["coefexps"].__setitem__(1, v["coefexps"][0])))
    vector("group-key-exchanged", start, "commitment-key", "two keys change places", group(lambda v: v["verification_keys"].reverse()))
    vector("group-key-signature", start, "key-signature", "a key with a bad signature", group(lambda v: bump(v["verification_keys"][0]["signature"])))
    vector("group-key-signature-missing", start, "key-signature", "a key without its signature", group(lambda v: v["verification_keys"][0].pop("signature")))
    vector("group-key-proof", start, "key-proof", "a key with a bad proof", group(lambda v: bump(v["verification_keys"][1]["pok"])))
    vector("group-signatures", start, "certs-signature", "a bad signature over the certificates", group(lambda v: bump(v["signatures"][0])))
    vector("group-signatures-missing", start, "key-signature", "no signatures over the certificates", group(lambda v: v.pop("signatures")))
    vector("group-signatures-fewer", start, "threshold", "one signature less", group(lambda v: v["signatures"].pop()))


def ballot_vectors():
    """Ballots."""
    start = "mixed-open"
    proof = lambda path: lambda one: one.json("ballot", lambda v: bump(follow(v, path)))
    vector("ballot-space", start, "not-canonical", "a space", lambda one: one.sub("ballot", '":', '": '))
    vector("ballot-order", start, "not-canonical", "fields in another order", lambda one: one.json("ballot", lambda v: {"election_hash": v.pop("election_hash"), **v}))
    vector("ballot-field-more", start, "not-canonical", "a field more", lambda one: one.sub("ballot", r"\}$", ',"note":""}'))
    vector("ballot-newline", start, "not-canonical", "a newline at the end", lambda one: one.put(one.find("ballot"), one.text(one.find("ballot")) + "\n"))
    vector("ballot-answer-missing", start, "not-canonical", "an answer less", lambda one: one.json("ballot", lambda v: v["answers"].pop() and None))
    vector("ballot-answer-more", start, "not-canonical", "an answer more", lambda one: one.json("ballot", lambda v: v["answers"].append(v["answers"][0])))
    vector("ballot-choice-missing", start, "not-canonical", "a choice less", lambda one: one.json("ballot", lambda v: v["answers"][0]["choices"].pop() and None))
    vector("ballot-proof-missing", start, "not-canonical", "an individual proof less", lambda one: one.json("ballot", lambda v: v["answers"][0]["individual_proofs"].pop() and None))
    vector("ballot-proof-of-one-case", start, "not-canonical", "an individual proof of one case", lambda one: one.json("ballot", lambda v: v["answers"][0]["individual_proofs"][0].pop() and None))
    vector("ballot-overall-missing", start, "not-canonical", "an empty overall proof", lambda one: one.json("ballot", lambda v: v["answers"][0].update(overall_proof=[])))
    vector("ballot-overall-longer", start, "not-canonical", "an overall proof of a case more", lambda one: one.json("ballot", lambda v: v["answers"][0]["overall_proof"].append(v["answers"][0]["overall_proof"][0])))
    vector("ballot-blank-missing", start, "not-canonical", "no proof about blank", lambda one: one.json("ballot", lambda v: v["answers"][1].pop("blank_proof") and None))
    vector("ballot-blank-too-many", start, "not-canonical", "a proof about blank where none may be", lambda one: one.json("ballot", lambda v: v["answers"][0].update(blank_proof=v["answers"][1]["blank_proof"])))
    vector("ballot-challenge-above-the-order", start, "not-canonical", "a challenge plus the order", lambda one: one.json("ballot", lambda v: raise_(follow(v, ["answers", 0, "individual_proofs", 0, 0]))))
    vector("ballot-response-leading-zero", start, "not-canonical", "a response with a leading zero", lambda one: one.json("ballot", lambda v: follow(v, ["signature", "proof"]).update(response="0" + v["signature"]["proof"]["response"])))
    vector("ballot-response-negative", start, "not-canonical", "a negative response", lambda one: one.json("ballot", lambda v: follow(v, ["signature", "proof"]).update(response="-1")))
    vector("ballot-element-uppercase", start, "not-canonical", "an element in capitals", lambda one: one.json("ballot", lambda v: pair(v).update(alpha=pair(v)["alpha"].upper())))
    vector("ballot-element-short", start, "not-canonical", "an element of 62 digits", lambda one: one.json("ballot", lambda v: pair(v).update(alpha=pair(v)["alpha"][2:])))
    vector("ballot-element-no-point", start, "not-canonical", "a number that is no point", lambda one: one.json("ballot", lambda v: pair(v).update(alpha="0" * 63 + "2")))
    vector("ballot-element-not-reduced", start, "not-canonical", "the neutral element, not reduced", lambda one: one.json("ballot", lambda v: pair(v).update(alpha="7" + "f" * 61 + "ee")))
    vector("ballot-element-torsion", start, "ballot-member", "a point of order two", lambda one: one.json("ballot", lambda v: pair(v).update(alpha="7" + "f" * 61 + "ec")))
    vector("ballot-beta-torsion", start, "ballot-member", "a point of order four", lambda one: one.json("ballot", lambda v: pair(v).update(beta="0" * 64)))
    vector("ballot-individual-challenge", start, "ballot-individual-proof", "another challenge", lambda one: one.json("ballot", lambda v: bump(follow(v, ["answers", 0, "individual_proofs", 1, 0]), "challenge")))
    vector("ballot-individual-response", start, "ballot-individual-proof", "another response", proof(["answers", 0, "individual_proofs", 2, 1]))
    vector("ballot-individual-exchanged", start, "ballot-individual-proof", "two proofs change places", lambda one: one.json("ballot", lambda v: v["answers"][0]["individual_proofs"].reverse()))
    vector("ballot-overall", start, "ballot-overall-proof", "another response", proof(["answers", 0, "overall_proof", 0]))
    vector("ballot-overall-blank", start, "ballot-overall-proof", "another response", proof(["answers", 1, "overall_proof", 2]))
    vector("ballot-blank", start, "ballot-blank-proof", "another response", proof(["answers", 1, "blank_proof", 1]))
    vector("ballot-blank-exchanged", start, "ballot-blank-proof", "its halves change places", lambda one: one.json("ballot", lambda v: v["answers"][1]["blank_proof"].reverse()))
    vector("ballot-choices-exchanged", start, "ballot-individual-proof", "two choices change places", lambda one: one.json("ballot", lambda v: v["answers"][0]["choices"].reverse()))
    vector("ballot-answers-exchanged", start, "ballot-overall-proof", "a ballot with another's first answer", lambda one: one.json("ballot", lambda v: v["answers"].__setitem__(0, json.loads(one.text(one.find("ballot", 1)))["answers"][0])))
    vector("ballot-hash", start, "ballot-hash", "another hash", lambda one: one.json("ballot", lambda v: v["signature"].update(hash=json.loads(one.text(one.find("ballot", 1)))["signature"]["hash"])))
    vector("ballot-signature", start, "ballot-signature", "another response", proof(["signature", "proof"]))
    vector("ballot-signature-of-another", start, "ballot-signature", "another ballot's signature", lambda one: one.json("ballot", lambda v: v.update(signature=json.loads(one.text(one.find("ballot", 1)))["signature"])))
    vector("ballot-credential-of-another", start, "ballot-signature", "another voter's credential", lambda one: one.json("ballot", lambda v: v.update(credential=json.loads(one.text(one.find("ballot", 1)))["credential"])))
    vector("ballot-uuid", start, "ballot-election", "another election's identifier", lambda one: one.sub("ballot", "Mahzar1234567A", "Mahzar1234567B"))
    vector("ballot-of-another-election", start, "ballot-election", "a ballot from another election", lambda one: one.put(one.find("ballot"), [body for kind, body in base("other") if body.startswith(b'{"election_uuid"')][0]))
    vector("ballot-unknown-credential", start, "ballot-credential", "its credential is not in the list, before the tally", lambda one: drop_voter(one))
    vector("ballot-unknown-credential-tallied", "mixed", "ballot-credential", "its credential is not in the list, after the tally", lambda one: drop_voter(one))
    vector("ballot-replayed", start, "ballot-twice", "the same ballot again", lambda one: (one.insert(one.find("Ballot", 3) + 1, "data", one.new[one.find("ballot", 1)][1]), one.insert(one.find("Ballot", 3) + 2, "event", one.new[one.find("Ballot", 1)][1], source=None)))
    simple = "simple-open"
    vector("ballot-field-alpha-outside", simple, "ballot-member", "an alpha outside the group", lambda one: one.json("ballot", lambda v: pair(v).update(alpha="2")))
    vector("ballot-field-alpha-zero", simple, "not-canonical", "an alpha that is zero", lambda one: one.json("ballot", lambda v: pair(v).update(alpha="0")))
    vector("ballot-field-alpha-above", simple, "not-canonical", "an alpha above the modulus", lambda one: one.json("ballot", lambda v: pair(v).update(alpha="9" * 617)))
    vector("ballot-field-credential", simple, "ballot-credential", "an unknown credential", lambda one: drop_voter(one))
    vector("ballot-field-space", simple, "not-canonical", "a space", lambda one: one.sub("ballot", ",", ", "))
    vector("ballot-field-proof", simple, "ballot-individual-proof", "another response", proof_simple(["answers", 0, "individual_proofs", 0, 0]))
    vector("ballot-field-overall", simple, "ballot-overall-proof", "another response", proof_simple(["answers", 0, "overall_proof", 0]))
    vector("ballot-field-signature", simple, "ballot-signature", "another response", proof_simple(["signature", "proof"]))
    vector("ballot-field-replayed", simple, "ballot-twice", "the same ballot again", lambda one: (one.insert(one.find("Ballot", 2) + 1, "data", one.new[one.find("ballot", 1)][1]), one.insert(one.find("Ballot", 2) + 2, "event", one.new[one.find("Ballot", 1)][1], source=None)))


def proof_simple(path):
    return lambda one: one.json("ballot", lambda v: bump(follow(v, path), order=BELENIOS_ORDER))


def follow(value, path):
    for step in path:
        value = value[step]
    return value


def pair(ballot):
    return ballot["answers"][0]["choices"][0]


def bump(proof, field="response", order=ED_ORDER):
    proof[field] = str((int(proof[field]) + 1) % order)


def raise_(proof):
    proof["challenge"] = str(int(proof["challenge"]) + ED_ORDER)


def drop_voter(one):
    credential = json.loads(one.text(one.find("ballot")))["credential"]
    one.json("credentials", lambda v: [other for other in v if other.split(",")[0] != credential])


def tally_vectors():
    """Tally, shuffles, decryptions, result."""
    for start, order in [("simple", BELENIOS_ORDER), ("mixed", ED_ORDER)]:
        field = "" if start == "mixed" else "field-"
        vector(f"tally-{field}number", start, "tally-number", "a ballot more was tallied", lambda one: one.json("sized", lambda v: v.update(num_tallied=v["num_tallied"] + 1)))
        vector(f"tally-{field}weight", start, "tally-weight", "another total weight", lambda one: one.json("sized", lambda v: v.update(total_weight=v["total_weight"] + 1)))
        vector(f"tally-{field}content", start, "tally-content", "two sums change places", lambda one: one.json("tally", lambda v: v[0].reverse()))
        vector(f"tally-{field}decryption-proof", start, "decryption-proof", "another response", lambda one: one.json("decryption", lambda v: bump(v["decryption_proofs"][0][0], order=order)))
        vector(f"tally-{field}decryption-factor", start, "decryption-proof", "two factors change places", lambda one: one.json("decryption", lambda v: v["decryption_factors"][0].reverse()))
        vector(f"tally-{field}decryption-missing", start, "decryption-missing", "a trustee did not decrypt", lambda one: one.drop(one.find("decryption"), one.find("owned"), one.find("PartialDecryption")))
        vector(f"tally-{field}decryption-twice", start, "decryption-owner", "a trustee decrypted twice", lambda one: one.json("owned", lambda v: v.update(owner=json.loads(one.text(one.find("owned")))["owner"]), number=1))
        vector(f"tally-{field}decryption-nobody", start, "decryption-owner", "a trustee who is not there", lambda one: one.json("owned", lambda v: v.update(owner=9)))
        vector(f"tally-{field}decryption-zero", start, "decryption-owner", "the trustee before the first", lambda one: one.json("owned", lambda v: v.update(owner=0)))
        vector(f"tally-{field}decryption-other", start, "decryption-proof", "another trustee's number", lambda one: swap_owners(one))
        vector(f"tally-{field}decryption-shape", start, "decryption-shape", "a factor less", lambda one: one.json("decryption", lambda v: v["decryption_factors"][0].pop() and None))
        vector(f"tally-{field}result", start, "result-content", "a vote moves", lambda one: one.json("result", lambda v: v["result"].__setitem__(0, [v["result"][0][0] + 1, v["result"][0][1] - 1, v["result"][0][2]])))
        vector(f"tally-{field}result-shape", start, "result-shape", "a count less", lambda one: one.json("result", lambda v: v["result"][0].pop() and None))
    start = "mixed"
    vector("tally-shape", start, "tally-shape", "a sum less", lambda one: one.json("tally", lambda v: v[0].pop() and None))
    vector("tally-dropped-ballot", start, "tally-content", "a ballot is taken out of the box", lambda one: one.drop(one.find("ballot", 1), one.find("Ballot", 1)))
    vector("tally-first-ballot-counted", start, "tally-content", "the order of a voter's two ballots is turned around", lambda one: turn(one))
    vector("tally-digest", start, "tally-digest", "it refers to another tally", lambda one: one.json("sized", lambda v: v.update(encrypted_tally="4" * 64)))
    vector("tally-decryption-torsion", start, "decryption-member", "a factor outside the group", lambda one: one.json("decryption", lambda v: v["decryption_factors"][0].__setitem__(0, "7" + "f" * 61 + "ec")))
    vector("tally-result-text", start, "not-canonical", "a count as a text", lambda one: one.sub("result", r"\[\[(\d)", r'[["\1"'))
    vector("tally-result-negative", start, "not-canonical", "a negative count", lambda one: one.sub("result", r"\[\[(\d)", r"[[-\1"))
    vector("tally-result-question", start, "not-canonical", "a question less", lambda one: one.json("result", lambda v: v["result"].pop() and None))
    start = "ranked"
    vector("ranks-unsorted", start, "tally-content", "ballots in another order before the shuffle", lambda one: one.json("tally", lambda v: v[1].reverse()))
    vector("ranks-proof", start, "ballot-ranking-proof", "the proof of a ranking", lambda one: one.json("ballot", lambda v: bump(v["answers"][1]["proof"])))
    vector("ranks-weights", start, "credential-weight", "weights with ranks", lambda one: one.json("credentials", lambda v: [f"{c},2" for c in v]))
    vector("ranks-no-shuffle", start, "shuffle-none", "nobody shuffled", lambda one: one.drop(*range(one.find("shuffle"), one.find("EndShuffles"))))
    vector("ranks-shuffle-missing", start, "shuffle-proof", "the first of two shuffles is left out", lambda one: one.drop(*range(one.find("shuffle"), one.find("shuffle", 1))))
    vector("ranks-shuffle-twice", start, "shuffle-owner", "a trustee shuffled twice", lambda one: one.json("owned", lambda v: v.update(owner=1), number=1))
    vector("ranks-shuffle-nobody", start, "shuffle-owner", "a trustee who is not there", lambda one: one.json("owned", lambda v: v.update(owner=3)))
    vector("ranks-shuffle-exchanged", start, "shuffle-proof", "two shuffled ballots change places", lambda one: one.json("shuffle", lambda v: v["ciphertexts"][0].reverse()))
    vector("ranks-shuffle-dropped", start, "shuffle-shape", "a ballot less after the shuffle", lambda one: one.json("shuffle", lambda v: v["ciphertexts"][0].pop() and None))
    vector("ranks-shuffle-copied", start, "shuffle-proof", "a ballot twice after the shuffle", lambda one: one.json("shuffle", lambda v: v["ciphertexts"][0].__setitem__(0, v["ciphertexts"][0][1])))
    vector("ranks-shuffle-no-proof", start, "shuffle-shape", "a shuffle without its proof", lambda one: one.json("shuffle", lambda v: v.update(proofs=[])))
    for name, path in [("s1", [1, 0]), ("s2", [1, 1]), ("s3", [1, 2]), ("s4", [1, 3]), ("s-hat", [1, 4, 0]), ("s-prime", [1, 5, 1])]:
        vector(f"ranks-shuffle-{name}", start, "shuffle-proof", f"another response {name}", lambda one: one.json("shuffle", lambda v: raise_at(v["proofs"][0], path)))
    for name, path in [("t1", [0, 0]), ("t3", [0, 2]), ("t41", [0, 3, 0]), ("t-hat", [0, 4, 0]), ("c", [2, 0]), ("c-hat", [3, 1])]:
        vector(f"ranks-shuffle-{name}", start, "shuffle-proof", f"another commitment {name}", lambda one: one.json("shuffle", lambda v: copy_at(v["proofs"][0], path)))
    vector("ranks-result", start, "result-content", "two ranks change places", lambda one: one.json("result", lambda v: v["result"][1][0].reverse()))
    vector("ranks-result-order", start, "result-content", "two ballots change places", lambda one: one.json("result", lambda v: v["result"][1].reverse()))
    vector("ranks-no-end-of-shuffles", start, "event-order", "the shuffles do not end", lambda one: one.drop(one.find("EndShuffles")))


def raise_at(proof, path):
    holder = follow(proof, path[:-1])
    holder[path[-1]] = str((int(holder[path[-1]]) + 1) % ED_ORDER)


def copy_at(proof, path):
    holder = follow(proof, path[:-1])
    holder[path[-1]] = proof[0][1]


def swap_owners(one):
    first, second = (json.loads(one.text(one.find("owned", number)))["owner"] for number in (0, 1))
    one.json("owned", lambda v: v.update(owner=second))
    one.json("owned", lambda v: v.update(owner=first), number=1)


def turn(one):
    first, last = one.find("ballot", 0), one.find("ballot", 3)
    one.new[first], one.new[last] = one.new[last], one.new[first]


def accepted(command, one):
    uuid = "Mahzar1234567A"
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / f"{uuid}.bel").write_bytes(build(one))
        try:
            done = subprocess.run([command, "election", "verify"], cwd=folder, capture_output=True, timeout=60)
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--judge", action="append", default=[])
    arguments = parser.parse_args()
    for make in (archive_vectors, setup_vectors, pedersen_vectors, ballot_vectors, tally_vectors):
        make()
    assert len({one["name"] for one in VECTORS}) == len(VECTORS)
    path = FOLDER / "negative.json"
    before = json.loads(path.read_text()) if path.exists() else []
    marks = {one["name"]: one["accepted_by"] for one in before}
    judges = dict(judge.split("=", 1) for judge in arguments.judge)
    for one in VECTORS:
        known = [judge for judge in marks.get(one["name"], []) if judge not in judges]
        one["accepted_by"] = sorted(known + [name for name, command in judges.items() if accepted(command, one)])
    text = "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in VECTORS) + "\n]\n"
    if arguments.check:
        same = path.read_text() == text
        print(f"{len(VECTORS)} vectors, {'as they are frozen' if same else 'NOT as they are frozen'}")
        return 0 if same else 1
    path.write_text(text)
    print(f"{len(VECTORS)} vectors, {sum(bool(one['accepted_by']) for one in VECTORS)} of them accepted by another verifier")
    return 0


if __name__ == "__main__":
    sys.exit(main())
