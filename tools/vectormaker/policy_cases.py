"""Policies: syntax, keys, groups and quorum (C2SP tlog-policy; record.md, section 5). All against the same good bundle."""

import hashlib

from vectormaker.keys import Signer, b64
from vectormaker.office import OFFICE, OTHER_OFFICE, POLICY, STRANGER, WITNESSES

FIRST, SECOND, THIRD = (witness.vkey for witness in WITNESSES)
LOG = f"log {OFFICE.vkey}\n"
THREE = f"witness first {FIRST}\nwitness second {SECOND}\nwitness third {THIRD}\n"


def vkey(name=OFFICE.name, key_id=None, kind=1, key=OFFICE.public):
    raw = bytes([kind]) + key
    key_id = key_id or hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
    return f"{name}+{key_id}+{b64(raw)}"


def add_syntax(cases):
    for what, change in {
        "is empty": lambda old: "",
        "is a newline": lambda old: "\n",
        "is a comment": lambda old: "# nothing\n",
        "has carriage returns": lambda old: old.replace("\n", "\r\n"),
        "has one carriage return": lambda old: old.replace("\n", "\r\n", 1),
        "has a NUL": lambda old: old + "\0",
        "has a NUL in a comment": lambda old: old + "# \0\n",
        "has an escape character in a comment": lambda old: old + "# \x1b[2J\n",
        "has DEL in a comment": lambda old: old + "# \x7f\n",
        "has a form feed": lambda old: old + "\f\n",
        "has a vertical tab": lambda old: old.replace("log ", "log\v"),
        "begins with a byte-order mark": lambda old: "\ufeff" + old.replace("# whom I trust\n", ""),
        "has an unknown word": lambda old: old + "mirror x\n",
        "has a word in capitals": lambda old: old.replace("quorum", "QUORUM"),
        "has a word with a colon": lambda old: old.replace("quorum", "quorum:"),
        "has a comment after a quorum": lambda old: old.replace("quorum outside", "quorum outside # two"),
        "has no-break spaces": lambda old: old.replace("quorum outside", "quorum\u00a0outside"),
        "is UTF-16": lambda old: old.encode("utf-16-le"),
        "is one byte over 64 KiB": lambda old: old + "#" * (65537 - len(old)),
    }.items():
        cases.bundle(f"policy: it {what}", "policy", policy=change(POLICY))
    for what, change in {
        "has tabs": lambda old: old.replace(" ", "\t"),
        "has spaces and tabs in plenty": lambda old: "\n".join(" \t " + line.replace(" ", " \t ") + "\t " for line in old.split("\n")),
        "has empty lines": lambda old: old.replace("\n", "\n\n \n\t\n"),
        "has no newline at its end": lambda old: old[:-1],
        "has a comment in Persian": lambda old: old + "  # به این‌ها اعتماد دارم\n",
        "has a comment that is not UTF-8": lambda old: old.encode() + b"#\xff\xfe\n",
        "has its quorum before other witnesses": lambda old: old + f"witness stranger {STRANGER.vkey}\n",
        "has names that are not UTF-8": lambda old: old.encode().replace(b"outside", b"\xff\xfe"),
        "has names in Persian": lambda old: old.replace("outside", "بیرون"),
        "has names that look like numbers": lambda old: (
            old.replace("outside", "2").replace("witness first ", "witness 1 ").replace("2 first second", "2 1 second")
        ),
        "has names that look like comments": lambda old: old.replace("outside", "#outside"),
        "is 64 KiB": lambda old: old + "#" * (65536 - len(old)),
        "has a witness's URL": lambda old: old.replace(FIRST, FIRST + " https://first.example/"),
        "has a log's URL": lambda old: old.replace(OFFICE.vkey, OFFICE.vkey + " https://office.example/"),
        "has a second log": lambda old: old + f"log {OTHER_OFFICE.vkey}\n",
        "has its log last": lambda old: old.replace(LOG, "") + LOG,
        "has a name all": lambda old: old.replace("outside", "all"),
        "has a log and a witness of one key": lambda old: old + f"witness same {Signer('office', OFFICE.name, kind=4).vkey}\n",
    }.items():
        cases.bundle(f"good: a policy that {what}", None, policy=change(POLICY))


