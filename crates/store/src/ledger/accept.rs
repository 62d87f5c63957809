//! Acceptance: the only change of state. Entries, what opens them, their objects and the cabinet rows that belong to them go in together or not at all.

use std::collections::BTreeSet;

use record::hash::Hash;
use record::ids::CircleId;
use rusqlite::{ErrorCode, OptionalExtension, Transaction, params};

use crate::ledger::fault::{AcceptError, LedgerError, told};
use crate::ledger::rows::{CircleHead, Lock, NewEntry, ObjectId, ObjectPlace, StoredObject};
use crate::ledger::sums::sum_of;
use crate::ledger::{Ledger, erase, read, tables};

const ACCEPT: &str = "accept the entries";

/// Entries and all that goes with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acceptance {
    /// What must still hold when the transaction runs, beside the circle heads that the entries themselves name.
    pub guards: Vec<Guard>,
    /// Objects whose bytes are durable already.
    pub objects: Vec<StoredObject>,
    /// The entries, in order. Each continues its circle: `seq` and `prev` say which head it expects.
    pub entries: Vec<NewEntry>,
    /// Headers of objects, new or in place of an older one.
    pub headers: Vec<(ObjectId, Vec<u8>)>,
    /// The keys of earlier entries, wrapped anew: circle, seq, wrap.
    pub wraps: Vec<(CircleId, u64, Vec<u8>)>,
    /// Rows of the cabinet to put or delete.
    pub cabinet: Vec<CabinetChange>,
    /// Earlier entries to erase: circle and seq. The entry that says so is among `entries`.
    pub erased: Vec<(CircleId, u64)>,
}

/// A change to one row of the cabinet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CabinetChange {
    /// The row has this body from now on.
    Put {
        /// Its name.
        name: Vec<u8>,
        /// Its encrypted body.
        body: Vec<u8>,
    },
    /// The row is gone from now on.
    Delete {
        /// Its name.
        name: Vec<u8>,
    },
}

/// Something that a judgement rested on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The cabinet row has exactly this body (its encryption is random, so equal bytes mean the same version); `None`: there is no such row.
    Cabinet {
        /// Its name.
        name: Vec<u8>,
        /// Its body as the caller read it.
        body: Option<Vec<u8>>,
    },
    /// The circle's head is this: for circles that the acceptance reads but does not write, such as the house circle.
    Head {
        /// Which circle.
        circle: CircleId,
        /// Its head as the caller read it.
        head: Option<CircleHead>,
    },
}

/// The heads of circles as they are inside the transaction that will accept.
pub trait Heads {
    /// The last entry of the circle; `None` if it has none.
    fn head(&self, circle: CircleId) -> Result<Option<CircleHead>, LedgerError>;
    /// The body of a cabinet row.
    fn cabinet(&self, name: &[u8]) -> Result<Option<Vec<u8>>, LedgerError>;
}

pub(crate) struct HeadsWithin<'a>(pub(crate) &'a Transaction<'a>);

impl Heads for HeadsWithin<'_> {
    fn head(&self, circle: CircleId) -> Result<Option<CircleHead>, LedgerError> {
        read::head_of_circle(self.0, circle)
    }

    fn cabinet(&self, name: &[u8]) -> Result<Option<Vec<u8>>, LedgerError> {
        Ok(read::cabinet_row(self.0, name)?.map(|row| row.body))
    }
}

impl Ledger {
    /// Accepts all of these in one transaction, or none: the first that does not fit refuses them all.
    ///
    /// A crash before the return leaves either all of them or none; their objects' files may then lie there with no row that names them.
    pub fn accept(&self, acceptances: &[Acceptance]) -> Result<(), AcceptError> {
        self.write(ACCEPT, |transaction| {
            acceptances
                .iter()
                .try_for_each(|acceptance| enter(transaction, acceptance))
        })
    }
}

impl From<LedgerError> for AcceptError {
    fn from(error: LedgerError) -> AcceptError {
        AcceptError::Ledger(error)
    }
}

/// Writes one acceptance inside a transaction. After an error the caller rolls back to before it.
pub(crate) fn enter(
    transaction: &Transaction<'_>,
    acceptance: &Acceptance,
) -> Result<(), AcceptError> {
    acceptance
        .guards
        .iter()
        .try_for_each(|guard| hold(transaction, guard))?;
    acceptance
        .objects
        .iter()
        .try_for_each(|object| put_object(transaction, object))?;
    acceptance
        .entries
        .iter()
        .try_for_each(|entry| put_entry(transaction, entry))?;
    for (object, header) in &acceptance.headers {
        put_header(transaction, object, header)?;
    }
    for (circle, seq, wrap) in &acceptance.wraps {
        let entry = read::entry_by_place(transaction, *circle, *seq)?;
        let entry = entry.ok_or(AcceptError::Malformed(
            "a wrap for an entry that is not there",
        ))?;
        put_wrap(transaction, number_to_sql(entry.number), wrap)?;
    }
    for change in &acceptance.cabinet {
        change_cabinet(transaction, change)?;
    }
    let erased: BTreeSet<_> = acceptance.erased.iter().copied().collect();
    erased
        .into_iter()
        .try_for_each(|(circle, seq)| erase::erase_within(transaction, circle, seq))
}

