#!/usr/bin/env python3
"""Feeds other verifiers: random faults from a seed, each with what verify.py says of it.

    agree.py SEED COUNT

Writes to standard output, for each: a line of JSON {"name","mode","result","reason","lengths"}, then the bytes of the
policy, the bundle or proof, and the content, of those lengths. The test crates/verifier/tests/agree compares.
"""

import io
import json
import random
import sys

import verify
from vectormaker.mutations import mutations


def judge(policy, subject, content):
    if content is None:
        return verify.judged(verify.verify_bundle, io.BytesIO(subject), policy)
    return verify.judged(verify.verify_proof, subject, io.BytesIO(content), policy)


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    out = sys.stdout.buffer
    for name, policy, subject, content in mutations(random.Random(seed), count):
        outcome = judge(policy, subject, content)
        head = {
            "name": name,
            "mode": "bundle" if content is None else "proof",
            "result": outcome["result"],
            "reason": outcome["reason"],
            "lengths": [len(policy), len(subject), len(content or b"")],
        }
        out.write(json.dumps(head).encode() + b"\n" + policy + subject + (content or b""))


if __name__ == "__main__":
    main()
