//! What all questions to a view share.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row};

use super::{file, schema};

/// Why a question to a view has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// A part of the file is damaged. Delete the view and apply the entries again.
    #[error("the view is damaged")]
    Damaged,
    /// The page to continue from ends with an item that is no longer there. Begin again with the first page.
    #[error("the list has changed: its last item is gone")]
    CursorGone,
    /// The disk or another process refused. Retry; if it stays, look at the disk.
    #[error("could not {doing}: {source}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What the database said.
        source: rusqlite::Error,
    },
}

impl QueryError {
    pub(super) fn from_sql(doing: &'static str, source: rusqlite::Error) -> QueryError {
        if file::is_damage(&source) {
            QueryError::Damaged
        } else {
            QueryError::Database { doing, source }
        }
    }
}

/// An id, a digest: bytes of a fixed number.
pub(super) struct Bytes<const N: usize>(pub [u8; N]);

impl<const N: usize> FromSql for Bytes<N> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let found = value.as_blob()?;
        let bytes = found
            .try_into()
            .map_err(|_| FromSqlError::InvalidBlobSize {
                expected_size: N,
                blob_size: found.len(),
            })?;
        Ok(Bytes(bytes))
    }
}

/// A sequence number, a size, a count: SQLite's integers are signed.
#[derive(Clone, Copy)]
pub(super) struct Count(pub u64);

impl FromSql for Count {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let found = value.as_i64()?;
        u64::try_from(found)
            .map(Count)
            .map_err(|_| FromSqlError::OutOfRange(found))
    }
}

impl ToSql for Count {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let fitting = i64::try_from(self.0)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(ToSqlOutput::from(fitting))
    }
}

/// A value that the table keeps as text.
pub(super) struct Parsed<T>(pub T);

impl<T: std::str::FromStr> FromSql for Parsed<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value
            .as_str()?
            .parse()
            .map(Parsed)
            .map_err(|_| FromSqlError::InvalidType)
    }
}

pub(super) fn dump(connection: &Connection) -> Result<String, QueryError> {
    let mut text = String::new();
    for (table, select) in schema::DUMPS {
        dump_table(connection, table, select, &mut text)
            .map_err(|error| QueryError::from_sql("dump the view", error))?;
    }
    Ok(text)
}

fn dump_table(
    connection: &Connection,
    table: &str,
    select: &str,
    text: &mut String,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(select)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        text.push_str(table);
        for column in 0..columns {
            text.push('\t');
            text.push_str(&cell(row, column)?);
        }
        text.push('\n');
    }
    Ok(())
}

fn cell(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => "null".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => format!("{:?}", String::from_utf8_lossy(text)),
        ValueRef::Blob(blob) => format!("{blob:02x?}"),
    })
}
