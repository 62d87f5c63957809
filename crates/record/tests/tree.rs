//! The tree against two other implementations, for every size up to 512 and some larger, with every bit of proofs altered.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use record::hash::{Hash, leaf_hash};
use record::tile::{self, Row, Tile, TileNodeError, TileNodes};
use record::tree::{
    ConsistencyError, InclusionError, NodeReader, ProofError, RightEdge, consistency_proof,
    inclusion_proof, right_edge, root_at, root_from_inclusion, verify_consistency,
    verify_inclusion,
};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::convert::Infallible;

/// Every complete node of a tree, and its root at every size.
#[derive(Default)]
struct Forest {
    edge: RightEdge,
    levels: Vec<Vec<Hash>>,
    roots: Vec<Hash>,
}

fn leaf(index: u64) -> Vec<u8> {
    let length = (index % 7) as usize;
    [index.to_be_bytes().as_slice(), &vec![b'x'; length]].concat()
}

impl Forest {
    fn of(size: u64) -> Forest {
        let mut forest = Forest {
            roots: vec![RightEdge::new().root()],
            ..Forest::default()
        };
        for index in 0..size {
            let levels = &mut forest.levels;
            forest
                .edge
                .append_leaves([leaf_hash(&leaf(index))], |level, index, node| {
                    let level = usize::from(level);
                    if levels.len() == level {
                        levels.push(Vec::new());
                    }
                    assert_eq!(
                        levels[level].len() as u64,
                        index,
                        "nodes come in their order"
                    );
                    levels[level].push(*node);
                });
            forest.roots.push(forest.edge.root());
        }
        forest
    }

    fn root(&self, size: u64) -> Hash {
        self.roots[size as usize]
    }
}

impl NodeReader for &Forest {
    type Error = Infallible;

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, Infallible> {
        Ok(self.levels[usize::from(level)][index as usize])
    }
}

impl tlog_tiles::tlog::HashReader for &Forest {
    fn read_hashes(
        &self,
        indexes: &[u64],
    ) -> Result<Vec<tlog_tiles::tlog::Hash>, tlog_tiles::tlog::Error> {
        let hashes = indexes.iter().map(|index| {
            let (level, index) = tlog_tiles::tlog::split_stored_hash_index(*index);
            tlog_tiles::tlog::Hash(*self.levels[usize::from(level)][index as usize].as_bytes())
        });
        Ok(hashes.collect())
    }
}

fn joined(proof: &[Hash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

#[test]
fn every_size_to_512_agrees_with_two_other_implementations() {
    let forest = Forest::of(512);
    let mut oracle = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    for size in 0..=512u64 {
        if size > 0 {
            oracle.push(leaf(size - 1));
            let other = tlog_tiles::tlog::tree_hash(size, &&forest).expect("a root");
            assert_eq!(
                &other.0,
                forest.root(size).as_bytes(),
                "tlog_tiles at {size}"
            );
        }
        assert_eq!(
            oracle.root().as_bytes().as_slice(),
            forest.root(size).as_bytes()
        );
        assert_eq!(
            root_at(&mut &forest, size),
            Ok(forest.root(size)),
            "size {size}"
        );
        for index in 0..size {
            let proof = inclusion_proof(&mut &forest, index, size).expect("a proof");
            assert_eq!(
                joined(&proof),
                oracle.prove_inclusion(index as usize).as_bytes()
            );
            let found = verify_inclusion(
                &leaf_hash(&leaf(index)),
                index,
                size,
                &proof,
                &forest.root(size),
            );
            assert_eq!(found, Ok(()), "leaf {index} of {size}");
        }
        for old in 0..=size {
            let proof = consistency_proof(&mut &forest, old, size).expect("a proof");
            if old > 0 {
                let other = oracle.prove_consistency((size - old) as usize);
                assert_eq!(joined(&proof), other.as_bytes(), "from {old} to {size}");
            }
            let found =
                verify_consistency(old, &forest.root(old), size, &forest.root(size), &proof);
            assert_eq!(found, Ok(()), "from {old} to {size}");
        }
    }
}

#[test]
fn larger_sizes_agree_with_tlog_tiles() {
    let forest = Forest::of(70_000);
    for size in [1_000, 4_096, 65_535, 65_536, 65_537, 69_999, 70_000u64] {
        let other = tlog_tiles::tlog::tree_hash(size, &&forest).expect("a root");
        assert_eq!(&other.0, forest.root(size).as_bytes(), "size {size}");
        for index in [0, 1, 255, 256, size / 3, size - 2, size - 1] {
            let proof = inclusion_proof(&mut &forest, index, size).expect("a proof");
            let other = tlog_tiles::tlog::prove_record(size, index, &&forest).expect("a proof");
            let other: Vec<u8> = other.iter().flat_map(|hash| hash.0).collect();
            assert_eq!(joined(&proof), other, "leaf {index} of {size}");
            let hash = leaf_hash(&leaf(index));
            assert_eq!(
                root_from_inclusion(&hash, index, size, &proof),
                Ok(forest.root(size))
            );
        }
        for old in [1, 2, 3, 255, 256, 257, size / 2, size - 1] {
            let proof = consistency_proof(&mut &forest, old, size).expect("a proof");
            let other = tlog_tiles::tlog::prove_tree(size, old, &&forest).expect("a proof");
            let other: Vec<u8> = other.iter().flat_map(|hash| hash.0).collect();
            assert_eq!(joined(&proof), other, "from {old} to {size}");
            let found =
                verify_consistency(old, &forest.root(old), size, &forest.root(size), &proof);
            assert_eq!(found, Ok(()));
        }
    }
}

fn flipped(hash: &Hash, bit: usize) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8] ^= 1 << (bit % 8);
    Hash::from_bytes(bytes)
}

