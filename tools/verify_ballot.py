#!/usr/bin/env python3
"""Checks the archive of a secret ballot whose questions are only counted, with nothing but Python's standard library.

    tools/verify_ballot.py ELECTION.bel [--json]

Exit code 0: it holds. 1: it does not. 2: it is malformed, cannot be read, or has ranked questions. Written from
docs/spec/ballot.md and the specification of Belenios; shares no code with the Rust verifier. Not in constant time: it has no secrets.
"""
import base64
import hashlib
import json
import re
import sys

BLOCK = 512
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
WEIGHT_MAX, TOTAL_WEIGHT_MAX, TRUSTEES_MAX = 10**9, 10**12, 100
FIELD_P = int(
    "a3ef2d011fefb1b6e39e568fccdffb0fb7dc7ef3a791b6862791811d21fc35f21e6d36856b428030421f514ed40bfd4c06e092a495af8d79a2f85e0fb11c0ede"
    "07dd973f9c53e50930c6e82ac36de1ae3fb8c3aabfff12ce27a5022ddd8912d107435012768a2cdd0a4091d8fa447f6c7ebc15a349fa318a6b4fe17d8d47e843"
    "a3e14dfa9b2162f4d7229abe93a188b46b006517d6f6747ebbb29c9ec3099b607f18fb1a8bc858279aa8599411d998d3e3fada9e010840d082d8c31911acdd4a"
    "0e7992d0f18cc759cb5de0acf66a3882555bc810941e021b6a4ccfa04ee4008f878affa2375e2999b44f6cef17d707301e59e0e6351e051ed9cec4157646e64f", 16)
FIELD_G = int(
    "1307c1ab5f295885d7caa3a78a42415e31fd1c5807b61fb1e781878a52230a51988b98c259597f9c5a9dfd001d26ba31d9d8976f01d95a1c8262ee68a0e92cea"
    "541e5219e0d0d094301b894236823fe1d4bc04e29f3748aefd4f10d5b1a356a8643e673fd9d215fc8fe5fb9cf9fdb8ea88fdb1a3381a697fdf9c2458570b06d2"
    "6aef1be365fdd90165f397c6b870df8c1b9e519edcee8bb0f74b7a1615a274ba60a7ea574a61f552d2dde0ce514e0927c4ff49b1964c4a913731ae4268d60d7f"
    "22127b6cbba44d453ac8b72fd04e0991b7aeff04867d8724ac638f5f34100d2d47aa680d43771902743d663f42d853c041e1c91fe3823f4bcf284308f1d7e653", 16)
FIELD_Q = 78571733251071885079927659812671450121821421258408794611510081919805623223441
SAFE_P = int(
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437"
    "4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05"
    "98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b"
    "e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa051015728e5a8aacaa68ffffffffffffffff", 16)


class Stop(Exception):
    """The archive cannot be read further."""


class Field:
    """A subgroup of a finite field."""

    def __init__(self, name, p, g, q):
        self.name, self.p, self.g, self.q, self.one = name, p, g, q, 1

    def read(self, text):
        if not re.fullmatch(r"[1-9][0-9]{0,616}", text) or int(text) >= self.p:
            raise ValueError("an element of the group in its canonical form")
        return int(text)

    write = staticmethod(str)

    def times(self, a, b):
        return a * b % self.p

    def power(self, a, exponent):
        return pow(a, exponent, self.p)

    def inverse(self, a):
        return pow(a, -1, self.p)

    def is_member(self, a):
        return pow(a, self.q, self.p) == 1


