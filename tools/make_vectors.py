#!/usr/bin/env python3
"""Writes vectors/ anew: frozen bundles, proofs and policies, nearly all with one fault and the one reason for it.

    make_vectors.py [--check]      with --check: changes nothing, and fails if the files would differ

Made from docs/spec in Python, with nothing of the Rust programs; the same bytes each time. The form of the files is in
vectors/README.md. Every expected result was written by hand beside its fault; this program stops if verify.py disagrees.
"""

import argparse
import base64
import hashlib
import io
import json
import pathlib
import sys

import verify
from vectormaker import every_case
from vectormaker.office import FILES, POLICY, Made

PUBLIC_PROOF = "proofs/publication.tlog-proof"
FOLDER = pathlib.Path(__file__).resolve().parent.parent / "vectors"


BLOCK = 16
RUN_MIN = 256


def parts(base, places, changed):
    """What to join to get `changed`: [offset, length] of the base, base64 of other bytes, [base64, times] of repeated ones."""
    found, literal, place = [], bytearray(), 0

    def flush():
        if literal:
            found.append(base64.b64encode(literal).decode())
            literal.clear()

    while place < len(changed):
        unit, times = repeated(changed, place)
        offset = places.get(changed[place : place + BLOCK])
        if unit * times >= RUN_MIN:
            flush()
            found.append([base64.b64encode(changed[place : place + unit]).decode(), times])
            place += unit * times
        elif offset is not None:
            length = common_length(base, offset, changed, place)
            flush()
            found.append([offset, length])
            place += length
        else:
            literal.append(changed[place])
            place += 1
    flush()
    return found


def block_places(base):
    """The offset of every block of the base; of equal ones, the first."""
    places = {}
    for offset in range(len(base) - BLOCK + 1):
        places.setdefault(base[offset : offset + BLOCK], offset)
    return places


def repeated(raw, place):
    """(length, times) of the bytes that are repeated from here: a run, its base64, and the base64 of that."""
    for unit in 4, 16, 64:
        first, times = raw[place : place + unit], 1
        while raw[place + unit * times : place + unit * (times + 1)] == first and len(first) == unit:
            times += 1
        if unit * times >= RUN_MIN:
            return unit, times
    return 1, 1


def common_length(base, offset, changed, place):
    length = 0
    while offset + length < len(base) and place + length < len(changed) and base[offset + length] == changed[place + length]:
        length += 1
    return length


def join_parts(base, parts_found):
    joined = []
    for part in parts_found:
        if isinstance(part, str):
            joined.append(base64.b64decode(part))
        elif isinstance(part[0], str):
            joined.append(base64.b64decode(part[0]) * part[1])
        else:
            joined.append(base[part[0] : part[0] + part[1]])
    return b"".join(joined)


class Base:
    """A file that cases are described by their difference from."""

    def __init__(self, raw):
        self.raw, self.places = raw, block_places(raw)

    def describe(self, case, changed):
        found = parts(self.raw, self.places, changed)
        if join_parts(self.raw, found) != changed:
            raise SystemExit(f"{case['name']}: the parts are wrong")
        return {"sha256": hashlib.sha256(changed).hexdigest(), "parts": found}


def expected_result(reason):
    return "holds" if reason is None else "malformed" if reason in verify.MALFORMED else "does_not_hold"


def check_outcome(case, outcome):
    found = (outcome["result"], outcome["reason"])
    if found != (expected_result(case["reason"]), case["reason"]):
        raise SystemExit(f"{case['name']}: expected {case['reason']}, found {found} {outcome.get('detail')}")


def as_bytes(policy):
    return POLICY.encode() if policy is None else policy if isinstance(policy, bytes) else policy.encode()


POLICY_BASE = Base(POLICY.encode())
CONTENT_BASE = Base(FILES[0][2])


def common(case):
    reason = case["reason"]
    named = {"name": case["name"], "result": expected_result(reason), "reason": reason}
    return named if case["policy"] is None else named | {"policy": parts(POLICY_BASE.raw, POLICY_BASE.places, as_bytes(case["policy"]))}


def bundle_case(case, base):
    archive = Made(**case["hooks"]).archive
    check_outcome(case, verify.judged(verify.verify_bundle, io.BytesIO(archive), as_bytes(case["policy"])))
    return common(case) | base.describe(case, archive)


def proof_texts(case):
    made = Made(**{name: hook for name, hook in case["hooks"].items() if not name.startswith("private_")})
    made.hooks = case["hooks"]
    if case["public"]:
        return made.data[PUBLIC_PROOF], made.publication
    return made.private_proof(0), made.data[made.exhibits[0]["path"]]


def proof_case(case, bases):
    """The content is the folder's, unless the case says otherwise; where the proof is malformed it does not matter."""
    text, content = proof_texts(case)
    if case["public"] and expected_result(case["reason"]) == "malformed":
        content = FILES[0][2]
    elif case["content"] is not None:
        content = case["content"](content)
    check_outcome(case, verify.judged(verify.verify_proof, text, io.BytesIO(content), as_bytes(case["policy"])))
    base = "public" if case["public"] else "private"
    named = common(case) | {"base": base} | bases[base].describe(case, text)
    return named if content == FILES[0][2] else named | {"content": parts(CONTENT_BASE.raw, CONTENT_BASE.places, content)}


def lines(values):
    return "[\n" + ",\n".join(json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in values) + "\n]\n"


def make_files():
    cases, good = every_case(), Made()
    base, bases = Base(good.archive), {"private": Base(good.private_proof(0)), "public": Base(good.data[PUBLIC_PROOF])}
    bundles = [bundle_case(case, base) for case in cases.bundles]
    proofs = [proof_case(case, bases) for case in cases.proofs]
    return {
        "bundles/good.mahzar": base.raw,
        "bundles/policy": POLICY.encode(),
        **by_subject("bundles/cases", bundles),
        "proofs/private.tlog-proof": bases["private"].raw,
        "proofs/public.tlog-proof": bases["public"].raw,
        "proofs/content": FILES[0][2],
        "proofs/policy": POLICY.encode(),
        **by_subject("proofs/cases", proofs),
        "ed25519/cases.json": lines(cases.signatures).encode(),
    }


def by_subject(folder, cases):
    """A file for each subject, the word before the colon in a case's name."""
    subjects = {}
    for case in cases:
        subjects.setdefault(case["name"].partition(":")[0].replace(" ", "-"), []).append(case)
    return {f"{folder}/{subject}.json": lines(found).encode() for subject, found in subjects.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; fail if the files would differ")
    check = parser.parse_args().check
    files = make_files()
    for name, raw in files.items():
        path = FOLDER / name
        if check and (not path.exists() or path.read_bytes() != raw):
            raise SystemExit(f"{path} is not what this program makes")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
    found = {path.relative_to(FOLDER) for path in FOLDER.rglob("*.json")}
    # Those of ballots have a program of their own.
    strays = {str(path) for path in found if path.parts[0] != "ballot"} - files.keys()
    if strays:
        raise SystemExit(f"this program does not make {', '.join(sorted(strays))}")
    print(f"{len(files)} files, {sum(map(len, files.values())):,} bytes")


if __name__ == "__main__":
    sys.exit(main())