/// All that an inclusion proof is made of, with one thing wrong at a time.
fn assert_inclusion_is_tight(forest: &Forest, index: u64, size: u64, bits: &[usize]) {
    let (root, hash) = (forest.root(size), leaf_hash(&leaf(index)));
    let proof = inclusion_proof(&mut &*forest, index, size).expect("a proof");
    let check = |hash: &Hash, index, size, proof: &[Hash], root: &Hash| {
        verify_inclusion(hash, index, size, proof, root)
    };
    for bit in bits.iter().copied() {
        assert!(check(&flipped(&hash, bit), index, size, &proof, &root).is_err());
        assert!(check(&hash, index, size, &proof, &flipped(&root, bit)).is_err());
        for at in 0..proof.len() {
            let mut altered = proof.clone();
            altered[at] = flipped(&altered[at], bit);
            let found = check(&hash, index, size, &altered, &root);
            assert_eq!(
                found,
                Err(InclusionError::OtherRoot),
                "leaf {index} of {size}"
            );
        }
    }
    for other in (0..size).filter(|other| *other != index) {
        assert!(
            check(&hash, other, size, &proof, &root).is_err(),
            "as {other} of {size}"
        );
    }
    assert_eq!(
        check(&hash, size, size, &proof, &root),
        Err(InclusionError::Beyond)
    );
    let longer = [proof.as_slice(), &[hash]].concat();
    assert_eq!(
        check(&hash, index, size, &longer, &root),
        Err(InclusionError::Length)
    );
    if let Some((_, shorter)) = proof.split_last() {
        assert_eq!(
            check(&hash, index, size, shorter, &root),
            Err(InclusionError::Length)
        );
    }
}

#[test]
fn every_altered_bit_of_an_inclusion_proof_is_refused() {
    let forest = Forest::of(64);
    let all: Vec<usize> = (0..256).collect();
    for size in 1..=18 {
        for index in 0..size {
            assert_inclusion_is_tight(&forest, index, size, &all);
        }
    }
    for size in 19..=64 {
        for index in 0..size {
            assert_inclusion_is_tight(&forest, index, size, &[(index as usize * 37) % 256]);
        }
    }
}

