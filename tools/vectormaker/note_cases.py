"""Faults of notes, checkpoints and countersignatures (record.md, sections 1, 3 and 5)."""

import base64

from vectormaker.cases import changed, replacing
from vectormaker.keys import Signer, b64, number, with_flipped_bit, with_large_s
from vectormaker.office import NOW, OFFICE, OTHER_OFFICE, POLICY, STRANGER, WITNESSES, cosigned_message, log_line, note_line, witness_line

DASH = "\u2014"
QUORUM_OF_ALL = POLICY.replace("group outside 2", "group outside all")
QUORUM_OF_ONE = POLICY.replace("group outside 2", "group outside any")
QUORUM_NONE = POLICY.replace("quorum outside", "quorum none")


def add_note_shapes(cases):
    for what, change in {
        "is empty": lambda note: "",
        "has no signature": lambda note: note[: note.index(DASH)],
        "has no blank line": lambda note: note.replace("\n\n", "\n"),
        "has no newline at its end": lambda note: note[:-1],
        "has a blank line at its end": lambda note: note + "\n",
        "has a blank line among its signatures": lambda note: note[:-1].replace("\n" + DASH, "\n\n" + DASH) + "\n",
        "has carriage returns": lambda note: note.replace("\n", "\r\n"),
        "has a tab": lambda note: note.replace(DASH + " ", DASH + "\t", 1),
        "has a NUL": lambda note: note.replace(DASH, "\0" + DASH, 1),
        "begins with a byte-order mark": lambda note: "\ufeff" + note,
        "has an escape character": lambda note: note.replace(DASH, "\x1b" + DASH, 1),
        "has a hyphen for its dash": lambda note: note.replace(DASH, "-", 1),
        "has an en dash for its dash": lambda note: note.replace(DASH, "\u2013", 1),
        "has no space after its dash": lambda note: note.replace(DASH + " ", DASH, 1),
        "has two spaces after its dash": lambda note: note.replace(DASH + " ", DASH + "  ", 1),
        "has two spaces before a signature": lambda note: (
            note.replace("record A", "record  A", 1) if "record A" in note else note.replace(OFFICE.name + " ", OFFICE.name + "  ", 1)
        ),
        "has a space at the end of a line": lambda note: note[:-1] + " \n",
        "has a line without a signature": lambda note: note + f"{DASH} nobody.example\n",
        "has a line without a name": lambda note: note + f"{DASH} AAAAAAAA\n",
        "has a line with an empty name": lambda note: note + f"{DASH}  AAAAAAAA\n",
        "has a line of text among its signatures": lambda note: note + "text\n",
        "has a third word in a line": lambda note: note + f"{DASH} nobody.example AAAAAAAA more\n",
        "has a name with a plus": lambda note: note + f"{DASH} nobody+example AAAAAAAA\n",
        "has a name with a no-break space": lambda note: note + f"{DASH} nobody\u00a0example AAAAAAAA\n",
        "has a name with an ideographic space": lambda note: note + f"{DASH} nobody\u3000 AAAAAAAA\n",
        "has a name with a line separator": lambda note: note + f"{DASH} nobody\u2028x AAAAAAAA\n",
        "has a name with the control U+0085": lambda note: note + f"{DASH} nobody\u0085x AAAAAAAA\n",
        "has a name with an ogham space": lambda note: note + f"{DASH} \u1680 AAAAAAAA\n",
        "has a signature of 4 bytes": lambda note: note + f"{DASH} nobody.example {b64(bytes(4))}\n",
        "has an empty signature": lambda note: note + f"{DASH} nobody.example \n",
        "has a signature without padding": lambda note: note + f"{DASH} nobody.example AAAAAAA\n",
        "has a signature with trailing bits": lambda note: note + f"{DASH} nobody.example AAAAAAB=\n",
        "has a signature of the URL alphabet": lambda note: note + f"{DASH} nobody.example AAAA_-AA\n",
        "has 65 signatures": lambda note: note + f"{DASH} nobody.example AAAAAAA=\n" * 62,
        "is a byte over 64 KiB": lambda note: note + f"{DASH} {'n' * (65536 + 1 - len(note.encode()) - 14)} AAAAAAA=\n",
        "has U+FFFD for its dash": lambda note: note.replace(DASH, "\ufffd", 1),
    }.items():
        cases.bundle(f"checkpoint: the note {what}", "checkpoint", note=changed(change))


