//! The program as a person uses it: every verb, its answers and its exit codes.

mod canary;
mod house;

use std::fs;

use house::{House, Ran, UNLOCK, program, with_input};
use record::policy::Policy;

fn item(ran: &Ran) -> String {
    ran.with("item")
        .next()
        .and_then(|line| line["item"].as_str())
        .expect("an item")
        .to_owned()
}

/// An office with one circle and one file in it.
fn with_one_file() -> (House, String) {
    let house = House::found();
    house.done("founder", &["circle", "create", "intake"]);
    let path = house.file("گزارش‌هاي ۱.txt", b"what was said");
    let arguments = [
        "add",
        &path,
        "--basis",
        "own",
        "--identifies",
        "no",
        "--strangers",
        "no",
    ];
    let item = item(&house.done("founder", &arguments));
    (house, item)
}

#[test]
fn material_goes_in_and_comes_out_again() {
    let (house, item) = with_one_file();
    let to = house.at("copy");
    house.done(
        "founder",
        &["open", &item, "--to", &to, "--purpose", "reading"],
    );
    assert_eq!(fs::read(&to).expect("written"), b"what was said");
    let shown = house.done("founder", &["show", &item]);
    assert_eq!(shown.lines[0]["accesses"][0]["purpose"], "reading");
    assert_eq!(shown.lines[0]["custody"][0]["event"], "ingestion");
    assert_eq!(
        house.refused(
            "founder",
            &["open", &item, "--to", &to, "--purpose", "again"]
        ),
        "fault-write"
    );
    assert_eq!(
        house.refused(
            "founder",
            &["open", &item, "--to", &house.at("blank"), "--purpose", " "]
        ),
        "fault-purpose"
    );
    assert!(
        !house.path("blank").exists(),
        "nothing is left of what was refused"
    );
}

#[test]
fn totals_reconcile_and_copies_are_told() {
    let house = House::found();
    house.done("founder", &["circle", "create", "intake"]);
    house.file("in/a.txt", b"one");
    house.file("in/b.txt", b"two");
    house.file("in/deep/c.txt", b"one");
    std::os::unix::fs::symlink("/etc/passwd", house.path("in/link")).expect("made");
    let ran = house.run(
        "founder",
        &[
            "add",
            "--circle",
            "intake",
            &house.at("in"),
            &house.at("absent"),
        ],
    );
    assert_eq!(ran.code, Some(1), "something was rejected");
    let totals = ran.with("seen").next().expect("totals");
    let count = |name: &str| totals[name].as_u64().expect("a number");
    assert_eq!(
        [
            count("seen"),
            count("received"),
            count("duplicates"),
            count("rejected")
        ],
        [5, 2, 1, 2]
    );
    let reasons: Vec<&str> = ran
        .with("reason")
        .filter_map(|line| line["reason"].as_str())
        .collect();
    assert_eq!(reasons, ["link", "unreadable"]);
}

#[test]
fn search_finds_what_was_typed_otherwise() {
    let (house, item) = with_one_file();
    let found = house.done("founder", &["list", "--search", "گزارشهای 1"]);
    assert_eq!(
        found.with("item").count(),
        0,
        "without a half-space it is another word"
    );
    let found = house.done("founder", &["list", "--search", "گزارش های 1"]);
    assert_eq!(found.lines[0]["item"], item.as_str());
}

#[test]
fn a_proof_and_a_bundle_hold_for_an_outsider() {
    let (house, item) = with_one_file();
    let (proof, policy) = (house.at("proof"), house.at("policy"));
    house.done("founder", &["proof", &item, "--to", &proof]);
    house.done("founder", &["record", "policy", "--to", &policy]);
    let policy = Policy::parse(&fs::read(&policy).expect("written")).expect("a policy");
    let proof = fs::read(&proof).expect("written");
    record::exhibit::verify(&proof, &b"what was said"[..], &policy).expect("it holds");
    assert!(record::exhibit::verify(&proof, &b"what was paid"[..], &policy).is_err());

    let bundle = house.at("bundle.mahzar");
    assert_eq!(
        house.refused("founder", &["publish", &item, "--to", &bundle]),
        "fault-not-agreed"
    );
    assert!(!house.path("bundle.mahzar").exists());
    let ran = house.done(
        "founder",
        &["publish", &item, "--to", &bundle, "--title", "One", "--yes"],
    );
    assert!(
        ran.lines[0]["plan"]["items"][0]["discloses"].is_array(),
        "the plan comes first"
    );
    let report = record::bundle::verify(fs::File::open(&bundle).expect("written"), &policy)
        .expect("it holds");
    assert_eq!(report.exhibits.len(), 1);
    let closed = house.done("founder", &["proof", &item, "--closed"]);
    assert!(
        !closed.lines[0]["proof"]
            .as_str()
            .expect("text")
            .contains("extra")
    );
}

