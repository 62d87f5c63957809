"""An office that publishes one bundle, with a hook at every step where a fault can be put in.

A hook is `hook(value, made)`: it changes the value in place and returns None, or returns another value. All that follows
from the value is made from the changed one (digests, leaves, the tree, signatures), so that one fault stays one fault.
"""

import hashlib
import json

from vectormaker.keys import Signer, b64, number
from verify import BUNDLE_TYPE, ENTRY_TYPE, NOBODY, header_bytes

ORIGIN = "office.example/record"
OFFICE = Signer("office", ORIGIN)
PUBLISHER = Signer("publisher")
WITNESSES = [Signer(f"witness {n}", f"{word}.example/witness", kind=4) for n, word in enumerate(["first", "second", "third"])]
OTHER_OFFICE = Signer("other office", "other.example/record")
STRANGER = Signer("stranger", "stranger.example/witness", kind=4)
TREE_SIZE = 43
ADMISSION_INDEX, PUBLICATION_INDEX = 5, 41
NOW = 1_760_000_000

POLICY = f"""# whom I trust
log {OFFICE.vkey}
witness first {WITNESSES[0].vkey}
witness second {WITNESSES[1].vkey}
witness third {WITNESSES[2].vkey} https://third.example/
group outside 2 first second third
quorum outside
"""

