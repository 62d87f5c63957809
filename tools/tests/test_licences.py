import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import licences  # noqa: E402

POLICY = {
    "licenses": {
        "allow": ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"],
        "exceptions": [{"crate": "passkey", "allow": ["MPL-2.0"]}],
        "clarify": [{"crate": "bare", "expression": "MIT"}],
    },
    "bans": {"deny": [{"crate": "sharks", "reason": "biased"}]},
    "sources": {"allow-registry": ["https://good.example"]},
}


def package(name, licence):
    return {"name": name, "version": "1.0.0", "license": licence}


class Expressions(unittest.TestCase):
    def check(self, expression, expected):
        allowed = set(POLICY["licenses"]["allow"])
        self.assertEqual(licences.satisfied(expression, allowed), expected, expression)

    def test_choices(self):
        self.check("MIT", True)
        self.check("GPL-2.0-only", False)
        self.check("GPL-2.0-only OR MIT", True)
        self.check("GPL-2.0-only/MIT", True)
        self.check("MIT AND GPL-2.0-only", False)
        self.check("(MIT OR GPL-2.0-only) AND Apache-2.0", True)
        self.check("MIT OR GPL-2.0-only AND AGPL-3.0-only", True)
        self.check("Apache-2.0 WITH LLVM-exception", True)
        self.check("GPL-2.0-only WITH LLVM-exception", False)

    def test_what_it_cannot_read_is_refused(self):
        for bad in ["", "MIT OR", "(MIT", "MIT)", "AND MIT", "MIT MIT", "MIT WITH"]:
            with self.assertRaises(licences.Malformed, msg=bad):
                licences.satisfied(bad, {"MIT"})


class Faults(unittest.TestCase):
    def licence(self, *packages):
        used = [package("passkey", "MPL-2.0"), package("bare", None), *packages]
        return list(licences.licence_faults(used, POLICY))

    def test_licences(self):
        self.assertEqual(self.licence(package("a", "MIT")), [])
        self.assertEqual(len(self.licence(package("a", None))), 1)
        self.assertEqual(len(self.licence(package("a", "MPL-2.0"))), 1)
        self.assertEqual(len(self.licence(package("a", "MIT MIT"))), 1)

    def test_an_exception_for_nothing_is_a_fault(self):
        self.assertEqual(len(list(licences.licence_faults([package("a", "MIT")], POLICY))), 2)

    def test_bans_and_sources(self):
        registry = "registry+https://good.example"
        good = [{"name": "a", "version": "1", "source": registry}, {"name": "ours", "version": "1"}]
        self.assertEqual(list(licences.ban_faults(good, POLICY)), [])
        bad = [
            {"name": "sharks", "version": "0.5.0", "source": registry},
            {"name": "a", "version": "1", "source": "git+https://good.example/a"},
        ]
        self.assertEqual(len(list(licences.ban_faults(bad, POLICY))), 2)

    def test_wildcards(self):
        def faults(requirement, path=None):
            dependency = {"name": "b", "req": requirement, "path": path}
            ours = {"id": "a", "name": "a", "dependencies": [dependency]}
            return list(licences.wildcard_faults([ours], {"a"}))

        self.assertEqual(faults("^1"), [])
        self.assertEqual(faults("*", "/here"), [])
        self.assertEqual(len(faults("*")), 1)


if __name__ == "__main__":
    unittest.main()
