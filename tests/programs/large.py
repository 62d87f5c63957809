#!/usr/bin/env python3
"""A very large file goes in and comes out the same, in little memory.

    large.py --programs FOLDER [--gib N]

Needs three times the file's size on the disk of the temporary folder (TMPDIR).
"""

import argparse
import hashlib
import pathlib
import random
import sys
import tempfile
import time

from office import Office, Unexpected

MIB, GIB = 1 << 20, 1 << 30

# What a large file may add to what a small one takes, once unlocked; and the most of all.
ADDED_MAX, PEAK_MAX = 32 * MIB, 160 * MIB


def make(path, size):
    """A file in which no MiB is like another; returns its digest."""
    digest, block = hashlib.sha256(), random.Random(size).randbytes(MIB)
    with path.open("wb") as out:
        for number in range(size // MIB):
            piece = number.to_bytes(8, "big") + block[8:]
            out.write(piece)
            digest.update(piece)
    return digest.hexdigest()


def digest_of(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def timed(what, size, work):
    began = time.monotonic()
    done, peak = work()
    seconds = time.monotonic() - began
    print(f"{what}: {size / MIB:,.0f} MiB in {seconds:.1f} s, {size / MIB / seconds:,.0f} MiB/s, at most {peak / MIB:.0f} MiB of memory")
    return done, peak


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--gib", type=int, default=10)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mahzar-large-") as name:
        folder = pathlib.Path(name)
        office = Office(asked.programs, folder / "office").found()
        office.circle("films")
        peaks = {}
        for label, size in (("small", MIB), ("large", asked.gib * GIB)):
            source, copy = folder / label, folder / f"{label}-copy"
            digest = make(source, size)
            answer, into = timed(f"{label} in", size, lambda: office.measured("add", source, "--circle", "films", member="founder"))
            source.unlink()
            item = answer.line("item")
            opened = ("open", item, "--to", copy, "--purpose", "test of size")
            _, out_of = timed(f"{label} out", size, lambda: office.measured(*opened, member="founder"))
            if digest_of(copy) != digest:
                raise Unexpected("another content came out")
            copy.unlink()
            peaks[label] = max(into, out_of)
        added = peaks["large"] - peaks["small"]
        print(f"The large file added {added / MIB:.1f} MiB; at most {ADDED_MAX / MIB:.0f} are allowed, {PEAK_MAX / MIB:.0f} in all")
        if added > ADDED_MAX or peaks["large"] > PEAK_MAX:
            raise Unexpected(f"too much memory: {peaks}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