fn hold(transaction: &Transaction<'_>, guard: &Guard) -> Result<(), AcceptError> {
    let heads = HeadsWithin(transaction);
    let holds = match guard {
        Guard::Cabinet { name, body } => heads.cabinet(name)? == *body,
        Guard::Head { circle, head } => heads.head(*circle)? == *head,
    };
    if holds {
        Ok(())
    } else {
        Err(AcceptError::GuardMoved)
    }
}

fn put_entry(transaction: &Transaction<'_>, entry: &NewEntry) -> Result<(), AcceptError> {
    let head = read::head_of_circle(transaction, entry.circle)?;
    if CircleHead::next(head) != (entry.seq, entry.prev) {
        return Err(AcceptError::Conflict {
            circle: entry.circle,
            head,
        });
    }
    check_shape(entry)?;
    if let Some(object) = &entry.object
        && read::object(transaction, object)?.is_none()
    {
        return Err(AcceptError::Objects(format!("{object} is not stored")));
    }
    let lock = entry.lock.to_number();
    let sum = entry_sum(
        entry.circle,
        entry.seq,
        entry,
        Some(&entry.sealed),
        entry.object.as_ref(),
    );
    let mut statement = prepared(transaction, tables::ENTRY_INSERT)?;
    let inserted = statement.execute(params![
        entry.circle.as_bytes(),
        number_to_sql(entry.seq),
        entry.id.as_bytes(),
        entry.prev.as_bytes(),
        entry.commitment.as_bytes(),
        lock,
        entry.object.as_ref().map(ObjectId::as_bytes),
        entry.sealed,
        sum,
    ]);
    inserted.map_err(|error| match error.sqlite_error_code() {
        // Sequence and shape were checked above, so the constraint is that of the id.
        Some(ErrorCode::ConstraintViolation) => AcceptError::Repeated { id: entry.id },
        _ => told(ACCEPT, error).into(),
    })?;
    let number = transaction.last_insert_rowid();
    if let Some(wrap) = &entry.wrap {
        put_wrap(transaction, number, wrap)?;
    }
    let mut statement = prepared(transaction, tables::PENDING_INSERT)?;
    statement
        .execute(params![number])
        .map_err(|e| told(ACCEPT, e))?;
    Ok(())
}

fn check_shape(entry: &NewEntry) -> Result<(), AcceptError> {
    let is_public = entry.circle == CircleId::PUBLIC;
    if is_public != (entry.lock == Lock::Public) {
        return Err(AcceptError::Malformed(
            "the public circle, and no other, has no lock",
        ));
    }
    if is_public && (entry.wrap.is_some() || entry.object.is_some()) {
        return Err(AcceptError::Malformed(
            "a public entry has neither wrap nor object",
        ));
    }
    if is_public && entry.sealed.len() > record::tile::LEAF_BYTES_MAX {
        return Err(AcceptError::Malformed(
            "a public entry is at most 65,535 bytes",
        ));
    }
    if is_public
        && record::commitment::public(entry.seq, &entry.prev, &entry.sealed) != entry.commitment
    {
        return Err(AcceptError::Malformed(
            "a public entry's commitment is that of its envelope",
        ));
    }
    if !is_public && entry.wrap.is_none() {
        return Err(AcceptError::Malformed("an entry of a circle has a wrap"));
    }
    if matches!(entry.lock, Lock::Epoch(0)) {
        return Err(AcceptError::Malformed("epochs are counted from 1"));
    }
    Ok(())
}

/// What an entry's sum covers: every column but `number` and the sum itself.
pub(crate) fn entry_sum(
    circle: CircleId,
    seq: u64,
    fixed: &impl EntryColumns,
    sealed: Option<&[u8]>,
    object: Option<&ObjectId>,
) -> [u8; 16] {
    let (id, prev, commitment, lock) = fixed.columns();
    let object = object.map_or(&[][..], |object| object.as_bytes());
    let columns: [&[u8]; 9] = [
        circle.as_bytes(),
        &seq.to_be_bytes(),
        &id,
        prev.as_bytes(),
        commitment.as_bytes(),
        &lock.to_number().to_be_bytes(),
        object,
        &[u8::from(sealed.is_some())],
        sealed.unwrap_or(&[]),
    ];
    sum_of("entries", &columns)
}

/// The columns of an entry that erasure leaves as they are.
pub(crate) trait EntryColumns {
    fn columns(&self) -> ([u8; 16], Hash, Hash, Lock);
}

