//! Everything that must hold after a crash, checked with the code that outsiders check with.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;

use record::checkpoint::SignedCheckpoint;
use record::commitment::filler;
use record::hash::{Hash, leaf_hash};
use record::ids::{CircleId, EntryId};
use record::tile::{Row, Tile, TileNodes, decode_entries, decode_hashes};
use record::tree::{RightEdge, inclusion_proof, verify_inclusion};
use register::journal::Journal;
use store::disk::Disk;
use store::ledger::ObjectPlace;
use store::tiles::Tiles;

use super::{Erasure, Promise, World, Wrong};

impl World {
    /// Re-verifies all that was promised and the whole published record.
    pub fn check(&mut self) -> Result<(), Wrong> {
        self.settle_unclear()?;
        let promises: Vec<(EntryId, Promise)> = self
            .promises
            .iter()
            .map(|(id, p)| (*id, p.clone()))
            .collect();
        promises
            .iter()
            .try_for_each(|(id, promise)| self.check_promise(*id, promise))?;
        self.check_files()?;
        let witnesses = self.witnesses.clone();
        for head in witnesses.iter().flat_map(|witness| witness.seen()) {
            self.note_signed(&head)?;
        }
        self.check_record()?;
        if self.random.once_in(4) {
            self.check_audit()
        } else {
            Ok(())
        }
    }

    /// What was unclear is now clear: it is in the ledger, whole, or it is not.
    fn settle_unclear(&mut self) -> Result<(), Wrong> {
        for (id, promise) in std::mem::take(&mut self.unclear) {
            if self
                .ledger
                .ledger()
                .entry(id)
                .map_err(|e| e.to_string())?
                .is_some()
            {
                self.promises.insert(id, promise);
            }
        }
        Ok(())
    }

    fn check_promise(&self, id: EntryId, promise: &Promise) -> Result<(), Wrong> {
        let entry = self.ledger.ledger().entry(id).map_err(|e| e.to_string())?;
        let entry = entry.ok_or_else(|| format!("entry {id} was accepted and is gone"))?;
        if (entry.circle, entry.seq, entry.commitment)
            != (promise.circle, promise.seq, promise.commitment)
        {
            return Err(format!("entry {id} has changed"));
        }
        match (&entry.sealed, promise.erasure) {
            (Some(_), Erasure::Done) => Err(format!("entry {id} was erased and is back")),
            (None, Erasure::None) => Err(format!("entry {id} is erased and nobody asked for it")),
            (None, _) => Ok(()),
            (Some(sealed), _) if *sealed != promise.sealed => {
                Err(format!("entry {id} reads otherwise"))
            }
            (Some(_), _) => self.check_object(id, promise),
        }
    }

    fn check_object(&self, id: EntryId, promise: &Promise) -> Result<(), Wrong> {
        let Some((stored, bytes)) = &promise.object else {
            return Ok(());
        };
        let known = self
            .ledger
            .ledger()
            .object(stored.object)
            .map_err(|e| e.to_string())?;
        if known.as_ref() != Some(stored) {
            return Err(format!("the object of {id} is not the one accepted"));
        }
        if self
            .ledger
            .ledger()
            .header(stored.object)
            .map_err(|e| e.to_string())?
            .is_none()
        {
            return Err(format!("the object of {id} has no header"));
        }
        let open = self.open.as_ref().ok_or("not open")?;
        let found = match stored.place {
            ObjectPlace::Pack { .. } => open.packs.read(stored).map_err(|e| e.to_string())?,
            ObjectPlace::Own => {
                let mut found = Vec::new();
                let mut reader = open.objects.open(stored).map_err(|e| e.to_string())?;
                reader.read_to_end(&mut found).map_err(|e| e.to_string())?;
                found
            }
        };
        if found == *bytes {
            Ok(())
        } else {
            Err(format!("the object of {id} reads otherwise"))
        }
    }

