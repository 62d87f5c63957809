//! Every table and every statement of the ledger, whole and by name. No other file of this crate holds SQL, except the backup's.
//!
//! The ledger holds no plaintext and no key. A `sum` is the first 16 bytes of a SHA-256 over the row's other columns: it finds rot,
//! not attackers (those meet the commitments, the record and the witnesses).

/// `PRAGMA application_id`: "MZRL".
pub(crate) const APPLICATION_ID: i32 = 0x4d5a_524c;
/// `PRAGMA user_version`: the version of the tables below. A newer file is refused, since this program would not know its rules.
pub(crate) const SCHEMA_VERSION: i32 = 1;

/// What every connection sets before anything else.
/// `synchronous=FULL`: a COMMIT that returned is on the disk. `secure_delete`: what was erased is overwritten in the file.
/// The cache is 16 MiB, negative as SQLite wants it for KiB. A checkpoint of the WAL is made every 4,000 pages (16 MiB), so that
/// it is rare in a busy second and the WAL stays small.
pub(crate) const SETTINGS: &str = "
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
PRAGMA foreign_keys=ON;
PRAGMA trusted_schema=OFF;
PRAGMA cell_size_check=ON;
PRAGMA secure_delete=ON;
PRAGMA temp_store=MEMORY;
PRAGMA cache_size=-16384;
PRAGMA wal_autocheckpoint=4000;
PRAGMA journal_size_limit=67108864;
";

/// The tables. `entries.number` is the order of acceptance over all circles: what is pending is sequenced in this order.
/// `lock`: -1 the public circle (`sealed` is the envelope itself), 0 the house key, n the epoch n of the circle.
/// `sealed` is NULL once the entry is erased.
pub(crate) const TABLES: &str = "
CREATE TABLE entries (
  number     INTEGER PRIMARY KEY,
  circle     BLOB NOT NULL CHECK (length(circle) = 16),
  seq        INTEGER NOT NULL CHECK (seq >= 0),
  id         BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  prev       BLOB NOT NULL CHECK (length(prev) = 32),
  commitment BLOB NOT NULL CHECK (length(commitment) = 32),
  lock       INTEGER NOT NULL CHECK (lock >= -1),
  object     BLOB CHECK (length(object) = 16),
  sealed     BLOB,
  sum        BLOB NOT NULL CHECK (length(sum) = 16),
  UNIQUE (circle, seq),
  CHECK ((circle = zeroblob(16)) = (lock = -1)),
  CHECK (lock >= 0 OR sealed IS NOT NULL)
) STRICT;
CREATE INDEX entries_of_object ON entries (object) WHERE object IS NOT NULL;
CREATE TABLE wraps (
  number INTEGER PRIMARY KEY REFERENCES entries (number),
  wrap   BLOB NOT NULL,
  sum    BLOB NOT NULL CHECK (length(sum) = 16)
) STRICT;
CREATE TABLE objects (
  object        BLOB PRIMARY KEY CHECK (length(object) = 16),
  pack          INTEGER CHECK (pack >= 0),
  pack_offset   INTEGER CHECK (pack_offset >= 0),
  stored_size   INTEGER NOT NULL CHECK (stored_size >= 0),
  stored_sha256 BLOB NOT NULL CHECK (length(stored_sha256) = 32),
  sum           BLOB NOT NULL CHECK (length(sum) = 16),
  CHECK ((pack IS NULL) = (pack_offset IS NULL))
) STRICT, WITHOUT ROWID;
CREATE TABLE headers (
  object BLOB PRIMARY KEY CHECK (length(object) = 16) REFERENCES objects (object),
  header BLOB NOT NULL,
  sum    BLOB NOT NULL CHECK (length(sum) = 16)
) STRICT, WITHOUT ROWID;
CREATE TABLE discards (
  object      BLOB PRIMARY KEY CHECK (length(object) = 16),
  pack        INTEGER CHECK (pack >= 0),
  pack_offset INTEGER CHECK (pack_offset >= 0),
  stored_size INTEGER NOT NULL CHECK (stored_size >= 0),
  sum         BLOB NOT NULL CHECK (length(sum) = 16),
  CHECK ((pack IS NULL) = (pack_offset IS NULL))
) STRICT, WITHOUT ROWID;
CREATE TABLE pending (
  number INTEGER PRIMARY KEY REFERENCES entries (number)
) STRICT;
CREATE TABLE leaves (
  leaf_index INTEGER PRIMARY KEY CHECK (leaf_index >= 0),
  number     INTEGER NOT NULL UNIQUE REFERENCES entries (number)
) STRICT;
CREATE TABLE batches (
  start  INTEGER PRIMARY KEY CHECK (start >= 0),
  leaves BLOB NOT NULL,
  sum    BLOB NOT NULL CHECK (length(sum) = 16)
) STRICT;
CREATE TABLE head (
  one            INTEGER PRIMARY KEY CHECK (one = 1),
  origin         TEXT NOT NULL,
  log_key        BLOB NOT NULL CHECK (length(log_key) = 32),
  size           INTEGER NOT NULL CHECK (size >= 0),
  edge           BLOB NOT NULL,
  tiled_size     INTEGER NOT NULL CHECK (tiled_size >= 0 AND tiled_size <= size),
  tiled_edge     BLOB NOT NULL,
  signed_size    INTEGER NOT NULL CHECK (signed_size >= 0 AND signed_size <= tiled_size),
  restored       INTEGER NOT NULL CHECK (restored IN (0, 1)),
  sum            BLOB NOT NULL CHECK (length(sum) = 16)
) STRICT;
CREATE TABLE witnesses (
  name TEXT PRIMARY KEY,
  size INTEGER NOT NULL CHECK (size >= 0),
  sum  BLOB NOT NULL CHECK (length(sum) = 16)
) STRICT, WITHOUT ROWID;
CREATE TABLE cabinet (
  name BLOB PRIMARY KEY,
  body BLOB NOT NULL,
  sum  BLOB NOT NULL CHECK (length(sum) = 16)
) STRICT, WITHOUT ROWID;
";

