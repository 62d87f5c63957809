"""Random faults in good bundles, proofs and policies: in their bytes, and in what is signed, with all signatures made anew."""

import base64
import copy
import json

from vectormaker.archive_cases import with_checksum
from vectormaker.keys import b64, with_flipped_bit, with_large_s
from vectormaker.office import FILES, OTHER_OFFICE, POLICY, PUBLISHER, STRANGER, WITNESSES, Made, witness_line
from verify import header_bytes

# Values on the edges of what is allowed, for any field of any JSON.
VALUES = [
    None,
    True,
    False,
    0,
    1,
    -1,
    2,
    2**53 - 1,
    2**53,
    2**64,
    -(2**53),
    1.5,
    "",
    " ",
    "0",
    "a",
    "a/b",
    "../a",
    "manifest.json",
    "\u202e",
    "\u0000",
    "\n",
    "\u00e9",
    "e\u0301",
    "\ud83d\ude00",
    "\u2028",
    "0" * 32,
    "0" * 64,
    "A" * 64,
    "AAAA",
    "AA==",
    "AB==",
    "=",
    "2025-02-30",
    "1969-12-31",
    "9999-12-31",
    "2025-10-09T00:00:00Z",
    [],
    {},
    [[]],
    [0],
    {"a": 1},
    {"": 1},
    {"A": 1},
    {"v": 1},
    "publisher.admitted",
    "publication.made",
    "x" * 301,
    b64(bytes(32)),
    b64(bytes(64)),
]
BYTES = [
    b"\0",
    b"\n",
    b"\r",
    b"\t",
    b" ",
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"0",
    b"-",
    b"+",
    b"/",
    b"=",
    b"e",
    b".",
    b"\x7f",
    b"\x80",
    b"\xff",
    b"\xc3\xa9",
    b"\xe2\x80\x94",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\\u0000",
]


def changed_bytes(chance, raw):
    """One edit of bytes: flipped, put in, taken out, doubled, exchanged, cut."""
    if not raw:
        return chance.choice(BYTES)
    place, length = chance.randrange(len(raw)), chance.choice([1, 1, 1, 2, 4, 16, 64])
    return chance.choice(
        [
            lambda: with_flipped_bit(raw, chance.randrange(8 * len(raw))),
            lambda: raw[:place] + chance.choice(BYTES) + raw[place:],
            lambda: raw[:place] + chance.choice(BYTES) + raw[place + 1 :],
            lambda: raw[:place] + raw[place + length :],
            lambda: raw[:place] + raw[place : place + length] * 2 + raw[place + length :],
            lambda: raw[:place],
            lambda: raw[:place] + bytes([chance.randrange(256)]) + raw[place + 1 :],
        ]
    )()


def changed_text(chance, text):
    return changed_bytes(chance, text.encode()).decode("utf-8", "replace")


def places_in(value, found):
    """Every (container, key) of a JSON value."""
    for key in value.keys() if isinstance(value, dict) else range(len(value)):
        found.append((value, key))
        if isinstance(value[key], (dict, list)):
            places_in(value[key], found)
    return found


def changed_value(chance, value):
    """One edit of parsed JSON, in place."""
    container, key = chance.choice(places_in(value, []))
    old, kind = container[key], chance.randrange(6)
    if kind == 0:
        del container[key]
    elif kind == 1 and isinstance(container, dict):
        container[chance.choice(["a", "v", "note", "sha256", "A", "_", "__proto__", ""])] = chance.choice(VALUES)
    elif kind == 1:
        container.insert(key, copy.deepcopy(old))
    elif kind == 2 and isinstance(old, str) and old:
        container[key] = changed_text(chance, old)
    elif kind == 3 and isinstance(old, list) and old:
        chance.shuffle(old)
    elif kind == 4 and isinstance(old, int):
        container[key] = old + chance.choice([-1, 1, 64, 2**52])
    else:
        container[key] = copy.deepcopy(chance.choice(VALUES))


def changed_lines(chance, lines):
    """One edit of a list of text lines, in place."""
    place = chance.randrange(len(lines)) if lines else 0
    kind = chance.randrange(6)
    if kind == 0 and lines:
        del lines[place]
    elif kind == 1 and lines:
        lines.insert(chance.randrange(len(lines) + 1), lines[place])
    elif kind == 2:
        chance.shuffle(lines)
    elif kind == 3:
        lines.insert(place, chance.choice(["", " ", "extension", "extra ", "index 1", "quorum none", "\u2014 a AAAAAAA=", "# x"]))
    elif lines:
        lines[place] = changed_text(chance, lines[place])