class Curve:
    """The prime-order subgroup of edwards25519, in extended coordinates."""

    name, p, q = "Ed25519", 2**255 - 19, 2**252 + 27742317777372353535851937790883648493

    def __init__(self):
        self.d = -121665 * pow(121666, -1, self.p) % self.p
        self.one = (0, 1, 1, 0)
        self.g = self.point("66" * 31 + "58")

    def point(self, text):
        number = int(text, 16)
        y, sign, p = number & (1 << 255) - 1, number >> 255, self.p
        square = (y * y - 1) * pow(self.d * y * y + 1, -1, p) % p
        x = pow(square, (p + 3) // 8, p)
        if x * x % p != square:
            x = x * pow(2, (p - 1) // 4, p) % p
        if y >= p or x * x % p != square or (x == 0 and sign):
            raise ValueError("an element of the group in its canonical form")
        x = p - x if x & 1 != sign else x
        return x, y, 1, x * y % p

    def read(self, text):
        if not re.fullmatch(r"[0-9a-f]{64}", text):
            raise ValueError("an element of the group in its canonical form")
        return self.point(text)

    def write(self, a):
        inverse = pow(a[2], -1, self.p)
        x, y = a[0] * inverse % self.p, a[1] * inverse % self.p
        return f"{y | (x & 1) << 255:064x}"

    def times(self, a, b):
        p = self.p
        m, n = (a[1] - a[0]) * (b[1] - b[0]) % p, (a[1] + a[0]) * (b[1] + b[0]) % p
        c, e = 2 * a[3] * b[3] * self.d % p, 2 * a[2] * b[2] % p
        h, k, s, t = n - m, e - c, e + c, n + m
        return h * k % p, s * t % p, k * s % p, h * t % p

    def power(self, a, exponent):
        result = self.one
        for bit in bin(exponent)[2:]:
            result = self.times(result, result)
            if bit == "1":
                result = self.times(result, a)
        return result

    def inverse(self, a):
        return -a[0] % self.p, a[1], a[2], -a[3] % self.p

    def is_member(self, a):
        return self.write(self.power(a, self.q)) == self.write(self.one)


def group_named(name):
    groups = {
        "BELENIOS-2048": lambda: Field(name, FIELD_P, FIELD_G, FIELD_Q),
        "RFC-3526-2048": lambda: Field(name, SAFE_P, 2, (SAFE_P - 1) // 2),
        "Ed25519": Curve,
    }
    return groups[name]() if name in groups else None


def canonical(value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\x7f", "\\u007f").encode("utf-8", "surrogateescape")


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def hash_text(*parts):
    return base64.b64encode(sha(*parts)).decode().rstrip("=")


def block(name, size, time):
    out = bytearray(BLOCK)
    for at, text in [(0, name), (100, "0000644"), (108, "0000000"), (116, "0000000"), (124, f"{size:011o}"), (136, f"{time:011o}"), (148, " " * 8), (156, "0")]:
        out[at:at + len(text)] = text.encode()
    out[148:156] = f"{sum(out):06o}\0 ".encode()
    return bytes(out)


class Verifier:
    """Reads one archive; `failures` holds (code, record, part)."""

    def __init__(self, archive):
        self.archive, self.at, self.number, self.time = archive, 0, 0, None
        self.parent, self.height, self.failures, self.result = None, 0, [], None
        self.ballots, self.seen = 0, set()

    def note(self, code, part=""):
        self.failures.append((code, self.number, part))

    def stop(self, code, part=""):
        self.note(code, part)
        raise Stop

    def run(self):
        try:
            self.read()
        except Stop:
            pass
        return self.failures

    def record(self):
        """(kind, digest, body) or None at the end."""
        head = self.archive[self.at:self.at + BLOCK]
        if not head:
            return None
        if len(head) < BLOCK:
            self.stop("archive-truncated")
        name = head[:100].split(b"\0")[0].decode("latin-1")
        if self.time is None and name != "BELENIOS":
            self.stop("archive-header")
        found = re.fullmatch(r"([0-9a-f]{64})\.(data|event)\.json", name)
        if self.time is not None and not found:
            self.stop("record-name")
        if not re.fullmatch(rb"[0-7]{11}\0", head[124:136]):
            self.stop("record-form")
        size = int(head[124:135], 8)
        if size > {"header": 128, "event": 512}.get("header" if not found else found.group(2), 2**29):
            self.stop("record-size")
        end = self.at + BLOCK + size + -size % BLOCK
        if end > len(self.archive):
            self.stop("archive-truncated")
        body = self.archive[self.at + BLOCK:self.at + BLOCK + size]
        if any(self.archive[self.at + BLOCK + size:end]):
            self.stop("record-padding")
        if self.time is None:
            header = re.fullmatch(rb'\{"version":1,"timestamp":"(0|[1-9][0-9]{0,15})"\}', body)
            if not header:
                self.stop("archive-header")
            self.time = int(header.group(1))
        if head != block(name, size, self.time):
            self.stop("record-form")
        if found and sha(body).hex() != found.group(1):
            self.stop("record-digest")
        self.at, self.number = end, self.number + 1
        return (found.group(2) if found else "header"), sha(body).hex(), body

    def step(self, most):
        """(type, payload, messages) of the next event, None at the end."""
        messages = []
        while True:
            record = self.record()
            if record is None:
                return self.stop("record-foreign") if messages else None
            kind, digest, body = record
            if kind == "data":
                if len(messages) == most:
                    self.stop("record-foreign")
                messages.append((digest, body))
                continue
            pattern = rb'\{(?:"parent":"([0-9a-f]{64})",)?"height":(0|[1-9][0-9]{0,15}),"type":"(\w+)"(?:,"payload":"([0-9a-f]{64})")?\}'
            event = re.fullmatch(pattern, body)
            types = ("Setup", "Ballot", "EndBallots", "EncryptedTally", "Shuffle", "EndShuffles", "PartialDecryption", "Result")
            if not event or event.group(3).decode() not in types:
                self.stop("not-canonical")
            parent, height, name, payload = (part and part.decode() for part in event.groups())
            if parent != self.parent:
                self.stop("event-parent")
            if int(height) != self.height:
                self.stop("event-height")
            self.parent, self.height = digest, self.height + 1
            return name, payload, messages

    def payload(self, payload, messages):
        if not messages or messages[-1][0] != payload:
            self.stop("event-payload")
        return messages.pop()[1]

    def parsed(self, body, shape):
        """The value of a message in its one text and of this shape."""
        try:
            value = json.loads(body.decode("utf-8"))
            if canonical(value) != body:
                raise ValueError("another text")
            return self.shaped(value, shape)
        except (ValueError, RecursionError, KeyError, TypeError):
            return self.stop("not-canonical")

    def shaped(self, value, shape):
        if callable(shape):
            return shape(value)
        if isinstance(shape, list):
            if not isinstance(value, list):
                raise ValueError("a list")
            return [self.shaped(one, shape[0]) for one in value]
        if isinstance(shape, tuple):
            if not isinstance(value, list) or len(value) != len(shape):
                raise ValueError("a list of this length")
            return [self.shaped(one, part) for one, part in zip(value, shape)]
        names = [name for name in shape if name.rstrip("?") in value or not name.endswith("?")]
        if not isinstance(value, dict) or list(value) != [name.rstrip("?") for name in names]:
            raise ValueError("these fields in this order")
        return {name.rstrip("?"): self.shaped(value[name.rstrip("?")], shape[name]) for name in names}

    # What fields may hold.

    @staticmethod
    def text(value):
        if not isinstance(value, str) or len(value.encode()) > 65536:
            raise ValueError("a text")
        return value

    @staticmethod
    def whole(value):
        if type(value) is not int or not 0 <= value <= 2**53:
            raise ValueError("a whole number")
        return value

    @staticmethod
    def digest(value):
        if not re.fullmatch(r"[0-9a-f]{64}", value):
            raise ValueError("a digest")
        return value

    def scalar(self, value):
        if not isinstance(value, str) or not re.fullmatch(r"0|[1-9][0-9]{0,700}", value) or int(value) >= self.group.q:
            raise ValueError("a number below the order")
        return int(value)

    def element(self, value):
        return self.group.read(self.text(value))

    # Arithmetic.

    def hash(self, text):
        return int.from_bytes(sha(text.encode()), "big") % self.group.q

    def combined(self, base, exponent, other, second):
        group = self.group
        return group.times(group.power(base, exponent % group.q), group.power(other, second % group.q))

    def knows(self, prefix, public, proof):
        commitment = self.combined(self.group.g, proof["response"], public, proof["challenge"])
        return self.hash(prefix + self.group.write(commitment)) == proof["challenge"]

    def one_of(self, prefix, cases):
        """Cases are (pair, number, proof); numbers are lowered in the exponent."""
        texts, total = [], 0
        for (alpha, beta), number, proof in cases:
            challenge, response = proof["challenge"], proof["response"]
            first = self.combined(self.group.g, response, alpha, challenge)
            second = self.combined(self.key, response, beta, challenge)
            second = self.group.times(second, self.group.power(self.group.g, -number * challenge % self.group.q))
            texts += [self.group.write(first), self.group.write(second)]
            total += challenge
        return self.hash(prefix + ",".join(texts)) == total % self.group.q

    def is_key(self, element):
        return self.group.write(element) != self.group.write(self.group.one) and self.group.is_member(element)

    # The stages.

    def read(self):
        if self.record() is None:
            self.stop("archive-header")
        step = self.step(4)
        if step is None:
            self.stop("archive-incomplete")
        name, payload, messages = step
        if name != "Setup":
            self.stop("event-order")
        data = self.parsed(self.payload(payload, messages), {"election": self.digest, "trustees": self.digest, "credentials": self.digest})
        if [digest for digest, _ in messages] != list(data.values()):
            self.stop("event-payload")
        bodies = [body for _, body in messages]
        self.setup_election(bodies[0])
        self.setup_trustees(bodies[1])
        self.setup_credentials(bodies[2])
        self.voting()

    def setup_election(self, body):
        def question(value):
            if "type" in value:
                if value["type"] != "NonHomomorphic":
                    raise ValueError("a question of a known type")
                return self.shaped(value, {"type": self.text, "value": {"answers": [self.text], "question": self.text}, "extra?": lambda one: one})
            shape = {"answers": [self.text], "blank?": lambda one: one if one is True else int("blank"), "min": self.whole, "max": self.whole, "question": self.text}
            read = self.shaped(value, shape)
            if not read["min"] <= read["max"] <= len(read["answers"]):
                raise ValueError("min at most max at most answers")
            return read

        def uuid(value):
            if not 14 <= len(value) <= 64 or any(one not in BASE58 for one in value):
                raise ValueError("an identifier")
            return value

        def version(value):
            if value != 1:
                raise ValueError("version 1")

        def known(value):
            self.group = group_named(value)
            if self.group is None:
                raise ValueError("a group")

        def key(value):
            if not re.fullmatch(r"[!-\[\]-~]{0,1024}", value):
                raise ValueError("a plain text")
            return value

        self.election = self.parsed(body, {
            "version": version, "description": self.text, "name": self.text, "group": known, "public_key": key,
            "questions": [question], "uuid": uuid, "administrator?": self.text, "credential_authority?": self.text,
        })
        self.fingerprint = hash_text(body)
        try:
            self.key = self.group.read(self.election["public_key"])
        except ValueError:
            self.stop("key-member", "public_key")
        questions = self.election["questions"]
        if not questions:
            self.note("questions-none")
        if any("type" in one for one in questions):
            limit = {"BELENIOS-2048": 0, "RFC-3526-2048": 253, "Ed25519": 29}[self.group.name]
            if any("type" in one and not 1 <= len(one["value"]["answers"]) <= limit for one in questions):
                self.note("question-group")
            self.stop("unsupported", "ranked questions are beyond this verifier")
        if any(not one["answers"] for one in questions):
            self.note("question-group")

    def proof(self):
        return {"challenge": self.scalar, "response": self.scalar}

    def setup_trustees(self, body):
        key = {"pok": self.proof(), "public_key": self.element, "signature?": self.proof()}
        signed = {"message": self.text, "signature": self.proof()}

        def item(value):
            if value[0] == "Single":
                return self.shaped(value, (self.text, key))
            if value[0] != "Pedersen":
                raise ValueError("a known kind")
            group = {"threshold": self.whole, "certs": [signed], "coefexps": [signed], "signatures?": [self.proof()], "verification_keys": [key]}
            return self.shaped(value, (self.text, group))

        self.keys, self.items = [], []
        items, product = self.parsed(body, [item]), self.group.one
        for kind, value in items:
            first = len(self.keys)
            if kind == "Single":
                self.check_key(value)
                if "signature" in value:
                    self.note("key-signature")
                product = self.group.times(product, value["public_key"])
                self.keys.append(value["public_key"])
                self.items.append((first, 1, 1, False))
            else:
                product = self.group.times(product, self.check_group(value, json.loads(body)))
                self.keys += [one["public_key"] for one in value["verification_keys"]]
                self.items.append((first, len(value["verification_keys"]), value["threshold"], True))
        if not items:
            self.note("trustees-none")
        texts = [self.group.write(one) for one in self.keys]
        if len(set(texts)) != len(texts):
            self.note("key-twice")
        if self.group.write(product) != self.election["public_key"]:
            self.note("key-product")

    def check_key(self, key):
        if not self.is_key(key["public_key"]):
            self.note("key-member")
        if not self.knows(f"pok|{self.group.name}|{self.group.write(key['public_key'])}|", key["public_key"], key["pok"]):
            self.note("key-proof")

    def check_group(self, group, raw):
        """A group of trustees; its part of the key."""
        size, threshold, later = len(group["verification_keys"]), group["threshold"], "signatures" in group
        lengths = [len(group["certs"]), len(group["coefexps"]), len(group.get("signatures", group["certs"]))]
        if lengths != [size] * 3 or not 1 <= threshold <= size:
            self.note("threshold")
            return self.group.one
        signed = lambda key, message, proof: self.knows(f"sigmsg|{message}|", key, proof)
        context = {"group": self.text, "size": self.whole, "threshold": self.whole, "index": self.whole}
        raw = next(value for kind, value in raw if kind == "Pedersen")
        product, committed = self.group.one, []
        for index, (cert, coefexps) in enumerate(zip(group["certs"], group["coefexps"])):
            keys = self.parsed(cert["message"].encode(), {"context?": context, "verification": self.element, "encryption": self.element})
            if not self.is_key(keys["verification"]) or not self.is_key(keys["encryption"]):
                self.note("key-member")
            expected = {"group": self.group.name, "size": size, "threshold": threshold, "index": index + 1} if later else None
            if keys.get("context") != expected:
                self.note("cert-context")
            if not signed(keys["verification"], cert["message"], cert["signature"]):
                self.note("cert-signature")
            elements = self.parsed(coefexps["message"].encode(), {"coefexps": [self.element]})["coefexps"]
            if len(elements) != threshold:
                self.note("commitment-length")
            if not all(map(self.group.is_member, elements)):
                self.note("key-member")
            if not signed(keys["verification"], coefexps["message"], coefexps["signature"]):
                self.note("commitment-signature")
            message = "certs_sig|" + canonical({"certs": raw["certs"], "coefexps": [self.group.write(one) for one in elements]}).decode()
            if later and not signed(keys["verification"], message, group["signatures"][index]):
                self.note("certs-signature")
            key = group["verification_keys"][index]
            if ("signature" in key) != later or later and not signed(keys["verification"], self.group.write(key["public_key"]), key["signature"]):
                self.note("key-signature")
            product = self.group.times(product, elements[0]) if elements else product
            committed.append(elements)
        for index, key in enumerate(group["verification_keys"], 1):
            self.check_key(key)
            expected = self.group.one
            for elements in committed:
                for power, element in enumerate(elements):
                    expected = self.group.times(expected, self.group.power(element, index**power))
            if self.group.write(expected) != self.group.write(key["public_key"]):
                self.note("commitment-key")
        return product

    def setup_credentials(self, body):
        def credential(value):
            element, comma, weight = value.partition(",")
            if comma and (not re.fullmatch(r"[1-9][0-9]{0,9}", weight) or int(weight) > WEIGHT_MAX):
                raise ValueError("a weight")
            return element, self.element(element), int(weight or 1), bool(comma)

        listed = self.parsed(body, [credential])
        self.weights = {}
        for text, element, weight, _ in listed:
            if not self.is_key(element):
                self.note("credential-member")
            if text in self.weights:
                self.note("credential-twice")
            self.weights[text] = weight
        if len({given for *_, given in listed}) > 1 or sum(weight for _, _, weight, _ in listed) > TOTAL_WEIGHT_MAX:
            self.note("credential-weight")

    def voting(self):
        last = {}
        while True:
            step = self.step(1)
            if step is None:
                return
            name, payload, messages = step
            if name != "Ballot":
                break
            body = self.payload(payload, messages)
            self.ballots += 1
            if body in self.seen:
                self.note("ballot-twice")
            self.seen.add(body)
            self.ballot(body, last)
        if name != "EndBallots":
            self.stop("event-order")
        if payload or messages:
            self.stop("event-payload")
        self.tally(last)

    def ballot(self, body, last):
        pair = {"alpha": self.element, "beta": self.element}
        shape = {"election_uuid": self.text, "election_hash": self.text, "credential": self.text, "answers": (), "signature": {"hash": self.text, "proof": self.proof()}}
        shapes = []
        for question in self.election["questions"]:
            blank = question.get("blank", False)
            width, overall = len(question["answers"]) + blank, question["max"] - question["min"] + 1 + blank
            one = {"choices": (pair,) * width, "individual_proofs": ((self.proof(),) * 2,) * width, "overall_proof": (self.proof(),) * overall}
            if blank:
                one["blank_proof"] = (self.proof(),) * 2
            shapes.append(one)
        shape["answers"] = tuple(shapes)
        failures = len(self.failures)
        try:
            ballot = self.parsed(body, shape)
            credential = self.group.read(ballot["credential"])
            json_value = json.loads(body)
        except (Stop, ValueError):
            del self.failures[failures:]
            self.note("not-canonical")
            return
        signature = json_value.pop("signature")
        if ballot["election_uuid"] != self.election["uuid"] or ballot["election_hash"] != self.fingerprint:
            self.note("ballot-election")
        if signature["hash"] != hash_text(canonical(json_value)):
            self.note("ballot-hash")
        if not self.knows(f"sig|{signature['hash']}|", credential, ballot["signature"]["proof"]):
            self.note("ballot-signature")
        start = f"{self.fingerprint}|{ballot['credential']}"
        pairs = []
        for question, answer in zip(self.election["questions"], ballot["answers"]):
            choices = [(one["alpha"], one["beta"]) for one in answer["choices"]]
            pairs.append(choices)
            self.answer(start, question, answer, choices)
        if ballot["credential"] not in self.weights:
            self.note("ballot-credential")
        else:
            last.pop(ballot["credential"], None)
            last[ballot["credential"]] = pairs

    def answer(self, start, question, answer, choices):
        written = [f"{self.group.write(alpha)},{self.group.write(beta)}" for alpha, beta in choices]
        for pair, text, proofs in zip(choices, written, answer["individual_proofs"]):
            if not all(map(self.group.is_member, pair)):
                self.note("ballot-member")
            if not self.one_of(f"prove|{start}|{text}|", [(pair, 0, proofs[0]), (pair, 1, proofs[1])]):
                self.note("ballot-individual-proof")
        blank = question.get("blank", False)
        whole, total = f"{start}|{','.join(written)}", (self.group.one, self.group.one)
        for alpha, beta in choices[blank:]:
            total = (self.group.times(total[0], alpha), self.group.times(total[1], beta))
        cases = [(total, number, proof) for number, proof in enumerate(answer["overall_proof"][blank:], question["min"])]
        if not blank:
            prefix = f"prove|{whole}|{self.group.write(total[0])},{self.group.write(total[1])}|"
        else:
            prefix, cases = f"bproof1|{whole}|", [(choices[0], 1, answer["overall_proof"][0])] + cases
            halves = [(choices[0], 0, answer["blank_proof"][0]), (total, 0, answer["blank_proof"][1])]
            if not self.one_of(f"bproof0|{whole}|", halves):
                self.note("ballot-blank-proof")
        if not self.one_of(prefix, cases):
            self.note("ballot-overall-proof")

    def tally(self, last):
        step = self.step(2)
        if step is None:
            return
        name, payload, messages = step
        if name != "EncryptedTally":
            self.stop("event-order")
        sized = self.parsed(self.payload(payload, messages), {"num_tallied": self.whole, "total_weight": self.whole, "encrypted_tally": self.digest})
        if not messages or messages[-1][0] != sized["encrypted_tally"]:
            self.stop("tally-digest")
        self.weight = sum(self.weights[one] for one in last)
        if sized["num_tallied"] != len(last):
            self.note("tally-number")
        if sized["total_weight"] != self.weight:
            self.note("tally-weight")
        read = self.parsed(messages.pop()[1], [[{"alpha": self.element, "beta": self.element}]])
        self.pairs = [[(one["alpha"], one["beta"]) for one in question] for question in read]
        shape = [len(question["answers"]) + question.get("blank", False) for question in self.election["questions"]]
        expected = [[(self.group.one, self.group.one)] * width for width in shape]
        for credential, ballot in last.items():
            weight = self.weights[credential]
            for sums, pairs in zip(expected, ballot):
                for at, pair in enumerate(pairs):
                    sums[at] = tuple(self.group.times(a, self.group.power(b, weight)) for a, b in zip(sums[at], pair))
        written = lambda lists: [[tuple(map(self.group.write, pair)) for pair in one] for one in lists]
        if list(map(len, self.pairs)) != shape:
            self.note("tally-shape")
        elif written(self.pairs) != written(expected):
            self.note("tally-content")
        self.decryptions()

    def decryptions(self):
        factors, came = {}, set()
        while True:
            step = self.step(2)
            if step is None:
                return
            name, payload, messages = step
            if name != "PartialDecryption":
                break
            owned = self.parsed(self.payload(payload, messages), {"owner": self.whole, "payload": self.digest})
            if not messages or messages[-1][0] != owned["payload"]:
                self.stop("event-payload")
            body = messages.pop()[1]
            owner = owned["owner"]
            read = self.parsed(body, {"decryption_factors": [[self.element]], "decryption_proofs": [[self.proof()]]})
            if not 1 <= owner <= len(self.keys) or owner in came:
                self.note("decryption-owner")
                continue
            came.add(owner)
            if self.decryption(self.keys[owner - 1], read):
                factors[owner - 1] = read["decryption_factors"]
        if name != "Result":
            self.stop("event-order")
        self.finish(self.payload(payload, messages), factors)
        if self.step(2) is not None:
            self.stop("event-order")

    def decryption(self, public, read):
        shape = list(map(len, self.pairs))
        if shape != list(map(len, read["decryption_factors"])) or shape != list(map(len, read["decryption_proofs"])):
            self.note("decryption-shape")
            return False
        before = len(self.failures)
        for pairs, factors, proofs in zip(self.pairs, read["decryption_factors"], read["decryption_proofs"]):
            for (alpha, _), factor, proof in zip(pairs, factors, proofs):
                if not self.group.is_member(factor):
                    self.note("decryption-member")
                first = self.combined(self.group.g, proof["response"], public, proof["challenge"])
                second = self.combined(alpha, proof["response"], factor, proof["challenge"])
                write = self.group.write
                if self.hash(f"decrypt|{self.fingerprint}|{write(public)}|{write(first)},{write(second)}") != proof["challenge"]:
                    self.note("decryption-proof")
        return len(self.failures) == before

    def finish(self, body, factors):
        result = self.parsed(body, {"result": [[self.whole]]})["result"]
        if len(result) != len(self.election["questions"]):
            self.stop("not-canonical")
        exponents = {}
        for first, count, needed, is_group in self.items:
            came = [owner for owner in factors if first <= owner < first + count][:needed]
            if len(came) < needed:
                return self.note("decryption-missing")
            for owner in came:
                exponent = 1
                for other in came:
                    if is_group and other != owner:
                        exponent = exponent * (other - first + 1) * pow(other - owner, -1, self.group.q) % self.group.q
                exponents[owner] = exponent
        for question, (pairs, counts) in enumerate(zip(self.pairs, result)):
            if len(pairs) != len(counts):
                self.note("result-shape")
                continue
            for answer, ((_, beta), count) in enumerate(zip(pairs, counts)):
                factor = self.group.one
                for owner, exponent in exponents.items():
                    factor = self.group.times(factor, self.group.power(factors[owner][question][answer], exponent))
                plain = self.group.times(beta, self.group.inverse(factor))
                if count > self.weight or self.group.write(self.group.power(self.group.g, count)) != self.group.write(plain):
                    self.note("result-content", f"result[{question}][{answer}]")
        self.result = result


FORM = {"not-canonical", "event-order", "event-payload", "record-foreign", "unsupported"}


def main(arguments):
    paths = [one for one in arguments if one != "--json"]
    if len(paths) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    sys.set_int_max_str_digits(0)
    with open(paths[0], "rb") as file:
        verifier = Verifier(file.read())
    failures = verifier.run()
    is_form = any(code in FORM or code.startswith(("archive-", "record-")) for code, *_ in failures)
    if "--json" in arguments:
        print(json.dumps({"failures": failures, "result": verifier.result}))
    else:
        print("IT HOLDS" if not failures else "MALFORMED" if is_form else "IT DOES NOT HOLD")
        for code, record, part in failures:
            print(f"  record {record} {part}: {code}")
    return 0 if not failures else 2 if is_form else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
