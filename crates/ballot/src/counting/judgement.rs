//! Majority judgement: the answer with the best median grade; among equals a median voter is taken away, and again.
//!
//! Source: M. Balinski and R. Laraki, A theory of measuring, electing, and ranking, PNAS 104 (2007). Of an even number of grades
//! the median is the worse of the two in the middle.

use std::cmp::Ordering;

/// What majority judgement finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// `given[a][g]`: how often answer a was given the grade g, from the best, 0, to the worst.
    pub given: Vec<Vec<u64>>,
    /// The median grade of each answer, from 0; none without ballots.
    pub medians: Vec<Option<usize>>,
    /// The answers from best to worst, those together whose grades are the same throughout.
    pub ranking: Vec<Vec<usize>>,
}

impl Judgement {
    /// Counts ballots of grades from 1 to `grades`.
    pub fn of(answers: usize, grades: usize, ballots: &[&[u64]]) -> Judgement {
        let mut given = vec![vec![0_u64; grades]; answers];
        for ballot in ballots {
            for (counts, grade) in given.iter_mut().zip(*ballot) {
                counts[*grade as usize - 1] += 1;
            }
        }
        let sums: Vec<Vec<u64>> = given.iter().map(|counts| running_sums(counts)).collect();
        let voters = ballots.len() as u64;
        let medians = sums
            .iter()
            .map(|sums| (voters > 0).then(|| grade(sums, voters / 2)));
        let medians = medians.collect();
        let mut order: Vec<usize> = (0..answers).collect();
        order.sort_by(|a, b| compare(&sums[*a], &sums[*b], voters));
        let ranking = order
            .chunk_by(|a, b| sums[*a] == sums[*b])
            .map(<[usize]>::to_vec);
        Judgement {
            ranking: ranking.collect(),
            given,
            medians,
        }
    }
}

fn running_sums(counts: &[u64]) -> Vec<u64> {
    let mut sum = 0;
    let sums = counts.iter().map(|count| {
        sum += count;
        sum
    });
    sums.collect()
}

/// The grade of the voter in a place, if the voters stand in order from the best grade.
fn grade(sums: &[u64], place: u64) -> usize {
    sums.partition_point(|sum| *sum <= place)
}

/// The better one is less. Whoever is taken away stands in the middle, and then in turn before and behind those who are
/// gone: of n voters first the one in place n / 2.
fn compare(one: &[u64], other: &[u64], voters: u64) -> Ordering {
    if one == other {
        return Ordering::Equal;
    }
    let middle = voters / 2;
    let is_even = voters.is_multiple_of(2);
    let mut places = (0..voters).map(|step| {
        let distance = step.div_ceil(2);
        match (step % 2 == 1) == is_even {
            true => middle - distance,
            false => middle + distance,
        }
    });
    let differing = places.find_map(|place| {
        let order = grade(one, place).cmp(&grade(other, place));
        order.is_ne().then_some(order)
    });
    differing.unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By taking away one grade after the other, as the rule is told.
    fn taken_away(mut grades: Vec<u64>) -> Vec<u64> {
        grades.sort_unstable();
        let mut taken = Vec::new();
        while !grades.is_empty() {
            taken.push(grades.remove(grades.len() / 2));
        }
        taken
    }

    /// The capital of Tennessee, judged excellent, good, fair or poor by distance.
    #[test]
    fn the_capital_of_tennessee() {
        let voters: [(usize, [u64; 4]); 4] = [
            (42, [1, 3, 4, 4]),
            (26, [4, 1, 3, 3]),
            (15, [4, 3, 1, 2]),
            (17, [4, 3, 2, 1]),
        ];
        let ballots: Vec<&[u64]> = voters
            .iter()
            .flat_map(|(times, ballot)| vec![ballot.as_slice(); *times])
            .collect();
        let found = Judgement::of(4, 4, &ballots);
        assert_eq!(found.medians, [Some(3), Some(2), Some(2), Some(2)]);
        assert_eq!(found.ranking, [[1], [3], [2], [0]]);
        assert_eq!(found.given[0], [42, 0, 0, 58]);
    }

    #[test]
    fn equal_grades_stand_together() {
        let ballots: [&[u64]; 2] = [&[1, 2, 2], &[2, 1, 2]];
        assert_eq!(Judgement::of(3, 2, &ballots).ranking, [vec![0, 1], vec![2]]);
        let nobody = Judgement::of(2, 3, &[]);
        assert_eq!(
            (nobody.ranking, nobody.medians),
            (vec![vec![0, 1]], vec![None, None])
        );
    }

    proptest::proptest! {
        #[test]
        fn the_order_is_that_of_taking_medians_away(pairs in proptest::collection::vec((1_u64..5, 1_u64..5), 1..12)) {
            let ballots: Vec<Vec<u64>> = pairs.iter().map(|(one, other)| vec![*one, *other]).collect();
            let ballots: Vec<&[u64]> = ballots.iter().map(Vec::as_slice).collect();
            let one = taken_away(pairs.iter().map(|pair| pair.0).collect());
            let other = taken_away(pairs.iter().map(|pair| pair.1).collect());
            let expected = match one.cmp(&other) {
                Ordering::Less => vec![vec![0], vec![1]],
                Ordering::Equal => vec![vec![0, 1]],
                Ordering::Greater => vec![vec![1], vec![0]],
            };
            proptest::prop_assert_eq!(Judgement::of(2, 4, &ballots).ranking, expected);
        }
    }
}
