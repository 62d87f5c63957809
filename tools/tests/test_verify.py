"""The second verifier by itself: its program, its rules that the frozen cases cannot reach, and the cases themselves."""

import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOOLS))

import make_vectors
import verify
from vectormaker import office
from vectormaker.office import POLICY, Made

BUNDLES = make_vectors.FOLDER / "bundles"


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-B", str(TOOLS / "verify.py"), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def judged(archive, policy=POLICY):
    return verify.judged(verify.verify_bundle, io.BytesIO(archive), policy.encode())


class Vectors(unittest.TestCase):
    def test_the_frozen_cases_are_what_the_specification_makes(self):
        """Makes every case anew, and judges it: make_vectors stops at the first that is judged otherwise than written."""
        with contextlib.redirect_stdout(io.StringIO()) as said:
            sys.argv = ["make_vectors.py", "--check"]
            make_vectors.main()
        self.assertIn("26 files", said.getvalue())

    def test_bare_signatures(self):
        cases = json.loads((make_vectors.FOLDER / "ed25519/cases.json").read_text(encoding="utf-8"))
        self.assertGreater(len(cases), 100)
        for case in cases:
            parts = (bytes.fromhex(case[name]) for name in ("key", "message", "signature"))
            self.assertEqual(verify.ed25519_verifies(*parts), case["valid"], case["name"])


class Program(unittest.TestCase):
    def test_a_bundle_that_holds(self):
        ran = run(BUNDLES / "good.mahzar", "--policy", BUNDLES / "policy")
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        self.assertIn("unaltered since entry number 42", ran.stdout)
        self.assertIn("countersigned by first, which gives the time 2025-10-09T08:53:20Z", ran.stdout)
        self.assertIn("This does not show who made it", ran.stdout)

    def test_a_proof_and_its_content(self):
        proofs = make_vectors.FOLDER / "proofs"
        arguments = (proofs / "private.tlog-proof", "--policy", proofs / "policy", "--json", "--content")
        ran = run(*arguments, proofs / "content")
        self.assertEqual(ran.returncode, 0)
        self.assertEqual(json.loads(ran.stdout)["index"], 7)
        ran = run(*arguments, proofs / "policy")
        self.assertEqual((ran.returncode, json.loads(ran.stdout)["reason"]), (1, "content"))

    def test_exit_codes(self):
        with tempfile.TemporaryDirectory() as folder:
            broken = pathlib.Path(folder) / "broken.mahzar"
            broken.write_bytes(b"broken")
            self.assertEqual(run(broken, "--policy", BUNDLES / "policy").returncode, 2)
        self.assertEqual(run(BUNDLES / "nothing", "--policy", BUNDLES / "policy").returncode, 2)
        self.assertEqual(run(BUNDLES, "--policy", BUNDLES / "policy").returncode, 2)
        self.assertEqual(run(BUNDLES / "good.mahzar").returncode, 2)


class Limits(unittest.TestCase):
    """Too large to be frozen."""

    def test_a_large_file_is_read_in_pieces(self):
        sources = [("film", "video/mp4", bytes(3 << 20) + b"end", 7)]
        self.assertEqual(judged(Made(sources=lambda old, made: sources).archive)["result"], "holds")

    def test_the_most_exhibits(self):
        def many(count):
            return [(f"e/{number}", "text/plain", b"", number) for number in range(count)]

        leaf_of = office.tree_path
        self.addCleanup(setattr, office, "tree_path", leaf_of)
        office.tree_path = lambda leaves, index: [bytes(32)] * 14
        for count, reason in ((10_000, "admission_proof"), (10_001, "manifest")):
            made = Made(
                sources=lambda old, made, n=count: many(n),
                tree_size=lambda old, made: 16384,
                entry_indexes=lambda old, made: (16382, 16383),
            )
            self.assertEqual(judged(made.archive)["reason"], reason)


if __name__ == "__main__":
    unittest.main()
