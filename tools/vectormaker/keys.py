"""Signing keys from labels, and ways to sign that a sound signer does not have."""

import base64
import functools
import hashlib

from verify import BASE, IDENTITY, L, P, point_add, point_decode, point_multiply

# The eight points whose order divides 8: [i] of a point of order 8.
ORDER_EIGHT = point_decode(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"))


def encode_point(p):
    z = pow(p[2], -1, P)
    x, y = p[0] * z % P, p[1] * z % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def small_point(i):
    return point_multiply(i % 8, ORDER_EIGHT) if i % 8 else IDENTITY


def b64(raw):
    return base64.b64encode(raw).decode()


def number(*parts):
    """An integer fixed by its label, far above L."""
    return int.from_bytes(
        hashlib.sha512(b"\0".join(part if isinstance(part, bytes) else str(part).encode() for part in parts)).digest(), "little"
    )


class Signer:
    """An Ed25519 key made from a label. `torsion` adds a small point to the public key (a key of mixed order)."""

    def __init__(self, label, name=None, kind=1, torsion=0):
        self.label, self.name, self.kind = label, name, kind
        digest = hashlib.sha512(hashlib.sha256(b"mahzar vectors " + label.encode()).digest()).digest()
        self.scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
        self.prefix = digest[32:]
        self.public = encode_point(point_add(point_multiply(self.scalar, BASE), small_point(torsion)))

    @property
    def key_id(self):
        """Of a note's line."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def keyid(self):
        """Of an envelope's signature."""
        return hashlib.sha256(b"mahzar/v1/key\0" + self.public).digest()[:16].hex()

    @property
    def vkey(self):
        return f"{self.name}+{self.key_id.hex()}+{b64(bytes([self.kind]) + self.public)}"

    @functools.lru_cache(maxsize=None)
    def sign(self, message, r_torsion=0):
        """RFC 8032; with `r_torsion`, a small point is added to R (cofactored verification does not notice)."""
        r = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % L
        encoded = encode_point(point_add(point_multiply(r, BASE), small_point(r_torsion)))
        return encoded + self.answer(r, encoded, message)

    def answer(self, r, encoded_r, message):
        k = int.from_bytes(hashlib.sha512(encoded_r + self.public + message).digest(), "little") % L
        return ((r + k * self.scalar) % L).to_bytes(32, "little")

    def sign_with_small_r(self, message):
        """R is the identity: the equation holds, and only a strict verifier refuses."""
        encoded = encode_point(IDENTITY)
        return encoded + self.answer(0, encoded, message)

    def sign_until(self, message, wanted):
        """Tries nonces until `wanted(k)`; for keys of mixed order, where k mod 8 decides which equation holds."""
        for attempt in range(10_000):
            r = number(self.label, "nonce", attempt) % L
            encoded = encode_point(point_multiply(r, BASE))
            if wanted(int.from_bytes(hashlib.sha512(encoded + self.public + message).digest(), "little") % L):
                return encoded + self.answer(r, encoded, message)
        raise ValueError("no nonce found")


def with_large_s(signature):
    """S + L: the same equation, not reduced."""
    return signature[:32] + (int.from_bytes(signature[32:], "little") + L).to_bytes(32, "little")


def with_flipped_bit(raw, bit):
    return raw[: bit // 8] + bytes([raw[bit // 8] ^ 1 << bit % 8]) + raw[bit // 8 + 1 :]
