#!/usr/bin/env python3
"""The second verifier of Mahzar's bundles and proofs: Python's standard library, and docs/spec, and nothing else.

    verify.py BUNDLE --policy FILE [--json]
    verify.py PROOF.tlog-proof --content FILE --policy FILE [--json]

Exit code 0: it holds. 1: it does not hold. 2: it is malformed, or cannot be read.

It is written from docs/spec alone and shares no code with the Rust program, so that an error in one of them shows as a
disagreement. It reads an archive once, in order, and holds only the manifest and the proofs in memory.
"""
import argparse
import base64
import binascii
import datetime
import functools
import hashlib
import io
import json
import re
import sys

BLOCK = 512
ARCHIVE_UNIT = 10240
MANIFEST_BYTES_MAX = 32 << 20
PROOF_BYTES_MAX = 256 << 10
ENVELOPE_BYTES_MAX = 65535
NOTE_BYTES_MAX = 64 << 10
NOTE_SIGNATURES_MAX = 64
POLICY_BYTES_MAX = 64 << 10
PROOF_HASHES_MAX = 64
EXHIBITS_MAX = 10_000
DEPTH_MAX = 16
INTEGER_MAX = 2**53 - 1
CHUNK_BYTES = 1 << 20
BUNDLE_TYPE = "application/vnd.mahzar.bundle.v1+json"
ENTRY_TYPE = "application/vnd.mahzar.entry.v1+json"
NOBODY = "0" * 32

MALFORMED = {
    "policy": "the policy cannot be read",
    "archive": "the archive is not put together as the specification says",
    "limit": "a part of it is larger than the specification allows",
    "envelope": "the manifest's envelope is out of shape",
    "manifest": "the manifest is out of shape",
    "files": "a file is missing, extra or out of order",
    "checkpoint": "the checkpoint is out of shape",
    "proof": "a proof is out of shape",
    "entry": "a public entry is out of shape",
}
DOES_NOT_HOLD = {
    "office_unknown": "the policy names no log of this office",
    "checkpoint_office": "the checkpoint is another office's",
    "log_signature": "the checkpoint is not signed by the office's log",
    "cosignature": "a countersignature on the checkpoint is false",
    "quorum": "too few outside offices countersigned the checkpoint",
    "admission_proof": "the admission of the publisher's key is not in the record",
    "admission_office": "the admission of the publisher's key is another office's",
    "admission_key": "the admission names another key than the publisher's",
    "admission_signature": "the admission is not signed by the office",
    "manifest_signature": "the manifest is not signed by the publisher's key",
    "publication_proof": "the publication is not in the record",
    "publication_office": "the publication is another office's",
    "publication_signature": "the publication is not signed by the publisher's key",
    "publication_contents": "the publication names other contents",
    "publication_count": "the publication names another number of exhibits",
    "publication_title": "the publication names another title",
    "file_size": "a file has another size than the manifest says",
    "file_digest": "a file has another digest than the manifest says",
    "exhibit_proof": "an exhibit is not in the record",
    "entry_office": "the entry is another office's than the record's",
    "inclusion": "the proof does not lead to the record",
    "content": "the content is not what the proof is about",
}


class Malformed(Exception):
    """The bytes break the shape that docs/spec fixes (exit code 2). args: reason, detail."""


class DoesNotHold(Exception):
    """The shape is right, and what it claims is not so (exit code 1). args: reason, detail."""


def need(condition, reason, detail=""):
    if not condition:
        raise Malformed(reason, detail)


def holds(condition, reason, detail=""):
    if not condition:
        raise DoesNotHold(reason, detail)


# ---------------------------------------------------------------- Ed25519 (entry.md, section 3)

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1, 1, 0)