pub(crate) const ENTRY_INSERT: &str =
    "INSERT INTO entries (circle, seq, id, prev, commitment, lock, object, sealed, sum)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
pub(crate) const ENTRY_BY_ID: &str = "SELECT e.number, e.circle, e.seq, e.id, e.prev, e.commitment, e.lock, e.object, e.sealed, e.sum, l.leaf_index
  FROM entries e LEFT JOIN leaves l ON l.number = e.number WHERE e.id = ?1";
pub(crate) const ENTRY_BY_PLACE: &str = "SELECT e.number, e.circle, e.seq, e.id, e.prev, e.commitment, e.lock, e.object, e.sealed, e.sum, l.leaf_index
  FROM entries e LEFT JOIN leaves l ON l.number = e.number WHERE e.circle = ?1 AND e.seq = ?2";
pub(crate) const ENTRY_BY_LEAF: &str = "SELECT e.number, e.circle, e.seq, e.id, e.prev, e.commitment, e.lock, e.object, e.sealed, e.sum, l.leaf_index
  FROM leaves l JOIN entries e ON e.number = l.number WHERE l.leaf_index = ?1";
pub(crate) const ENTRIES_OF_CIRCLE_FROM: &str = "SELECT e.number, e.circle, e.seq, e.id, e.prev, e.commitment, e.lock, e.object, e.sealed, e.sum, l.leaf_index
  FROM entries e LEFT JOIN leaves l ON l.number = e.number WHERE e.circle = ?1 AND e.seq >= ?2 ORDER BY e.seq LIMIT ?3";
pub(crate) const ENTRIES_BY_NUMBER_FROM: &str = "SELECT e.number, e.circle, e.seq, e.id, e.prev, e.commitment, e.lock, e.object, e.sealed, e.sum, l.leaf_index
  FROM entries e LEFT JOIN leaves l ON l.number = e.number WHERE e.number > ?1 ORDER BY e.number LIMIT ?2";
pub(crate) const ENTRY_ERASE: &str =
    "UPDATE entries SET object = NULL, sealed = NULL, sum = ?2 WHERE number = ?1";
pub(crate) const HEAD_OF_CIRCLE: &str =
    "SELECT seq, commitment FROM entries WHERE circle = ?1 ORDER BY seq DESC LIMIT 1";
pub(crate) const CIRCLE_AFTER: &str =
    "SELECT circle FROM entries WHERE circle > ?1 ORDER BY circle LIMIT 1";
pub(crate) const LEAF_INDEX_BY_ID: &str =
    "SELECT l.leaf_index FROM entries e JOIN leaves l ON l.number = e.number WHERE e.id = ?1";

pub(crate) const WRAP_PUT: &str = "INSERT INTO wraps (number, wrap, sum) VALUES (?1, ?2, ?3)
  ON CONFLICT (number) DO UPDATE SET wrap = excluded.wrap, sum = excluded.sum";
pub(crate) const WRAP_BY_PLACE: &str =
    "SELECT w.number, w.wrap, w.sum FROM entries e JOIN wraps w ON w.number = e.number
  WHERE e.circle = ?1 AND e.seq = ?2";
