//! A stretch of leaves: the entry bundles, the hashes of level 0, and the ledger's account of each leaf.

use record::commitment::filler;
use record::hash::leaf_hash;
use record::tile::{Row, Tile, WIDTH_MAX, decode_entries};

use crate::fsck::rows::RowCheck;
use crate::fsck::{Account, Audit, Finding, Place, STRETCH, Stretch, at};
use crate::shelf::{Shelf, read_tile};

impl<S: Shelf, A: Account> Audit<'_, S, A> {
    pub(crate) fn check_stretch(&self, number: u64) -> Stretch {
        let mut stretch = Stretch {
            number,
            ..Stretch::default()
        };
        let width = u64::from(WIDTH_MAX);
        let (start, end) = (number * STRETCH, self.size.min((number + 1) * STRETCH));
        for index in start / width..end.div_ceil(width) {
            if let Some(tile) = Tile::in_record(Row::Entries, index, self.size) {
                self.check_bundle(tile, &mut stretch);
            }
        }
        stretch
    }

    /// Derives a tile of level 0 from its bundle.
    fn check_bundle(&self, tile: Tile, stretch: &mut Stretch) {
        let read = read_tile(self.shelf, &tile).map_err(|error| error.to_string());
        let bytes = read
            .map_err(|cause| stretch.findings.push(Finding::new(at(tile), cause)))
            .unwrap_or_default();
        let leaves = match decode_entries(&bytes, tile.width()) {
            Ok(leaves) => Some(leaves),
            Err(error) => {
                stretch
                    .findings
                    .push(Finding::new(at(tile), error.to_string()));
                None
            }
        };
        let hashes: Option<Vec<_>> = leaves
            .as_ref()
            .map(|leaves| leaves.iter().map(|leaf| leaf_hash(leaf)).collect());
        let check = RowCheck {
            shelf: self.shelf,
            size: self.size,
            edge: &self.expected.standing.tiled,
        };
        let above = check.tile(
            Row::Hashes(0),
            tile.index(),
            hashes.as_deref(),
            &mut stretch.findings,
        );
        if tile.is_full() {
            stretch.level_one.push(above);
        }
        if let Some(leaves) = leaves {
            self.check_account(tile.start(), &leaves, stretch);
        }
    }

    /// Each leaf is the entry that the ledger says it is, or the filler of its index.
    fn check_account(&self, start: u64, leaves: &[&[u8]], stretch: &mut Stretch) {
        let mut fillers: Vec<bool> = vec![true; leaves.len()];
        let findings = &mut stretch.findings;
        let answered = self
            .account
            .leaves(start, start + leaves.len() as u64, &mut |entry| {
                let at = usize::try_from(entry.index.saturating_sub(start)).unwrap_or(usize::MAX);
                let Some((filler, published)) = fillers.get_mut(at).zip(leaves.get(at)) else {
                    return;
                };
                *filler = false;
                match entry.leaf {
                    Some(leaf) if leaf == *published => {}
                    Some(_) => {
                        let what = format!("is not what leaf {} says", entry.index);
                        findings.push(Finding::new(Place::Entry(entry.circle, entry.seq), what));
                    }
                    None => {
                        let what = "the ledger's account of it names an entry that is not there"
                            .to_owned();
                        findings.push(Finding::new(Place::Leaf(entry.index), what));
                    }
                }
            });
        if let Err(cause) = answered {
            stretch.findings.push(Finding::new(
                Place::Ledger(format!("leaves from {start} on")),
                cause,
            ));
            return;
        }
        for (index, (leaf, is_filler)) in (start..).zip(leaves.iter().zip(&fillers)) {
            if !is_filler {
                stretch.entries += 1;
            } else if self
                .expected
                .filler_key
                .is_none_or(|key| filler(key, index) == **leaf)
            {
                stretch.fillers += 1;
            } else {
                let what =
                    "is neither a filler nor an entry that the ledger accounts for".to_owned();
                stretch
                    .findings
                    .push(Finding::new(Place::Leaf(index), what));
            }
        }
    }
}