def add_text_shapes(cases):
    root = b64(bytes(32))
    for what, text in {
        "is empty": "",
        "has two lines": f"{OFFICE.name}\n43\n",
        "has an extension line": f"{OFFICE.name}\n43\n{root}\nextension\n",
        "has an empty first line": f"\n43\n{root}\n",
        "has an empty line": f"{OFFICE.name}\n\n43\n{root}\n",
        "has an empty line at its end": f"{OFFICE.name}\n43\n{root}\n\n",
        "is a DSSE encoding": "DSSEv1 1 a 1 a\n",
    }.items():
        cases.bundle(f"checkpoint: the text {what}", "checkpoint", text=lambda old, made, t=text: t)
    for what, size in {
        "has a leading zero": "043",
        "has a sign": "+43",
        "is negative": "-43",
        "is empty": "",
        "is hexadecimal": "0x2b",
        "has a fraction": "43.0",
        "has a space": " 43",
        "ends with a space": "43 ",
        "has commas": "4,300",
        "is 2^53": str(2**53),
        "is 2^64": str(2**64),
        "has 100 digits": "9" * 100,
        "has Persian digits": "\u06f4\u06f3",
        "is 00": "00",
    }.items():
        cases.bundle(f"checkpoint: the size {what}", "checkpoint", text=lambda old, made, s=size: f"{OFFICE.name}\n{s}\n{root}\n")
    for what, value in {
        "is empty": "",
        "has 31 bytes": b64(bytes(31)),
        "has 33 bytes": b64(bytes(33)),
        "has no padding": root[:-1],
        "has trailing bits": root[:-2] + "B=",
        "is of the URL alphabet": "-" + root[1:],
        "is hexadecimal": "00" * 32,
        "ends with a space": root + " ",
    }.items():
        cases.bundle(f"checkpoint: the root {what}", "checkpoint", text=lambda old, made, v=value: f"{OFFICE.name}\n43\n{v}\n")
    for what, origin in {
        "has a space": "office example",
        "has a plus": "office+example",
        "is not ASCII": "دفتر",
        "has DEL": "office\x7f",
        "has 256 bytes": "o" * 256,
    }.items():
        cases.bundle(f"checkpoint: the origin {what}", "checkpoint", text=lambda old, made, o=origin: f"{o}\n43\n{root}\n")


def lines(change):
    """A hook on the signature lines: change(lines, the signed text)."""
    return lambda old, made: change(list(old), made.text.encode())


def flipped(line, bit):
    """The line with one bit of its signature (after the key id) flipped."""
    head, signature = line.rsplit(" ", 1)
    return head + " " + b64(with_flipped_bit(base64.b64decode(signature), 32 + bit))


def add_log_signatures(cases):
    def case(what, change, reason="log_signature", **others):
        cases.bundle(f"checkpoint: {what}", reason, lines=lines(change), **others)

    impostor = Signer("impostor", OFFICE.name)
    for bit in 0, 255, 256, 511:
        case(f"bit {bit} of the log's signature is flipped", lambda old, text, b=bit: [flipped(old[0], b)] + old[1:])
    case("the log has not signed", lambda old, text: old[1:])
    case("another key of the log's name has signed", lambda old, text: [log_line(impostor, text)] + old[1:])
    case(
        "another key has signed under the log's key id",
        lambda old, text: [note_line(OFFICE.name, OFFICE.key_id, impostor.sign(text))] + old[1:],
    )
    case("another office has signed", lambda old, text: [log_line(OTHER_OFFICE, text)] + old[1:])
    case(
        "the log has signed under another name",
        lambda old, text: [note_line("office.example/Record", OFFICE.key_id, OFFICE.sign(text))] + old[1:],
    )
    case("the log has signed under another key id", lambda old, text: [note_line(OFFICE.name, b"\0\0\0\0", OFFICE.sign(text))] + old[1:])
    case(
        "the log has signed the text without its newline",
        lambda old, text: [note_line(OFFICE.name, OFFICE.key_id, OFFICE.sign(text[:-1]))] + old[1:],
    )
    case(
        "the log has signed the text and the blank line",
        lambda old, text: [note_line(OFFICE.name, OFFICE.key_id, OFFICE.sign(text + b"\n"))] + old[1:],
    )
    case(
        "the log has signed an older text",
        lambda old, text: [note_line(OFFICE.name, OFFICE.key_id, OFFICE.sign(text.replace(b"43", b"42")))] + old[1:],
    )
    case(
        "the log has signed as a witness",
        lambda old, text: (
            [note_line(OFFICE.name, OFFICE.key_id, NOW.to_bytes(8, "big") + OFFICE.sign(cosigned_message(text, NOW)))] + old[1:]
        ),
    )
    case("the log's signature has 63 bytes", lambda old, text: [note_line(OFFICE.name, OFFICE.key_id, OFFICE.sign(text)[:63])] + old[1:])
    case("the log's signature has 65 bytes", lambda old, text: [note_line(OFFICE.name, OFFICE.key_id, OFFICE.sign(text) + b"\0")] + old[1:])
    case("the log's signature has 1 byte", lambda old, text: [note_line(OFFICE.name, OFFICE.key_id, b"\0")] + old[1:])
    case("the log's signature is zeros", lambda old, text: [note_line(OFFICE.name, OFFICE.key_id, bytes(64))] + old[1:])
    case("the log has signed twice, the second time falsely", lambda old, text: old + [flipped(old[0], 3)])
    case("the log has signed twice, the first time falsely", lambda old, text: [flipped(old[0], 3)] + old)
    cases.bundle(
        "checkpoint: the size is altered after signing", "log_signature", note=changed(lambda note: note.replace("\n43\n", "\n44\n"))
    )
    cases.bundle(
        "checkpoint: the root is altered after signing",
        "log_signature",
        note=changed(lambda note: note.replace(note.split("\n")[2], b64(number("another root").to_bytes(64, "little")[:32]))),
    )
    cases.bundle(
        "checkpoint: it is another office's",
        "checkpoint_office",
        policy=POLICY + f"log {OTHER_OFFICE.vkey}\n",
        text=replacing(OFFICE.name, OTHER_OFFICE.name),
        lines=lines(lambda old, text: [log_line(OTHER_OFFICE, text)] + old[1:]),
    )
    cases.bundle(
        "checkpoint: the origin is altered after signing",
        "checkpoint_office",
        note=changed(lambda note: note.replace(OFFICE.name, "office.example/recorb", 1)),
    )
    cases.bundle("checkpoint: the origin differs by a capital", "checkpoint_office", text=replacing("office.example", "Office.example"))


