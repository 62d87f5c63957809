"""The second verifier of ballots agrees with every frozen vector that it can read."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import make_ballot_vectors  # noqa: E402
import verify_ballot  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent.parent.parent / "vectors" / "ballot"


def remembered(kind):
    """Most vectors share most ballots: a power that was computed once is not computed again."""
    compute, known = kind.power, {}

    def power(self, base, exponent):
        key = (self.name, base, exponent)
        if key not in known:
            known[key] = compute(self, base, exponent)
        return known[key]

    kind.power = power


remembered(verify_ballot.Curve)
remembered(verify_ballot.Field)
RANKED = {"ranked", "counted", "tool-2.0-nh", "tool-3.3-nh"}


class Agreement(unittest.TestCase):
    def test_every_alteration_is_refused_for_its_reason(self):
        faults, vectors = [], json.loads((FOLDER / "negative.json").read_text())
        for one in vectors:
            if one["base"] in RANKED:
                continue
            codes = [code for code, *_ in verify_ballot.Verifier(make_ballot_vectors.build(one)).run()]
            if one["reason"] not in codes:
                faults.append(f"{one['name']}: {one['reason']} is not among {codes}")
        self.assertEqual(faults, [])

    def test_what_holds_still_holds(self):
        for path in sorted((FOLDER / "positive").glob("*.bel")):
            if path.stem not in RANKED:
                self.assertEqual(verify_ballot.Verifier(path.read_bytes()).run(), [], path.name)


if __name__ == "__main__":
    unittest.main()
