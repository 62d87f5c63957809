//! The sums that rows carry: made at write, compared at read.

use record::hash::Hasher;

/// 16 bytes over the columns of a row, each with its length before it so that no byte can change columns.
pub(crate) fn sum_of(table: &str, columns: &[&[u8]]) -> [u8; 16] {
    let mut hasher = Hasher::new();
    hasher.update(b"mahzar/v1/row\0");
    hasher.update(table.as_bytes());
    for column in columns {
        hasher.update(&(column.len() as u64).to_be_bytes());
        hasher.update(column);
    }
    let mut sum = [0; 16];
    sum.copy_from_slice(&hasher.finish().as_bytes()[..16]);
    sum
}