def add_witness_signatures(cases):
    first, second, third = WITNESSES

    def case(what, reason, change, policy=None):
        cases.bundle(f"checkpoint: {what}", reason, policy=policy, lines=lines(change))

    for bit in 0, 63, 64, 319, 320, 575:
        case(
            f"bit {bit} of a witness's time and signature is flipped",
            "cosignature",
            lambda old, text, b=bit: [old[0], flipped(old[1], b), old[2]],
        )
    case(
        "a witness's signature is false, and the quorum is met without it",
        "cosignature",
        lambda old, text: old + [flipped(witness_line(third, text), 100)],
    )
    case(
        "a witness's signature is false, and no quorum is asked for",
        "cosignature",
        lambda old, text: [old[0], flipped(old[1], 9)],
        QUORUM_NONE,
    )
    case(
        "a witness has signed another time",
        "cosignature",
        lambda old, text: [old[0], witness_line(first, text, NOW + 9, first.sign(cosigned_message(text, NOW))), old[2]],
    )
    case(
        "a witness has signed without a time",
        "cosignature",
        lambda old, text: [old[0], witness_line(first, text, NOW, first.sign(text)), old[2]],
    )
    case(
        "a witness has signed as a log",
        "cosignature",
        lambda old, text: [old[0], note_line(first.name, first.key_id, first.sign(text)), old[2]],
    )
    case(
        "a witness has signed with the time in hexadecimal",
        "cosignature",
        lambda old, text: [old[0], witness_line(first, text, NOW, first.sign(b"cosignature/v1\ntime %x\n" % NOW + text)), old[2]],
    )
    case(
        "a witness has signed with a zero before the time",
        "cosignature",
        lambda old, text: [old[0], witness_line(first, text, NOW, first.sign(b"cosignature/v1\ntime 0%d\n" % NOW + text)), old[2]],
    )
    case(
        "a witness has signed an older text",
        "cosignature",
        lambda old, text: [old[0], witness_line(first, text.replace(b"43", b"42")), old[2]],
    )
    case(
        "a witness has signed another office's text",
        "cosignature",
        lambda old, text: [old[0], witness_line(first, text.replace(b"office", b"other")), old[2]],
    )
    case("a witness has signed at 2^63", "cosignature", lambda old, text: [old[0], witness_line(first, text, 2**63), old[2]])
    case("a witness has signed at 2^64 - 1", "cosignature", lambda old, text: [old[0], witness_line(first, text, 2**64 - 1), old[2]])
    case(
        "a witness's signature has 71 bytes",
        "cosignature",
        lambda old, text: [old[0], note_line(first.name, first.key_id, bytes(71)), old[2]],
    )
    case(
        "a witness's signature has 73 bytes",
        "cosignature",
        lambda old, text: [
            old[0],
            note_line(first.name, first.key_id, NOW.to_bytes(8, "big") + first.sign(cosigned_message(text, NOW)) + b"\0"),
            old[2],
        ],
    )
    case("a witness's signature has 1 byte", "cosignature", lambda old, text: [old[0], note_line(first.name, first.key_id, b"\1"), old[2]])
    case(
        "a witness's signature is another witness's",
        "cosignature",
        lambda old, text: [old[0], witness_line(first, text, NOW, second.sign(cosigned_message(text, NOW))), old[2]],
    )
    case("a witness has signed twice, the second time falsely", "cosignature", lambda old, text: old + [flipped(old[1], 200)])
    case(
        "a witness's S is not reduced",
        "cosignature",
        lambda old, text: [old[0], witness_line(first, text, NOW, with_large_s(first.sign(cosigned_message(text, NOW)))), old[2]],
    )
    case("one witness of two has signed", "quorum", lambda old, text: old[:2])
    case("no witness has signed", "quorum", lambda old, text: old[:1])
    case("one witness has signed twice", "quorum", lambda old, text: old[:2] + [witness_line(first, text, NOW + 5)])
    case("one witness and a stranger have signed", "quorum", lambda old, text: old[:2] + [witness_line(STRANGER, text)])
    case(
        "a witness has signed under another name",
        "quorum",
        lambda old, text: (
            old[:2] + [note_line("second.example", second.key_id, NOW.to_bytes(8, "big") + second.sign(cosigned_message(text, NOW)))]
        ),
    )
    case(
        "a witness has signed under another key id",
        "quorum",
        lambda old, text: (
            old[:2] + [note_line(second.name, b"\0\0\0\0", NOW.to_bytes(8, "big") + second.sign(cosigned_message(text, NOW)))]
        ),
    )
    case(
        "a witness has signed with the log's kind of key",
        "quorum",
        lambda old, text: old[:2] + [log_line(Signer(second.label, second.name), text)],
    )
    case("two of three have signed where all are asked for", "quorum", lambda old, text: old, QUORUM_OF_ALL)
    case("none of three has signed where any is asked for", "quorum", lambda old, text: old[:1], QUORUM_OF_ONE)
    case(
        "the other two have signed where the third is asked for",
        "quorum",
        lambda old, text: old,
        POLICY.replace("quorum outside", "quorum third"),
    )


