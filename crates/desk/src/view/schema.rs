//! The tables of a view, and what each is for.

/// Raised whenever the tables or the meaning of a column change. A view of another number is deleted and rebuilt: it is a
/// cache, so there are no migrations.
pub(super) const SCHEMA_NUMBER: i64 = 3;

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

-- what the circle knows; seq is that of the first statement about it, changed that of the last
CREATE TABLE entities (
    seq INTEGER PRIMARY KEY CHECK (seq >= 0),
    entity BLOB NOT NULL UNIQUE CHECK (length(entity) = 16),
    type TEXT NOT NULL,
    title TEXT NOT NULL,
    sort_title TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'reviewed', 'returned')),
    changed INTEGER NOT NULL,
    at TEXT NOT NULL,
    by BLOB NOT NULL CHECK (length(by) = 16)
) STRICT;
CREATE INDEX entities_by_type ON entities (type, seq);
CREATE INDEX entities_by_title ON entities (type, sort_title, seq);
CREATE INDEX entities_by_state ON entities (state, type, seq);

-- each statement, as it was made
CREATE TABLE statements (
    seq INTEGER PRIMARY KEY CHECK (seq >= 0),
    of INTEGER NOT NULL REFERENCES entities (seq),
    seen INTEGER,
    version INTEGER NOT NULL,
    reason TEXT NOT NULL,
    origin TEXT NOT NULL,
    at TEXT NOT NULL,
    by BLOB NOT NULL CHECK (length(by) = 16),
    commitment BLOB NOT NULL CHECK (length(commitment) = 32)
) STRICT;
CREATE INDEX statements_by_entity ON statements (of, seq);
CREATE INDEX statements_by_origin ON statements (origin) WHERE origin <> '';

-- which fields a statement set, and to what; a field that it emptied has one row at place -1
CREATE TABLE stated (
    seq INTEGER NOT NULL REFERENCES statements (seq),
    field TEXT NOT NULL,
    place INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (seq, field, place)
) STRICT, WITHOUT ROWID;

-- what stands now: of field by the statement seq; several statements on one field contradict each other
CREATE TABLE facts (
    of INTEGER NOT NULL REFERENCES entities (seq),
    field TEXT NOT NULL,
    seq INTEGER NOT NULL REFERENCES statements (seq),
    place INTEGER NOT NULL,
    value TEXT NOT NULL,
    target BLOB CHECK (target IS NULL OR length(target) = 16),
    first_day INTEGER,
    last_day INTEGER,
    PRIMARY KEY (of, field, seq, place)
) STRICT, WITHOUT ROWID;
-- a query names the same condition, or it does not use this
CREATE INDEX facts_by_value ON facts (field, value, of) WHERE length(value) <= 60;
CREATE INDEX facts_by_target ON facts (target, field, of) WHERE target IS NOT NULL;
CREATE INDEX facts_by_day ON facts (field, first_day, last_day, of) WHERE first_day IS NOT NULL;

-- the folded words of each entity and how its names sound, by entities.seq
CREATE VIRTUAL TABLE entity_words USING fts5 (folded, sounds, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
INSERT INTO entity_words (entity_words, rank) VALUES ('secure-delete', 1);

-- steps of review
CREATE TABLE reviews (
    seq INTEGER PRIMARY KEY,
    of INTEGER NOT NULL REFERENCES entities (seq),
    seen INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    comment TEXT NOT NULL,
    at TEXT NOT NULL,
    by BLOB NOT NULL CHECK (length(by) = 16)
) STRICT;
CREATE INDEX reviews_by_entity ON reviews (of, seq);

-- what left the circle; it stays when the entity is erased, for somebody has it
CREATE TABLE disclosures (
    seq INTEGER PRIMARY KEY,
    entity BLOB NOT NULL CHECK (length(entity) = 16),
    seen INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    recipient TEXT NOT NULL,
    named TEXT NOT NULL,
    level TEXT NOT NULL,
    grounds TEXT NOT NULL,
    fields TEXT NOT NULL,
    at TEXT NOT NULL,
    by BLOB NOT NULL CHECK (length(by) = 16)
) STRICT;
CREATE INDEX disclosures_by_entity ON disclosures (entity, seq);

-- entities of which everything was destroyed
CREATE TABLE entity_erasures (
    entity BLOB PRIMARY KEY CHECK (length(entity) = 16),
    seq INTEGER NOT NULL UNIQUE,
    at TEXT NOT NULL,
    by BLOB NOT NULL CHECK (length(by) = 16),
    reason TEXT NOT NULL
) STRICT;

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
    (
        "entities",
        "SELECT seq, hex(entity), type, title, sort_title, state, changed, at, hex(by) FROM entities ORDER BY seq",
    ),
    (
        "statements",
        "SELECT seq, of, seen, version, reason, origin, at, hex(by), hex(commitment) FROM statements ORDER BY seq",
    ),
    (
        "stated",
        "SELECT seq, field, place, value FROM stated ORDER BY seq, field, place",
    ),
    (
        "facts",
        "SELECT of, field, seq, place, value, hex(target), first_day, last_day FROM facts ORDER BY of, field, seq, place",
    ),
    (
        "entity_words",
        "SELECT rowid, folded, sounds FROM entity_words ORDER BY rowid",
    ),
    (
        "reviews",
        "SELECT seq, of, seen, outcome, comment, at, hex(by) FROM reviews ORDER BY seq",
    ),
    (
        "disclosures",
        "SELECT seq, hex(entity), seen, purpose, recipient, named, level, grounds, fields, at, hex(by) FROM disclosures ORDER BY seq",
    ),
    (
        "entity_erasures",
        "SELECT hex(entity), seq, at, hex(by), reason FROM entity_erasures ORDER BY seq",
    ),
    ("skipped", "SELECT kind, entries FROM skipped ORDER BY kind"),
    (
        "refused",
        "SELECT seq, kind, reason FROM refused ORDER BY seq",
    ),
];
