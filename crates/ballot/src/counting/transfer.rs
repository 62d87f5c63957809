//! The single transferable vote by the rules for Scotland's local elections: the weighted inclusive Gregory method, to five
//! decimal places.
//!
//! Source: The Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, rules 45 to 52. Surpluses are
//! transferred at the value of each ballot times surplus over votes, what is beyond the fifth place ignored, to the next
//! continuing answer. Ties fall to who had more at the latest stage at which they differed, and then to a lot.

use std::collections::BTreeMap;

/// One vote, in the unit in which votes are counted: the fifth decimal place.
pub const UNIT: u64 = 100_000;

/// What was counted by transfers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// How many were to be elected.
    pub seats: usize,
    /// Votes, whole ones, that suffice.
    pub quota: u64,
    /// The stages in order.
    pub stages: Vec<Stage>,
    /// Who is elected, in order of election.
    pub elected: Vec<usize>,
    /// Where a lot has to decide and none was drawn: between whom. The count ended there.
    pub lot: Vec<usize>,
}

/// A stage of the count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    /// Whose surplus was transferred.
    pub surplus_of: Option<usize>,
    /// Who was excluded.
    pub excluded: Option<usize>,
    /// The votes of each answer at its end, in [`UNIT`]s.
    pub votes: Vec<u64>,
    /// Votes that went to nobody, what was ignored in rounding included.
    pub non_transferable: u64,
    /// Who is elected at its end, the one with most votes first.
    pub elected: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Continuing,
    Elected,
    Excluded,
}

/// Ballots that are alike and came to an answer at one value.
struct Parcel<'a> {
    order: &'a [usize],
    ballots: u64,
    value: u64,
}

/// Nobody drew the lot that is needed between these.
struct NoLot(Vec<usize>);

/// Which of several that are equal is wanted.
#[derive(Clone, Copy)]
enum Wanted {
    Most,
    Fewest,
}

struct Count<'a> {
    seats: usize,
    quota: u64,
    total: u64,
    lot: &'a [usize],
    standings: Vec<Standing>,
    votes: Vec<u64>,
    parcels: Vec<Vec<Parcel<'a>>>,
    stages: Vec<Stage>,
    elected: Vec<usize>,
}

impl Transfer {
    /// Counts ballots whose numbers are 1, 2, 3 and so on, each once, at least one, and otherwise 0.
    pub fn of(answers: usize, seats: usize, ballots: &[&[u64]], lot: &[usize]) -> Transfer {
        let mut orders: BTreeMap<Vec<usize>, u64> = BTreeMap::new();
        for ballot in ballots {
            *orders.entry(order(ballot)).or_default() += 1;
        }
        let voters = ballots.len() as u64;
        let mut count = Count {
            seats: seats.min(answers),
            quota: voters / (seats as u64).saturating_add(1) + 1,
            total: voters * UNIT,
            lot,
            standings: vec![Standing::Continuing; answers],
            votes: vec![0; answers],
            parcels: (0..answers).map(|_| Vec::new()).collect(),
            stages: Vec::new(),
            elected: Vec::new(),
        };
        for (order, ballots) in &orders {
            count.give(order, *ballots, UNIT);
        }
        let lot = match count.run() {
            Ok(()) => Vec::new(),
            Err(NoLot(between)) => between,
        };
        Transfer {
            seats,
            quota: count.quota,
            stages: count.stages,
            elected: count.elected,
            lot,
        }
    }
}

/// The answers from the first preference on.
fn order(ballot: &[u64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..ballot.len()).filter(|at| ballot[*at] > 0).collect();
    order.sort_by_key(|at| ballot[*at]);
    order
}

impl<'a> Count<'a> {
    fn run(&mut self) -> Result<(), NoLot> {
        self.end_stage(Stage::default());
        while self.elected.len() < self.seats {
            let vacancies = self.seats - self.elected.len();
            let continuing = self.of_standing(Standing::Continuing);
            if continuing.len() <= vacancies {
                self.fill(continuing);
                break;
            }
            self.next_stage(continuing)?;
        }
        Ok(())
    }