def point_add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * D * p[3] * q[3] % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_double(p):
    a, b, c = p[0] * p[0] % P, p[1] * p[1] % P, 2 * p[2] * p[2] % P
    h = a + b
    e = h - (p[0] + p[1]) ** 2 % P
    g = a - b
    f = c + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_equal(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def point_decode(encoding):
    """The point of a canonical encoding, or None."""
    y = int.from_bytes(encoding, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    if (v * x * x + u) % P == 0:
        x = x * ROOT_OF_MINUS_ONE % P
    if (v * x * x - u) % P != 0 or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def point_is_small(p):
    return point_equal(point_double(point_double(point_double(p))), IDENTITY)


def point_multiply(scalar, p):
    """[scalar]p by windows of four bits."""
    table = [IDENTITY, p]
    for _ in range(14):
        table.append(point_add(table[-1], p))
    result = IDENTITY
    for shift in range(252, -4, -4):
        for _ in range(4):
            result = point_double(result)
        digit = scalar >> shift & 15
        if digit:
            result = point_add(result, table[digit])
    return result


BASE = point_decode((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


@functools.lru_cache(maxsize=4096)
def ed25519_verifies(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    a, r = point_decode(key), point_decode(signature[:32])
    if s >= L or a is None or r is None or point_is_small(a) or point_is_small(r):
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return point_equal(point_multiply(s, BASE), point_add(r, point_multiply(k, a)))


# ---------------------------------------------------------------- small forms

def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def decode_base64(text, length=None):
    """The bytes of strict base64, or None; of exactly `length` bytes where that is given."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    if base64.b64encode(raw) != (text.encode("ascii") if isinstance(text, str) else text):
        return None
    return raw if length is None or len(raw) == length else None


def decode_decimal(text):
    """A decimal without leading zeros up to 2^53 - 1, or None."""
    if not re.fullmatch(rb"0|[1-9][0-9]{0,15}", text) or int(text) > INTEGER_MAX:
        return None
    return int(text)


def canonical_bytes(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def refuse_number(text):
    raise ValueError(f"{text} is not an integer")


def check_value(value, depth, name_pattern):
    if type(value) is int and abs(value) > INTEGER_MAX:
        raise ValueError("an integer is too large")
    if isinstance(value, (dict, list)):
        if depth >= DEPTH_MAX:
            raise ValueError("nested too deeply")
        if isinstance(value, dict):
            for name in value:
                if not name_pattern.fullmatch(name):
                    raise ValueError("a member name that is not allowed")
        for inner in value.values() if isinstance(value, dict) else value:
            check_value(inner, depth + 1, name_pattern)


PAYLOAD_NAMES = re.compile(r"[a-z][a-z0-9_]*")
ENVELOPE_NAMES = re.compile(r"payload|payloadType|signatures|keyid|sig")


def parse_canonical(raw, reason, name_pattern=PAYLOAD_NAMES):
    """Canonical JSON (entry.md, section 1): parsed, encoded again, and refused unless the bytes are equal."""
    try:
        value = json.loads(raw.decode(), parse_float=refuse_number, parse_constant=refuse_number)
        need(type(value) is dict, reason, "the JSON text is not an object")
        check_value(value, 0, name_pattern)
        same = canonical_bytes(value) == raw
    except (ValueError, RecursionError) as error:
        raise Malformed(reason, f"not canonical JSON: {error}") from None
    need(same, reason, "not canonical JSON: it is written differently")
    return value


def is_natural(value):
    return type(value) is int and value >= 0


def is_text(value):
    return type(value) is str


def is_hex(length):
    return lambda value: is_text(value) and re.fullmatch("[0-9a-f]{%d}" % (2 * length), value) is not None


def is_base64(length):
    return lambda value: is_text(value) and decode_base64(value, length) is not None


def is_exactly(expected):
    return lambda value: type(value) is type(expected) and value == expected


def matches(pattern, length_max):
    return lambda value: is_text(value) and len(value) <= length_max and re.fullmatch(pattern, value, re.ASCII) is not None


def is_list(length_min, length_max, is_item):
    return lambda value: (type(value) is list and length_min <= len(value) <= length_max and all(map(is_item, value)))


def is_day(value):
    if not (is_text(value) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII) and value >= "1970"):
        return False
    try:
        datetime.date.fromisoformat(value)
        return True
    except ValueError:
        return False


def is_moment(value):
    return is_text(value) and is_day(value[:10]) and bool(re.fullmatch(r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z", value[10:], re.ASCII))


def is_title(value):
    forbidden = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
    return is_text(value) and 1 <= len(value) <= 300 and not re.search(forbidden, value)


def is_object(fields):
    return lambda value: type(value) is dict and value.keys() == fields.keys() and all(check(value[name]) for name, check in fields.items())


def check_fields(value, fields, reason):
    """Exactly these fields, each of its form."""
    need(type(value) is dict and value.keys() == fields.keys(), reason, "fields are missing or unknown")
    for name, check in fields.items():
        need(check(value[name]), reason, f"the field {name} is out of form")


is_origin = matches(r"[!-*,-~]+", 255)
is_path = matches(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*", 100)
is_media_type = matches(r"[a-z0-9]+/[a-z0-9.+-]+", 100)
is_hash_list = is_list(0, PROOF_HASHES_MAX, is_base64(32))


# ---------------------------------------------------------------- envelopes and entries (entry.md, sections 2 and 3)

class Envelope:
    """A DSSE envelope in canonical form."""

    def __init__(self, raw, payload_type, signatures_max, reason):
        outer = parse_canonical(raw, reason, ENVELOPE_NAMES)
        signature = is_object({"keyid": is_hex(16), "sig": is_base64(64)})
        check_fields(outer, {
            "payload": is_base64(None),
            "payloadType": is_exactly(payload_type),
            "signatures": is_list(1, signatures_max, signature),
        }, reason)
        self.payload = decode_base64(outer["payload"])
        self.first = outer["signatures"][0]
        kind = payload_type.encode()
        self.signed = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(self.payload), self.payload)

    def is_signed_by(self, key):
        key_id = sha256(b"mahzar/v1/key\0", key)[:16].hex()
        return self.first["keyid"] == key_id and ed25519_verifies(key, self.signed, decode_base64(self.first["sig"]))


class PublicEntry:
    """An entry of the public circle."""

    def __init__(self, raw):
        need(len(raw) <= ENVELOPE_BYTES_MAX, "entry", "larger than 65,535 bytes")
        self.raw = raw
        self.envelope = Envelope(raw, ENTRY_TYPE, 4, "entry")
        fields = parse_canonical(self.envelope.payload, "entry")
        check_fields(fields, {
            "v": is_exactly(1), "id": is_hex(16), "office": is_origin, "circle": is_exactly(NOBODY), "at": is_moment, "by": is_hex(16),
            "kind": matches(r"[a-z_]+(\.[a-z_]+)*", 64), "body": lambda body: type(body) is dict,
            "after": lambda after: after is None or is_hex(32)(after),
        }, "entry")
        self.office, self.by, self.kind, self.body = fields["office"], fields["by"], fields["kind"], fields["body"]

    def check_kind(self, kind, body_fields):
        need(self.kind == kind and self.by == NOBODY, "entry", f"not an entry {kind} by the office")
        check_fields(self.body, body_fields, "entry")


# ---------------------------------------------------------------- policies (record.md, section 5)

class Key:
    """A vkey of the policy: name (text), id (4 bytes), key (32 bytes)."""

    def __init__(self, text, kind):
        parts = text.split(b"+", 2)
        need(len(parts) == 3, "policy", "a vkey without its three parts")
        name = parts[0].decode("ascii", "replace")
        raw = decode_base64(parts[2], 33)
        need(is_origin(name), "policy", "a vkey's name is not allowed")
        need(raw is not None and raw[0] == kind, "policy", "a vkey's key is not of the kind asked for")
        self.name, self.key = name, raw[1:]
        self.id = sha256(parts[0], b"\n", raw)[:4]
        need(parts[1] == self.id.hex().encode(), "policy", "a vkey's id is not the recomputed one")


class Policy:
    """Logs by origin, witnesses and groups by name, and the quorum."""

    def __init__(self, raw):
        need(len(raw) <= POLICY_BYTES_MAX, "policy", "larger than 64 KiB")
        need(not re.search(rb"[^\t\n\x20-\x7e\x80-\xff]", raw), "policy", "a control character")
        self.logs, self.witnesses, self.groups, self.quorum = {}, {}, {}, None
        self.taken = set()
        for line in raw.split(b"\n"):
            items = re.split(rb"[ \t]+", line.strip(b" \t"))
            if items[0] and not items[0].startswith(b"#"):
                read = {b"log": self.add_log, b"witness": self.add_witness, b"group": self.add_group, b"quorum": self.set_quorum}.get(items[0])
                need(read, "policy", "a line begins with an unknown word")
                read(items[1:])
        need(self.quorum is not None, "policy", "no quorum line")

    def add_log(self, items):
        need(len(items) in (1, 2), "policy", "a log line has too few or too many items")
        log = Key(items[0], 1)
        need(all(log.key != other.key and log.name != other.name for other in self.logs.values()), "policy", "a log twice")
        self.logs[log.name] = log

    def add_witness(self, items):
        need(len(items) in (2, 3), "policy", "a witness line has too few or too many items")
        self.check_new(items[0])
        witness = Key(items[1], 4)
        for other in self.witnesses.values():
            need(witness.key != other.key and (witness.name, witness.id) != (other.name, other.id), "policy", "a witness twice")
        self.witnesses[items[0]] = witness

    def add_group(self, items):
        need(len(items) >= 3, "policy", "a group without members")
        name, threshold, members = items[0], items[1], items[2:]
        self.check_new(name)
        for member in members:
            need(member in self.witnesses or member in self.groups, "policy", "a member is not defined above")
            need(member not in self.taken, "policy", "a member is listed twice")
            self.taken.add(member)
        count = {b"all": len(members), b"any": 1}.get(threshold) or decode_decimal(threshold)
        need(count is not None and 1 <= count <= len(members), "policy", "a threshold out of range")
        self.groups[name] = (count, members)

    def set_quorum(self, items):
        need(len(items) == 1 and self.quorum is None, "policy", "the quorum is not said once")
        need(items[0] == b"none" or items[0] in self.witnesses or items[0] in self.groups, "policy", "the quorum is not defined above")
        self.quorum = items[0]

    def check_new(self, name):
        need(name != b"none" and name not in self.witnesses and name not in self.groups, "policy", "a name is defined twice, or is none")

    def is_met_by(self, names):
        met = set(names) | {b"none"}
        for name, (count, members) in self.groups.items():
            if sum(member in met for member in members) >= count:
                met.add(name)
        return self.quorum in met


# ---------------------------------------------------------------- checkpoints (record.md, sections 3 and 5)

WHITE_SPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
SIGNATURE_LINE = re.compile(f"\u2014 ([^+{WHITE_SPACE}]+) ([A-Za-z0-9+/=]+)")


class Checkpoint:
    """A signed note whose text is a checkpoint."""

    def __init__(self, raw):
        need(len(raw) <= NOTE_BYTES_MAX, "checkpoint", "larger than 64 KiB")
        try:
            note = raw.decode()
        except UnicodeDecodeError:
            raise Malformed("checkpoint", "not UTF-8") from None
        need(not re.search("[\x00-\x09\x0b-\x1f]", note), "checkpoint", "a control character")
        split = note.rfind("\n\n")
        need(split >= 0 and note.endswith("\n"), "checkpoint", "no text and signatures")
        self.text = note[:split + 1].encode()
        lines = note[split + 2:].split("\n")[:-1]
        need(1 <= len(lines) <= NOTE_SIGNATURES_MAX, "checkpoint", "no signature line, or too many")
        self.signatures = [self.read_line(line) for line in lines]
        head = self.text.split(b"\n")
        need(len(head) == 4, "checkpoint", "the text has not three lines")
        self.origin = head[0].decode()
        self.size, self.root = decode_decimal(head[1]), decode_base64(head[2], 32)
        need(is_origin(self.origin), "checkpoint", "the first line is not an origin")
        need(self.size is not None and self.root is not None, "checkpoint", "the size or the root is out of form")

    @staticmethod
    def read_line(line):
        match = SIGNATURE_LINE.fullmatch(line)
        raw = decode_base64(match[2]) if match else None
        need(raw is not None and len(raw) >= 5, "checkpoint", "a signature line is out of form")
        return match[1], raw[:4], raw[4:]

    def check(self, policy):
        """The cosignatures as {witness: time}; raises unless the log and the quorum signed."""
        log, times = policy.logs[self.origin], {}
        signed = [ed25519_verifies(log.key, self.text, signature) for signature in self.signatures_of(log)]
        holds(signed and all(signed), "log_signature")
        for witness, key in policy.witnesses.items():
            for signature in self.signatures_of(key):
                time = self.cosigned_at(key.key, signature)
                holds(time is not None, "cosignature", witness.decode("utf-8", "replace"))
                times[witness] = min(time, times.get(witness, time))
        holds(policy.is_met_by(times), "quorum", f"{len(times)} countersigned")
        return times

    def signatures_of(self, key):
        return [signature for name, key_id, signature in self.signatures if (name, key_id) == (key.name, key.id)]

    def cosigned_at(self, key, signature):
        time = int.from_bytes(signature[:8], "big")
        message = b"cosignature/v1\ntime %d\n%s" % (time, self.text)
        return time if len(signature) == 72 and time < 2**63 and ed25519_verifies(key, message, signature[8:]) else None

    def includes(self, leaf, index, path):
        """RFC 9162, section 2.1.3.2."""
        if index >= self.size:
            return False
        node, last, digest = index, self.size - 1, sha256(b"\0", leaf)
        for sibling in path:
            if last == 0:
                return False
            if node & 1 or node == last:
                digest = sha256(b"\1", sibling, digest)
                while not node & 1 and node:
                    node, last = node >> 1, last >> 1
            else:
                digest = sha256(b"\1", digest, sibling)
            node, last = node >> 1, last >> 1
        return last == 0 and digest == self.root


# ---------------------------------------------------------------- proofs (record.md, section 4)

class Proof:
    """A tlog-proof with its extra line; the checkpoint is kept as bytes."""

    def __init__(self, raw):
        head, blank, self.checkpoint = raw.partition(b"\n\n")
        lines = head.split(b"\n")
        need(blank and len(lines) >= 3 and lines[0] == b"c2sp.org/tlog-proof@v1", "proof", "not a tlog-proof with its parts")
        need(lines[1].startswith(b"extra "), "proof", "no extra line: the proof does not say what it proves")
        extra = decode_base64(lines[1][6:])
        self.index = decode_decimal(lines[2][6:]) if lines[2].startswith(b"index ") else None
        self.path = [decode_base64(line, 32) for line in lines[3:]]
        need(extra is not None and self.index is not None, "proof", "the extra line or the index is out of form")
        need(None not in self.path and len(self.path) <= PROOF_HASHES_MAX, "proof", "the hashes are out of form, or too many")
        self.extra = parse_canonical(extra, "proof")

    def public_entry(self):
        check_fields(self.extra, {"v": is_exactly(1), "circle": is_exactly("public"), "envelope": is_base64(None)}, "proof")
        return PublicEntry(decode_base64(self.extra["envelope"]))

    def opened_content(self):
        check_fields(self.extra, {
            "v": is_exactly(1), "circle": is_exactly("private"), "commitment_env": is_hex(32), "salt": is_hex(32), "sha256": is_hex(32), "size": is_natural,
        }, "proof")
        return private_leaf(self.extra)


def private_leaf(opened):
    """entry.md, section 4: from commitment_env, salt, sha256 and size."""
    content = sha256(b"mahzar/v1/content\0", bytes.fromhex(opened["salt"]), bytes.fromhex(opened["sha256"]), opened["size"].to_bytes(8, "big"))
    return sha256(b"mahzar/v1/leaf\0", bytes.fromhex(opened["commitment_env"]), content)


# ---------------------------------------------------------------- the archive (bundle.md, section 1)

def header_bytes(name, size):
    """The one header that a file of this name and size can have."""
    numbers = b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % size + b"00000000000\0"
    tail = b"0" + bytes(100) + b"ustar\x0000" + bytes(64) + b"0000000\0" * 2 + bytes(155) + bytes(12)
    start = name.ljust(100, b"\0") + numbers
    return start + b"%06o\0 " % (sum(start + tail) + 8 * 32) + tail


class Archive:
    """A ustar archive read once, front to back."""

    def __init__(self, stream):
        self.stream, self.position = stream, 0

    def read(self, count):
        raw = self.stream.read(count)
        need(len(raw) == count, "archive", "it ends too early")
        self.position += count
        return raw

    def next_header(self):
        """(name, size), or None at the end."""
        block = self.read(BLOCK)
        if not any(block):
            return None
        name, digits = block[:100].rstrip(b"\0"), block[124:135]
        need(is_path(name.decode("ascii", "replace")), "archive", "a name that is not allowed")
        need(re.fullmatch(rb"[0-7]{11}", digits) and block == header_bytes(name, int(digits, 8)), "archive", "a header is out of form")
        return name.decode(), int(digits, 8)

    def expect(self, path):
        header = self.next_header()
        need(header is not None and header[0] == path, "files", f"{path} is not where it belongs")
        return header[1]

    def chunks(self, size):
        left = size
        while left:
            raw = self.read(min(left, CHUNK_BYTES))
            left -= len(raw)
            yield raw
        need(not any(self.read(-size % BLOCK)), "archive", "padding that is not zero")

    def contents(self, size, size_max):
        need(size <= size_max, "limit", f"{size} bytes where at most {size_max} are allowed")
        return b"".join(self.chunks(size))

    def finish(self):
        need(self.next_header() is None, "files", "a file that the manifest does not name")
        rest = self.stream.read(2 * ARCHIVE_UNIT)
        need(not any(rest) and len(rest) >= BLOCK and len(rest) == BLOCK + -(self.position + BLOCK) % ARCHIVE_UNIT, "archive", "the end is out of form")


# ---------------------------------------------------------------- the bundle (bundle.md, sections 2 to 4)

EXHIBIT_FIELDS = {
    "number": is_natural, "path": is_path, "media_type": is_media_type, "sha256": is_hex(32), "size": is_natural, "salt": is_hex(32),
    "commitment_env": is_hex(32), "index": is_natural, "proof": is_hash_list,
}
MANIFEST_FIELDS = {
    "v": is_exactly(1), "office": is_origin, "day": is_day, "title": is_title, "checkpoint": is_text,
    "publisher": is_object({"key": is_base64(32), "admitted": is_path}), "publication": is_path,
    "contents": is_list(1, EXHIBITS_MAX, is_object(EXHIBIT_FIELDS)),
    "files": is_list(3, EXHIBITS_MAX + 2, is_object({"path": is_path, "sha256": is_hex(32), "size": is_natural})),
}


def parse_manifest(payload):
    manifest = parse_canonical(payload, "manifest")
    check_fields(manifest, MANIFEST_FIELDS, "manifest")
    files = {file["path"]: file for file in manifest["files"]}
    used = [exhibit["path"] for exhibit in manifest["contents"]] + [manifest["publisher"]["admitted"], manifest["publication"]]
    need(len(files) == len(manifest["files"]) and len(set(used)) == len(used), "manifest", "a path occurs twice")
    need(set(used) == files.keys() and "manifest.json" not in files, "manifest", "files does not name the exhibits and the two proofs")
    for number, exhibit in enumerate(manifest["contents"], 1):
        file = files[exhibit["path"]]
        need(exhibit["number"] == number, "manifest", "the exhibits are not numbered from 1")
        need((file["sha256"], file["size"]) == (exhibit["sha256"], exhibit["size"]), "manifest", "files and contents differ")
    return manifest


def read_bundle(archive):
    """All that can be malformed: the envelope, the manifest, the checkpoint, the two entries with proofs, the files as found."""
    envelope = Envelope(archive.contents(archive.expect("manifest.json"), MANIFEST_BYTES_MAX), BUNDLE_TYPE, 1, "envelope")
    manifest = parse_manifest(envelope.payload)
    checkpoint = Checkpoint(manifest["checkpoint"].encode())
    proof_paths, found, proofs = (manifest["publisher"]["admitted"], manifest["publication"]), [], {}
    for file in manifest["files"]:
        size, digest = archive.expect(file["path"]), hashlib.sha256()
        if file["path"] in proof_paths:
            raw = archive.contents(size, PROOF_BYTES_MAX)
            digest.update(raw)
            proofs[file["path"]] = read_bundle_proof(raw, manifest)
        else:
            for chunk in archive.chunks(size):
                digest.update(chunk)
        found.append((file, size, digest.hexdigest()))
    archive.finish()
    admission, publication = (proofs[path] for path in proof_paths)
    admission[1].check_kind("publisher.admitted", {"key": is_base64(32), "purpose": is_exactly("publication")})
    publication[1].check_kind("publication.made", {"contents": is_hex(32), "count": is_natural, "title": is_text})
    return envelope, manifest, checkpoint, admission, publication, found


def read_bundle_proof(raw, manifest):
    proof = Proof(raw)
    Checkpoint(proof.checkpoint)
    need(proof.checkpoint == manifest["checkpoint"].encode(), "proof", "its checkpoint is not the manifest's")
    return proof, proof.public_entry()


def contents_digest(contents):
    named = [{name: exhibit[name] for name in ("media_type", "number", "sha256", "size")} for exhibit in contents]
    return hashlib.sha256(canonical_bytes({"contents": named})).hexdigest()


def check_admission(manifest, checkpoint, admission, office_key):
    proof, entry = admission
    holds(checkpoint.includes(entry.raw, proof.index, proof.path), "admission_proof")
    holds(entry.office == manifest["office"], "admission_office")
    holds(entry.body["key"] == manifest["publisher"]["key"], "admission_key")
    holds(entry.envelope.is_signed_by(office_key), "admission_signature")


def check_publication(manifest, checkpoint, publication, publisher_key):
    proof, entry = publication
    holds(checkpoint.includes(entry.raw, proof.index, proof.path), "publication_proof")
    holds(entry.office == manifest["office"], "publication_office")
    holds(entry.envelope.is_signed_by(publisher_key), "publication_signature")
    holds(entry.body["contents"] == contents_digest(manifest["contents"]), "publication_contents")
    holds(entry.body["count"] == len(manifest["contents"]), "publication_count")
    holds(entry.body["title"] == manifest["title"], "publication_title")


def verify_bundle(stream, policy_bytes):
    """The report of a bundle that holds; raises Malformed or DoesNotHold."""
    policy = Policy(policy_bytes)
    envelope, manifest, checkpoint, admission, publication, found = read_bundle(Archive(stream))
    holds(manifest["office"] in policy.logs, "office_unknown", manifest["office"])
    holds(checkpoint.origin == manifest["office"], "checkpoint_office", checkpoint.origin)
    times = checkpoint.check(policy)
    publisher_key = decode_base64(manifest["publisher"]["key"])
    check_admission(manifest, checkpoint, admission, policy.logs[manifest["office"]].key)
    holds(envelope.is_signed_by(publisher_key), "manifest_signature")
    check_publication(manifest, checkpoint, publication, publisher_key)
    for file, size, digest in found:
        holds(size == file["size"], "file_size", file["path"])
        holds(digest == file["sha256"], "file_digest", file["path"])
    for exhibit in manifest["contents"]:
        path = [decode_base64(node) for node in exhibit["proof"]]
        holds(checkpoint.includes(private_leaf(exhibit), exhibit["index"], path), "exhibit_proof", exhibit["path"])
    return report(checkpoint, policy, times) | {
        "title": manifest["title"], "day": manifest["day"], "publication": publication[0].index, "admission": admission[0].index,
        "exhibits": [{name: exhibit[name] for name in ("number", "path", "media_type", "size", "sha256", "index")} for exhibit in manifest["contents"]],
    }


def verify_proof(proof_bytes, content, policy_bytes):
    """The same for one file and its proof. `content` is a stream."""
    policy = Policy(policy_bytes)
    need(len(proof_bytes) <= PROOF_BYTES_MAX, "limit", "the proof is larger than 256 KiB")
    proof = Proof(proof_bytes)
    checkpoint = Checkpoint(proof.checkpoint)
    entry = proof.public_entry() if proof.extra.get("circle") == "public" else None
    leaf = entry.raw if entry else proof.opened_content()
    holds(checkpoint.origin in policy.logs, "office_unknown", checkpoint.origin)
    times = checkpoint.check(policy)
    holds(entry is None or entry.office == checkpoint.origin, "entry_office")
    holds(checkpoint.includes(leaf, proof.index, proof.path), "inclusion")
    size, digest = 0, hashlib.sha256()
    while chunk := content.read(CHUNK_BYTES):
        size += len(chunk)
        digest.update(chunk)
    expected = (len(leaf), hashlib.sha256(leaf).hexdigest()) if entry else (proof.extra["size"], proof.extra["sha256"])
    holds((size, digest.hexdigest()) == expected, "content")
    return report(checkpoint, policy, times) | {"index": proof.index, "size": size, "sha256": digest.hexdigest(), "circle": proof.extra["circle"]}


# ---------------------------------------------------------------- the face

def moment(seconds):
    try:
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return f"{seconds} seconds after 1970-01-01T00:00:00Z"


def report(checkpoint, policy, times):
    named = [{"name": name.decode("utf-8", "replace"), "key_name": policy.witnesses[name].name, "time": time, "at": moment(time)} for name, time in sorted(times.items())]
    return {"office": checkpoint.origin, "record_size": checkpoint.size, "root": base64.b64encode(checkpoint.root).decode(), "countersigned": named}


def judged(check, *arguments):
    """What a check says, as a dictionary with `result` and `reason`."""
    try:
        return {"result": "holds", "reason": None} | check(*arguments)
    except Malformed as fault:
        reason, detail = fault.args
        return {"result": "malformed", "reason": reason, "message": MALFORMED[reason], "detail": detail}
    except DoesNotHold as fault:
        reason, detail = fault.args
        return {"result": "does_not_hold", "reason": reason, "message": DOES_NOT_HOLD[reason], "detail": detail}


EXIT_CODES = {"holds": 0, "does_not_hold": 1, "malformed": 2}
LIMITS = """This does not show who made it, when it was made before it was entered, whether it is true, nor that nothing else exists.
It relies on the policy that you gave: whose the keys in it are, and whether those outside offices are independent of this one."""


def printable(text):
    """Text from outside, with all that could move or hide other text replaced."""
    return re.sub("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", "\ufffd", text)


def print_words(outcome):
    if outcome["result"] != "holds":
        print("MALFORMED:" if outcome["result"] == "malformed" else "DOES NOT HOLD:", outcome["message"] + ".", printable(outcome["detail"]))
        return
    print(f"HOLDS. Record {outcome['office']}, then of {outcome['record_size']:,} entries (they are counted from 0).")
    if "exhibits" in outcome:
        print(f"Published as: {printable(outcome['title'])} (day given by the office: {outcome['day']})")
        for exhibit in outcome["exhibits"]:
            print(f"  {exhibit['number']}. {exhibit['path']}: unaltered since entry number {exhibit['index']:,}")
    else:
        print(f"  the content: unaltered since entry number {outcome['index']:,}")
    for witness in outcome["countersigned"]:
        print(f"  countersigned by {printable(witness['name'])}, which gives the time {witness['at']}")
    if not outcome["countersigned"]:
        print("  countersigned by no outside office: the office alone vouches for its record, and could have written it anew at any time")
    print(LIMITS)


def main():
    parser = argparse.ArgumentParser(description="Checks a bundle, or one file and its proof, against a policy. Exit code 0: holds, 1: does not hold, 2: malformed or unreadable.")
    parser.add_argument("bundle", help="a bundle, or with --content a .tlog-proof")
    parser.add_argument("--policy", required=True, help="the keys you trust, in C2SP's tlog-policy format")
    parser.add_argument("--content", help="the file that the proof is about")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    try:
        with open(arguments.policy, "rb") as file:
            policy = file.read(POLICY_BYTES_MAX + 1)
        with open(arguments.bundle, "rb") as bundle:
            if arguments.content is None:
                outcome = judged(verify_bundle, bundle, policy)
            else:
                with open(arguments.content, "rb") as content:
                    outcome = judged(verify_proof, bundle.read(PROOF_BYTES_MAX + 1), content, policy)
    except OSError as error:
        print(f"verify.py: cannot read: {error}", file=sys.stderr)
        return 2
    if arguments.json:
        print(json.dumps(outcome))
    else:
        print_words(outcome)
    return EXIT_CODES[outcome["result"]]


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