#[test]
fn others_find_nothing_and_absent_looks_the_same() {
    let (mut house, item) = with_one_file();
    house.admit("other", "member");
    let forbidden = house.run("other", &["show", &item]);
    let absent = house.run("other", &["show", "00000000000000000000000000000000"]);
    assert_eq!(forbidden.code, Some(1));
    assert_eq!(
        (forbidden.code, &forbidden.lines, &forbidden.told),
        (absent.code, &absent.lines, &absent.told)
    );
    assert_eq!(
        house.refused("other", &["circle", "add", "intake", "other"]),
        "fault-circle-unknown"
    );
}

#[test]
fn wrong_secrets_and_wrong_words_are_told_apart() {
    let (house, _) = with_one_file();
    let run = |unlock: &str, passphrase: &str| {
        let mut command = house.command("founder", &["list"]);
        command
            .env("MAHZAR_UNLOCK", unlock)
            .env("MAHZAR_PASSPHRASE", passphrase);
        let ran = Ran::of(&command.output().expect("it runs"));
        (
            ran.code,
            ran.lines.last().expect("an answer")["error"]["key"]
                .as_str()
                .expect("a key")
                .to_owned(),
        )
    };
    assert_eq!(
        run(
            "another unlock secret entirely",
            house.passphrase("founder")
        ),
        (Some(1), "fault-unlock-wrong".to_owned())
    );
    assert_eq!(
        run(UNLOCK, "another passphrase entirely"),
        (Some(1), "fault-sign-in".to_owned())
    );
    assert_eq!(house.run("founder", &["show", "not-an-id"]).code, Some(2));
    assert_eq!(house.run("founder", &["no-such-verb"]).code, Some(2));
    assert_eq!(
        house.refused("founder", &["list", "--circle", "nowhere"]),
        "fault-circle-unknown"
    );
}

#[test]
fn secrets_come_through_a_descriptor_too() {
    let (house, _) = with_one_file();
    let mut command = house.command("founder", &["list", "--unlock-fd", "0"]);
    command.env_remove("MAHZAR_UNLOCK");
    let output = with_input(command, format!("{UNLOCK}\n").as_bytes());
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut command = house.command("founder", &["list"]);
    command.env_remove("MAHZAR_UNLOCK");
    let ran = Ran::of(&command.output().expect("it runs"));
    assert_eq!(ran.lines[0]["error"]["key"], "fault-secret-missing");
}

#[test]
fn faults_are_told_in_the_language_asked_for() {
    let (house, _) = with_one_file();
    let told = |language: &str| {
        let mut command = house.command(
            "founder",
            &[
                "--lang",
                language,
                "show",
                "00000000000000000000000000000000",
            ],
        );
        Ran::of(&command.output().expect("it runs")).told
    };
    assert!(told("en").contains("no such thing here"));
    assert!(told("fa").contains("چنین چیزی اینجا نیست"));
    assert!(told("ar").contains("لا شيء كهذا هنا"));
    assert!(told("fr").contains("n'existe pas ici"));
}

#[test]
fn members_come_leave_travel_and_are_recovered() {
    let (mut house, item) = with_one_file();
    house.admit("second", "steward");
    house.done(
        "founder",
        &["circle", "add", "intake", "second", "--steward"],
    );
    house.done("second", &["show", &item]);
    house.done("second", &["member", "travel", "begin", "second"]);
    assert_eq!(house.refused("second", &["show", &item]), "fault-refused");
    house.done("founder", &["member", "travel", "end", "second"]);
    house.done("founder", &["member", "travel", "restore", "second"]);
    house.done("second", &["show", &item]);
    let changed = house.done("second", &["member", "passphrase"]);
    let made = changed.lines[0]["passphrase"]
        .as_str()
        .expect("one was made")
        .to_owned();
    assert_eq!(house.refused("second", &["list"]), "fault-sign-in");
    house.learn("second", &made);
    house.done("second", &["list"]);
    house.done(
        "founder",
        &[
            "circle", "remove", "intake", "second", "--reason", "moved on",
        ],
    );
    assert_eq!(house.refused("second", &["show", &item]), "fault-refused");
    house.done(
        "founder",
        &["member", "revoke", "second", "--reason", "left"],
    );
    assert_eq!(
        house.refused("second", &["member", "list"]),
        "fault-sign-in"
    );
    house.done("founder", &["show", &item]);
}