    /// A surplus is transferred, the largest first; if there is none, the last is excluded.
    fn next_stage(&mut self, continuing: Vec<usize>) -> Result<(), NoLot> {
        let quota = self.quota * UNIT;
        let over = self.of_standing(Standing::Elected);
        let over: Vec<usize> = over
            .into_iter()
            .filter(|at| self.votes[*at] > quota)
            .collect();
        let mut stage = Stage::default();
        match over.is_empty() {
            false => {
                let from = self.decide(over, Wanted::Most)?;
                self.transfer(from, self.votes[from] - quota);
                self.votes[from] = quota;
                stage.surplus_of = Some(from);
            }
            true => {
                let from = self.decide(continuing, Wanted::Fewest)?;
                self.standings[from] = Standing::Excluded;
                self.pass_on(from, |value| value);
                self.votes[from] = 0;
                stage.excluded = Some(from);
            }
        }
        self.end_stage(stage);
        Ok(())
    }

    /// Rule 48: surplus times value over votes.
    fn transfer(&mut self, from: usize, surplus: u64) {
        let votes = u128::from(self.votes[from]);
        self.pass_on(from, |value| {
            (u128::from(surplus) * u128::from(value) / votes) as u64
        });
    }

    /// Passes all ballots of an answer on, each at its new value.
    fn pass_on(&mut self, from: usize, new_value: impl Fn(u64) -> u64) {
        for parcel in std::mem::take(&mut self.parcels[from]) {
            self.give(parcel.order, parcel.ballots, new_value(parcel.value));
        }
    }

    /// Gives ballots to the first continuing answer of their order.
    fn give(&mut self, order: &'a [usize], ballots: u64, value: u64) {
        let is_continuing = |at: &&usize| self.standings[**at] == Standing::Continuing;
        if let Some(&to) = order.iter().find(is_continuing) {
            self.votes[to] += ballots * value;
            self.parcels[to].push(Parcel {
                order,
                ballots,
                value,
            });
        }
    }

    /// Who has the quota is elected, and the stage is written down.
    fn end_stage(&mut self, mut stage: Stage) {
        stage.votes = self.votes.clone();
        stage.non_transferable = self.total.saturating_sub(self.votes.iter().sum());
        self.stages.push(stage);
        let mut reached = self.of_standing(Standing::Continuing);
        reached.retain(|at| self.votes[*at] >= self.quota * UNIT);
        reached.sort_by_key(|at| std::cmp::Reverse(self.votes[*at]));
        self.elect(reached);
    }

    /// Rule 52: as many as there are vacancies, or fewer.
    fn fill(&mut self, mut continuing: Vec<usize>) {
        continuing.sort_by_key(|at| std::cmp::Reverse(self.votes[*at]));
        self.elect(continuing);
    }

    fn elect(&mut self, answers: Vec<usize>) {
        for at in &answers {
            self.standings[*at] = Standing::Elected;
        }
        self.elected.extend(&answers);
        if let Some(stage) = self.stages.last_mut() {
            stage.elected.extend(answers);
        }
    }

    fn of_standing(&self, standing: Standing) -> Vec<usize> {
        let all = 0..self.standings.len();
        all.filter(|at| self.standings[*at] == standing).collect()
    }

