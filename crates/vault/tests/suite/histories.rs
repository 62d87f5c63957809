//! Random histories of circles: whoever left opens nothing later, and nobody outside adds a reader.

use proptest::prelude::*;
use record::hash::Hash;
use vault::circle::{self, Act, Chain, Created, EpochSecret};

use crate::cast::{Administrators, Person, office, placed, rng};
use crate::world::World;

/// What somebody tries to do, all of it by number.
#[derive(Clone, Debug)]
enum Step {
    Add {
        by: usize,
        who: usize,
        steward: bool,
    },
    Remove {
        by: usize,
        who: usize,
    },
    Rotate {
        by: usize,
    },
    CutOff {
        who: usize,
    },
    Write {
        by: usize,
    },
}

const PEOPLE: usize = 6;

fn step() -> impl Strategy<Value = Step> {
    let one = || 0..PEOPLE;
    prop_oneof![
        3 => (one(), one(), any::<bool>()).prop_map(|(by, who, steward)| Step::Add { by, who, steward }),
        2 => (one(), one()).prop_map(|(by, who)| Step::Remove { by, who }),
        3 => one().prop_map(|by| Step::Rotate { by }),
        1 => one().prop_map(|who| Step::CutOff { who }),
        1 => one().prop_map(|by| Step::Write { by }),
    ]
}

/// Person 0 founds with person 1; the last of the people never gets in.
fn history(steps: &[Step], seed: u64) -> (World, Vec<Person>, Person) {
    let mut rng = rng(seed);
    let people: Vec<Person> = (0..PEOPLE).map(|_| Person::new(&mut rng)).collect();
    let administrator = Person::new(&mut rng);
    let members = vec![people[0].as_member(true), people[1].as_member(false)];
    let mut world = World::found(members, &people[0], rng);
    world.administrators =
        Administrators::from([(administrator.id, administrator.keys.verifying_key())]);
    for step in steps {
        // What the rules refuse does not happen; the harness checks that it left nothing behind.
        let _ = match step {
            Step::Add { who, .. } if *who == PEOPLE - 1 => continue,
            Step::Add { by, who, steward } => world.add(&people[*by], &people[*who], *steward),
            Step::Remove { by, who } => world.remove(&people[*by], people[*who].id),
            Step::Rotate { by } => world.rotate(&people[*by]),
            Step::CutOff { who } => world.cut_off(&administrator, people[*who].id),
            Step::Write { by } => {
                world.other_entry(&people[*by]);
                Ok(())
            }
        };
    }
    (world, people, administrator)
}

/// For each person, the last epoch of which they were a member at any moment.
fn last_epochs(world: &World, people: &[Person]) -> Vec<u64> {
    let mut last = vec![0; people.len()];
    for count in 1..=world.rows.len() {
        let rows = &world.rows[..count];
        let chain =
            Chain::fold(&office(), world.circle, &world.administrators, rows).expect("a prefix");
        for (person, last) in people.iter().zip(&mut last) {
            if chain.member(person.id).is_some() {
                *last = chain.current_epoch();
            }
        }
    }
    last
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nobody_opens_an_epoch_that_began_after_they_left(
        steps in prop::collection::vec(step(), 0..24),
        seed in any::<u64>(),
    ) {
        let (world, people, administrator) = history(&steps, seed);
        prop_assert!(world.fold().expect("all rows were accepted") == world.chain);
        let last = last_epochs(&world, &people);
        for (person, last) in people.iter().zip(last) {
            let open = world.epochs_open_to(person);
            // A member of epoch n opens 1 to n: present ones all, removed ones nothing later, strangers nothing.
            prop_assert_eq!(&open, &(1..=last).collect::<Vec<_>>());
            if world.chain.member(person.id).is_some() {
                prop_assert_eq!(open.len() as u64, world.chain.current_epoch());
            }
        }
        prop_assert!(world.epochs_open_to(&administrator).is_empty());
        prop_assert!(world.epochs_open_to(&people[PEOPLE - 1]).is_empty());
    }

    #[test]
    fn an_administrator_with_every_row_cannot_add_a_reader(
        steps in prop::collection::vec(step(), 0..16),
        seed in any::<u64>(),
        at in any::<prop::sample::Index>(),
    ) {
        let (mut world, people, administrator) = history(&steps, seed);
        let spy = Person::new(&mut world.rng);
        let read = |chain: &Chain| {
            chain.members().any(|member| member.recipient == spy.keys.recipient())
        };
        let fold = |world: &World, rows: &[circle::Placed]| {
            Chain::fold(&office(), world.circle, &world.administrators, rows)
        };
        let add = Act::MemberAdded(spy.as_member(true));
        let (_, made) = EpochSecret::generate(world.chain.epoch_place(), &mut world.rng)
            .succeed(&mut world.rng).expect("made");
        let take_over = Act::EpochMade(made.clone());
        // In anybody's name, with any key that is no member's, at any point of the chain.
        let cut = 1 + at.index(world.rows.len());
        let mut past = World { chain: fold(&world, &world.rows[..cut]).expect("a prefix"), ..world };
        past.rows.truncate(cut);
        for by in people.iter().map(|person| person.id).chain([administrator.id, spy.id]) {
            for key in [&administrator, &spy] {
                for act in [&add, &take_over] {
                    let forged = past.forged(by, key, act);
                    let rows = [&past.rows[..], &[forged]].concat();
                    let folded = fold(&past, &rows);
                    prop_assert!(folded.is_err(), "{folded:?}");
                }
            }
        }
        // A founding of the same circle by the spy.
        let founding = past.rows[0].envelope().entry().id;
        let created = Created { name: "Archive".into(), recipient: made.recipient, members: vec![spy.as_member(true)] };
        let envelope = spy.sign(past.circle, &Act::Created(created), None, founding);
        let forged = placed(envelope, past.circle, 0, Hash::ZERO);
        prop_assert!(fold(&past, &[forged]).is_err());
        // Real rows left out, doubled or in another order.
        for skip in 0..past.rows.len() {
            let mut rows = past.rows.clone();
            let row = rows.remove(skip);
            if let Ok(chain) = fold(&past, &rows) {
                prop_assert!(!read(&chain) && !chain.contains(row.place().seq, &row.commitment()));
            }
            rows.push(row.clone());
            if skip + 1 < past.rows.len() {
                prop_assert!(fold(&past, &rows).is_err());
            }
            // The same envelope in a later place: an old admission cannot be used again.
            let last = past.rows.last().expect("a row");
            let replay = placed(row.envelope().bytes().to_vec(), past.circle, last.place().seq + 1, last.commitment());
            if Act::read(row.envelope().entry()).expect("a body").is_some() {
                prop_assert!(fold(&past, &[&past.rows[..], &[replay]].concat()).is_err());
            }
        }
    }
}
