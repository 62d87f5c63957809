//! The real program on a disk that is full, and on one that fails at `fsync`: what was acknowledged stays, nothing else is claimed,
//! and the office is sound afterwards.

#[expect(dead_code, reason = "the other tests live in the rest of the house")]
mod house;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use house::{House, Ran, UNLOCK, passphrase_of};

/// Runs of the program that the script below makes; each writes its answers to a file of its own.
const SCRIPT: &str = r#"
set -u
mount -t tmpfs -o size=12m tmpfs "$DISK"
m() {
  name=$1; shift
  "$MAHZAR" --office "$DISK/office" --as founder --json --cheap-passphrases-for-tests "$@" >"$OUT/$name.json" 2>"$OUT/$name.told"
  echo $? >"$OUT/$name.code"
}
m init init --name full --founder founder
m circle circle create intake
m before add "$OUT/before.txt"
m large add "$OUT/large.bin"
# All but 52 KiB: enough for the small files beside the databases, too little to write.
head -c 20000000 /dev/zero >"$DISK/filler" 2>/dev/null
truncate -s -53248 "$DISK/filler"
m small add "$OUT/small.txt"
m list list
# Not a byte.
head -c 20000000 /dev/zero >>"$DISK/filler" 2>/dev/null
m nothing add "$OUT/small.txt"
rm "$DISK/filler"
m again add "$OUT/small.txt"
m all list
m fsck fsck --entries
"#;

/// A mount needs to be root, if only in a namespace of one's own; it ends with the script.
fn in_own_mounts() -> Command {
    let mut command = Command::new("unshare");
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| {
        use std::os::unix::fs::MetadataExt as _;
        own.uid() == 0
    });
    if !is_root {
        command.arg("--map-root-user");
    }
    command.args(["--mount", "sh", "-c", SCRIPT]);
    command
}

struct Told {
    out: tempfile::TempDir,
}

impl Told {
    fn of(&self, run: &str, ending: &str) -> String {
        let path = self.out.path().join(format!("{run}.{ending}"));
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{run}.{ending}: {error}"))
    }

    fn code(&self, run: &str) -> i32 {
        self.of(run, "code").trim().parse().expect("a number")
    }

    fn assert_not_received(&self, run: &str) {
        let (told, json) = (self.of(run, "told"), self.of(run, "json"));
        assert_eq!(self.code(run), 1, "{run}: {told}");
        assert!(told.contains("not received"), "{run}: {told}");
        assert!(!json.contains("\"outcome\":\"received\""), "{run}: {json}");
        assert!(!told.contains("the program ends"), "{run}: {told}");
    }
}

#[test]
fn on_a_full_disk_nothing_is_received_and_everything_is_read() {
    let out = tempfile::tempdir().expect("a folder");
    let disk = tempfile::tempdir().expect("a folder");
    fs::write(out.path().join("before.txt"), "before").expect("written");
    fs::write(out.path().join("small.txt"), "small").expect("written");
    fs::write(out.path().join("large.bin"), vec![7; 20_000_000]).expect("written");
    let ran = in_own_mounts()
        .env("MAHZAR", env!("CARGO_BIN_EXE_mahzar"))
        .env("OUT", out.path())
        .env("DISK", disk.path())
        .env("MAHZAR_UNLOCK", UNLOCK)
        .env("MAHZAR_PASSPHRASE", passphrase_of("founder"))
        .output();
    let ran = ran.expect("unshare, of the package util-linux");
    let told = Told { out };
    assert!(
        told.out.path().join("init.code").exists(),
        "no file system could be mounted: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
    assert_eq!(told.code("before"), 0, "{}", told.of("before", "told"));
    told.assert_not_received("large");
    told.assert_not_received("small");
    assert_eq!(told.code("list"), 0, "{}", told.of("list", "told"));
    assert!(told.of("list", "json").contains("before.txt"));
    told.assert_not_received("nothing");
    assert_eq!(told.code("again"), 0, "{}", told.of("again", "told"));
    assert!(told.of("all", "json").contains("small.txt"));
    assert_eq!(told.code("fsck"), 0, "{}", told.of("fsck", "told"));
}

/// The first, a few of the next: of the pack, of an object, of folders, of the ledger's log, of tiles.
const FAILING: [u32; 7] = [1, 2, 3, 4, 5, 8, 13];

#[test]
fn an_fsync_that_fails_ends_the_program_and_loses_nothing() {
    let house = House::found();
    house.done("founder", &["circle", "create", "intake"]);
    let mut acknowledged: BTreeSet<String> = BTreeSet::new();
    let (mut ended, mut unharmed) = (0, 0);
    for call in ["fsync", "fdatasync"] {
        for failing in FAILING {
            let mut large = vec![b'x'; 300_000];
            large[..4].copy_from_slice(&failing.to_be_bytes());
            large[4..9].copy_from_slice(&call.as_bytes()[..5]);
            let large = house.file(&format!("{call}-{failing}/large.bin"), &large);
            let words = format!("{call} {failing}");
            let small = house.file(&format!("{call}-{failing}/small.txt"), words.as_bytes());
            let ran = failing_at(&house, call, failing, &["add", &small, &large]);
            let received: Vec<String> = received(&ran).collect();
            match ran.code {
                Some(0) => {
                    assert_eq!(received.len(), 2, "{}", ran.told);
                    unharmed += 1;
                }
                code => {
                    assert_eq!(code, Some(1), "{}", ran.told);
                    assert!(ran.told.contains("the program ends"), "{}", ran.told);
                    ended += 1;
                }
            }
            acknowledged.extend(received);
            sound(&house, &acknowledged);
        }
    }
    println!("{ended} runs ended at an fsync that failed, {unharmed} came to their end before");
    assert!(ended >= 5, "{ended}");
}

/// Runs the program; its `failing`th call of that name, in each thread, fails with EIO.
fn failing_at(house: &House, call: &str, failing: u32, arguments: &[&str]) -> Ran {
    let program = house.command("founder", arguments);
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "-o", "/dev/null"])
        .args(["-e", &format!("trace={call}")])
        .args(["-e", &format!("inject={call}:error=EIO:when={failing}")])
        .arg(program.get_program())
        .args(program.get_args())
        .env_clear();
    for (name, value) in program.get_envs() {
        if let Some(value) = value {
            strace.env(name, value);
        }
    }
    Ran::of(&strace.output().expect("strace, which the gate installs"))
}

fn received(ran: &Ran) -> impl Iterator<Item = String> {
    ran.with("outcome")
        .filter(|line| line["outcome"] == "received")
        .filter_map(|line| line["item"].as_str().map(str::to_owned))
}

/// Everything that was acknowledged is there, and the audit finds nothing.
fn sound(house: &House, acknowledged: &BTreeSet<String>) {
    let checked = house.done("founder", &["fsck", "--entries"]);
    let findings = checked.with("findings").next().expect("a line");
    assert_eq!(findings["findings"], 0);
    let listed = house.done("founder", &["list"]);
    let there: BTreeSet<String> = listed
        .with("item")
        .filter_map(|line| line["item"].as_str().map(str::to_owned))
        .collect();
    let lost: Vec<&String> = acknowledged.difference(&there).collect();
    assert_eq!(lost, Vec::<&String>::new());
}