fn assert_consistency_is_tight(forest: &Forest, old: u64, size: u64, bits: &[usize]) {
    let (old_root, root) = (forest.root(old), forest.root(size));
    let proof = consistency_proof(&mut &*forest, old, size).expect("a proof");
    for bit in bits.iter().copied() {
        let other = flipped(&old_root, bit);
        assert!(verify_consistency(old, &other, size, &root, &proof).is_err());
        let other = flipped(&root, bit);
        assert!(verify_consistency(old, &old_root, size, &other, &proof).is_err());
        for at in 0..proof.len() {
            let mut altered = proof.clone();
            altered[at] = flipped(&altered[at], bit);
            let found = verify_consistency(old, &old_root, size, &root, &altered);
            assert!(found.is_err(), "from {old} to {size}, hash {at}, bit {bit}");
        }
    }
    let longer = [proof.as_slice(), &[root]].concat();
    let found = verify_consistency(old, &old_root, size, &root, &longer);
    assert_eq!(found, Err(ConsistencyError::Length), "from {old} to {size}");
    if let Some((_, shorter)) = proof.split_last() {
        let found = verify_consistency(old, &old_root, size, &root, shorter);
        assert_eq!(found, Err(ConsistencyError::Length), "from {old} to {size}");
    }
}

#[test]
fn every_altered_bit_of_a_consistency_proof_is_refused() {
    let forest = Forest::of(64);
    let all: Vec<usize> = (0..256).collect();
    for size in 1..=18 {
        for old in 1..size {
            assert_consistency_is_tight(&forest, old, size, &all);
        }
    }
    for size in 19..=64 {
        for old in 1..size {
            assert_consistency_is_tight(&forest, old, size, &[(old as usize * 53) % 256]);
        }
    }
}

#[test]
fn trivial_consistency_still_compares() {
    let forest = Forest::of(3);
    let (empty, root) = (forest.root(0), forest.root(3));
    assert_eq!(verify_consistency(0, &empty, 3, &root, &[]), Ok(()));
    assert_eq!(
        verify_consistency(0, &root, 3, &root, &[]),
        Err(ConsistencyError::OtherOldRoot)
    );
    assert_eq!(
        verify_consistency(0, &empty, 3, &root, &[root]),
        Err(ConsistencyError::Length)
    );
    assert_eq!(verify_consistency(3, &root, 3, &root, &[]), Ok(()));
    assert_eq!(
        verify_consistency(3, &empty, 3, &root, &[]),
        Err(ConsistencyError::OtherNewRoot)
    );
    assert_eq!(
        verify_consistency(3, &root, 2, &root, &[]),
        Err(ConsistencyError::Shrunk)
    );
    assert_eq!(
        verify_consistency(1, &empty, 3, &root, &[]),
        Err(ConsistencyError::Length)
    );
    let beyond = ProofError::Beyond { asked: 4, size: 3 };
    assert_eq!(consistency_proof(&mut &forest, 4, 3), Err(beyond));
    let beyond = ProofError::Beyond { asked: 3, size: 3 };
    assert_eq!(inclusion_proof(&mut &forest, 3, 3), Err(beyond));
}

#[test]
fn a_right_edge_is_stored_and_read_back() {
    let forest = Forest::of(300);
    for size in 0..=300 {
        let edge = right_edge(&mut &forest, size).expect("an edge");
        assert_eq!((edge.size(), edge.root()), (size, forest.root(size)));
        let bytes = edge.encode();
        assert_eq!(RightEdge::decode(&bytes), Ok(edge.clone()));
        assert!(RightEdge::decode(&bytes[..bytes.len() - 1]).is_err());
        assert!(RightEdge::decode(&[bytes, vec![0; 32]].concat()).is_err());
        let mut continued = edge;
        continued.append_leaves(
            (size..300).map(|index| leaf_hash(&leaf(index))),
            |_, _, _| {},
        );
        assert_eq!(continued.root(), forest.root(300), "continued from {size}");
    }
    assert!(RightEdge::decode(&[]).is_err());
    let huge = [(1u64 << 53).to_be_bytes().as_slice(), &[0; 32]].concat();
    assert!(RightEdge::decode(&huge).is_err());
}

/// The tiles that a register writes while the record grows in steps.
fn tiles_of(forest: &Forest, sizes: &[u64]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for pair in sizes.windows(2) {
        for tile in Tile::grown(pair[0], pair[1]) {
            let places = tile.start()..tile.start() + u64::from(tile.width());
            let bytes = match tile.row() {
                Row::Entries => tile::encode_entries(places.map(leaf)).expect("short leaves"),
                Row::Hashes(level) => {
                    let row = &forest.levels[usize::from(level) * 8];
                    tile::encode_hashes(&row[places.start as usize..places.end as usize])
                }
            };
            files.insert(tile.path(), bytes);
        }
    }
    files
}