    /// No file under `objects/` is half an object, whether anything names it or not.
    fn check_files(&self) -> Result<(), Wrong> {
        for spot in self.disk.files() {
            if !spot.as_str().starts_with("objects/") {
                continue;
            }
            let id = spot
                .name()
                .parse()
                .map_err(|_| format!("{spot} is a stray"))?;
            let bytes =
                store::disk::read_all(&self.disk, &spot, u64::MAX).map_err(|e| e.to_string())?;
            if self.handed_in.get(&id) != Some(&bytes) {
                return Err(format!("{spot} is not what was handed in"));
            }
        }
        Ok(())
    }

    /// From the checkpoint down to the leaves, and back up to the ledger.
    fn check_record(&mut self) -> Result<(), Wrong> {
        let disk: Arc<dyn Disk> = Arc::new(self.disk.clone());
        let tiles = Tiles::new(disk);
        let Some(bytes) = tiles.checkpoint().map_err(|e| e.to_string())? else {
            return if self.published_size == 0 {
                Ok(())
            } else {
                Err("the checkpoint is gone".to_owned())
            };
        };
        let checkpoint = SignedCheckpoint::parse(&bytes).map_err(|e| e.to_string())?;
        let vkey = self.open()?.register.vkey().clone();
        checkpoint.verify_log(&vkey).map_err(|e| e.to_string())?;
        for witness in &self.witnesses {
            let witness: &dyn register::witness::Witness = &**witness;
            checkpoint
                .cosigned_at(witness.vkey())
                .map_err(|e| e.to_string())?;
        }
        let head = checkpoint.checkpoint().clone();
        self.note_signed(&head)?;
        if head.size < self.published_size {
            return Err(format!(
                "the published head shrank from {} to {}",
                self.published_size, head.size
            ));
        }
        self.published_size = head.size;
        let leaves = read_record(&tiles, head.size, head.root)?;
        self.check_leaves(&leaves)?;
        self.check_signed(&leaves)?;
        self.check_proofs(&tiles, head.size, head.root, &leaves)
    }

    /// Each leaf is the entry that the ledger says, or the filler of its index; and each promise that has a leaf in this record is that leaf.
    fn check_leaves(&self, leaves: &[Vec<u8>]) -> Result<(), Wrong> {
        let filler_key = self.keys().filler;
        let mut entries = BTreeSet::new();
        for (index, leaf) in (0_u64..).zip(leaves) {
            let entry = self
                .ledger
                .ledger()
                .entry_of_leaf(index)
                .map_err(|e| e.to_string())?;
            let is_right = match &entry {
                Some(entry) if entry.circle == CircleId::PUBLIC => {
                    entry.sealed.as_deref() == Some(&leaf[..])
                }
                Some(entry) => entry.commitment.as_bytes() == &leaf[..],
                None => filler(&filler_key, index) == leaf[..],
            };
            if !is_right {
                return Err(format!("leaf {index} is neither its entry nor its filler"));
            }
            if entry.is_some_and(|entry| !entries.insert(entry.id)) {
                return Err(format!("leaf {index} is an entry that has another leaf"));
            }
        }
        Ok(())
    }

    /// Every head that was ever signed is a beginning of this record.
    fn check_signed(&self, leaves: &[Vec<u8>]) -> Result<(), Wrong> {
        let mut edge = RightEdge::new();
        let mut signed = self.signed.clone();
        for leaf in leaves {
            edge.append(leaf_hash(leaf));
            if let Some(root) = signed.remove(&edge.size())
                && root != edge.root()
            {
                return Err(format!(
                    "the signed head of {} leaves is not a beginning of the record",
                    edge.size()
                ));
            }
        }
        Ok(())
    }