def signed_differently(chance):
    """A hook on an envelope's signatures."""

    def hook(signatures, made):
        signature = signatures[0]
        sig = base64.b64decode(signature["sig"])
        kind = chance.randrange(6)
        if kind == 0:
            signature["sig"] = b64(with_flipped_bit(sig, chance.randrange(512)))
        elif kind == 1:
            signature["sig"] = b64(with_large_s(sig))
        elif kind == 2:
            signature["sig"] = b64(made.publisher.sign_with_small_r(made.signed))
        elif kind == 3:
            signatures.append({"keyid": STRANGER.keyid, "sig": b64(STRANGER.sign(made.signed))})
        elif kind == 4:
            signature["keyid"] = STRANGER.keyid
        else:
            signatures.insert(0, {"keyid": STRANGER.keyid, "sig": b64(STRANGER.sign(made.signed))})

    return hook


def countersigned_differently(chance):
    """A hook on a checkpoint's signature lines."""

    def hook(lines, made):
        witness, time = chance.choice(WITNESSES + [STRANGER]), chance.choice([0, 1, 1_760_000_005, 2**53, 2**63 - 1, 2**63, 2**64 - 1])
        line = witness_line(witness, made.text.encode(), time)
        if chance.random() < 0.3:
            head, signature = line.rsplit(" ", 1)
            line = head + " " + b64(with_flipped_bit(base64.b64decode(signature), chance.randrange(600)))
        lines.insert(chance.randrange(len(lines) + 1), line)
        if chance.random() < 0.3:
            lines.pop(chance.randrange(len(lines)))

    return hook


JSON_STEPS = [
    "admission",
    "publication",
    "manifest",
    "admission_envelope",
    "publication_envelope",
    "manifest_envelope",
    "admitted_extra",
    "published_extra",
]
BYTES_STEPS = [
    "admission_payload",
    "publication_payload",
    "manifest_payload",
    "admission_bytes",
    "publication_bytes",
    "manifest_bytes",
    "admitted_extra_bytes",
    "admitted_text",
    "published_text",
]
LINES_STEPS = ["lines", "admitted_lines", "published_lines"]
TEXT_STEPS = ["text", "note", "title"]


def random_hook(chance):
    """(step, hook) with one fault; what follows from it is made and signed anew."""
    kind = chance.randrange(9)
    if kind < 3:
        return chance.choice(JSON_STEPS), lambda value, made: changed_value(chance, value)
    if kind == 3:
        return chance.choice(BYTES_STEPS), lambda raw, made: changed_bytes(chance, raw)
    if kind == 4:
        return chance.choice(LINES_STEPS), lambda lines, made: changed_lines(chance, lines)
    if kind == 5:
        return chance.choice(TEXT_STEPS), lambda text, made: changed_text(chance, text)
    if kind == 6:
        return chance.choice(["admission_signatures", "publication_signatures", "manifest_signatures"]), signed_differently(chance)
    if kind == 7:
        return "lines", countersigned_differently(chance)
    return chance.choice(
        [
            ("office", lambda old, made: OTHER_OFFICE),
            ("tree_size", lambda old, made: chance.randrange(43, 70)),
            ("publisher", lambda old, made: STRANGER),
            ("leaves", lambda leaves, made: chance.shuffle(leaves)),
            ("manifest_signers", lambda old, made: [chance.choice([PUBLISHER, STRANGER, OTHER_OFFICE])]),
            ("admitted_proof", lambda proof, made: proof["path"].reverse()),
            ("published_proof", lambda proof, made: proof.update(index=chance.randrange(80))),
            ("sources", lambda old, made: old[: chance.randrange(4)]),
        ]
    )


def resigned_bundle(chance):
    """A bundle with one or two faults at the root; None if nothing can be made of them."""
    hooks = dict(random_hook(chance) for _ in range(chance.choice([1, 1, 1, 2])))
    try:
        return Made(**hooks).archive
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, UnicodeError, OverflowError):
        return None


