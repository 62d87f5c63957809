"""The edges of Ed25519 on which libraries differ (entry.md, section 3): as bare signatures, and inside bundles.

The ten cases of "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko, 2020; github.com/novifinancial/ed25519-speccheck)
stand here as published; all others are made here.
"""

import hashlib

from vectormaker.cases import within
from vectormaker.keys import Signer, b64, encode_point, number, small_point, with_flipped_bit, with_large_s
from vectormaker.office import NOW, OFFICE, POLICY, WITNESSES, cosigned_message, note_line, witness_line
from verify import BASE, L, P, point_add, point_decode, point_multiply

# (valid under the strict rule, message, key, signature)
PUBLISHED = [
    (
        False,
        "8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a0000000000000000000000000000000000000000000000000000000000000000",
    ),
    (
        False,
        "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
    ),
    (
        False,
        "aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab",
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e",
    ),
    (
        True,
        "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
        "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009",
    ),
    (
        False,
        "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
        "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed5125ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09",
    ),
    (
        False,
        "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
        "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405",
    ),
    (
        False,
        "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
        "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
        "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514",
    ),
    (
        False,
        "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
        "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
        "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa19427e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22",
    ),
    (
        False,
        "fdaebc429f4a735932a160da1301080c13280eea8bc280d1b392c6b9e6ba3a5a",
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f454d370c8d9fc323a41450f8d513eafeb5b0697390c1e505a0d4ddc71f566607",
    ),
    (
        False,
        "84b698d39be126ff55fe45079e6c8bf64a0d7db6994560b4e96b7021eb39c1a1",
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f084d5b99c2a9463d9c8bd5026916996984eeec87ddf1d3be329006ace1b37b09",
    ),
]

IDENTITY = encode_point(small_point(0))


def small_encodings():
    """The eight small points and the six other encodings of them, by name."""
    found = {f"the small point {i}": encode_point(small_point(i)) for i in range(8)}
    sign = 1 << 255
    for what, value in {
        "0 with p added": P,
        "0 with p added and the sign": P | sign,
        "1 with the sign": 1 | sign,
        "1 with p added": P + 1,
        "1 with p added and the sign": P + 1 | sign,
        "-1 with the sign": P - 1 | sign,
    }.items():
        found[f"the other encoding {what}"] = value.to_bytes(32, "little")
    return found


def off_curve():
    """The first y above 2 that no point has."""
    y = 2
    while point_decode(y.to_bytes(32, "little")) is not None:
        y += 1
    return y.to_bytes(32, "little")


def bare_signatures():
    """Cases of ed25519/cases.json."""
    cases, message, signer = [], b"mahzar", Signer("edges")
    good = signer.sign(message)

    def case(name, valid, key, signature, text=message):
        cases.append({"name": name, "valid": valid, "key": key.hex(), "message": text.hex(), "signature": signature.hex()})

    for position, (valid, text, key, signature) in enumerate(PUBLISHED):
        case(f"speccheck {position}", valid, bytes.fromhex(key), bytes.fromhex(signature), bytes.fromhex(text))
    case("an ordinary signature", True, signer.public, good)
    case("an ordinary signature of nothing", True, signer.public, signer.sign(b""), b"")
    case("an ordinary signature of a kilobyte", True, signer.public, signer.sign(bytes(1024)), bytes(1024))
    case("another message", False, signer.public, good, b"mahzas")
    for bit in 0, 7, 254, 255, 256, 300, 507, 508, 510, 511:
        case(f"bit {bit} of the signature is flipped", False, signer.public, with_flipped_bit(good, bit))
    for bit in 0, 100, 254, 255:
        case(f"bit {bit} of the key is flipped", False, with_flipped_bit(signer.public, bit), good)
    for what, s in {
        "S + L": int.from_bytes(good[32:], "little") + L,
        "S + 2L": int.from_bytes(good[32:], "little") + 2 * L,
        "L": L,
        "2^256 - 1": 2**256 - 1,
        "0": 0,
    }.items():
        case(f"S is {what}", False, signer.public, good[:32] + s.to_bytes(32, "little"))
    for what, encoded in small_encodings().items():
        case(f"the key is {what}, R the identity, S zero", False, encoded, IDENTITY + bytes(32))
        case(f"the key is {what}, R an ordinary point", False, encoded, encode_point(BASE) + (1).to_bytes(32, "little"))
        case(f"the key and R are {what}, S zero", False, encoded, encoded + bytes(32))
        case(f"R is {what}, the equation with R taken as the identity", False, signer.public, encoded + signer.answer(0, encoded, message))
    for what, encoded in {"y = p + 2": P + 2, "y = p + 18": P + 18, "y = 2^255 - 1": 2**255 - 1}.items():
        case(f"the key is not canonical: {what}", False, encoded.to_bytes(32, "little"), good)
        case(f"R is not canonical: {what}", False, signer.public, encoded.to_bytes(32, "little") + good[32:])
    case("the key is not on the curve", False, off_curve(), good)
    case("R is not on the curve", False, signer.public, off_curve() + good[32:])
    for torsion in range(1, 8):
        mixed = Signer("edges", torsion=torsion)
        case(f"a key of mixed order ({torsion}), both equations hold", True, mixed.public, mixed.sign_until(message, lambda k: k % 8 == 0))
        case(
            f"a key of mixed order ({torsion}), only the cofactored equation holds",
            False,
            mixed.public,
            mixed.sign_until(message, lambda k, t=torsion: k * t % 8 != 0),
        )
        case(
            f"R of mixed order ({torsion}), only the cofactored equation holds",
            False,
            signer.public,
            signer.sign(message, r_torsion=torsion),
        )
        case(f"key and R of mixed order ({torsion}), both equations hold", True, *balanced(mixed, message, torsion))
    return cases