impl EntryColumns for NewEntry {
    fn columns(&self) -> ([u8; 16], Hash, Hash, Lock) {
        (*self.id.as_bytes(), self.prev, self.commitment, self.lock)
    }
}

impl EntryColumns for crate::ledger::rows::EntryRow {
    fn columns(&self) -> ([u8; 16], Hash, Hash, Lock) {
        (*self.id.as_bytes(), self.prev, self.commitment, self.lock)
    }
}

fn put_wrap(transaction: &Transaction<'_>, number: i64, wrap: &[u8]) -> Result<(), AcceptError> {
    let sum = sum_of("wraps", &[&number.to_be_bytes(), wrap]);
    let mut statement = prepared(transaction, tables::WRAP_PUT)?;
    statement
        .execute(params![number, wrap, sum])
        .map_err(|e| told(ACCEPT, e))?;
    Ok(())
}

fn put_object(transaction: &Transaction<'_>, stored: &StoredObject) -> Result<(), AcceptError> {
    let (pack, offset) = place_to_sql(stored.place);
    let mut statement = prepared(transaction, tables::OBJECT_INSERT)?;
    let inserted = statement.execute(params![
        stored.object.as_bytes(),
        pack,
        offset,
        number_to_sql(stored.size_bytes),
        stored.sha256.as_bytes(),
        object_sum(stored),
    ]);
    inserted.map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => {
            AcceptError::Objects(format!("{} is stored already", stored.object))
        }
        _ => told(ACCEPT, error).into(),
    })?;
    Ok(())
}

pub(crate) fn object_sum(stored: &StoredObject) -> [u8; 16] {
    let place = place_bytes(stored.place);
    let size = stored.size_bytes.to_be_bytes();
    sum_of(
        "objects",
        &[
            stored.object.as_bytes(),
            &place,
            &size,
            stored.sha256.as_bytes(),
        ],
    )
}

fn put_header(
    transaction: &Transaction<'_>,
    object: &ObjectId,
    header: &[u8],
) -> Result<(), AcceptError> {
    if read::object(transaction, object)?.is_none() {
        return Err(AcceptError::Objects(format!("{object} is not stored")));
    }
    let sum = sum_of("headers", &[object.as_bytes(), header]);
    let mut statement = prepared(transaction, tables::HEADER_PUT)?;
    statement
        .execute(params![object.as_bytes(), header, sum])
        .map_err(|e| told(ACCEPT, e))?;
    Ok(())
}

pub(crate) fn change_cabinet(
    transaction: &Transaction<'_>,
    change: &CabinetChange,
) -> Result<(), LedgerError> {
    let failed = |error| told("write the cabinet", error);
    match change {
        CabinetChange::Put { name, body } => {
            let sum = sum_of("cabinet", &[name, body]);
            let mut statement = transaction
                .prepare_cached(tables::CABINET_PUT)
                .map_err(failed)?;
            statement
                .execute(params![name, body, sum])
                .map_err(failed)?;
        }
        CabinetChange::Delete { name } => {
            let mut statement = transaction
                .prepare_cached(tables::CABINET_DELETE)
                .map_err(failed)?;
            statement.execute(params![name]).map_err(failed)?;
        }
    }
    Ok(())
}

/// A place as sums cover it.
pub(crate) fn place_bytes(place: ObjectPlace) -> Vec<u8> {
    match place {
        ObjectPlace::Own => Vec::new(),
        ObjectPlace::Pack { pack, offset } => {
            [&pack.to_be_bytes()[..], &offset.to_be_bytes()].concat()
        }
    }
}

pub(crate) fn place_to_sql(place: ObjectPlace) -> (Option<i64>, Option<i64>) {
    match place {
        ObjectPlace::Own => (None, None),
        ObjectPlace::Pack { pack, offset } => (Some(i64::from(pack)), Some(number_to_sql(offset))),
    }
}

/// Counts and sizes are far below 2^63; one that is not would be refused by the tables' checks as negative.
pub(crate) fn number_to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(-1)
}

fn prepared<'a>(
    transaction: &'a Transaction<'_>,
    sql: &str,
) -> Result<rusqlite::CachedStatement<'a>, AcceptError> {
    transaction
        .prepare_cached(sql)
        .map_err(|e| told(ACCEPT, e).into())
}

/// Whether there is a row; used where only that matters.
pub(crate) fn exists(
    transaction: &Transaction<'_>,
    sql: &str,
    key: impl rusqlite::Params,
) -> Result<bool, LedgerError> {
    let failed = |error| told("read the ledger", error);
    let mut statement = transaction.prepare_cached(sql).map_err(failed)?;
    let found: Option<i64> = statement
        .query_row(key, |row| row.get(0))
        .optional()
        .map_err(failed)?;
    Ok(found.unwrap_or(0) > 0)
}