    /// What a holder of a proof would do, for every promise that has its leaf.
    fn check_proofs(
        &self,
        tiles: &Tiles,
        size: u64,
        root: Hash,
        leaves: &[Vec<u8>],
    ) -> Result<(), Wrong> {
        let mut nodes = TileNodes::new(size, |tile| tiles.tile(tile));
        for id in self.promises.keys() {
            let index = self
                .ledger
                .ledger()
                .leaf_index(*id)
                .map_err(|e| e.to_string())?;
            let Some(index) = index.filter(|index| *index < size) else {
                continue;
            };
            let proof = inclusion_proof(&mut nodes, index, size).map_err(|e| e.to_string())?;
            let leaf = leaf_hash(&leaves[index as usize]);
            verify_inclusion(&leaf, index, size, &proof, &root)
                .map_err(|e| format!("entry {id}: {e}"))?;
        }
        Ok(())
    }

    /// The office's own audit finds nothing either.
    pub(super) fn check_audit(&self) -> Result<(), Wrong> {
        let keys = self.keys();
        let standing = self
            .ledger
            .standing()
            .map_err(|e| e.to_string())?
            .ok_or("no record")?;
        let log = record::checkpoint::log_vkey(standing.origin.clone(), &keys.log);
        let ports = super::as_ports(&self.witnesses);
        let witnesses: Vec<_> = ports.iter().map(|witness| witness.vkey().clone()).collect();
        let expected = register::fsck::Expectation {
            standing: &standing,
            log: &log,
            witnesses: Some(&witnesses),
            filler_key: Some(&keys.filler),
        };
        let disk: Arc<dyn Disk> = Arc::new(self.disk.clone());
        let tiles = Tiles::new(Arc::clone(&disk));
        let report =
            store::fsck::office(self.ledger.ledger(), &tiles, &*disk, &expected, 1, &|_| {});
        let findings: Vec<String> = report.findings().map(ToString::to_string).collect();
        if findings.is_empty() {
            Ok(())
        } else {
            Err(format!("the audit finds: {}", findings.join("; ")))
        }
    }

    /// After everything was published: every promise has its leaf.
    pub(super) fn check_all_published(&mut self) -> Result<(), Wrong> {
        for id in self.promises.keys() {
            let index = self
                .ledger
                .ledger()
                .leaf_index(*id)
                .map_err(|e| e.to_string())?;
            if index.is_none_or(|index| index >= self.published_size) {
                return Err(format!(
                    "entry {id} was accepted and is not in the published record"
                ));
            }
        }
        Ok(())
    }
}

/// All leaves of a record, after every tile was derived anew from them and the root compared.
fn read_record(tiles: &Tiles, size: u64, root: Hash) -> Result<Vec<Vec<u8>>, Wrong> {
    let read = |tile: &Tile| tiles.tile(tile).map_err(|e| format!("{tile}: {e}"));
    let mut leaves = Vec::new();
    let all = Tile::grown(0, size);
    for tile in all.iter().filter(|tile| tile.row() == Row::Entries) {
        let bytes = read(tile)?;
        let bundle = decode_entries(&bytes, tile.width()).map_err(|e| format!("{tile}: {e}"))?;
        leaves.extend(bundle.into_iter().map(<[u8]>::to_vec));
    }
    let mut rows: Vec<Vec<Hash>> = vec![Vec::new(); 8];
    let mut edge = RightEdge::new();
    edge.append_leaves(
        leaves.iter().map(|leaf| leaf_hash(leaf)),
        |level, _, node| {
            if level % 8 == 0 {
                rows[usize::from(level / 8)].push(*node);
            }
        },
    );
    if (edge.size(), edge.root()) != (size, root) {
        return Err("the leaves do not lead to the signed root".to_owned());
    }
    for tile in all {
        let Row::Hashes(level) = tile.row() else {
            continue;
        };
        let found =
            decode_hashes(&read(&tile)?, tile.width()).map_err(|e| format!("{tile}: {e}"))?;
        let start = tile.start() as usize;
        if rows[usize::from(level)].get(start..start + found.len()) != Some(&found[..]) {
            return Err(format!("{tile} is not what its leaves give"));
        }
    }
    Ok(leaves)
}