pub(crate) const WRAPS_OF_CIRCLE_FROM: &str =
    "SELECT e.seq, w.number, w.wrap, w.sum FROM entries e JOIN wraps w ON w.number = e.number
  WHERE e.circle = ?1 AND e.seq >= ?2 ORDER BY e.seq LIMIT ?3";
pub(crate) const WRAPS_ALL: &str = "SELECT number, wrap, sum FROM wraps ORDER BY number";
pub(crate) const WRAP_DELETE: &str = "DELETE FROM wraps WHERE number = ?1";

pub(crate) const OBJECT_INSERT: &str =
    "INSERT INTO objects (object, pack, pack_offset, stored_size, stored_sha256, sum)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
pub(crate) const OBJECT_BY_ID: &str = "SELECT object, pack, pack_offset, stored_size, stored_sha256, sum FROM objects WHERE object = ?1";
pub(crate) const OBJECTS_ALL: &str = "SELECT object, pack, pack_offset, stored_size, stored_sha256, sum FROM objects ORDER BY pack, pack_offset, object";
pub(crate) const OBJECT_DELETE: &str = "DELETE FROM objects WHERE object = ?1";
pub(crate) const OBJECT_IS_SHARED: &str =
    "SELECT count(*) FROM entries WHERE object = ?1 AND number <> ?2";

pub(crate) const HEADER_PUT: &str = "INSERT INTO headers (object, header, sum) VALUES (?1, ?2, ?3)
  ON CONFLICT (object) DO UPDATE SET header = excluded.header, sum = excluded.sum";
pub(crate) const HEADER_BY_OBJECT: &str =
    "SELECT object, header, sum FROM headers WHERE object = ?1";
pub(crate) const HEADERS_ALL: &str = "SELECT object, header, sum FROM headers ORDER BY object";
pub(crate) const HEADER_DELETE: &str = "DELETE FROM headers WHERE object = ?1";

pub(crate) const DISCARD_INSERT: &str = "INSERT INTO discards (object, pack, pack_offset, stored_size, sum) VALUES (?1, ?2, ?3, ?4, ?5)";
pub(crate) const DISCARDS_ALL: &str =
    "SELECT object, pack, pack_offset, stored_size, sum FROM discards ORDER BY object";
pub(crate) const DISCARD_DELETE: &str = "DELETE FROM discards WHERE object = ?1";

pub(crate) const PENDING_INSERT: &str = "INSERT INTO pending (number) VALUES (?1)";
pub(crate) const PENDING_COUNT: &str = "SELECT count(*) FROM pending";
pub(crate) const PENDING_FIRST: &str =
    "SELECT e.number, CASE WHEN e.lock = -1 THEN e.sealed ELSE e.commitment END
  FROM pending p JOIN entries e ON e.number = p.number ORDER BY p.number LIMIT ?1";
pub(crate) const PENDING_DELETE: &str = "DELETE FROM pending WHERE number >= ?1 AND number <= ?2";

pub(crate) const LEAF_INSERT: &str = "INSERT INTO leaves (leaf_index, number) VALUES (?1, ?2)";
pub(crate) const LEAVES_FROM: &str = "SELECT l.leaf_index, e.circle, e.seq, CASE WHEN e.lock = -1 THEN e.sealed ELSE e.commitment END
  FROM leaves l LEFT JOIN entries e ON e.number = l.number WHERE l.leaf_index >= ?1 AND l.leaf_index < ?2 ORDER BY l.leaf_index";
pub(crate) const LEAVES_WITHIN: &str =
    "SELECT count(*) FROM leaves WHERE leaf_index >= ?1 AND leaf_index < ?2";
pub(crate) const LEAVES_BEYOND: &str = "SELECT count(*) FROM leaves WHERE leaf_index >= ?1";

pub(crate) const BATCH_INSERT: &str =
    "INSERT INTO batches (start, leaves, sum) VALUES (?1, ?2, ?3)";
pub(crate) const BATCHES_FROM: &str =
    "SELECT start, leaves, sum FROM batches WHERE start >= ?1 ORDER BY start";
pub(crate) const BATCHES_DELETE_BELOW: &str = "DELETE FROM batches WHERE start < ?1";

pub(crate) const HEAD_INSERT: &str = "INSERT INTO head (one, origin, log_key, size, edge, tiled_size, tiled_edge, signed_size, restored, sum)
  VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
