//! The tables of a view, and what each is for.

/// Raised whenever the tables or the meaning of a column change. A view of another number is deleted and rebuilt: it is a
/// cache, so there are no migrations.
pub(super) const SCHEMA_NUMBER: i64 = 1;

/// Makes the tables of an empty view.
pub(super) const CREATE_TABLES: &str = "
-- what this view holds: entries 0 to applied_seq of one circle; no circle before the first entry that could be read
CREATE TABLE position (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    circle BLOB CHECK (circle IS NULL OR length(circle) = 16),
    applied_seq INTEGER NOT NULL CHECK (applied_seq >= -1)
) STRICT;
INSERT INTO position (one, circle, applied_seq) VALUES (1, NULL, -1);

-- the material that the circle holds now; seq is that of its item.received
CREATE TABLE items (
    seq INTEGER PRIMARY KEY CHECK (seq >= 0),
    item BLOB NOT NULL UNIQUE CHECK (length(item) = 16),
    object BLOB NOT NULL CHECK (length(object) = 16),
    folder TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sort_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    tool TEXT NOT NULL,
    at TEXT NOT NULL,
    by BLOB NOT NULL CHECK (length(by) = 16),
    commitment BLOB NOT NULL CHECK (length(commitment) = 32)
) STRICT;
CREATE INDEX items_by_name ON items (sort_name, seq);
CREATE INDEX items_by_size ON items (size_bytes, seq);
CREATE INDEX items_by_digest ON items (sha256);

-- the folded words of each item, by items.seq; forgotten words are really overwritten
CREATE VIRTUAL TABLE item_words USING fts5 (folded, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
INSERT INTO item_words (item_words, rank) VALUES ('secure-delete', 1);

-- items whose content was destroyed; nothing is kept here that the remaining entries do not say
CREATE TABLE erasures (
    item BLOB PRIMARY KEY CHECK (length(item) = 16),
    seq INTEGER NOT NULL UNIQUE,
    at TEXT NOT NULL,
    by BLOB NOT NULL CHECK (length(by) = 16),
    reason TEXT NOT NULL,
    commitment BLOB NOT NULL CHECK (length(commitment) = 32)
) STRICT;

-- PREMIS events in the life of an original; one entry can stand for several, in steps
CREATE TABLE custody (
    seq INTEGER NOT NULL,
    step INTEGER NOT NULL,
    item BLOB NOT NULL CHECK (length(item) = 16),
    event TEXT NOT NULL,
    detail TEXT NOT NULL,
    at TEXT NOT NULL,
    by BLOB NOT NULL CHECK (length(by) = 16),
    commitment BLOB NOT NULL CHECK (length(commitment) = 32),
    PRIMARY KEY (seq, step)
) STRICT, WITHOUT ROWID;
CREATE INDEX custody_by_item ON custody (item, seq, step);

-- who saw a copy, when, and why they said they needed it
CREATE TABLE accesses (
    seq INTEGER PRIMARY KEY,
    item BLOB NOT NULL CHECK (length(item) = 16),
    purpose TEXT NOT NULL,
    mode TEXT NOT NULL,
    at TEXT NOT NULL,
    by BLOB NOT NULL CHECK (length(by) = 16),
    commitment BLOB NOT NULL CHECK (length(commitment) = 32)
) STRICT;
CREATE INDEX accesses_by_item ON accesses (item, seq);

-- kinds that are not the desk's, counted so that nothing is passed over in silence
CREATE TABLE skipped (kind TEXT PRIMARY KEY, entries INTEGER NOT NULL CHECK (entries > 0)) STRICT;

-- entries of the desk's kinds that could not be applied, with the reason
CREATE TABLE refused (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, reason TEXT NOT NULL) STRICT;
";

/// What a dump prints: each table in a fixed order, every column as text.
pub(super) const DUMPS: &[(&str, &str)] = &[
    ("position", "SELECT hex(circle), applied_seq FROM position"),
    (
        "items",
        "SELECT seq, hex(item), hex(object), folder, file_name, sort_name, media_type, size_bytes, hex(sha256), tool, at, hex(by), \
         hex(commitment) FROM items ORDER BY seq",
    ),
    (
        "item_words",
        "SELECT rowid, folded FROM item_words ORDER BY rowid",
    ),
    (
        "erasures",
        "SELECT seq, hex(item), at, hex(by), reason, hex(commitment) FROM erasures ORDER BY seq",
    ),
    (
        "custody",
        "SELECT seq, step, hex(item), event, detail, at, hex(by), hex(commitment) FROM custody ORDER BY seq, step",
    ),
    (
        "accesses",
        "SELECT seq, hex(item), purpose, mode, at, hex(by), hex(commitment) FROM accesses ORDER BY seq",
    ),
    ("skipped", "SELECT kind, entries FROM skipped ORDER BY kind"),
    (
        "refused",
        "SELECT seq, kind, reason FROM refused ORDER BY seq",
    ),
];
