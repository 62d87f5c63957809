//! An inclusion proof drawn as a tree: the way from the leaf at the bottom to the root at the top, and at each step the
//! given digest beside it. SVG without styles of its own, readable in print; the digests stand in a list besides.

use std::fmt;

use askama::filters::HtmlSafe;
use record::hash::Hash;

use crate::words::Words;

/// On which side of the way a given digest stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// It comes first in the hash.
    Left,
    /// It comes second.
    Right,
}

/// The sides of the digests of a proof for a leaf in a tree of this size, from the leaf to the root (RFC 9162).
#[must_use]
pub fn sides(index: u64, size: u64) -> Vec<Side> {
    let mut sides = Vec::new();
    let (mut node, mut last) = (index, size.saturating_sub(1));
    while last > 0 {
        if node & 1 == 1 {
            sides.push(Side::Left);
        } else if node < last {
            sides.push(Side::Right);
        }
        // Otherwise the last node of an odd row rises without a neighbour.
        (node, last) = (node >> 1, last >> 1);
    }
    sides
}

const STEP_HEIGHT: i32 = 46;
const STEP_WIDTH_MIN: i32 = 16;
const STEP_WIDTH_MAX: i32 = 44;
/// A whole way should be no wider than this, so that its words can be read on a telephone.
const WAY_WIDTH: i32 = 160;
const MARGIN_X: i32 = 90;
const MARGIN_Y: i32 = 40;

/// The picture of a proof.
#[derive(Clone, Debug)]
pub struct Tree {
    direction: &'static str,
    label: String,
    root: String,
    leaf: String,
    nodes: Vec<Node>,
}

/// A place on the way, and what is given beside the way to it.
#[derive(Clone, Debug)]
struct Node {
    x: i32,
    y: i32,
    beside: Option<(i32, String)>,
}

impl Tree {
    /// Draws a proof.
    #[must_use]
    pub fn new(sides: &[Side], hashes: &[Hash], index: u64, words: Words) -> Self {
        let steps = i32::try_from(hashes.len().max(1)).unwrap_or(i32::MAX);
        let step_width = (WAY_WIDTH / steps).clamp(STEP_WIDTH_MIN, STEP_WIDTH_MAX);
        let (mut x, mut nodes) = (
            0,
            vec![Node {
                x: 0,
                y: 0,
                beside: None,
            }],
        );
        for (depth, (side, hash)) in sides.iter().zip(hashes).rev().enumerate() {
            let (own, other) = match side {
                Side::Left => (x + step_width, x - step_width),
                Side::Right => (x - step_width, x + step_width),
            };
            let y = STEP_HEIGHT * (i32::try_from(depth).unwrap_or(0) + 1);
            nodes.push(Node {
                x: own,
                y,
                beside: Some((other, hash.to_string().chars().take(8).collect())),
            });
            x = own;
        }
        let leaf = words.of("proof-leaf").n("number", index).to_string();
        Self {
            direction: words.0.direction(),
            label: words.say("proof-picture"),
            root: words.say("proof-root"),
            leaf,
            nodes,
        }
    }

    fn xs(&self) -> impl Iterator<Item = i32> {
        self.nodes
            .iter()
            .flat_map(|node| std::iter::once(node.x).chain(node.beside.as_ref().map(|(x, _)| *x)))
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = self.xs().min().unwrap_or(0) - MARGIN_X;
        let width = self.xs().max().unwrap_or(0) + MARGIN_X - left;
        let bottom = self.nodes.last().map_or(0, |node| node.y);
        write!(
            f,
            "<svg viewBox=\"{left} {} {width} {}\" width=\"{width}\" role=\"img\" aria-label=\"{}\">",
            -MARGIN_Y,
            bottom + 2 * MARGIN_Y,
            Escaped(&self.label)
        )?;
        self.edges(f)?;
        self.circles(f)?;
        let top = self.nodes.first().map_or(0, |node| node.x);
        let end = self.nodes.last().map_or(0, |node| node.x);
        text(f, (top, -16), self.direction, &self.root)?;
        text(f, (end, bottom + 28), self.direction, &self.leaf)?;
        f.write_str("</svg>")
    }
}

impl Tree {
    fn edges(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for pair in self.nodes.windows(2) {
            let [above, below] = pair else { continue };
            line(f, above, below.x, below.y, "edge way")?;
            if let Some((x, _)) = &below.beside {
                line(f, above, *x, below.y, "edge")?;
            }
        }
        Ok(())
    }

