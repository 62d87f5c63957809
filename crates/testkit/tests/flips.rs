//! One flipped bit at a thousand positions of each file class: the audit names it, and nothing wrong is served or signed.

use register::Signing;
use register::fsck::Place;
use register::witness::Witness;
use rusqlite::types::Value;
use store::ledger::Ledger;
use testkit::fixture::Fixture;
use testkit::random::Random;
use testkit::witness::{Mood, TestWitness};

const POSITIONS: usize = 1000;

fn witness(fixture: &Fixture) -> TestWitness {
    let witness = TestWitness::new("witness.example", 1, Mood::Good).expect("a witness");
    witness.know(fixture.open().expect("opens").vkey().clone());
    witness
}

fn filled(ledger: Ledger) -> (Fixture, TestWitness) {
    let mut fixture = Fixture::new(11, ledger).expect("a fixture");
    let witness = witness(&fixture);
    fixture.fill(&[&witness]).expect("filled");
    let report = fixture.audit(&[&witness]).expect("audited");
    assert_eq!(
        report.findings().collect::<Vec<_>>(),
        Vec::<&register::fsck::Finding>::new()
    );
    assert!(
        report.record.entries > 250 && report.record.fillers > 20 && report.objects.count == 39,
        "{report:?}"
    );
    (fixture, witness)
}

/// Flips bits of the files whose path begins so; `named` says whether a place names the file. The seed is the class.
fn flip_files(class: &str, named: impl Fn(&Place, &str) -> bool) {
    let (fixture, witness) = filled(Ledger::in_memory().expect("a ledger"));
    let mut random = Random::new(class.len() as u64);
    let spots: Vec<_> = fixture
        .disk
        .files()
        .into_iter()
        .filter(|spot| spot.as_str().starts_with(class))
        .collect();
    assert!(!spots.is_empty());
    for _ in 0..POSITIONS {
        let spot = &spots[random.below(spots.len() as u64) as usize];
        let size = store::disk::Disk::size(&fixture.disk, spot).expect("a size");
        let (byte, bit) = (random.below(size) as usize, random.below(8) as u8);
        assert!(fixture.disk.flip(spot, byte, bit));
        let report = fixture.audit(&[&witness]).expect("audited");
        let found: Vec<_> = report.findings().collect();
        assert!(
            found
                .iter()
                .any(|finding| named(&finding.place, spot.as_str())),
            "{spot} byte {byte} bit {bit}: {found:?}"
        );
        nothing_wrong_is_signed(&fixture, &witness, spot.as_str());
        assert!(fixture.disk.flip(spot, byte, bit));
    }
    assert_eq!(
        fixture
            .audit(&[&witness])
            .expect("audited")
            .findings()
            .count(),
        0
    );
}

/// With a flipped bit the register does not open, or stops, or signs the very head that it has signed before.
fn nothing_wrong_is_signed(fixture: &Fixture, witness: &TestWitness, flipped: &str) {
    let Ok(mut register) = fixture.open() else {
        return;
    };
    if register.confirm(&[witness as &dyn Witness], 1).is_err()
        || *register.signing() != Signing::On
    {
        return;
    }
    let seen = witness.seen();
    let Ok(Some(signed)) = register.sign() else {
        return;
    };
    let head = signed.checkpoint().checkpoint().clone();
    let other = seen
        .iter()
        .find(|known| known.size == head.size && known.root != head.root);
    assert_eq!(other, None, "{flipped}");
}

fn is_tile(place: &Place, path: &str) -> bool {
    matches!(place, Place::Tile(tile) if format!("record/{tile}") == path)
}

#[test]
fn a_bit_of_a_tile_of_hashes() {
    flip_files("record/tile/0", is_tile);
    flip_files("record/tile/1", is_tile);
}

#[test]
fn a_bit_of_an_entry_bundle() {
    flip_files("record/tile/entries", is_tile);
}

#[test]
fn a_bit_of_the_checkpoint() {
    flip_files("record/checkpoint", |place, _| *place == Place::Checkpoint);
}

#[test]
fn a_bit_of_a_large_object() {
    flip_files("objects/", |place, path| {
        *place == Place::File(path.to_owned())
    });
}

#[test]
fn a_bit_of_a_pack() {
    flip_files("packs/", |place, path| {
        *place == Place::File(path.to_owned())
    });
}

const TABLES: [&str; 11] = [
    "entries",
    "wraps",
    "objects",
    "headers",
    "pending",
    "leaves",
    "batches",
    "head",
    "cabinet",
    "discards",
    "witnesses",
];

struct Cell {
    table: &'static str,
    column: String,
    keys: Vec<(String, Value)>,
    value: Value,
}

fn cells(connection: &rusqlite::Connection, table: &'static str) -> Vec<Cell> {
    let mut info = connection
        .prepare(&format!(
            "SELECT name, pk FROM pragma_table_info('{table}')"
        ))
        .expect("info");
    let columns: Vec<(String, i64)> = info
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("columns")
        .collect::<Result<_, _>>()
        .expect("columns");
    let mut statement = connection
        .prepare(&format!("SELECT * FROM {table}"))
        .expect("statement");
    let mut rows = statement.query([]).expect("rows");
    let mut cells = Vec::new();
    while let Some(row) = rows.next().expect("a row") {
        let values: Vec<Value> = (0..columns.len())
            .map(|at| row.get(at).expect("a value"))
            .collect();
        let named = || columns.iter().zip(&values);
        let keys: Vec<(String, Value)> = named()
            .filter(|((_, pk), _)| *pk > 0)
            .map(|((name, _), value)| (name.clone(), value.clone()))
            .collect();
        let filled = named().filter(|(_, value)| **value != Value::Null);
        cells.extend(filled.map(|((column, _), value)| Cell {
            table,
            column: column.clone(),
            keys: keys.clone(),
            value: value.clone(),
        }));
    }
    cells
}