def add_good_notes(cases):
    first, second, third = WITNESSES

    def good(what, change, policy=None):
        cases.bundle(f"good: {what}", None, policy=policy, lines=lines(change))

    good("three witnesses", lambda old, text: old + [witness_line(third, text)], QUORUM_OF_ALL)
    good("one of any", lambda old, text: old[:2], QUORUM_OF_ONE)
    good("no witness where none is asked for", lambda old, text: old[:1], QUORUM_NONE)
    good("the witnesses' lines before the log's", lambda old, text: old[::-1])
    good("the log has signed twice", lambda old, text: old + old[:1])
    good("a witness has signed twice, at two times", lambda old, text: old + [witness_line(first, text, NOW - 100)])
    good(
        "lines of unknown keys",
        lambda old, text: [
            note_line("nobody.example", b"abcd", b"x"),
            *old,
            note_line("شاهد.example", b"abcd", bytes(2428)),
            witness_line(STRANGER, text),
        ],
    )
    good("a line with the log's name and another key id", lambda old, text: old + [note_line(OFFICE.name, b"abcd", bytes(64))])
    good("a line with a witness's key id and another name", lambda old, text: old + [note_line("nobody.example", first.key_id, bytes(72))])
    good("64 signature lines", lambda old, text: old + [note_line("nobody.example", b"abcd", bytes([n])) for n in range(61)])
    good("a witness's time is 0", lambda old, text: [old[0], witness_line(first, text, 0), old[2]])
    good("a witness's time is 2^63 - 1", lambda old, text: [old[0], witness_line(first, text, 2**63 - 1), old[2]])
    good(
        "a signature of another log of the policy, false",
        lambda old, text: old + [note_line(OTHER_OFFICE.name, OTHER_OFFICE.key_id, bytes(64))],
        POLICY + f"log {OTHER_OFFICE.vkey}\n",
    )
    cases.bundle(
        "good: a note of exactly 64 KiB",
        None,
        note=changed(lambda note: note + f"{DASH} {'n' * (65536 - len(note.encode()) - 14)} AAAAAAA=\n"),
    )
    for size in 42 + 1, 44, 47, 48, 63, 64, 65:
        cases.bundle(f"good: a record of {size} entries", None, tree_size=lambda old, made, s=size: s)
    cases.bundle(
        "good: the entries are the first and the last of the record",
        None,
        entry_indexes=lambda old, made: (0, 43),
        tree_size=lambda old, made: 44,
    )


def add(cases):
    add_note_shapes(cases)
    add_text_shapes(cases)
    add_log_signatures(cases)
    add_witness_signatures(cases)
    add_good_notes(cases)