#[test]
fn proofs_are_made_from_tiles_alone() {
    let forest = Forest::of(70_000);
    let sizes = [0, 1, 16, 255, 256, 257, 600, 65_536, 70_000];
    let files = tiles_of(&forest, &sizes);
    for size in sizes {
        let fetch = |tile: &Tile| files.get(&tile.path()).cloned().ok_or(());
        let mut nodes = TileNodes::new(size, fetch);
        assert_eq!(
            root_at(&mut nodes, size),
            Ok(forest.root(size)),
            "size {size}"
        );
        for index in [0, 1, size / 2, size.saturating_sub(1)]
            .into_iter()
            .filter(|i| *i < size)
        {
            let proof = inclusion_proof(&mut nodes, index, size).expect("a proof");
            let found = verify_inclusion(
                &leaf_hash(&leaf(index)),
                index,
                size,
                &proof,
                &forest.root(size),
            );
            assert_eq!(found, Ok(()), "leaf {index} of {size}");
        }
        for old in sizes.into_iter().filter(|old| *old <= size) {
            let proof = consistency_proof(&mut nodes, old, size).expect("a proof");
            assert_eq!(Ok(proof), consistency_proof(&mut &forest, old, size));
        }
    }
}

#[test]
fn tiles_that_are_missing_damaged_or_beyond_are_named() {
    let tile = Tile::new(Row::Hashes(0), 0, 3).expect("a tile");
    let mut missing = TileNodes::new(3, |_: &Tile| Err::<Vec<u8>, _>("gone"));
    assert_eq!(
        missing.node(0, 0),
        Err(TileNodeError::Fetch {
            tile,
            cause: "gone"
        })
    );
    let mut short = TileNodes::new(3, |_: &Tile| Ok::<_, ()>(vec![0; 95]));
    assert_eq!(short.node(0, 0), Err(TileNodeError::Damaged { tile }));
    let mut good = TileNodes::new(3, |_: &Tile| Ok::<_, ()>(vec![0; 96]));
    assert!(good.node(1, 0).is_ok());
    assert_eq!(
        good.node(1, 1),
        Err(TileNodeError::Beyond { level: 1, index: 1 })
    );
    let far = TileNodeError::Beyond {
        level: 1,
        index: u64::MAX,
    };
    assert_eq!(good.node(1, u64::MAX), Err(far));
    assert_eq!(
        good.node(8, 0),
        Err(TileNodeError::Beyond { level: 8, index: 0 })
    );
}

#[test]
fn the_example_of_tlog_tiles_holds() {
    let widths = |row, size| {
        let tiles: Vec<u16> = (0..)
            .map_while(|n| Tile::in_record(row, n, size))
            .map(|t| t.width())
            .collect();
        let full = tiles.iter().filter(|width| **width == 256).count();
        (full, tiles.last().copied().filter(|width| *width < 256))
    };
    assert_eq!(widths(Row::Hashes(0), 70_000), (273, Some(112)));
    assert_eq!(widths(Row::Hashes(1), 70_000), (1, Some(17)));
    assert_eq!(widths(Row::Hashes(2), 70_000), (0, Some(1)));
    assert_eq!(widths(Row::Hashes(3), 70_000), (0, None));
    assert_eq!(widths(Row::Entries, 70_000), (273, Some(112)));
    assert_eq!(widths(Row::Hashes(0), 256), (1, None));
    assert_eq!(widths(Row::Hashes(1), 256), (0, Some(1)));
}

const WRONG_PATHS: &[&str] = &[
    "",
    "tile",
    "tile/",
    "tile/0",
    "tile/0/",
    "tile/64/000",
    "tile/00/000",
    "tile/0/0",
    "tile/0/0000",
    "tile/0/x000/000",
    "tile/0/001/000",
    "tile/0/x001",
    "tile/0/x001/x000",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/01",
    "tile/0/000.p/",
    "tile/0/000.p",
    "tile/8/0/000",
    "tile/data/000",
    "/tile/0/000",
    "tile/0/000/",
    "tile/-1/000",
    "tile/0/../000",
    "tile/entries/x035/x184/x372/x088/832",
    "tile/entries/x018/x446/x744/x073/x709/x551/616",
    "tile/0/٠٠٠",
    "tile/0/000\n",
];