FILES = [
    ("exhibits/1/shahadat.txt", "text/plain", "نمونه برای آزمون: این متن برای بردارهای آزمون نوشته شده است.\n".encode() * 3, 7),
    ("exhibits/2/noise.bin", "application/octet-stream", b"".join(hashlib.sha256(b"noise %d" % n).digest() for n in range(32)), 20),
    ("exhibits/3/empty", "application/octet-stream", b"", 42),
]


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def dump(value):
    """Canonical JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def pae(payload_type, payload):
    return b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)


def label_bytes(*label):
    return number(*label).to_bytes(64, "little")[:32]


def tree_root(leaves):
    if len(leaves) == 1:
        return sha256(b"\0", leaves[0])
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1", tree_root(leaves[:split]), tree_root(leaves[split:]))


def tree_path(leaves, index):
    """RFC 6962, section 2.1.1, leaf to root."""
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return tree_path(leaves[:split], index) + [tree_root(leaves[split:])]
    return tree_path(leaves[split:], index - split) + [tree_root(leaves[:split])]


def note_line(name, key_id, signature):
    return f"\u2014 {name} {b64(key_id + signature)}"


def log_line(signer, text):
    return note_line(signer.name, signer.key_id, signer.sign(text))


def cosigned_message(text, time):
    return b"cosignature/v1\ntime %d\n%s" % (time, text)


def witness_line(signer, text, time=NOW, signature=None):
    signature = signature or signer.sign(cosigned_message(text, time))
    return note_line(signer.name, signer.key_id, time.to_bytes(8, "big") + signature)


def commitment_env(label):
    return sha256(b"mahzar/v1/env\0", label_bytes("env", label))


def private_leaf(exhibit, data):
    content = sha256(b"mahzar/v1/content\0", bytes.fromhex(exhibit["salt"]), sha256(data), len(data).to_bytes(8, "big"))
    return sha256(b"mahzar/v1/leaf\0", bytes.fromhex(exhibit["commitment_env"]), content)


class Made:
    """A bundle and all that it was made from. `archive` is the result."""

    def __init__(self, **hooks):
        self.hooks, self.used = hooks, set()
        self.publisher = self.step("publisher", PUBLISHER)
        self.office = self.step("office", OFFICE)
        self.make_exhibits()
        self.make_entries()
        self.make_tree()
        self.make_checkpoint()
        self.make_manifest()
        self.make_archive()
        unused = hooks.keys() - self.used
        if unused:
            raise ValueError(f"no such hook: {unused}")

    def step(self, name, value):
        self.used.add(name)
        if name not in self.hooks:
            return value
        changed = self.hooks[name](value, self)
        return value if changed is None else changed

    def make_exhibits(self):
        self.title = self.step("title", "نمونه · a sample for verifiers")
        self.data, self.exhibits = {}, []
        for position, (path, media_type, data, index) in enumerate(self.step("sources", FILES)):
            self.data[path] = data
            self.exhibits.append(
                {
                    "number": position + 1,
                    "path": path,
                    "media_type": media_type,
                    "sha256": sha256(data).hex(),
                    "size": len(data),
                    "salt": label_bytes("salt", path).hex(),
                    "commitment_env": commitment_env(path).hex(),
                    "index": index,
                }
            )
        self.step("exhibits", self.exhibits)

    def entry_fields(self, label, kind, body):
        return {
            "v": 1,
            "id": label_bytes(label)[:16].hex(),
            "office": self.office.name,
            "circle": NOBODY,
            "at": "2025-10-09T08:53:20Z",
            "by": NOBODY,
            "kind": kind,
            "body": body,
            "after": None,
        }

    def make_entry(self, name, kind, body, signer):
        payload = self.step(f"{name}_payload", dump(self.step(name, self.entry_fields(name, kind, body))))
        return self.make_envelope(name, ENTRY_TYPE, payload, self.step(f"{name}_signers", [signer]))

    def make_envelope(self, name, payload_type, payload, signers):
        payload_type = self.step(f"{name}_type", payload_type)
        self.signed = signed = pae(payload_type, payload)
        signatures = [{"keyid": signer.keyid, "sig": b64(signer.sign(signed))} for signer in signers]
        signatures = self.step(f"{name}_signatures", signatures)
        envelope = {"payload": b64(payload), "payloadType": payload_type, "signatures": signatures}
        return self.step(f"{name}_bytes", dump(self.step(f"{name}_envelope", envelope)))

    def make_entries(self):
        self.admission = self.make_entry(
            "admission", "publisher.admitted", {"key": b64(self.publisher.public), "purpose": "publication"}, self.office
        )
        named = [{field: exhibit[field] for field in ("media_type", "number", "sha256", "size")} for exhibit in self.exhibits]
        body = {"contents": sha256(dump({"contents": named})).hex(), "count": len(named), "title": self.title}
        self.publication = self.make_entry("publication", "publication.made", body, self.publisher)

    def make_tree(self):
        self.leaves = [label_bytes("filler", n) for n in range(self.step("tree_size", TREE_SIZE))]
        self.admission_index, self.publication_index = self.step("entry_indexes", (ADMISSION_INDEX, PUBLICATION_INDEX))
        self.leaves[self.admission_index], self.leaves[self.publication_index] = self.admission, self.publication
        for exhibit in self.exhibits:
            self.leaves[exhibit["index"]] = private_leaf(exhibit, self.data[exhibit["path"]])
        self.step("leaves", self.leaves)
        for exhibit in self.exhibits:
            exhibit["proof"] = [b64(node) for node in tree_path(self.leaves, exhibit["index"])]

    def make_checkpoint(self):
        text = f"{self.office.name}\n{len(self.leaves)}\n{b64(tree_root(self.leaves))}\n"
        self.text = self.step("text", text)
        signed = self.text.encode()
        lines = [log_line(self.office, signed)] + [witness_line(witness, signed, NOW + n) for n, witness in enumerate(WITNESSES[:2])]
        lines = self.step("lines", lines)
        self.note = self.step("note", self.text + "\n" + "".join(line + "\n" for line in lines))

    def make_proof(self, name, extra, index):
        extra_bytes = self.step(f"{name}_extra_bytes", dump(self.step(f"{name}_extra", extra)))
        proof = self.step(f"{name}_proof", {"index": index, "path": tree_path(self.leaves, index)})
        lines = ["c2sp.org/tlog-proof@v1", "extra " + b64(extra_bytes), f"index {proof['index']}", *map(b64, proof["path"]), ""]
        lines = self.step(f"{name}_lines", lines)
        return self.step(f"{name}_text", ("\n".join(lines) + "\n" + self.note).encode())

    def public_proof(self, name, envelope, index):
        return self.make_proof(name, {"v": 1, "circle": "public", "envelope": b64(envelope)}, index)

    def private_proof(self, position):
        """A tlog-proof of the exhibit, which a bundle does not carry: a file and its proof."""
        exhibit = self.exhibits[position]
        extra = {"v": 1, "circle": "private"} | {name: exhibit[name] for name in ("commitment_env", "salt", "sha256", "size")}
        return self.make_proof("private", extra, exhibit["index"])

    def make_manifest(self):
        self.data["proofs/admitted.tlog-proof"] = self.public_proof("admitted", self.admission, self.admission_index)
        self.data["proofs/publication.tlog-proof"] = self.public_proof("published", self.publication, self.publication_index)
        manifest = {
            "v": 1,
            "office": self.office.name,
            "day": "2025-10-09",
            "title": self.title,
            "checkpoint": self.note,
            "publisher": {"key": b64(self.publisher.public), "admitted": "proofs/admitted.tlog-proof"},
            "publication": "proofs/publication.tlog-proof",
            "contents": self.exhibits,
            "files": [{"path": path, "sha256": sha256(data).hex(), "size": len(data)} for path, data in self.data.items()],
        }
        payload = self.step("manifest_payload", dump(self.step("manifest", manifest)))
        self.manifest = self.make_envelope("manifest", BUNDLE_TYPE, payload, self.step("manifest_signers", [self.publisher]))

    @staticmethod
    def member(name, data):
        return name, data, header_bytes(name.encode(), len(data))

    def make_archive(self):
        members = [self.member(name, data) for name, data in [("manifest.json", self.manifest), *self.data.items()]]
        members = self.step("members", members)
        body = b"".join(header + data + bytes(-len(data) % 512) for _, data, header in members)
        end = bytes(1024 + -(len(body) + 1024) % 10240)
        self.archive = self.step("archive", body + end)
