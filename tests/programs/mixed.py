#!/usr/bin/env python3
"""A gigabyte of real files of all kinds, from the packages of this machine, goes in, comes out and is published.

    mixed.py --programs FOLDER [--mib N]
"""

import argparse
import hashlib
import os
import pathlib
import random
import shutil
import sys
import tempfile

from office import HOLDS, OWN_WORK, Office, Unexpected, verdict

MIB = 1 << 20
SOURCES = ("/usr/share", "/usr/lib", "/usr/include")
OPENED, PUBLISHED = 200, 1_000


def real_files(limit):
    """Regular files of installed packages, in an order that is the same on the same machine, up to `limit` bytes."""
    found = []
    for source in SOURCES:
        for folder, _, names in os.walk(source):
            found.extend(pathlib.Path(folder, name) for name in names)
    found = sorted(path for path in found if path.is_file() and not path.is_symlink())
    random.Random(1).shuffle(found)
    total = 0
    for path in found:
        if total >= limit:
            return
        total += path.stat().st_size
        yield path


def copy_to(folder, paths):
    """Copies the files, keeping where they lay; returns their paths by digest, and how many there are."""
    by_digest, count = {}, 0
    for path in paths:
        target = folder / path.relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        by_digest[hashlib.sha256(target.read_bytes()).hexdigest()] = target
        count += 1
    return by_digest, count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--mib", type=int, default=1024)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mahzar-mixed-") as name:
        folder = pathlib.Path(name)
        given, count = copy_to(folder / "given", real_files(asked.mib * MIB))
        office = Office(asked.programs, folder / "office").found()
        office.circle("mixed")
        totals = office("add", folder / "given", "--circle", "mixed", *OWN_WORK, member="founder").lines[-1]
        print(f"{count} files, {len(given)} of them different: {totals}")
        if totals["seen"] != count or totals["received"] != len(given) or totals["duplicates"] != count - len(given):
            raise Unexpected("the totals do not reconcile")
        items = office.items("mixed")
        if {item["sha256"] for item in items.values()} != set(given):
            raise Unexpected("what is listed is not what was given")
        chosen = random.Random(2).sample(sorted(items), min(PUBLISHED, len(items)))
        for number, item in enumerate(chosen[:OPENED]):
            copy = folder / f"copy-{number}"
            office("open", item, "--to", copy, "--purpose", "test of real files", member="founder")
            if copy.read_bytes() != given[items[item]["sha256"]].read_bytes():
                raise Unexpected(f"another content came out: {items[item]}")
            copy.unlink()
        bundle, policy = folder / "bundle.mahzar", folder / "policy"
        office("record", "policy", "--to", policy, member="founder")
        office("publish", *chosen, "--to", bundle, "--yes", member="founder")
        if verdict(asked.programs, bundle, policy) != HOLDS:
            raise Unexpected("the bundle does not hold")
        print(f"{min(OPENED, len(chosen))} opened, {len(chosen)} published; {office.fsck()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