def changed_archive(chance, good):
    """A good archive with its bytes changed."""
    raw = good.archive
    for _ in range(chance.choice([1, 1, 2, 3])):
        block = 512 * chance.randrange(max(len(raw) // 512, 1))
        other = 512 * chance.randrange(max(len(raw) // 512, 1))
        raw = chance.choice(
            [
                lambda: with_flipped_bit(raw, chance.randrange(8 * len(raw))) if raw else raw,
                lambda: with_flipped_bit(raw, 8 * block + chance.randrange(4096)) if len(raw) > block + 512 else raw,
                lambda: changed_bytes(chance, raw),
                lambda: raw[:block],
                lambda: raw[:block] + raw[block + 512 :],
                lambda: raw[:block] + raw[other : other + 512] + raw[block:],
                lambda: raw[:block] + raw[other : other + 512] + raw[block + 512 :],
                lambda: raw + bytes(chance.choice([1, 512, 10240])),
            ]
        )()
    return raw


def changed_members(chance, good, others):
    """A good archive taken apart and put together again with other members, headers or bytes; the rest well formed."""

    def hook(members, made):
        place = chance.randrange(len(members))
        name, data, header = members[place]
        kind = chance.randrange(8)
        if kind == 0:
            chance.shuffle(members)
        elif kind == 1:
            members.pop(place)
        elif kind == 2:
            members.insert(chance.randrange(len(members) + 1), members[place])
        elif kind == 3:
            data = changed_bytes(chance, data)
            members[place] = (name, data, header_bytes(name.encode(), len(data)))
        elif kind == 4:
            members[place] = (name, data, with_checksum(changed_bytes(chance, header)[:512].ljust(512, b"\0")))
        elif kind == 5:
            members[place] = chance.choice(others)[place]
        elif kind == 6:
            members[place] = (name, data, header_bytes(chance.choice([b"a", b"manifest.json", b"exhibits/3/empty"]), len(data)))
        else:
            other = chance.randrange(len(members))
            data = members[other][1]
            members[place] = (name, data, header_bytes(name.encode(), len(data)))

    members = [Made.member(name, data) for name, data in [("manifest.json", good.manifest), *good.data.items()]]
    hook(members, good)
    body = b"".join(header + data + bytes(-len(data) % 512) for _, data, header in members)
    return body + bytes(1024 + -(len(body) + 1024) % 10240)


def changed_policy(chance):
    lines = POLICY.split("\n")
    for _ in range(chance.choice([1, 1, 2])):
        if chance.random() < 0.5:
            changed_lines(chance, lines)
        else:
            place = chance.randrange(len(lines)) if lines else 0
            words = lines[place].split(" ") if lines else [""]
            changed_lines(chance, words)
            lines[place : place + 1] = [" ".join(words)]
    raw = "\n".join(lines).encode("utf-8", "replace")
    return changed_bytes(chance, raw) if chance.random() < 0.1 else raw


def resigned_proof(chance):
    """(proof, content) of a file or a public entry, with a fault at the root, or None."""
    try:
        if chance.random() < 0.5:
            hooks = dict([random_hook(chance)])
            made = Made(**hooks)
            return made.data["proofs/publication.tlog-proof"], made.publication
        kind = chance.choice(["private_extra", "private_extra_bytes", "private_lines", "private_text", "private_proof"])
        hook = {
            "private_extra": lambda value, made: changed_value(chance, value),
            "private_extra_bytes": lambda raw, made: changed_bytes(chance, raw),
            "private_lines": lambda lines, made: changed_lines(chance, lines),
            "private_text": lambda raw, made: changed_bytes(chance, raw),
            "private_proof": lambda proof, made: (
                chance.shuffle(proof["path"]) if chance.random() < 0.5 else proof.update(index=chance.randrange(70))
            ),
        }[kind]
        made = Made()
        made.hooks = {kind: hook}
        return made.private_proof(0), FILES[0][2]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, UnicodeError, OverflowError):
        return None


def other_members():
    """The members of other good bundles, to be spliced in."""
    makers = [Made(title=lambda old, made: "Another"), Made(office=lambda old, made: OTHER_OFFICE), Made(tree_size=lambda old, made: 64)]
    return [[Made.member(name, data) for name, data in [("manifest.json", made.manifest), *made.data.items()]] for made in makers]


def mutations(chance, count):
    """(name, policy, subject, content or None), without end of `count`."""
    good, others = Made(), other_members()
    policies = [
        POLICY.encode(),
        (POLICY + f"log {OTHER_OFFICE.vkey}\n").encode(),
        POLICY.replace("quorum outside", "quorum none").encode(),
        POLICY.replace("2 first", "any first").encode(),
    ]
    made = 0
    while made < count:
        kind = chance.choice(["archive", "archive", "members", "members", "members", "policy", "resigned", "resigned", "proof"])
        policy, subject, content = chance.choice(policies), None, None
        if kind == "archive":
            subject = changed_archive(chance, good)
        elif kind == "members":
            subject = changed_members(chance, good, others)
        elif kind == "policy":
            policy, subject = changed_policy(chance), good.archive
        elif kind == "resigned":
            subject = resigned_bundle(chance)
        else:
            subject, content = resigned_proof(chance) or (None, None)
        if subject is None:
            continue
        yield f"{kind} {made}", policy, subject, content
        made += 1


def dumps(value):
    return json.dumps(value).encode()