pub(crate) const HEAD_READ: &str = "SELECT origin, log_key, size, edge, tiled_size, tiled_edge, signed_size, restored, sum FROM head WHERE one = 1";
pub(crate) const HEAD_SWAP: &str = "UPDATE head SET origin = ?1, log_key = ?2, size = ?3, edge = ?4, tiled_size = ?5, tiled_edge = ?6,
  signed_size = ?7, restored = ?8, sum = ?9 WHERE one = 1 AND sum = ?10";

pub(crate) const WITNESSES_ALL: &str = "SELECT name, size, sum FROM witnesses ORDER BY name";
pub(crate) const WITNESS_PUT: &str = "INSERT INTO witnesses (name, size, sum) VALUES (?1, ?2, ?3)
  ON CONFLICT (name) DO UPDATE SET size = excluded.size, sum = excluded.sum";
pub(crate) const WITNESSES_FORGET: &str = "DELETE FROM witnesses";

pub(crate) const CABINET_GET: &str = "SELECT name, body, sum FROM cabinet WHERE name = ?1";
pub(crate) const CABINET_PUT: &str = "INSERT INTO cabinet (name, body, sum) VALUES (?1, ?2, ?3)
  ON CONFLICT (name) DO UPDATE SET body = excluded.body, sum = excluded.sum";
pub(crate) const CABINET_DELETE: &str = "DELETE FROM cabinet WHERE name = ?1";
pub(crate) const CABINET_SCAN: &str =
    "SELECT name, body, sum FROM cabinet WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name";

pub(crate) const SAVEPOINT: &str = "SAVEPOINT one_acceptance";
pub(crate) const SAVEPOINT_UNDO: &str = "ROLLBACK TO one_acceptance";
pub(crate) const SAVEPOINT_DONE: &str = "RELEASE one_acceptance";

pub(crate) const INTEGRITY: &str = "PRAGMA integrity_check";
pub(crate) const FOREIGN_KEYS: &str = "PRAGMA foreign_key_check";
pub(crate) const ENTRIES_WITH_ALL: &str = "SELECT e.number, e.circle, e.seq, e.id, e.prev, e.commitment, e.lock, e.object, e.sealed, e.sum, l.leaf_index,
  p.number IS NOT NULL, w.number IS NOT NULL, o.object IS NOT NULL, h.object IS NOT NULL
  FROM entries e LEFT JOIN leaves l ON l.number = e.number LEFT JOIN pending p ON p.number = e.number LEFT JOIN wraps w ON w.number = e.number
  LEFT JOIN objects o ON o.object = e.object LEFT JOIN headers h ON h.object = e.object ORDER BY e.number";
pub(crate) const PENDING_WITHOUT_ENTRY: &str = "SELECT p.number FROM pending p LEFT JOIN entries e ON e.number = p.number WHERE e.number IS NULL";
pub(crate) const CABINET_ALL: &str = "SELECT name, body, sum FROM cabinet ORDER BY name";
pub(crate) const BATCHES_ALL: &str = "SELECT start, leaves, sum FROM batches ORDER BY start";

pub(crate) const COPY_SETTINGS: &str = "PRAGMA busy_timeout=20000; PRAGMA synchronous=FULL; PRAGMA foreign_keys=OFF; PRAGMA trusted_schema=OFF";
pub(crate) const COPY_ATTACH_REST: &str = "ATTACH ?1 AS rest";
pub(crate) const COPY_ATTACH_KEYS: &str = "ATTACH ?1 AS keys";
/// One read of the office's ledger from beginning to end, so one moment of it.
pub(crate) const COPY_OUT: &str = "
BEGIN;
INSERT INTO rest.entries SELECT * FROM main.entries;
INSERT INTO rest.objects SELECT * FROM main.objects;
INSERT INTO rest.discards SELECT * FROM main.discards;
INSERT INTO rest.pending SELECT * FROM main.pending;
INSERT INTO rest.leaves SELECT * FROM main.leaves;
INSERT INTO rest.batches SELECT * FROM main.batches;
INSERT INTO rest.head SELECT * FROM main.head;
INSERT INTO rest.witnesses SELECT * FROM main.witnesses;
INSERT INTO rest.cabinet SELECT * FROM main.cabinet;
INSERT INTO keys.wraps SELECT * FROM main.wraps;
INSERT INTO keys.headers SELECT * FROM main.headers;
COMMIT;
";
pub(crate) const COPY_KEYS_IN: &str = "
BEGIN IMMEDIATE;
INSERT INTO main.wraps SELECT * FROM keys.wraps;
INSERT INTO main.headers SELECT * FROM keys.headers;
COMMIT;
";
