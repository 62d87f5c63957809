//! What an audit says: where, and what is wrong there.

use std::fmt;

use record::ids::CircleId;
use record::tile::Tile;

/// Where something is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A file of the record.
    Tile(Tile),
    /// The published checkpoint.
    Checkpoint,
    /// The ledger's word about the record.
    Head,
    /// A leaf.
    Leaf(u64),
    /// An entry of a circle.
    Entry(CircleId, u64),
    /// A table of the ledger, or a row of one.
    Ledger(String),
    /// A file of the office's folder.
    File(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Tile(tile) => write!(f, "{tile}"),
            Place::Checkpoint => f.write_str("checkpoint"),
            Place::Head => f.write_str("the ledger's head"),
            Place::Leaf(index) => write!(f, "leaf {index}"),
            Place::Entry(circle, seq) => write!(f, "entry {seq} of circle {circle}"),
            Place::Ledger(row) => write!(f, "ledger: {row}"),
            Place::File(path) => f.write_str(path),
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What, in words for the operator.
    pub what: String,
}

impl Finding {
    /// Something wrong at a place.
    pub fn new(place: Place, what: String) -> Finding {
        Finding { place, what }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}
