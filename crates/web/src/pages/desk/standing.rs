//! What stood of an entity when somebody looked at it, told from its history: what a form is compared with, so that whoever
//! sends it states what they changed and nothing else.

use std::collections::BTreeMap;

use desk::StatementMade;

/// The values of each field that stood, each with the statement that it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing(BTreeMap<String, Vec<(u64, String)>>);

impl Standing {
    /// What stood when `seen` was the last statement: a statement replaces what its writer had seen, and what others stated
    /// meanwhile stays beside it.
    #[must_use]
    pub fn at(history: &[StatementMade], seen: u64) -> Standing {
        let mut standing = Standing::default();
        for statement in history.iter().take_while(|one| one.seq <= seen) {
            standing.apply(statement);
        }
        standing
    }

    /// Adds the next statement.
    pub fn apply(&mut self, statement: &StatementMade) {
        for (field, values) in &statement.set {
            let facts = self.0.entry(field.clone()).or_default();
            facts.retain(|(seq, _)| statement.seen.is_none_or(|seen| *seq > seen));
            let same = facts.iter().map(|(_, value)| value).eq(values);
            if !same {
                facts.extend(values.iter().map(|value| (statement.seq, value.clone())));
            }
        }
    }

    /// The values of a field, in order.
    pub fn values<'a>(&'a self, field: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let facts = self.0.get(field).map(Vec::as_slice).unwrap_or_default();
        facts.iter().map(|(_, value)| value.as_str())
    }

    /// Whether two people stated a field without having seen one another's words.
    #[must_use]
    pub fn is_contested(&self, field: &str) -> bool {
        let facts = self.0.get(field).map(Vec::as_slice).unwrap_or_default();
        facts.windows(2).any(|pair| pair[0].0 != pair[1].0)
    }
}

#[cfg(test)]
mod tests {
    use record::entry::Timestamp;
    use record::hash::Hash;
    use record::ids::MemberId;

    use super::*;

    fn made(seq: u64, seen: Option<u64>, values: &[&str]) -> StatementMade {
        let values = values.iter().map(|one| (*one).to_owned()).collect();
        StatementMade {
            seq,
            seen,
            version: 1,
            reason: String::new(),
            origin: String::new(),
            at: Timestamp::from_unix_seconds(seq).unwrap(),
            by: MemberId::from_bytes([1; 16]),
            commitment: Hash::from_bytes([0; 32]),
            set: vec![("born".to_owned(), values)],
        }
    }

    fn values(history: &[StatementMade], seen: u64) -> (Vec<String>, bool) {
        let standing = Standing::at(history, seen);
        let values = standing.values("born").map(str::to_owned).collect();
        (values, standing.is_contested("born"))
    }

    #[test]
    fn what_was_not_seen_stays_beside_what_is_stated() {
        let history = [
            made(3, None, &["1980"]),
            made(5, Some(3), &["1981"]),
            made(8, Some(3), &["1982"]),
            made(9, Some(8), &["1983"]),
        ];
        assert_eq!(values(&history, 3), (vec!["1980".to_owned()], false));
        assert_eq!(values(&history, 5), (vec!["1981".to_owned()], false));
        let both = vec!["1981".to_owned(), "1982".to_owned()];
        assert_eq!(values(&history, 8), (both, true));
        assert_eq!(values(&history, 9), (vec!["1983".to_owned()], false));
        assert_eq!(values(&history, 2), (Vec::new(), false));
    }

    #[test]
    fn several_values_of_one_statement_contradict_nothing() {
        let history = [made(1, None, &["a", "b"]), made(2, Some(1), &[])];
        assert_eq!(
            values(&history, 1),
            (vec!["a".to_owned(), "b".to_owned()], false)
        );
        assert_eq!(values(&history, 2), (Vec::new(), false));
    }
}
