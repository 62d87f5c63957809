//! Who is one person: links become clusters, as far as nothing says that two records cannot be the same.

use crate::mix::{self, Map, Set};
use crate::model::probability;

/// A pair of records with its weight in bits; `one < other`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// A row.
    pub one: u32,
    /// Another.
    pub other: u32,
    /// The posterior weight: 0 is even odds.
    pub weight: f32,
}

/// What must hold between records, whatever they weigh.
#[derive(Clone, Debug, Default)]
pub struct Constraints {
    /// A person decided that these are one person.
    pub same: Vec<(u32, u32)>,
    /// These cannot be: decided, or contradicted by evidence.
    pub different: Vec<(u32, u32)>,
    /// For each row the list on which a person stands only once; empty where lists may repeat.
    pub once_on: Vec<u16>,
}

/// A link that was not followed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Refused {
    /// The link.
    pub link: Link,
    /// Why.
    pub why: Refusal,
}

/// Why a link was not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A record of one cluster cannot be the same as a record of the other.
    CannotBe,
    /// Both clusters have a record of a list on which each person stands once.
    OnceOnAList,
    /// Most records of the two clusters speak against it.
    Outweighed,
}

/// Two decisions that contradict each other, as rows: a chain of `same` joins what a `different` parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the decisions contradict each other about two records")]
pub struct Contradiction {
    /// A record of the decision `different`.
    pub one: u32,
    /// The other.
    pub other: u32,
}

/// Clusters of records.
#[derive(Clone, Debug, PartialEq)]
pub struct Clusters {
    /// For each row the smallest row of its cluster.
    pub of: Vec<u32>,
    /// Links that were strong enough and not followed.
    pub refused: Vec<Refused>,
}

/// Pairs between two clusters that are weighed before they are joined; of larger clusters the first ones are.
const CROSS_PAIRS_MAX: usize = 64;

struct Forest<'a> {
    parent: Vec<u32>,
    members: Map<u32, Vec<u32>>,
    foes: Map<u32, Set<u32>>,
    once_on: &'a [u16],
}

/// Joins records, the heaviest link first. `weigh` gives the weight of any two records; ties are broken by `rank`, which must not
/// depend on the order of the input.
pub fn cluster(
    records: usize,
    links: &[Link],
    constraints: &Constraints,
    mut weigh: impl FnMut(u32, u32) -> f64,
) -> Result<Clusters, Contradiction> {
    let mut forest = Forest::new(records, constraints)?;
    let mut order: Vec<&Link> = links.iter().collect();
    order.sort_unstable_by(|one, other| {
        other
            .weight
            .total_cmp(&one.weight)
            .then((one.one, one.other).cmp(&(other.one, other.other)))
    });
    let mut refused = Vec::new();
    for link in order {
        let (one, other) = (forest.find(link.one), forest.find(link.other));
        if one == other {
            continue;
        }
        match forest.refusal(one, other, &mut weigh) {
            Some(why) => refused.push(Refused { link: *link, why }),
            None => forest.join(one, other),
        }
    }
    let of = (0..records as u32).map(|row| forest.find(row)).collect();
    Ok(Clusters {
        of: smallest(of),
        refused,
    })
}

/// Clusters named by their smallest row.
fn smallest(of: Vec<u32>) -> Vec<u32> {
    let mut first: Map<u32, u32> = Map::default();
    let rows = of.iter().enumerate();
    rows.map(|(row, root)| *first.entry(*root).or_insert(row as u32))
        .collect()
}