#[test]
fn a_recovery_key_brings_a_member_back() {
    let (mut house, _) = with_one_file();
    let added = house.done("founder", &["member", "add", "third"]);
    let key = added.lines[0]["recovery_key"]
        .as_str()
        .expect("a key")
        .to_owned();
    let mut command = house.command("founder", &["member", "recover", "key", "third"]);
    command.env("MAHZAR_RECOVERY_KEY", &key);
    let ran = Ran::of(&command.output().expect("it runs"));
    assert_eq!(ran.code, Some(0), "{}", ran.told);
    house.learn(
        "third",
        ran.lines[0]["passphrase"].as_str().expect("one was made"),
    );
    house.done("third", &["member", "list"]);
}

#[test]
fn what_is_erased_is_gone() {
    let (house, item) = with_one_file();
    assert_eq!(
        house.refused("founder", &["erase", &item, "--reason", "asked for"]),
        "fault-not-agreed"
    );
    house.done(
        "founder",
        &["erase", &item, "--reason", "asked for", "--yes"],
    );
    let shown = house.done("founder", &["show", &item]);
    assert_eq!(shown.lines[0]["erased"]["reason"], "asked for");
    assert_eq!(
        house.refused(
            "founder",
            &[
                "open",
                &item,
                "--to",
                &house.at("copy"),
                "--purpose",
                "reading"
            ]
        ),
        "fault-refused"
    );
    house.done("founder", &["fsck", "--entries"]);
}

#[test]
fn a_backup_comes_back_and_signs_nothing_by_itself() {
    let (house, item) = with_one_file();
    let backup = house.at("backup");
    house.done("founder", &["backup", "--to", &backup]);
    assert_eq!(
        house.refused("founder", &["backup", "--to", &backup]),
        "fault-backup"
    );
    fs::remove_dir_all(house.office()).expect("lost");
    assert_eq!(house.refused("founder", &["list"]), "fault-office-absent");
    house.done("founder", &["restore", "--from", &backup]);
    house.done("founder", &["show", &item]);
    assert_eq!(
        house.refused("founder", &["record", "reconcile"]),
        "fault-unsigned"
    );
    let anew = house.done("founder", &["record", "reconcile", "--accept-loss"]);
    assert!(
        anew.lines.iter().any(|line| line["signing"] == true),
        "{:?}",
        anew.lines
    );
    house.done("founder", &["fsck"]);
}

#[test]
fn a_flipped_bit_is_named() {
    let (house, _) = with_one_file();
    let tile = house::files_below(&house.office())
        .into_iter()
        .find(|path| path.to_string_lossy().contains("tile/entries"))
        .expect("an entry bundle");
    let mut bytes = fs::read(&tile).expect("readable");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&tile, bytes).expect("written");
    let ran = house.run("founder", &["fsck"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.with("place").next().is_some(), "{:?}", ran.lines);
}

#[test]
fn the_record_answers_without_a_member() {
    let (house, _) = with_one_file();
    let head = house.done("founder", &["record", "head"]);
    let size = head.lines[0]["size"].as_u64().expect("a size");
    assert!(
        size >= 16 && size.is_multiple_of(16),
        "every batch is filled to 16 at least"
    );
    assert_eq!(
        house.done("founder", &["record", "leaf", "0"]).lines[0]["leaf"],
        0
    );
    assert_eq!(
        house.refused("founder", &["record", "leaf", &size.to_string()]),
        "fault-leaf"
    );
    house.done("founder", &["record", "prove", "3"]);
}

#[test]
fn completions_and_manual_pages_are_there() {
    let house = House::found();
    for shell in ["bash", "zsh", "fish"] {
        let output = program()
            .args(["completions", shell])
            .output()
            .expect("it runs");
        assert!(output.stdout.len() > 1_000, "{shell}");
    }
    let pages = house.at("man");
    house.done("founder", &["man", "--to", &pages]);
    for page in ["mahzar.1", "mahzar-add.1", "mahzar-member-recover-key.1"] {
        assert!(house.path("man").join(page).exists(), "{page}");
    }
}
