//! Duels of every two answers, who wins them all, and Schulze's method.
//!
//! Source: M. Schulze, A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election
//! method, Social Choice and Welfare 36 (2011), with "winning votes" as the measure of strength.

/// Who is preferred to whom, by how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duels {
    /// `preferred[a][b]`: ballots that rank answer a before answer b.
    pub preferred: Vec<Vec<u64>>,
}

/// What Schulze's method finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schulze {
    /// The duels.
    pub duels: Duels,
    /// `paths[a][b]`: how strong the strongest path from a to b is.
    pub paths: Vec<Vec<Strength>>,
    /// The answers from best to worst, those together between whom the method does not decide.
    pub ranking: Vec<Vec<usize>>,
}

/// The strength of a won duel: more votes for it first, then fewer against it. Nothing is weaker than [`Strength::NONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Strength {
    /// Votes for it.
    pub winning: u64,
    /// Votes against it, from the other end.
    against: std::cmp::Reverse<u64>,
}

impl Strength {
    /// No path: nobody voted for it.
    pub const NONE: Strength = Strength {
        winning: 0,
        against: std::cmp::Reverse(0),
    };

    /// Votes against it.
    pub fn losing(self) -> u64 {
        self.against.0
    }
}

impl Duels {
    /// Counts them. The lowest number is the best, and 0 is behind all others.
    pub fn of(answers: usize, ballots: &[&[u64]]) -> Duels {
        let mut preferred = vec![vec![0; answers]; answers];
        for ballot in ballots {
            let rank = |at: usize| ballot[at].wrapping_sub(1);
            for (a, row) in preferred.iter_mut().enumerate() {
                for (b, count) in row.iter_mut().enumerate() {
                    *count += u64::from(rank(a) < rank(b));
                }
            }
        }
        Duels { preferred }
    }

    /// Whether a is preferred to b by more than b to a.
    pub fn wins(&self, a: usize, b: usize) -> bool {
        self.preferred[a][b] > self.preferred[b][a]
    }

    /// The answer that wins every duel, if one does (Condorcet's).
    pub fn winner_of_all(&self) -> Option<usize> {
        let all = 0..self.preferred.len();
        let mut candidates = all.clone();
        candidates.find(|a| all.clone().all(|b| *a == b || self.wins(*a, b)))
    }

    fn strength(&self, a: usize, b: usize) -> Strength {
        match self.wins(a, b) {
            false => Strength::NONE,
            true => Strength {
                winning: self.preferred[a][b],
                against: std::cmp::Reverse(self.preferred[b][a]),
            },
        }
    }
}

impl Schulze {
    /// Counts.
    pub fn of(answers: usize, ballots: &[&[u64]]) -> Schulze {
        let duels = Duels::of(answers, ballots);
        let paths = strongest_paths(&duels);
        let ranking = ranking(&paths);
        Schulze {
            duels,
            paths,
            ranking,
        }
    }
}

/// A path is as strong as its weakest duel (Floyd and Warshall's recursion).
fn strongest_paths(duels: &Duels) -> Vec<Vec<Strength>> {
    let answers = duels.preferred.len();
    let row = |a| (0..answers).map(|b| duels.strength(a, b)).collect();
    let mut paths: Vec<Vec<Strength>> = (0..answers).map(row).collect();
    for over in 0..answers {
        for from in (0..answers).filter(|from| *from != over) {
            for to in (0..answers).filter(|to| *to != from && *to != over) {
                let detour = paths[from][over].min(paths[over][to]);
                paths[from][to] = paths[from][to].max(detour);
            }
        }
    }
    paths
}