impl<'a> Forest<'a> {
    fn new(records: usize, constraints: &'a Constraints) -> Result<Forest<'a>, Contradiction> {
        let parent = (0..records as u32).collect();
        let mut forest = Forest {
            parent,
            members: Map::default(),
            foes: Map::default(),
            once_on: &constraints.once_on,
        };
        for (one, other) in &constraints.same {
            let (one, other) = (forest.find(*one), forest.find(*other));
            if one != other {
                forest.join(one, other);
            }
        }
        for (one, other) in &constraints.different {
            let (left, right) = (forest.find(*one), forest.find(*other));
            if left == right {
                return Err(Contradiction {
                    one: *one,
                    other: *other,
                });
            }
            forest.foes.entry(left).or_default().insert(right);
            forest.foes.entry(right).or_default().insert(left);
        }
        Ok(forest)
    }

    fn find(&mut self, row: u32) -> u32 {
        let mut at = row;
        while self.parent[at as usize] != at {
            let above = self.parent[at as usize];
            self.parent[at as usize] = self.parent[above as usize];
            at = above;
        }
        at
    }

    fn members(&self, root: u32) -> Vec<u32> {
        self.members
            .get(&root)
            .cloned()
            .unwrap_or_else(|| vec![root])
    }

    fn refusal(
        &self,
        one: u32,
        other: u32,
        weigh: &mut impl FnMut(u32, u32) -> f64,
    ) -> Option<Refusal> {
        if self
            .foes
            .get(&one)
            .is_some_and(|foes| foes.contains(&other))
        {
            return Some(Refusal::CannotBe);
        }
        let single = !self.members.contains_key(&one) && !self.members.contains_key(&other);
        let (left, right) = (self.members(one), self.members(other));
        if self.stands_twice(&left, &right) {
            return Some(Refusal::OnceOnAList);
        }
        if single {
            return None;
        }
        let pairs = left
            .iter()
            .flat_map(|one| right.iter().map(move |other| (*one, *other)));
        let (mut sum, mut count) = (0.0, 0.0);
        for (one, other) in pairs.take(CROSS_PAIRS_MAX) {
            sum += weigh(one.min(other), one.max(other));
            count += 1.0;
        }
        (sum / count < 0.0).then_some(Refusal::Outweighed)
    }

    fn stands_twice(&self, left: &[u32], right: &[u32]) -> bool {
        let on = |row: &u32| {
            self.once_on
                .get(*row as usize)
                .copied()
                .filter(|list| *list != u16::MAX)
        };
        let taken: Set<u16> = left.iter().filter_map(on).collect();
        !taken.is_empty()
            && right
                .iter()
                .filter_map(on)
                .any(|list| taken.contains(&list))
    }

    /// Joins two roots; the smaller cluster moves.
    fn join(&mut self, one: u32, other: u32) {
        let (left, right) = (self.members.remove(&one), self.members.remove(&other));
        let (mut left, mut right) = (
            left.unwrap_or_else(|| vec![one]),
            right.unwrap_or_else(|| vec![other]),
        );
        let (root, gone) = if left.len() >= right.len() {
            (one, other)
        } else {
            (other, one)
        };
        left.append(&mut right);
        left.sort_unstable();
        self.parent[gone as usize] = root;
        self.members.insert(root, left);
        if let Some(foes) = self.foes.remove(&gone) {
            for foe in &foes {
                if let Some(of_foe) = self.foes.get_mut(foe) {
                    of_foe.remove(&gone);
                    of_foe.insert(root);
                }
            }
            self.foes.entry(root).or_default().extend(foes);
        }
    }
}

/// Links as one draw from what is uncertain: each is kept with its own probability. The same seed keeps the same links, whatever
/// else is linked; `mark` names a row by what it says.
pub fn draw(links: &[Link], seed: u64, mark: impl Fn(u32) -> u64) -> Vec<Link> {
    let kept = |link: &&Link| {
        let (one, other) = (mark(link.one), mark(link.other));
        let chance = mix::mix(mix::mix(seed, one.min(other)), one.max(other));
        mix::fraction(chance) < probability(f64::from(link.weight))
    };
    // A link that was drawn is as good as any other.
    links.iter().filter(kept).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(one: u32, other: u32, weight: f32) -> Link {
        Link { one, other, weight }
    }

    #[test]
    fn what_cannot_be_the_same_stays_apart() {
        let links = [link(0, 1, 9.0), link(1, 2, 8.0), link(3, 4, 1.0)];
        let apart = Constraints {
            different: vec![(0, 2)],
            ..Constraints::default()
        };
        let clusters = cluster(5, &links, &apart, |_, _| 5.0).unwrap();
        assert_eq!(clusters.of, [0, 0, 2, 3, 3]);
        assert_eq!(
            clusters.refused,
            [Refused {
                link: links[1],
                why: Refusal::CannotBe
            }]
        );
    }

    #[test]
    fn a_chain_of_likeness_is_not_followed_against_the_rest() {
        let links = [link(0, 1, 9.0), link(1, 2, 1.0)];
        let weigh = |one: u32, other: u32| if (one, other) == (0, 2) { -20.0 } else { 1.0 };
        assert_eq!(
            cluster(3, &links, &Constraints::default(), weigh)
                .unwrap()
                .of,
            [0, 0, 2]
        );
    }

    #[test]
    fn a_person_stands_once_on_a_clean_list() {
        let once = Constraints {
            once_on: vec![0, 1, 1],
            ..Constraints::default()
        };
        let clusters = cluster(3, &[link(0, 1, 9.0), link(0, 2, 8.0)], &once, |_, _| 9.0).unwrap();
        assert_eq!(clusters.of, [0, 0, 2]);
    }

    #[test]
    fn decisions_that_contradict_each_other_are_refused() {
        let torn = Constraints {
            same: vec![(0, 1), (1, 2)],
            different: vec![(0, 2)],
            ..Constraints::default()
        };
        assert!(cluster(3, &[], &torn, |_, _| 0.0).is_err());
    }

    #[test]
    fn splitting_undoes_merging() {
        let links = [link(0, 1, 9.0)];
        let before = cluster(3, &links, &Constraints::default(), |_, _| 1.0).unwrap();
        let merged = Constraints {
            same: vec![(1, 2)],
            ..Constraints::default()
        };
        assert_eq!(
            cluster(3, &links, &merged, |_, _| 1.0).unwrap().of,
            [0, 0, 0]
        );
        assert_eq!(
            cluster(3, &links, &Constraints::default(), |_, _| 1.0).unwrap(),
            before
        );
    }
}
