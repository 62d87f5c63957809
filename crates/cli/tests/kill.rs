//! The real program is killed at random moments of what it does, again and again. After each kill: nothing that it acknowledged is gone,
//! nothing is half visible, and `fsck` finds nothing to name.

#[expect(dead_code, reason = "the other tests live in the rest of the house")]
mod house;

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use house::{House, Ran};
use record::policy::Policy;

/// How often the program is killed, over all verbs.
const KILLS: u64 = 100;
/// The beginning of the random numbers; a failure names the round.
const SEED: u64 = 0x6d61_687a_6172;
/// Files that one round takes in.
const FILES: u64 = 24;
/// Size of the one large file of a round, so that some kills fall into a stream.
const LARGE_BYTES: usize = 2 * 1024 * 1024;

/// xorshift: the same kills in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// The verbs that are killed, and the longest that each is let run, in milliseconds. It follows the machine: a run that ends first
/// makes it shorter, a kill a little longer, so that kills fall all over the run.
struct Patience {
    add: u64,
    publish: u64,
    backup: u64,
    removal: u64,
}

/// What happened over all rounds.
#[derive(Default)]
struct Tally {
    killed: u64,
    ended_first: u64,
}

struct Scene {
    house: House,
    circle: String,
    dice: Dice,
    tally: Tally,
    patience: Patience,
    acknowledged: BTreeSet<String>,
}

#[test]
fn killed_at_random_moments() {
    let mut scene = Scene::set();
    let mut round = 0;
    while scene.tally.killed < KILLS {
        round += 1;
        assert!(
            round < KILLS * 4,
            "too many runs end before they are killed"
        );
        match round % 4 {
            0 => scene.kill_removal(round),
            1 => scene.kill_add(round),
            2 => scene.kill_publish(round),
            _ => scene.kill_backup(round),
        }
        scene.check(round);
    }
    println!(
        "seed {SEED:#x}: {} kills in {round} rounds, {} runs ended first, {} items acknowledged and present",
        scene.tally.killed,
        scene.tally.ended_first,
        scene.acknowledged.len()
    );
}

impl Scene {
    fn set() -> Scene {
        let mut house = House::found();
        house.admit("second", "member");
        let made = house.done("founder", &["circle", "create", "intake"]);
        let circle = made.lines[0]["circle"].as_str().expect("an id").to_owned();
        let first = house.file("first.txt", b"what every publication of this test holds");
        let added = house.done(
            "founder",
            &[
                "add",
                "--circle",
                "intake",
                &first,
                "--basis",
                "own",
                "--identifies",
                "no",
                "--strangers",
                "no",
            ],
        );
        let acknowledged = items(&added).collect();
        let patience = Patience {
            add: 400,
            publish: 300,
            backup: 300,
            removal: 200,
        };
        Scene {
            house,
            circle,
            dice: Dice(SEED),
            tally: Tally::default(),
            patience,
            acknowledged,
        }
    }

    fn kill_add(&mut self, round: u64) {
        let folder = format!("in-{round}");
        for number in 0..FILES {
            self.house.file(
                &format!("{folder}/{number}.txt"),
                format!("file {number} of round {round}").as_bytes(),
            );
        }
        let mut large = vec![b'x'; LARGE_BYTES];
        large[..8].copy_from_slice(&round.to_be_bytes());
        self.house.file(&format!("{folder}/large.bin"), &large);
        let folder = self.house.at(&folder);
        let ran = self.kill(&["add", "--circle", "intake", &folder], |patience| {
            &mut patience.add
        });
        self.acknowledged.extend(items(&ran));
    }

    fn kill_publish(&mut self, round: u64) {
        let item = self.acknowledged.first().expect("the first item").clone();
        let to = self.house.at(&format!("out-{round}.mahzar"));
        self.kill(
            &["publish", &item, "--to", &to, "--title", "killed", "--yes"],
            |patience| &mut patience.publish,
        );
        let bundle = self.house.path(&format!("out-{round}.mahzar"));
        if bundle.exists() {
            let answer = self.house.done("founder", &["record", "policy"]);
            let policy = answer.lines[0]["policy"].as_str().expect("a policy");
            let policy = Policy::parse(policy.as_bytes()).expect("a policy");
            let file = fs::File::open(&bundle).expect("it is there");
            record::bundle::verify(file, &policy)
                .unwrap_or_else(|error| panic!("round {round}: {error}"));
        }
    }

    fn kill_backup(&mut self, round: u64) {
        let to = self.house.at(&format!("backup-{round}"));
        self.kill(&["backup", "--to", &to], |patience| &mut patience.backup);
        let backup = self.house.path(&format!("backup-{round}"));
        if backup.exists() {
            let from = backup.to_str().expect("UTF-8");
            let restored = self.house.at(&format!("restored-{round}"));
            let mut command = house::program();
            command
                .args(["--office", &restored, "--json", "restore", "--from", from])
                .env("MAHZAR_UNLOCK", house::UNLOCK);
            let ran = Ran::of(&command.output().expect("it runs"));
            assert_eq!(
                ran.code,
                Some(0),
                "round {round}: a backup that is there is whole: {}",
                ran.told
            );
            fs::remove_dir_all(restored).expect("removed");
            remove(&backup);
        }
    }

