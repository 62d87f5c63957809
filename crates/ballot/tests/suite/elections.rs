//! Elections of every kind, by this crate: both verifiers accept them.

use ballot::group::GroupName;
use ballot::message::outcome::Answered;
use ballot::verify::{Options, Report, Stage, verify};

use crate::oracle;
use crate::plans::{mixed, ranked};
use crate::simulation::{Keys, Plan, Until, archive};

pub fn checked(bytes: &[u8]) -> Report {
    verify(bytes, &Options { threads: 2 }, &mut |_| {}).expect("memory can be read")
}

fn empty(group: GroupName) -> Plan {
    Plan {
        ballots: Vec::new(),
        ..mixed(group, Keys::Single(1))
    }
}

fn holds_for_both(plan: &Plan, until: Until) -> Report {
    let (uuid, bytes) = archive(plan, until);
    let report = checked(&bytes);
    assert_eq!(report.failures, []);
    if plan.group != GroupName::Ed25519 && oracle::is_there() {
        assert!(oracle::accepts(&uuid, &bytes), "belenios-tool refuses it");
    }
    report
}

#[test]
fn weights_blank_and_a_revote_are_counted() {
    for group in [GroupName::Belenios2048, GroupName::Ed25519] {
        for keys in [Keys::Single(3), Keys::OneAndTwoOfThree] {
            let report = holds_for_both(&mixed(group, keys), Until::Finished);
            let expected = vec![
                Answered::Counts(vec![0, 3, 3]),
                Answered::Counts(vec![2, 0, 1, 3]),
            ];
            assert_eq!(report.result, Some(expected));
            assert_eq!((report.ballots, report.tallied, report.weight), (4, 3, 6));
        }
    }
}

#[test]
fn ranks_are_shuffled_and_read() {
    for group in [GroupName::Rfc3526, GroupName::Ed25519] {
        let report = holds_for_both(&ranked(group), Until::Finished);
        let Some([Answered::Counts(counts), Answered::Ballots(ballots)]) = report.result.as_deref()
        else {
            panic!("{:?}", report.result);
        };
        let mut ballots = ballots.clone();
        ballots.sort();
        assert_eq!(*counts, [1, 2]);
        assert_eq!(ballots, [[0, 255, 1], [1, 2, 3], [3, 2, 1]]);
        assert_eq!(report.shuffles, 2);
    }
}

#[test]
fn an_election_may_end_early_or_be_empty() {
    let plan = mixed(GroupName::Belenios2048, Keys::Single(1));
    assert_eq!(holds_for_both(&plan, Until::Voting).stage, Stage::Voting);
    assert_eq!(holds_for_both(&plan, Until::Tallied).stage, Stage::Tallied);
    let report = holds_for_both(&empty(GroupName::Belenios2048), Until::Finished);
    assert_eq!(report.tallied, 0);
    assert_eq!(report.stage, Stage::Finished);
}