fn flipped(value: &Value, random: &mut Random) -> Value {
    let flip = |bytes: &[u8], random: &mut Random| {
        let mut bytes = bytes.to_vec();
        let at = random.below(bytes.len() as u64) as usize;
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << random.below(8);
        }
        bytes
    };
    match value {
        Value::Integer(number) => Value::Integer(number ^ (1 << random.below(12))),
        Value::Blob(bytes) => Value::Blob(flip(bytes, random)),
        Value::Text(text) => {
            let bytes = flip(text.as_bytes(), random);
            String::from_utf8(bytes).map_or_else(|_| Value::Text(format!("{text}?")), Value::Text)
        }
        other => other.clone(),
    }
}

/// Changes a cell; `None` if a constraint of the file forbids the new value.
fn change(connection: &rusqlite::Connection, cell: &Cell, from: &Value, to: &Value) -> Option<()> {
    let condition: Vec<String> = cell
        .keys
        .iter()
        .enumerate()
        .map(|(number, (name, _))| format!("{name} = ?{}", number + 2))
        .collect();
    let sql = format!(
        "UPDATE {} SET {} = ?1 WHERE {}",
        cell.table,
        cell.column,
        condition.join(" AND ")
    );
    let keys = cell.keys.iter().map(|(name, value)| {
        if *name == cell.column {
            from.clone()
        } else {
            value.clone()
        }
    });
    let values: Vec<Value> = std::iter::once(to.clone()).chain(keys).collect();
    match connection.execute(&sql, rusqlite::params_from_iter(values)) {
        Ok(1) => Some(()),
        _ => None,
    }
}

#[test]
fn a_bit_of_a_row_of_the_ledger() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ledger.db");
    let (mut fixture, witness) = filled(Ledger::create(&path).expect("a ledger"));
    fixture.add_discard().expect("an erased object");
    let connection = rusqlite::Connection::open(&path).expect("opens");
    connection
        .execute_batch(
            "PRAGMA ignore_check_constraints=ON; PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF",
        )
        .expect("set");
    let mut random = Random::new(5);
    let tables: Vec<Vec<Cell>> = TABLES
        .iter()
        .map(|table| cells(&connection, table))
        .collect();
    tables
        .iter()
        .zip(TABLES)
        .for_each(|(cells, table)| assert!(!cells.is_empty(), "{table} is empty"));
    let mut done = 0;
    while done < POSITIONS {
        let cells = &tables[done % tables.len()];
        let cell = &cells[random.below(cells.len() as u64) as usize];
        let new = flipped(&cell.value, &mut random);
        let Some(()) = change(&connection, cell, &cell.value, &new) else {
            continue;
        };
        let findings = match fixture.audit(&[&witness]) {
            Ok(report) => report.findings().count(),
            // The row of the head cannot be read at all, and the ledger says so.
            Err(trouble) => trouble.len(),
        };
        assert!(
            findings > 0,
            "{} of {} {:?}: {:?} became {new:?}",
            cell.column,
            cell.table,
            cell.keys,
            cell.value
        );
        change(&connection, cell, &new, &cell.value).expect("put back");
        done += 1;
    }
    assert_eq!(
        fixture
            .audit(&[&witness])
            .expect("audited")
            .findings()
            .count(),
        0
    );
}

/// Everything that the ledger says, in the words of SQL.
fn told(path: &std::path::Path) -> Result<Vec<String>, rusqlite::Error> {
    let connection = rusqlite::Connection::open(path)?;
    let mut told = Vec::new();
    for table in TABLES {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table} ORDER BY 1"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let values: Vec<Value> = (0..columns)
                .map(|at| row.get(at))
                .collect::<Result<_, _>>()?;
            told.push(format!("{table} {values:?}"));
        }
    }
    Ok(told)
}

/// The file itself, free pages and gaps within pages included: a bit there is found, or nobody can ever read it.
#[test]
fn a_bit_of_the_file_of_the_ledger() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ledger.db");
    let (mut fixture, witness) = filled(Ledger::create(&path).expect("a ledger"));
    fixture.add_discard().expect("an erased object");
    fixture.ledger.settle_log().expect("settled");
    let bytes = std::fs::read(&path).expect("the file");
    let whole = told(&path).expect("read");
    let mut random = Random::new(17);
    let (mut found, mut without_effect) = (0, 0);
    for round in 0..POSITIONS {
        let (at, bit) = (random.below(bytes.len() as u64) as usize, random.below(8));
        let damaged = folder.path().join(format!("{round}.db"));
        let mut copy = bytes.clone();
        copy[at] ^= 1 << bit;
        std::fs::write(&damaged, copy).expect("written");
        let findings = Ledger::open(&damaged).map(|ledger| {
            let copy = fixture.copy(ledger, 1);
            copy.audit(&[&witness])
                .map_or(1, |report| report.findings().count())
        });
        // An error on opening is a finding too: nothing is served at all.
        if findings.is_ok_and(|count| count == 0) {
            assert_eq!(told(&damaged).as_ref(), Ok(&whole), "byte {at} bit {bit}");
            without_effect += 1;
        } else {
            found += 1;
        }
        std::fs::remove_file(&damaged).expect("removed");
    }
    println!("{found} flipped bits were found, {without_effect} say nothing to anybody");
    assert!(found > POSITIONS / 2, "{found}");
}