def add_keys(cases):
    def log(what, text):
        cases.bundle(f"policy: a log {what}", "policy", policy=POLICY.replace(LOG, f"log {text}\n"))

    key = b64(b"\1" + OFFICE.public)
    log("without a key", "")
    log("with three words", f"{OFFICE.vkey} https://office.example/ more")
    for what, text in {
        "with a name only": OFFICE.name,
        "without a key id": f"{OFFICE.name}+{key}",
        "without a name": vkey(name=""),
        "with a key id in capitals": vkey().replace(OFFICE.key_id.hex(), OFFICE.key_id.hex().upper()),
        "with another key id": vkey(key_id="00000000"),
        "with a key id of 7 digits": vkey(key_id=OFFICE.key_id.hex()[1:]),
        "with a key id of 9 digits": vkey(key_id="0" + OFFICE.key_id.hex()),
        "with a key id in decimal": vkey(key_id=str(int(OFFICE.key_id.hex(), 16))),
        "with a witness's kind of key": vkey(kind=4),
        "with an ECDSA kind of key": vkey(kind=2),
        "with an ML-DSA kind of key": vkey(kind=6),
        "with a kind 0": vkey(kind=0),
        "with a key of 31 bytes": vkey(key=OFFICE.public[:31]),
        "with a key of 33 bytes": vkey(key=OFFICE.public + b"\0"),
        "without a key after its kind": vkey(key=b""),
        "with a key that lacks its last letter": vkey()[:-1],
        "with a key in hex": f"{OFFICE.name}+{OFFICE.key_id.hex()}+01{OFFICE.public.hex()}",
        "with a key of the URL alphabet": f"{OFFICE.name}+{OFFICE.key_id.hex()}+" + key.replace("+", "-").replace("/", "_"),
        "with a name that is not ASCII": vkey(name="دفتر"),
        "with a name of 256 bytes": vkey(name="o" * 256),
        "with spaces around its plus": OFFICE.vkey.replace("+", " + "),
        "with a fourth part": OFFICE.vkey + "+",
        "with a minus for its plus": OFFICE.vkey.replace("+", "-", 1),
    }.items():
        log(what, text)
    for what, change in {
        "a log twice": lambda old: old + LOG,
        "a log twice, the second time with a URL": lambda old: old + f"log {OFFICE.vkey} https://office.example/\n",
        "two logs with one key": lambda old: old + f"log {vkey(name='another.example')}\n",
        "two logs with one name": lambda old: old + f"log {Signer('impostor', OFFICE.name).vkey}\n",
        "a witness twice": lambda old: old + f"witness first {FIRST}\n",
        "a witness under two names": lambda old: old + f"witness fourth {FIRST}\n",
        "two witnesses with one key": lambda old: old + f"witness fourth {Signer('witness 0', 'fourth.example', kind=4).vkey}\n",
        "two witnesses of one name": lambda old: old + f"witness first {STRANGER.vkey}\n",
        "a witness of a group's name": lambda old: old + f"witness outside {STRANGER.vkey}\n",
        "a group of a witness's name": lambda old: old + "group first any outside\n",
        "a witness called none": lambda old: old + f"witness none {STRANGER.vkey}\n",
        "a group called none": lambda old: old + "group none any outside\n",
        "a witness without a key": lambda old: old + "witness fourth\n",
        "a witness without a name": lambda old: old + "witness\n",
        "a witness with four words": lambda old: old + f"witness fourth {STRANGER.vkey} https://x/ more\n",
        "a witness with a log's kind of key": lambda old: old + f"witness fourth {OTHER_OFFICE.vkey}\n",
        "a witness with an ML-DSA kind of key": lambda old: old + f"witness fourth {vkey(name='x.example', kind=6)}\n",
        "a witness whose key id is a log's kind": lambda old: (
            old + f"witness fourth {vkey(name='x.example', kind=4, key_id=Signer('office', 'x.example').key_id.hex())}\n"
        ),
    }.items():
        cases.bundle(f"policy: {what}", "policy", policy=change(POLICY))


