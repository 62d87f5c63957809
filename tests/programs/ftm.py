#!/usr/bin/env python3
"""What `mahzar export --format ftm` writes, held against FollowTheMoney itself.

    ftm.py --programs FOLDER [--venv FOLDER]

Installs PyPI's `followthemoney` into a venv (its pyicu is built from source and needs libicu-dev, which takes minutes: so this is a step of
.ci/long). Takes the demonstration's desk, exports it, and has the library read, validate and clean every entity.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

from demo import desk_of_the_demonstration

VERSION = "4.11.2"
CHECK = """
import json, sys
from followthemoney import model
from followthemoney.proxy import EntityProxy
count, faults, ids, pointed = {}, [], set(), set()
for number, line in enumerate(open(sys.argv[1], encoding="utf-8"), 1):
    data = json.loads(line)
    schema = model.get(data["schema"])
    try:
        schema.validate(data)
    except Exception as error:
        faults.append(f"line {number}: {error}: {getattr(error, 'errors', '')}")
    whole = EntityProxy.from_dict(data)
    for name, values in data["properties"].items():
        kept = set(whole.get(name))
        for value in values:
            # The library may write a value otherwise (it knows no half-space), but may not refuse it.
            if value not in kept or schema.get(name).type.clean(value, proxy=whole) is None:
                faults.append(f"line {number}: {name} {value!r} is not taken")
        if schema.get(name).type.name == "entity":
            pointed.update(values)
    ids.add(data["id"])
    count[data["schema"]] = count.get(data["schema"], 0) + 1
dangling = pointed - ids
if dangling:
    faults.append(f"{len(dangling)} entities are pointed to and not there")
print(count)
sys.exit("\\n".join(faults[:20]) if faults or not count else 0)
"""


def venv_with_library(folder):
    """A venv that has the library; made if it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"followthemoney=={VERSION}"], check=True)
    return python


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--venv", type=pathlib.Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mahzar-ftm-") as name:
        folder = pathlib.Path(name)
        python = venv_with_library(asked.venv or folder / "venv")
        office = desk_of_the_demonstration(asked.programs, folder / "office")
        bag = folder / "bag"
        office("export", "--to", bag, "--circle", "Intake", "--recipient", "un", "--purpose", "case_building", "--level", "full",
               "--format", "ftm", member="Yusuf")
        subprocess.run([python, "-c", CHECK, bag / "data" / "ftm.json"], check=True)
    print("FollowTheMoney reads every entity and takes every value.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
