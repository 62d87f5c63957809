//! The cabinet: small encrypted rows of the house, named by keyed hashes. What they say is the office's affair.

use rusqlite::params;

use crate::ledger::accept::{CabinetChange, change_cabinet};
use crate::ledger::fault::{LedgerError, told};
use crate::ledger::rows::CabinetRow;
use crate::ledger::{Ledger, read, tables};

impl Ledger {
    /// The body of a row.
    pub fn cabinet_get(&self, name: &[u8]) -> Result<Option<Vec<u8>>, LedgerError> {
        let row = self.read("read the cabinet", |transaction| {
            read::cabinet_row(transaction, name)
        })?;
        Ok(row.map(|row| row.body))
    }

    /// Puts a row by itself, in a transaction of its own. A change that belongs to an entry goes with its [`super::Acceptance`].
    pub fn cabinet_put(&self, name: &[u8], body: &[u8]) -> Result<(), LedgerError> {
        let change = CabinetChange::Put {
            name: name.to_vec(),
            body: body.to_vec(),
        };
        self.write("write the cabinet", |transaction| {
            change_cabinet(transaction, &change)
        })
    }

    /// Deletes a row by itself; an absent one is no error.
    pub fn cabinet_delete(&self, name: &[u8]) -> Result<(), LedgerError> {
        let change = CabinetChange::Delete {
            name: name.to_vec(),
        };
        self.write("write the cabinet", |transaction| {
            change_cabinet(transaction, &change)
        })
    }

    /// All rows whose names begin with `prefix`, in order of names; the empty prefix names them all.
    pub fn cabinet_scan(&self, prefix: &[u8]) -> Result<Vec<CabinetRow>, LedgerError> {
        self.read("read the cabinet", |transaction| {
            let failed = |error| told("read the cabinet", error);
            let mut statement = transaction
                .prepare_cached(tables::CABINET_SCAN)
                .map_err(failed)?;
            let mut rows = statement.query(params![prefix]).map_err(failed)?;
            let mut found = Vec::new();
            while let Some(row) = rows.next().map_err(failed)? {
                found.push(read::cabinet_of(row)?);
            }
            Ok(found)
        })
    }
}
