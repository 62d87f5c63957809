#!/usr/bin/env python3
"""Check licences, bans and sources of every crate we build on against deny.toml.

A small stand-in for `cargo deny check licenses bans sources`, which takes minutes to install (docs/decisions/0008).
Reads `cargo metadata` for the licences and Cargo.lock for names and sources; needs Python 3.11 and nothing else.
Exit code 0: all is allowed; 1: something is not, each named with the reason.
"""

import json
import pathlib
import re
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Malformed(ValueError):
    """A licence expression that this reader does not understand; it is refused, not guessed."""


def tokens(expression):
    # "MIT/Apache-2.0" is the spelling of old manifests for OR.
    spaced = re.sub(r"([()])", r" \1 ", expression.replace("/", " OR "))
    return spaced.split()


def satisfied(expression, allowed):
    """Whether some choice that the SPDX expression leaves us uses allowed licences only."""
    words = tokens(expression)
    at = 0

    def peek():
        return words[at] if at < len(words) else None

    def take():
        nonlocal at
        word = peek()
        if word is None:
            raise Malformed(expression)
        at += 1
        return word

    def one():
        word = take()
        if word == "(":
            value = either()
            if take() != ")":
                raise Malformed(expression)
            return value
        if word in (")", "OR", "AND", "WITH"):
            raise Malformed(expression)
        if peek() == "WITH":
            take()
            word = f"{word} WITH {take()}"
        return word in allowed

    def both():
        value = one()
        while peek() == "AND":
            take()
            value = one() and value
        return value

    def either():
        value = both()
        while peek() == "OR":
            take()
            value = both() or value
        return value

    value = either()
    if peek() is not None:
        raise Malformed(expression)
    return value


def licence_faults(packages, policy):
    licences = policy["licenses"]
    exceptions = {one["crate"]: one["allow"] for one in licences.get("exceptions", [])}
    clarified = {one["crate"]: one["expression"] for one in licences.get("clarify", [])}
    for package in packages:
        name = package["name"]
        expression = clarified.get(name) or package["license"]
        allowed = set(licences["allow"]) | set(exceptions.get(name, []))
        try:
            if not expression:
                yield f"{name} {package['version']}: names no licence"
            elif not satisfied(expression, allowed):
                yield f"{name} {package['version']}: licence {expression} is not on the list"
        except Malformed:
            yield f"{name} {package['version']}: cannot read the licence {expression!r}"
    known = {package["name"] for package in packages}
    for name in sorted((set(exceptions) | set(clarified)) - known):
        yield f"deny.toml: makes an exception for {name}, which we no longer use"


def ban_faults(locked, policy):
    banned = {one["crate"]: one["reason"] for one in policy["bans"]["deny"]}
    registries = {"registry+" + url for url in policy["sources"]["allow-registry"]}
    for package in locked:
        if package["name"] in banned:
            yield f"{package['name']} {package['version']}: banned, {banned[package['name']]}"
        # A crate of this workspace has no source in the lock file.
        source = package.get("source")
        if source is not None and source not in registries:
            yield f"{package['name']} {package['version']}: comes from {source}"


def wildcard_faults(packages, members):
    for package in packages:
        if package["id"] in members:
            for dependency in package["dependencies"]:
                if dependency["req"] == "*" and not dependency.get("path"):
                    yield f"{package['name']}: takes any version of {dependency['name']}"


def main():
    policy = tomllib.loads((ROOT / "deny.toml").read_text())
    locked = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    host = subprocess.run(["rustc", "-vV"], check=True, capture_output=True, text=True).stdout
    triple = re.search(r"^host: (.+)$", host, re.M).group(1)
    command = ["cargo", "metadata", "--format-version=1", "--locked", "--filter-platform", triple]
    metadata = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)
    packages = metadata["packages"]
    faults = [
        *licence_faults(packages, policy),
        *ban_faults(locked, policy),
        *wildcard_faults(packages, set(metadata["workspace_members"])),
    ]
    for fault in faults:
        print(fault)
    print(f"{len(packages)} crates for {triple}, {len(locked)} in the lock file: {len(faults)} not allowed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