def balanced(mixed, message, torsion):
    """A signature whose small parts of R and [k]A cancel: the cofactorless equation holds."""
    for attempt in range(10_000):
        r = number("balanced", torsion, attempt) % L
        r_torsion = 1 + attempt % 7
        encoded = encode_point(point_add(point_multiply(r, BASE), small_point(r_torsion)))
        signature = encoded + mixed.answer(r, encoded, message)
        if (r_torsion + challenge(encoded, mixed.public, message) * torsion) % 8 == 0:
            return mixed.public, signature
    raise ValueError("no nonce found")


def challenge(encoded_r, public, message):
    return int.from_bytes(hashlib.sha512(encoded_r + public + message).digest(), "little") % L


def ways_to_sign():
    """name: (the key, from an ordinary signer; the signature, from the key and the message)."""

    def mixed(signer, torsion=1):
        return Signer(signer.label, signer.name, signer.kind, torsion)

    def same(signer):
        return signer

    return {
        "S is not reduced": (same, lambda signer, text: with_large_s(signer.sign(text)), False),
        "R is the identity and the equation holds": (same, lambda signer, text: signer.sign_with_small_r(text), False),
        "R is of mixed order and only the cofactored equation holds": (same, lambda signer, text: signer.sign(text, r_torsion=3), False),
        "R is not on the curve": (same, lambda signer, text: off_curve() + signer.sign(text)[32:], False),
        "R is not canonical": (same, lambda signer, text: (P + 3).to_bytes(32, "little") + signer.sign(text)[32:], False),
        "the key is of mixed order and only the cofactored equation holds": (
            mixed,
            lambda signer, text: signer.sign_until(text, lambda k: k % 8 != 0),
            False,
        ),
        "the key is of mixed order and both equations hold": (
            mixed,
            lambda signer, text: signer.sign_until(text, lambda k: k % 8 == 0),
            True,
        ),
    }


class FixedKey(Signer):
    """A public key that nobody has a secret for, and a signature that fits it in a lax verifier."""

    def __init__(self, public, name=None, kind=1):
        super().__init__("fixed", name, kind)
        self.public = public

    def sign(self, message, r_torsion=0):
        return IDENTITY + bytes(32)


def add_bundles(cases):
    for what, (key, sign, holds) in ways_to_sign().items():
        log, witness, publisher = key(OFFICE), key(WITNESSES[0]), key(Signer("publisher"))
        policy = POLICY.replace(OFFICE.vkey, log.vkey)
        place = "good" if holds else "signature"
        cases.bundle(
            f"{place}: of the log: {what}",
            None if holds else "log_signature",
            policy=policy,
            office=constant(log),
            lines=lambda old, made, g=log, s=sign: [note_line(g.name, g.key_id, s(g, made.text.encode())), *old[1:]],
            admission_signatures=signed_so(log, well),
        )
        cases.bundle(
            f"{place}: of a witness: {what}",
            None if holds else "cosignature",
            policy=POLICY.replace(WITNESSES[0].vkey, witness.vkey),
            lines=lambda old, made, w=witness, s=sign: [
                old[0],
                witness_line(w, made.text.encode(), NOW, s(w, cosigned_message(made.text.encode(), NOW))),
                old[2],
            ],
        )
        cases.bundle(
            f"{place}: of the manifest: {what}",
            None if holds else "manifest_signature",
            publisher=constant(publisher),
            manifest_signatures=signed_so(publisher, sign),
            publication_signatures=signed_so(publisher, well),
        )
        cases.bundle(
            f"{place}: of the publication: {what}",
            None if holds else "publication_signature",
            publisher=constant(publisher),
            publication_signatures=signed_so(publisher, sign),
            manifest_signatures=signed_so(publisher, well),
        )
    for what, encoded in small_encodings().items():
        witness = FixedKey(encoded, "fourth.example/witness", 4)
        publisher = FixedKey(encoded)
        cases.bundle(
            f"signature: a witness's key is {what}",
            "cosignature",
            policy=POLICY.replace("group", f"witness fourth {witness.vkey}\ngroup").replace("third\n", "third fourth\n", 1),
            lines=lambda old, made, w=witness: old[:2] + [witness_line(w, made.text.encode())],
        )
        cases.bundle(f"signature: the publisher's key is {what}", "manifest_signature", publisher=constant(publisher))
    cases.bundle(
        "good: a witness who has not signed has a key of small order",
        None,
        policy=POLICY + f"witness fourth {FixedKey(IDENTITY, 'fourth.example/witness', 4).vkey}\n",
    )
    cases.bundle(
        "good: a witness who has not signed has a key that is not on the curve",
        None,
        policy=POLICY + f"witness fourth {FixedKey(off_curve(), 'fourth.example/witness', 4).vkey}\n",
    )
    cases.bundle(
        "signature: the log's key is not on the curve",
        "log_signature",
        policy=POLICY.replace(OFFICE.vkey, FixedKey(off_curve(), OFFICE.name).vkey),
        lines=lambda old, made: [note_line(OFFICE.name, FixedKey(off_curve(), OFFICE.name).key_id, bytes(64)), *old[1:]],
    )


def constant(value):
    return lambda old, made: value


def signed_so(signer, sign):
    return within(0, lambda signature, made: signature.update(sig=b64(sign(signer, made.signed))))


def well(signer, message):
    """A signature that holds, of an ordinary key or one of mixed order."""
    return signer.sign_until(message, lambda k: k % 8 == 0)


def add(cases):
    add_bundles(cases)
    cases.signatures = bare_signatures()