#[test]
fn paths_are_those_of_c2sp() {
    for (row, index, width, path) in [
        (Row::Hashes(0), 0, 256, "tile/0/000"),
        (Row::Hashes(0), 5, 112, "tile/0/005.p/112"),
        (Row::Hashes(1), 1_234_067, 256, "tile/1/x001/x234/067"),
        (Row::Hashes(63), 1_000, 1, "tile/63/x001/000.p/1"),
        (
            Row::Entries,
            1_000_000,
            255,
            "tile/entries/x001/x000/000.p/255",
        ),
        (
            Row::Entries,
            (1 << 45) - 1,
            256,
            "tile/entries/x035/x184/x372/x088/831",
        ),
    ] {
        let tile = Tile::new(row, index, width).expect("a tile");
        assert_eq!(tile.path(), path);
        assert_eq!(Tile::from_path(path), Ok(tile));
        let is_data = row == Row::Entries;
        let level = if let Row::Hashes(level) = row {
            level
        } else {
            0
        };
        let other = tlog_tiles::tile::Tile::new(8, level, index, u32::from(width), is_data).path();
        // That crate writes the paths of Go's sumdb: tile/8/data/… for entries, tile/8/L/… for hashes.
        let ours = other
            .replacen("tile/8/data/", "tile/entries/", 1)
            .replacen("tile/8/", "tile/", 1);
        assert_eq!(ours, path);
    }
    for wrong in WRONG_PATHS {
        assert!(Tile::from_path(wrong).is_err(), "{wrong:?}");
    }
    assert!(Tile::new(Row::Hashes(64), 0, 1).is_err());
    assert!(Tile::new(Row::Entries, 0, 0).is_err());
    assert!(Tile::new(Row::Entries, 0, 257).is_err());
}

#[test]
fn entry_bundles_hold_exactly_their_leaves() {
    let leaves: [&[u8]; 3] = [b"", b"abc", &[0; 65_535]];
    let bytes = tile::encode_entries(leaves).expect("leaves within the limit");
    assert_eq!(&bytes[..7], b"\0\0\0\x03abc");
    assert_eq!(tile::decode_entries(&bytes, 3), Ok(leaves.to_vec()));
    for width in [0, 2, 4] {
        assert!(
            tile::decode_entries(&bytes, width).is_err(),
            "width {width}"
        );
    }
    assert!(tile::decode_entries(&bytes[..bytes.len() - 1], 3).is_err());
    assert!(tile::decode_entries(&[bytes, vec![0]].concat(), 3).is_err());
    assert!(tile::encode_entries([vec![0; 65_536]]).is_err());
    assert!(tile::decode_hashes(&[0; 64], 1).is_err());
    assert!(tile::decode_hashes(&[0; 63], 2).is_err());
}

proptest! {
    #[test]
    fn any_path_is_read_as_it_is_written(level in 0u8..=63, index in 0u64..1 << 45, width in 1u16..=256, entries: bool) {
        let row = if entries { Row::Entries } else { Row::Hashes(level) };
        let tile = Tile::new(row, index, width).expect("a tile");
        prop_assert_eq!(Tile::from_path(&tile.path()), Ok(tile));
    }

    #[test]
    fn growth_in_any_steps_writes_the_same_full_tiles(mut steps in prop::collection::vec(1u64..900, 1..6)) {
        steps.insert(0, 0);
        let sizes: Vec<u64> = steps.iter().scan(0, |sum, step| { *sum += step; Some(*sum) }).collect();
        let last = sizes[sizes.len() - 1];
        let full = |tiles: Vec<Tile>| tiles.into_iter().filter(Tile::is_full).map(|tile| tile.path()).collect::<std::collections::BTreeSet<_>>();
        let stepwise: Vec<Tile> = sizes.windows(2).flat_map(|pair| Tile::grown(pair[0], pair[1])).collect();
        prop_assert_eq!(full(stepwise), full(Tile::grown(0, last)));
    }
}