    /// Rules 49 and 51: by the votes now, then by those at the latest stage at which they differed, then by lot.
    fn decide(&self, among: Vec<usize>, wanted: Wanted) -> Result<usize, NoLot> {
        let mut left = among;
        let stages = self.stages.iter().rev().map(|stage| &stage.votes);
        for votes in stages {
            let of = left.iter().map(|at| votes[*at]);
            let best = match wanted {
                Wanted::Most => of.max(),
                Wanted::Fewest => of.min(),
            };
            left.retain(|at| Some(votes[*at]) == best);
        }
        if let [one] = left[..] {
            return Ok(one);
        }
        let mut drawn = self.lot.iter().filter(|at| left.contains(at)).copied();
        let is_drawn = left.iter().all(|at| self.lot.contains(at));
        let one = match wanted {
            Wanted::Most => drawn.next(),
            Wanted::Fewest => drawn.last(),
        };
        one.filter(|_| is_drawn).ok_or(NoLot(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(seats: usize, lines: &[(usize, &[u64])], lot: &[usize]) -> Transfer {
        let ballots: Vec<&[u64]> = lines
            .iter()
            .flat_map(|(times, ballot)| vec![*ballot; *times])
            .collect();
        Transfer::of(lines[0].1.len(), seats, &ballots, lot)
    }

    fn votes(stage: &Stage) -> Vec<f64> {
        stage
            .votes
            .iter()
            .map(|one| *one as f64 / UNIT as f64)
            .collect()
    }

    /// The party's food of English textbooks: oranges, pears, chocolate, strawberries, sweets; three are bought.
    const FOOD: [(usize, &[u64]); 6] = [
        (4, &[1, 0, 0, 0, 0]),
        (2, &[2, 1, 0, 0, 0]),
        (8, &[0, 0, 1, 2, 0]),
        (4, &[0, 0, 1, 0, 2]),
        (1, &[0, 0, 0, 1, 0]),
        (1, &[0, 0, 0, 0, 1]),
    ];

    #[test]
    fn food_for_a_party() {
        let found = counted(3, &FOOD, &[]);
        assert_eq!((found.quota, found.lot.len()), (6, 0));
        assert_eq!(found.elected, [2, 0, 3]);
        let all: Vec<Vec<f64>> = found.stages.iter().map(votes).collect();
        assert_eq!(
            all,
            [
                [4.0, 2.0, 12.0, 1.0, 1.0],
                [4.0, 2.0, 6.0, 5.0, 3.0],
                [6.0, 0.0, 6.0, 5.0, 3.0],
                [6.0, 0.0, 6.0, 5.0, 0.0],
            ]
        );
        assert_eq!(found.stages[1].surplus_of, Some(2));
        assert_eq!(found.stages[3].excluded, Some(4));
    }

    #[test]
    fn values_are_cut_at_the_fifth_place() {
        // 10 ballots, 2 seats: the quota is 4; 3 of 7 votes go on at 0.42857 each.
        let found = counted(2, &[(7, &[1, 2, 0]), (2, &[0, 0, 1]), (1, &[0, 1, 2])], &[]);
        assert_eq!(found.quota, 4);
        assert_eq!(found.stages[1].votes, [400_000, 399_999, 200_000]);
        assert_eq!(found.stages[1].non_transferable, 1);
        // It is less than the quota by what was ignored, so that the last has to be excluded first.
        assert_eq!(found.stages[2].excluded, Some(2));
        assert_eq!(found.elected, [0, 1]);
    }

    #[test]
    fn a_tie_falls_to_the_stage_before_and_then_to_a_lot() {
        let lines: [(usize, &[u64]); 4] = [
            (5, &[1, 0, 0, 0]),
            (2, &[0, 1, 0, 0]),
            (2, &[0, 0, 1, 0]),
            (1, &[0, 0, 2, 1]),
        ];
        let found = counted(1, &lines, &[]);
        assert_eq!(found.stages[1].excluded, Some(3));
        assert_eq!(found.stages[2].excluded, Some(1));
        let tied: [(usize, &[u64]); 3] = [(3, &[1, 0, 0]), (2, &[0, 1, 0]), (2, &[0, 0, 1])];
        let found = counted(1, &tied, &[]);
        assert_eq!((found.lot, found.elected.len()), (vec![1, 2], 0));
        let found = counted(1, &tied, &[1, 2, 0]);
        assert_eq!((found.stages[1].excluded, found.lot.len()), (Some(2), 0));
        assert_eq!(found.elected, [0]);
    }

    #[test]
    fn nobody_voted_or_all_are_elected() {
        let found = Transfer::of(2, 1, &[], &[]);
        assert_eq!((found.quota, found.lot), (1, vec![0, 1]));
        assert_eq!(Transfer::of(2, usize::MAX, &[], &[]).elected, [0, 1]);
        assert!(Transfer::of(0, 1, &[], &[]).elected.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_vote_is_lost_or_made(ballots in proptest::collection::vec(proptest::sample::subsequence(vec![0_usize, 1, 2, 3, 4], 1..=5), 0..40), seats in 1_usize..5) {
            let ballots: Vec<Vec<u64>> = ballots.iter().enumerate().map(|(turn, order)| {
                let mut ballot = vec![0; 5];
                for (rank, at) in (1..).zip(order) {
                    ballot[(at + turn) % 5] = rank;
                }
                ballot
            }).collect();
            let ballots: Vec<&[u64]> = ballots.iter().map(Vec::as_slice).collect();
            let found = Transfer::of(5, seats, &ballots, &[4, 3, 2, 1, 0]);
            proptest::prop_assert_eq!(found.elected.len(), seats);
            for stage in &found.stages {
                let sum: u64 = stage.votes.iter().sum();
                proptest::prop_assert_eq!(sum + stage.non_transferable, ballots.len() as u64 * UNIT);
            }
        }
    }
}
