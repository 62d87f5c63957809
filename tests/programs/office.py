"""An office that a test runs the real programs on, as somebody at a terminal would.

Standard library only. Every program gets an environment with nothing in it but what the test means it to have.
"""

import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

HOLDS, FAILS, MALFORMED, PENDING = 0, 1, 2, 3

# What may be published without asking anybody: made by the office, and nobody in it.
OWN_WORK = ("--basis", "own", "--identifies", "no", "--strangers", "no")


class Unexpected(AssertionError):
    """A program ended with another exit code than the test means."""


class Answer:
    """What a program said: its exit code, its lines of JSON, its words."""

    def __init__(self, arguments, code, out, words):
        self.arguments, self.code, self.out, self.words = arguments, code, out, words

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.decode().splitlines() if line.startswith("{")]

    def line(self, key):
        """The value of the first line that has this key."""
        for line in self.lines:
            if key in line:
                return line[key]
        raise Unexpected(f"{self}: no line with {key!r}")

    def __str__(self):
        return f"{' '.join(map(str, self.arguments))}: exit {self.code}\n{self.out.decode(errors='replace')}{self.words}"


def environment(**more):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LANG": "C.UTF-8", **more}


def run(arguments, expect=(HOLDS,), **more):
    """Runs a program to its end; any exit code but the expected ones fails the test with everything that it said."""
    arguments = [str(argument) for argument in arguments]
    done = subprocess.run(arguments, capture_output=True, env=environment(**more), stdin=subprocess.DEVNULL)
    answer = Answer(arguments, done.returncode, done.stdout, done.stderr.decode(errors="replace"))
    if answer.code not in expect:
        raise Unexpected(str(answer))
    return answer


def measured(arguments, **more):
    """Runs a program; returns its answer and the most memory that it held, in bytes."""
    arguments = [str(argument) for argument in arguments]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as words:
        started = subprocess.Popen(arguments, stdout=out, stderr=words, stdin=subprocess.DEVNULL, env=environment(**more))
        _, status, usage = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        words.seek(0)
        answer = Answer(arguments, started.returncode, out.read(), words.read().decode(errors="replace"))
    if answer.code != HOLDS:
        raise Unexpected(str(answer))
    return answer, usage.ru_maxrss * 1024


class Office:
    """One office, founded for the test, whose passphrases the test knows."""

    UNLOCK = "the unlock secret of a test"

    def __init__(self, programs, folder):
        self.programs = pathlib.Path(programs)
        self.folder = pathlib.Path(folder)
        self.secrets = {"founder": "the founder of a test office"}

    def found(self):
        self("init", "--founder", "founder", member="founder")
        return self

    def command(self, *arguments, member=None):
        acting = ["--as", member] if member else []
        fixed = ["--office", self.folder, "--json", "--cheap-passphrases-for-tests", *acting]
        return [self.programs / "mahzar", *fixed, *arguments]

    def secrets_of(self, member, new=None):
        secrets = {"MAHZAR_UNLOCK": self.UNLOCK}
        if member:
            secrets["MAHZAR_PASSPHRASE"] = self.secrets[member]
        if new:
            secrets["MAHZAR_NEW_PASSPHRASE"] = new
        return secrets

    def __call__(self, *arguments, member=None, expect=(HOLDS,), new=None):
        return run(self.command(*arguments, member=member), expect, **self.secrets_of(member, new))

    def measured(self, *arguments, member):
        return measured(self.command(*arguments, member=member), **self.secrets_of(member))

    def admit(self, name):
        self.secrets[name] = f"the passphrase of {name} in a test"
        self("member", "add", name, member="founder", new=self.secrets[name])

    def circle(self, name, *members):
        self("circle", "create", name, member="founder")
        for member in members:
            self("circle", "add", name, member, member="founder")

    def items(self, circle, member="founder"):
        """The items of a circle by their ids."""
        answer = self("list", "--circle", circle, "--limit", "100000", member=member)
        return {line["item"]: line for line in answer.lines if "item" in line}

    def fsck(self):
        """Fails if anything does not fit; returns the totals."""
        answer = self("fsck", "--entries", member="founder")
        totals = answer.lines[-1]
        if totals["findings"]:
            raise Unexpected(str(answer))
        return totals


def verifiers(programs):
    """The verifiers that a test asks side by side, each as the beginning of its command."""
    return {
        "mahzar-verify": [str(pathlib.Path(programs) / "mahzar-verify")],
        "verify.py": [sys.executable, str(ROOT / "tools" / "verify.py")],
    }


def verdict(programs, bundle, policy):
    """What the verifiers say of a bundle; they must agree."""
    codes = {}
    for name, command in verifiers(programs).items():
        answer = run([*command, bundle, "--policy", policy], (HOLDS, FAILS, MALFORMED))
        codes[name] = answer.code
    if len(set(codes.values())) != 1:
        raise Unexpected(f"the verifiers disagree on {bundle}: {codes}")
    return codes.popitem()[1]


def invented_file(path, size, seed):
    """A file of bytes that no two seeds share."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        source = random.Random(seed)
        while size > 0:
            piece = source.randbytes(min(size, 1 << 20))
            out.write(piece)
            size -= len(piece)
    return path
