"""Faults of the archive: headers, names, padding, order, end (bundle.md, section 1)."""

from vectormaker.cases import changed
from verify import header_bytes

HOSTILE_NAMES = {
    "steps out of the folder": b"../escape",
    "steps out in the middle": b"exhibits/../../escape",
    "is absolute": b"/etc/passwd",
    "has a dot segment": b"exhibits/./1",
    "has an empty segment": b"exhibits//1",
    "ends with a slash": b"exhibits/",
    "is hidden": b".hidden",
    "has a hidden segment": b"exhibits/.ssh",
    "begins with a hyphen": b"-rf",
    "has a capital": b"Exhibit",
    "has a space": b"exhibit 1",
    "has a backslash": b"exhibits\\1",
    "has a colon": b"c:exhibit",
    "has a newline": b"exhibit\n1",
    "has a bidi control": "exhibit\u202etxt.exe".encode(),
    "is not ASCII": "سند".encode(),
    "is not UTF-8": b"exhibit\xff",
    "has bytes after its NUL": b"exhibit\0hidden",
    "begins with an underscore": b"_exhibit",
    "is empty": b"",
}

# (what, offset in the header, bytes)
FIELDS = [
    ("the mode is 0755", 100, b"0000755\0"),
    ("the mode is written with a space", 100, b"000644 \0"),
    ("the uid is 1000", 108, b"0001750\0"),
    ("the gid is 1000", 116, b"0001750\0"),
    ("the uid is empty", 108, bytes(8)),
    ("there is a modification time", 136, b"14700000000\0"),
    ("the modification time ends with a space", 136, b"00000000000 "),
    ("it is a hard link", 156, b"1"),
    ("it is a symbolic link", 156, b"2"),
    ("it is a device", 156, b"3"),
    ("it is a folder", 156, b"5"),
    ("it is a fifo", 156, b"6"),
    ("it is a contiguous file", 156, b"7"),
    ("its type is the old NUL", 156, b"\0"),
    ("it is a pax header", 156, b"x"),
    ("it is a global pax header", 156, b"g"),
    ("it is a GNU long name", 156, b"L"),
    ("it is a GNU sparse file", 156, b"S"),
    ("it names a link", 157, b"/etc/passwd"),
    ("the magic is GNU's", 257, b"ustar  \0"),
    ("there is no magic", 257, bytes(8)),
    ("the version is 01", 263, b"01"),
    ("there is a user name", 265, b"root"),
    ("there is a group name", 297, b"root"),
    ("there is a device number", 329, b"0000001\0"),
    ("there is a minor device number", 337, b"0000001\0"),
    ("the device number is empty", 329, bytes(8)),
    ("there is a prefix", 345, b"folder"),
    ("the last bytes are not zero", 500, b"\1"),
    ("the very last byte is not zero", 511, b"\1"),
]


def with_checksum(header):
    blank = header[:148] + b" " * 8 + header[156:]
    return blank[:148] + b"%06o\0 " % sum(blank) + blank[156:]


def patched(header, offset, raw, checksum=with_checksum):
    return checksum(header[:offset] + raw + header[offset + len(raw) :])


def on_member(position, change):
    """A hook on `members`: change(name, data, header) gives the three again."""

    def hook(members, made):
        members[position] = change(*members[position])

    return hook


def on_header(position, change):
    return on_member(position, lambda name, data, header: (name, data, change(header)))


def sized(position, digits):
    return on_header(position, lambda header: patched(header, 124, digits))


def add_header_cases(cases):
    for what, offset, raw in FIELDS:
        cases.bundle(f"archive: a header: {what}", "archive", members=on_header(2, lambda header, o=offset, r=raw: patched(header, o, r)))
    for what, offset, raw in FIELDS[0], FIELDS[8], FIELDS[19]:
        cases.bundle(
            f"archive: the manifest's header: {what}",
            "archive",
            members=on_header(0, lambda header, o=offset, r=raw: patched(header, o, r)),
        )
    for what, name in HOSTILE_NAMES.items():
        cases.bundle(
            f"archive: a name: {what}", "archive", members=on_header(1, lambda header, n=name: patched(header, 0, n.ljust(100, b"\0")))
        )
    for what, digits in {
        "with a space": b"0000000507 ",
        "with leading spaces": b"        507\0",
        "without leading zeros": b"507\0" + bytes(8),
        "in base 256": b"\x80" + bytes(9) + b"\x01\x47",
        "with the digit 8": b"00000000508\0",
        "in twelve digits": b"000000000507",
        "negative": b"-0000000507\0",
    }.items():
        cases.bundle(f"archive: the size is written {what}", "archive", members=sized(1, digits))
    cases.bundle("archive: the size claims 8 GiB", "archive", members=sized(1, b"77777777777\0"))
    cases.bundle("archive: the size of the manifest claims 4 GiB", "limit", members=sized(0, b"40000000000\0"))
    cases.bundle("archive: the manifest is one byte over its limit", "limit", members=sized(0, b"%011o\0" % ((32 << 20) + 1)))
    cases.bundle("archive: a proof is one byte over its limit", "limit", members=sized(4, b"%011o\0" % ((256 << 10) + 1)))
    cases.bundle("archive: the size is one less", "archive", members=on_header(1, lambda header: patched(header, 124, b"00000000506\0")))
    cases.bundle("archive: the size takes in the next header", "archive", members=sized(1, b"00000001507\0"))
    for what, change in {
        "is one more": lambda header: b"%06o\0 " % (int(header[148:154], 8) + 1),
        "is zero": lambda header: b"000000\0 ",
        "ends with a space first": lambda header: header[148:154] + b" \0",
        "has seven digits": lambda header: b"0" + header[148:154] + b"\0",
        "has leading spaces": lambda header: header[148:154].replace(b"0", b" ", 1) + b"\0 ",
    }.items():
        cases.bundle(
            f"archive: the checksum {what}",
            "archive",
            members=on_header(2, lambda header, c=change: patched(header, 148, c(header), checksum=lambda raw: raw)),
        )