    fn kill_removal(&mut self, round: u64) {
        let members = self.members();
        if !members.contains("second") {
            self.house
                .done("founder", &["circle", "add", "intake", "second"]);
        }
        self.kill(
            &["circle", "remove", "intake", "second", "--reason", "killed"],
            |patience| &mut patience.removal,
        );
        let left = self.members();
        assert!(left.contains("founder"), "round {round}: the remover stays");
        // What a removal leaves due, the next writer does.
        self.house.done("founder", &["circle", "rotate", "intake"]);
    }

    fn members(&self) -> BTreeSet<String> {
        let shown = self.house.done("founder", &["circle", "show", "intake"]);
        assert_eq!(
            shown.lines[0]["circle"].as_str(),
            Some(self.circle.as_str())
        );
        let members = shown.lines[0]["members"].as_array().expect("a list").iter();
        members
            .filter_map(|member| member["name"].as_str().map(str::to_owned))
            .collect()
    }

    /// Runs as the founder and kills at a random moment; returns what was acknowledged before.
    fn kill(&mut self, arguments: &[&str], of: fn(&mut Patience) -> &mut u64) -> Ran {
        let delay = Duration::from_millis(self.dice.below(*of(&mut self.patience)));
        let (ran, was_killed) = killed_after(self.house.command("founder", arguments), delay);
        let patience = of(&mut self.patience);
        if was_killed {
            self.tally.killed += 1;
            *patience = *patience * 21 / 20 + 1;
        } else {
            self.tally.ended_first += 1;
            *patience = (*patience * 4 / 5).max(5);
        }
        ran
    }

    fn check(&self, round: u64) {
        let fsck = self.house.run("founder", &["fsck", "--entries"]);
        assert_eq!(
            fsck.code,
            Some(0),
            "round {round}: {} {:?}",
            fsck.told,
            fsck.lines
        );
        let listed = self.house.done(
            "founder",
            &["list", "--circle", "intake", "--limit", "100000"],
        );
        let present: BTreeSet<String> = items(&listed).collect();
        let lost: Vec<&String> = self.acknowledged.difference(&present).collect();
        assert!(
            lost.is_empty(),
            "round {round}: acknowledged and gone: {lost:?}"
        );
        if let Some(newest) = listed.with("item").next() {
            self.open(round, newest);
        }
    }

    /// What is listed opens, whole, acknowledged or not.
    fn open(&self, round: u64, item: &serde_json::Value) {
        let id = item["item"].as_str().expect("an id");
        let to = self.house.path("opened");
        remove(&to);
        self.house.done(
            "founder",
            &[
                "open",
                id,
                "--to",
                to.to_str().expect("UTF-8"),
                "--purpose",
                "checking after a kill",
            ],
        );
        let mut content = Vec::new();
        fs::File::open(&to)
            .and_then(|mut file| file.read_to_end(&mut content))
            .expect("it was written");
        let digest = record::hash::sha256(&content).to_string();
        assert_eq!(
            item["sha256"].as_str(),
            Some(digest.as_str()),
            "round {round}: item {id}"
        );
    }
}

fn items(ran: &Ran) -> impl Iterator<Item = String> {
    ran.with("item")
        .filter_map(|line| line["item"].as_str().map(str::to_owned))
}

fn remove(path: &std::path::Path) {
    if path.is_dir() {
        fs::remove_dir_all(path).expect("removed");
    } else if path.exists() {
        fs::remove_file(path).expect("removed");
    }
}

/// Kills a run after `delay` unless it ends before; gives what it had written by then.
fn killed_after(mut command: Command, delay: Duration) -> (Ran, bool) {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    let mut stdout = child.stdout.take().expect("piped");
    let (done, ended) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut written = Vec::new();
        let read = stdout.read_to_end(&mut written);
        let _nobody_waits_any_more = done.send(());
        read.map(|_| written).expect("a pipe")
    });
    // The pipe ends when the program does, so this waits for either.
    let was_killed = ended.recv_timeout(delay).is_err() && child.kill().is_ok();
    let status = child.wait().expect("it was started here");
    let written = reader.join().expect("it reads");
    // A line that was cut off by the kill is no acknowledgement.
    let whole = written
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    let text = String::from_utf8_lossy(&written[..whole]).into_owned();
    let lines = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    (
        Ran {
            code: status.code(),
            lines,
            told: String::new(),
        },
        was_killed && status.code().is_none(),
    )
}