def add_groups(cases):
    def groups(what, reason, text):
        cases.bundle(
            f"{'good' if reason is None else 'policy' if reason == 'policy' else 'quorum'}: {what}", reason, policy=LOG + THREE + text
        )

    for what, text in {
        "no quorum": "",
        "a quorum without a name": "quorum\n",
        "a quorum of two names": "quorum first second\n",
        "two quorums": "quorum first\nquorum second\n",
        "one quorum twice": "quorum first\nquorum first\n",
        "a quorum not defined": "quorum fourth\n",
        "a quorum defined below": "quorum some\ngroup some any first\n",
        "a quorum none and another": "quorum none\nquorum first\n",
        "a group without members": "group some all\nquorum first\n",
        "a group without a threshold": "group some\nquorum first\n",
        "a group with only a name and members": "group some first second\nquorum some\n",
        "a threshold of 0": "group some 0 first\nquorum some\n",
        "a threshold above the members": "group some 3 first second\nquorum some\n",
        "a negative threshold": "group some -1 first\nquorum some\n",
        "a threshold with a zero before it": "group some 01 first\nquorum some\n",
        "a threshold with a sign": "group some +1 first\nquorum some\n",
        "a threshold of 1.0": "group some 1.0 first\nquorum some\n",
        "a threshold in capitals": "group some ALL first\nquorum some\n",
        "a threshold in Persian digits": "group some \u06f1 first\nquorum some\n",
        "a threshold in hexadecimal": "group some 0x1 first\nquorum some\n",
        "a threshold of 5,000 digits": "group some " + "1" * 5000 + " first\nquorum some\n",
        "a threshold of 2^64 + 1": f"group some {2**64 + 1} first\nquorum some\n",
        "a threshold most": "group some most first second\nquorum some\n",
        "a member not defined": "group some any fourth\nquorum some\n",
        "a member defined below": "group some any later\ngroup later any first\nquorum some\n",
        "a group that holds itself": "group some any some\nquorum some\n",
        "a member twice": "group some 2 first first\nquorum some\n",
        "a member in two groups": "group some any first second\ngroup more any first third\nquorum some\n",
        "none as a member": "group some any first none\nquorum some\n",
        "a group twice": "group some any first\ngroup some any second\nquorum some\n",
        "a group in two groups": "group some any first\ngroup more any some second\ngroup most any some third\nquorum more\n",
        "a member that differs by a capital": "group some any First\nquorum some\n",
        "a log's name as a member": f"group some any {OFFICE.name}\nquorum some\n",
        "a witness's key name as its name": f"quorum {WITNESSES[0].name}\n",
    }.items():
        groups(what, "policy", text)
    for what, text in {
        "quorum none": "quorum none\n",
        "a quorum of one witness": "quorum first\n",
        "a group of any": "group some any third second\nquorum some\n",
        "a group of all": "group some all first second\nquorum some\n",
        "a threshold of 1 of 1": "group some 1 first\nquorum some\n",
        "groups in groups": "group a 1 first third\ngroup b all second\ngroup c 2 a b\nquorum c\n",
        "a chain of 32 groups": chain(32),
        "a group that nothing uses": "group unused all third\nquorum first\n",
        "a quorum before groups": "quorum first\ngroup later any second\n",
        "a threshold equal to the members": "group some 2 first second\nquorum some\n",
        "a chain of 1,000 groups": chain(1000),
    }.items():
        groups(what, None, text)
    for what, text in {
        "a witness who has not signed": "quorum third\n",
        "all of three": "group some all first second third\nquorum some\n",
        "3 of three": "group some 3 first second third\nquorum some\n",
        "any of one who has not signed": "group some any third\nquorum some\n",
        "a group met and one not": "group a any first second\ngroup b all third\ngroup c all a b\nquorum c\n",
        "two of three groups, one met": "group a all first third\ngroup b all second\ngroup c 2 a b\nquorum c\n",
    }.items():
        groups(what, "quorum", text)
    cases.bundle("quorum: the policy's witnesses are strangers", "quorum", policy=LOG + f"witness first {STRANGER.vkey}\nquorum first\n")
    cases.bundle(
        "quorum: a witness's key is another's", "quorum", policy=POLICY.replace(FIRST, Signer("usurper", WITNESSES[0].name, kind=4).vkey)
    )
    cases.bundle(
        "quorum: a witness's key has another name",
        "quorum",
        policy=POLICY.replace(FIRST, Signer("witness 0", "fourth.example/witness", kind=4).vkey),
    )


def chain(length):
    lines = ["group g0 any first"] + [f"group g{n} all g{n - 1}" for n in range(1, length)]
    return "\n".join(lines) + f"\nquorum g{length - 1}\n"


def add(cases):
    add_syntax(cases)
    add_keys(cases)
    add_groups(cases)