def padded(position, bit):
    """A hook on the archive: one bit of a member's padding."""

    def hook(raw, made):
        names = ["manifest.json", *made.data]
        offset = 0
        for name in names[: position + 1]:
            size = len(made.manifest if name == "manifest.json" else made.data[name])
            start = offset + 512 + size
            offset = start + -size % 512
        place = start if bit == "first" else offset - 1
        if start == offset:
            raise ValueError("this member has no padding")
        return raw[:place] + b"\1" + raw[place + 1 :]

    return hook


def add_shape_cases(cases):
    for position, what in (0, "the manifest"), (1, "an exhibit"), (5, "the last file"):
        for bit in "first", "last":
            cases.bundle(f"archive: the {bit} byte of padding after {what} is not zero", "archive", archive=padded(position, bit))
    for what, length in {
        "is empty": 0,
        "is one byte": 1,
        "is half a header": 256,
        "is a header only": 512,
        "ends in the manifest": 1024,
        "ends in the manifest, not at a block": 1000,
    }.items():
        cases.bundle(f"archive: it {what}", "archive", archive=changed(lambda raw, n=length: raw[:n]))

    def end_of_members(raw):
        return len(raw.rstrip(b"\0")) + -len(raw.rstrip(b"\0")) % 512

    for what, change in {
        "there is no end": lambda raw, end: raw[:end],
        "there is one zero block": lambda raw, end: raw[: end + 512],
        "the fill is missing": lambda raw, end: raw[: end + 1024],
        "the fill is a block short": lambda raw, end: raw[:-512],
        "the fill is a byte short": lambda raw, end: raw[:-1],
        "the fill is a byte long": lambda raw, end: raw + b"\0",
        "the fill is a block long": lambda raw, end: raw + bytes(512),
        "the fill is a unit long": lambda raw, end: raw + bytes(10240),
        "something follows": lambda raw, end: raw + b"hidden".ljust(10240, b"\0"),
        "the second zero block is not zero": lambda raw, end: raw[: end + 512] + b"\1" + raw[end + 513 :],
        "the fill is not zero": lambda raw, end: raw[:-1] + b"\1",
        "a second archive follows": lambda raw, end: raw + raw,
        "a member follows the end": lambda raw, end: raw[: end + 1024] + header_bytes(b"extra", 0) + raw[end + 1536 :],
    }.items():
        cases.bundle(f"archive: {what}", "archive", archive=changed(lambda raw, c=change: c(raw, end_of_members(raw))))
    cases.bundle("archive: a block of zeros comes first", "files", archive=changed(lambda raw: bytes(512) + raw[:-512]))
    cases.bundle("archive: the last file is cut short", "archive", archive=changed(lambda raw: raw[: end_of_members(raw) - 700]))
    cases.bundle("archive: it is compressed", "archive", archive=changed(lambda raw: b"\x1f\x8b\x08" + raw[3:]))
    cases.bundle("archive: it is a zip", "archive", archive=changed(lambda raw: b"PK\3\4".ljust(len(raw), b"\0")))


def add_order_cases(cases):
    extra = ("extra", b"not named", header_bytes(b"extra", 9))
    folder = ("exhibits/", b"", with_checksum(header_bytes(b"exhibits", 0)[:156] + b"5" + header_bytes(b"exhibits", 0)[157:]))
    for what, change in {
        "a file is missing": lambda members: members.pop(2),
        "the last file is missing": lambda members: members.pop(),
        "the manifest is missing": lambda members: members.pop(0),
        "a file at the end is not named": lambda members: members.append(extra),
        "a file at the start is not named": lambda members: members.insert(0, extra),
        "a file in the middle is not named": lambda members: members.insert(3, extra),
        "two files are exchanged": lambda members: members.insert(1, members.pop(2)),
        "the manifest is last": lambda members: members.append(members.pop(0)),
        "the manifest is second": lambda members: members.insert(1, members.pop(0)),
        "the manifest is there twice": lambda members: members.insert(1, members[0]),
        "a file is there twice": lambda members: members.insert(2, members[1]),
        "a file is there again at the end": lambda members: members.append(members[1]),
        "there is only the manifest": lambda members: members.__delitem__(slice(1, None)),
        "there is nothing": lambda members: members.clear(),
    }.items():
        cases.bundle(f"files: {what}", "files", members=lambda members, made, c=change: [c(members), None][1])
    cases.bundle("files: a folder has a member of its own", "archive", members=lambda members, made: members.insert(1, folder))
    cases.bundle(
        "files: a file has another name than in the manifest",
        "files",
        members=on_header(1, lambda header: patched(header, 0, b"exhibits/1/shahadas.txt")),
    )
    cases.bundle("files: a name of 100 bytes", None, sources=changed(lambda sources: [("e/" + "n" * 98, *sources[0][1:])] + sources[1:]))


def add(cases):
    add_header_cases(cases)
    add_shape_cases(cases)
    add_order_cases(cases)