    fn circles(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.nodes.len() - 1;
        for (place, node) in self.nodes.iter().enumerate() {
            let class = if place == 0 || place == last {
                "node leaf"
            } else {
                "node way"
            };
            circle(f, node.x, node.y, class)?;
            if let Some((x, digits)) = &node.beside {
                circle(f, *x, node.y, "node given")?;
                let away = if *x < node.x { x - 44 } else { x + 44 };
                text(f, (away, node.y + 4), "ltr", digits)?;
            }
        }
        Ok(())
    }
}

fn line(f: &mut fmt::Formatter<'_>, from: &Node, x: i32, y: i32, class: &str) -> fmt::Result {
    write!(
        f,
        "<path class=\"{class}\" d=\"M{} {}L{x} {y}\"/>",
        from.x, from.y
    )
}

fn circle(f: &mut fmt::Formatter<'_>, x: i32, y: i32, class: &str) -> fmt::Result {
    write!(
        f,
        "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"8\"/>"
    )
}

/// The picture's places run from left to right in every language; each text runs as its own language does.
fn text(
    f: &mut fmt::Formatter<'_>,
    (x, y): (i32, i32),
    direction: &str,
    text: &str,
) -> fmt::Result {
    write!(
        f,
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" direction=\"{direction}\">{}</text>",
        Escaped(text)
    )
}

struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        askama::filters::escape(self.0, askama::filters::Html)
            .map_err(|_| fmt::Error)?
            .fmt(f)
    }
}

/// Numbers, and texts that are escaped as they are written.
impl HtmlSafe for Tree {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use record::hash::{leaf_hash, node_hash};

    fn root(hashes: &[Hash], sides: &[Side], leaf: Hash) -> Hash {
        assert_eq!(hashes.len(), sides.len());
        hashes
            .iter()
            .zip(sides)
            .fold(leaf, |hash, (beside, side)| match side {
                Side::Left => node_hash(beside, &hash),
                Side::Right => node_hash(&hash, beside),
            })
    }

    struct All(Vec<Hash>);

    impl record::tree::NodeReader for All {
        type Error = std::convert::Infallible;

        fn node(&mut self, level: u8, index: u64) -> Result<Hash, Self::Error> {
            if level == 0 {
                return Ok(self.0[index as usize]);
            }
            let Ok(left) = self.node(level - 1, 2 * index);
            let Ok(right) = self.node(level - 1, 2 * index + 1);
            Ok(node_hash(&left, &right))
        }
    }

    #[test]
    fn the_sides_drawn_are_those_that_lead_to_the_root_at_every_size() {
        let leaves: Vec<Hash> = (0..70u8).map(|byte| leaf_hash(&[byte])).collect();
        for size in 1..=70 {
            let mut tree = All(leaves[..size as usize].to_vec());
            let Ok(whole) = record::tree::root_at(&mut tree, size);
            for index in 0..size {
                let proof = record::tree::inclusion_proof(&mut tree, index, size).unwrap();
                assert_eq!(
                    root(&proof, &sides(index, size), leaves[index as usize]),
                    whole,
                    "{index} of {size}"
                );
            }
        }
    }

    #[test]
    fn the_picture_has_a_node_for_every_digest_and_escapes_its_words() {
        let hashes = [leaf_hash(b"a"), leaf_hash(b"b"), leaf_hash(b"c")];
        let picture = Tree::new(&sides(5, 8), &hashes, 5, Words(Language::Persian)).to_string();
        assert_eq!(picture.matches("node given").count(), 3);
        assert_eq!(picture.matches("<circle").count(), 7);
        assert!(picture.contains('۵') && !picture.contains("<b>"));
    }

    #[test]
    fn a_label_runs_as_its_language_does_and_a_digest_from_left_to_right() {
        let picture = |language| Tree::new(&sides(0, 2), &[leaf_hash(b"a")], 0, Words(language));
        let persian = picture(Language::Persian).to_string();
        assert_eq!(persian.matches("direction=\"rtl\"").count(), 2);
        assert_eq!(persian.matches("direction=\"ltr\"").count(), 1);
        assert!(
            !picture(Language::French)
                .to_string()
                .contains("direction=\"rtl\"")
        );
    }
}
