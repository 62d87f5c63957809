//! Simulated crashes: whatever is dropped, torn or reordered, nothing accepted is lost, nothing half done is seen, no signed head shrinks.

use testkit::crash::World;
use testkit::faults::Fault;

/// Seeds in the ordinary run; MAHZAR_SEEDS asks for more.
const SEEDS: u64 = 200;

#[expect(
    clippy::disallowed_methods,
    reason = "the number of seeds is the caller's, as for the long run in .ci/long"
)]
fn seeds() -> u64 {
    std::env::var("MAHZAR_SEEDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(SEEDS)
}

#[test]
fn whatever_the_seed_nothing_promised_is_lost() {
    let seeds = seeds();
    let halves = [0, 1]
        .map(|half| std::thread::spawn(move || (half..seeds).step_by(2).try_for_each(World::run)));
    for half in halves {
        let done = half.join().expect("the thread lives");
        assert_eq!(done, Ok(()));
    }
    println!("{seeds} seeds, up to four faults in each");
}

/// Each write fails in each way, one at a time: not done, done but reported failed, the power gone before it and after it, an fsync that lost its data.
#[test]
fn each_single_write_may_fail_in_every_way() {
    for fault in Fault::ALL {
        let mut step = 1;
        while World::run_with_fault(7, step, fault).expect("survives") {
            step += 1;
        }
        println!("{fault:?}: {} steps", step - 1);
        assert!(step > 100, "only {step} steps of {fault:?}");
    }
}