/// The answers that no remaining one beats, then those of the rest, and so on. "Beats" is transitive, so that some remain
/// unbeaten in every round.
fn ranking(paths: &[Vec<Strength>]) -> Vec<Vec<usize>> {
    let mut rest: Vec<usize> = (0..paths.len()).collect();
    let mut ranking = Vec::new();
    while !rest.is_empty() {
        let is_unbeaten = |a: &usize| rest.iter().all(|b| paths[*b][*a] <= paths[*a][*b]);
        let (best, others): (Vec<usize>, Vec<usize>) = rest.iter().partition(|a| is_unbeaten(a));
        if best.is_empty() {
            ranking.push(others);
            break;
        }
        ranking.push(best);
        rest = others;
    }
    ranking
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ballots from orders such as `5 ACBED`.
    fn ballots(answers: usize, lines: &[&str]) -> Vec<Vec<u64>> {
        let mut all = Vec::new();
        for line in lines {
            let (times, order) = line.split_once(' ').expect("a count and an order");
            let mut ballot = vec![0; answers];
            for (rank, name) in (1..).zip(order.bytes()) {
                ballot[usize::from(name - b'A')] = rank;
            }
            all.extend(vec![ballot; times.parse().expect("a count")]);
        }
        all
    }

    fn counted(answers: usize, lines: &[&str]) -> Schulze {
        let ballots = ballots(answers, lines);
        let ballots: Vec<&[u64]> = ballots.iter().map(Vec::as_slice).collect();
        Schulze::of(answers, &ballots)
    }

    /// Schulze's example of 45 voters: E > A > C > B > D, without anybody who wins every duel.
    #[test]
    fn forty_five_voters_and_five_candidates() {
        let found = counted(
            5,
            &[
                "5 ACBED", "5 ADECB", "8 BEDAC", "3 CABED", "7 CAEBD", "2 CBADE", "7 DCEBA",
                "8 EBADC",
            ],
        );
        assert_eq!(found.ranking, [[4], [0], [2], [1], [3]]);
        assert_eq!(found.duels.winner_of_all(), None);
        assert_eq!(
            found.duels.preferred,
            [
                [0, 20, 26, 30, 22],
                [25, 0, 16, 33, 18],
                [19, 29, 0, 17, 24],
                [15, 12, 28, 0, 14],
                [23, 27, 21, 31, 0]
            ]
        );
        let strengths: Vec<Vec<u64>> = found
            .paths
            .iter()
            .map(|row| row.iter().map(|one| one.winning).collect())
            .collect();
        assert_eq!(
            strengths,
            [
                [0, 28, 28, 30, 24],
                [25, 0, 28, 33, 24],
                [25, 29, 0, 29, 24],
                [25, 28, 28, 0, 24],
                [25, 28, 28, 31, 0]
            ]
        );
    }

    /// The well-known example of a capital for Tennessee: Nashville wins every duel though few put it first.
    #[test]
    fn the_capital_of_tennessee() {
        // Memphis, Nashville, Chattanooga, Knoxville.
        let found = counted(4, &["42 ABCD", "26 BCDA", "15 CDBA", "17 DCBA"]);
        assert_eq!(found.duels.winner_of_all(), Some(1));
        assert_eq!(found.ranking, [[1], [2], [3], [0]]);
        assert_eq!(found.duels.preferred[1], [58, 0, 68, 68]);
    }

    #[test]
    fn what_is_not_decided_stands_together() {
        let found = counted(3, &["1 ABC", "1 BAC"]);
        assert_eq!(found.ranking, [vec![0, 1], vec![2]]);
        assert_eq!(counted(3, &[]).ranking, [[0, 1, 2]]);
        let circle = counted(3, &["1 ABC", "1 BCA", "1 CAB"]);
        assert_eq!(circle.ranking, [[0, 1, 2]]);
        assert_eq!(circle.duels.winner_of_all(), None);
    }

    #[test]
    fn nothing_is_behind_everything() {
        let ballot: &[u64] = &[0, 255, 0, 1];
        let duels = Duels::of(4, &[ballot]);
        assert!(duels.wins(3, 1) && duels.wins(1, 0) && !duels.wins(0, 2) && !duels.wins(2, 0));
    }
}
