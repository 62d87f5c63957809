//! An election run on paper separation of duties: an administrator, a credential authority, three trustees and the voters,
//! each in a folder of their own, who hand one another files.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Three trustees of whom two suffice, in a group that Debian's `belenios-tool` knows.
const GROUP: &str = "BELENIOS-2048";

struct Scene {
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Scene {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        for role in ["office", "authority", "one", "two", "three", "voters"] {
            std::fs::create_dir(folder.path().join(role)).expect("a role's folder");
        }
        Scene { folder }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.at(path), text).expect("a file of the test");
    }

    /// Runs `mahzar ballot …`; words that name a file of the scene begin with `@`.
    fn output(&self, words: &str) -> std::process::Output {
        let arguments = words
            .split_whitespace()
            .map(|word| match word.strip_prefix('@') {
                Some(path) => self.at(path).into_os_string(),
                None => word.into(),
            });
        Command::new(env!("CARGO_BIN_EXE_mahzar"))
            .args(["--json", "ballot"])
            .args(arguments)
            .output()
            .expect("the program starts")
    }

    fn ballot(&self, words: &str) -> bool {
        let output = self.output(words);
        if !output.status.success() {
            println!("{words}: {}", String::from_utf8_lossy(&output.stderr));
        }
        output.status.success()
    }

    /// What a verb that succeeds answers, line by line.
    fn answered(&self, words: &str) -> Vec<serde_json::Value> {
        let output = self.output(words);
        assert!(output.status.success(), "{words}");
        let text = String::from_utf8(output.stdout).expect("text");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }

    fn done(&self, words: &str) {
        assert!(self.ballot(words), "{words}");
    }

    fn refused(&self, words: &str) {
        assert!(!self.ballot(words), "{words} was not refused");
    }

    fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.at(path)).expect("a file")
    }
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path)
        .expect("a file")
        .permissions()
        .mode()
        & 0o777
}

fn prepare(scene: &Scene) {
    scene.write(
        "office/template.json",
        r#"{"name":"هیئت رئیسه","description":"انتخاب","questions":[{"answers":["آری","نه","ممتنع"],"min":1,"max":1,"question":"بپذیریم؟"}]}"#,
    );
    scene.write(
        "authority/voters.txt",
        "layla@example.org\nkarim@example.org\nsara@example.org\n",
    );
    scene.done(&format!(
        "setup @office/template.json --group {GROUP} --to @office/draft.json"
    ));
    scene.done("credentials @office/draft.json --voters @authority/voters.txt --secret @authority/secret.txt --public @authority/public.json");
    for (index, role) in (1..).zip(["one", "two", "three"]) {
        scene.done(&format!("trustee certificate --group {GROUP} --index {index} --of 3 --threshold 2 --seed @{role}/seed --to @{role}/cert"));
    }
    let certificates = "--certificates @one/cert @two/cert @three/cert";
    for role in ["one", "two", "three"] {
        scene.done(&format!(
            "trustee deal --group {GROUP} --seed @{role}/seed {certificates} --to @{role}/dealt"
        ));
    }
    let dealt = "--dealt @one/dealt @two/dealt @three/dealt";
    for role in ["one", "two", "three"] {
        scene.done(&format!("trustee finish --group {GROUP} --seed @{role}/seed {certificates} {dealt} --to @{role}/finished"));
    }
    scene.done(&format!("open @office/draft.json --credentials @authority/public.json {certificates} {dealt} --finished @one/finished @two/finished @three/finished --to @office/election.bel"));
}

fn vote(scene: &Scene, voter: usize, choices: &str, number: usize) {
    let secrets = scene.text("authority/secret.txt");
    let line = secrets.lines().nth(voter).expect("a voter");
    let credential = line.split_once(' ').expect("a credential").1;
    scene.write("voters/credential", credential);
    scene.write("voters/choices", choices);
    scene.done(&format!("cast @office/election.bel --credential @voters/credential --choices @voters/choices --to @voters/{number}.json"));
}

fn judged_by_belenios(scene: &Scene) {
    let archive = std::fs::read(scene.at("office/election.bel")).expect("an archive");
    let draft: serde_json::Value =
        serde_json::from_str(&scene.text("office/draft.json")).expect("a draft");
    let folder = scene.at("judge");
    std::fs::create_dir(&folder).expect("a folder");
    let name = format!("{}.bel", draft["uuid"].as_str().expect("an identifier"));
    std::fs::write(folder.join(name), archive).expect("a file");
    let judged = Command::new("belenios-tool")
        .args(["election", "verify"])
        .current_dir(&folder)
        .output();
    match judged {
        Ok(judged) => assert_eq!(
            judged.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&judged.stderr)
        ),
        Err(error) => {
            #[expect(
                clippy::disallowed_methods,
                reason = "a test asks whether it runs in the gate"
            )]
            let is_gate = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(
                !is_gate,
                "belenios-tool is missing ({error}); tools/test machine brings it"
            );
        }
    }
}

#[test]
fn three_trustees_on_three_folders_count_what_was_cast() {
    let scene = Scene::new();
    prepare(&scene);
    #[cfg(unix)]
    for secret in ["authority/secret.txt", "one/seed", "two/seed", "three/seed"] {
        assert_eq!(mode(&scene.at(secret)), 0o600, "{secret}");
    }
    vote(&scene, 0, "[[1,0,0]]", 1);
    vote(&scene, 1, "[[0,1,0]]", 2);
    vote(&scene, 0, "[[0,0,1]]", 3);
    scene.done("receive @office/election.bel @voters/1.json");
    // Those that hold come in together; the one that is there already is refused.
    scene.refused(
        "receive @office/election.bel @voters/1.json @voters/2.json @voters/3.json @voters/3.json",
    );
    std::fs::copy(
        scene.at("office/election.bel"),
        scene.at("voters/earlier.bel"),
    )
    .expect("a copy");
    scene.refused("receive @office/election.bel @voters/1.json");
    scene.refused(
        "decrypt @office/election.bel --seed @one/seed --finished @one/finished --to @one/early",
    );
    scene.done("close @office/election.bel");
    scene.refused("receive @office/election.bel @voters/2.json");
    scene.done(
        "decrypt @office/election.bel --seed @one/seed --finished @one/finished --to @one/part",
    );
    scene.done("decrypt @office/election.bel --seed @three/seed --finished @three/finished --to @three/part");
    scene.refused("receive @office/election.bel @one/part --trustee 2");
    scene.done("receive @office/election.bel @one/part --trustee 1");
    scene.refused("tally @office/election.bel");
    scene.done("receive @office/election.bel @three/part --trustee 3");
    scene.done("tally @office/election.bel");
    scene.done("audit @office/election.bel --earlier @voters/earlier.bel");
    scene.refused("audit @voters/earlier.bel --earlier @office/election.bel");
    let archive = std::fs::read(scene.at("office/election.bel")).expect("an archive");
    let result = String::from_utf8_lossy(&archive).contains(r#"{"result":[[0,1,1]]}"#);
    assert!(result, "the last ballot of each voter counts");
    judged_by_belenios(&scene);
}

#[test]
fn the_pages_come_with_the_program() {
    let scene = Scene::new();
    scene.done("booth --to @office/pages");
    for page in ["booth", "trustee", "auditor"] {
        let text = scene.text(&format!("office/pages/{page}.html"));
        assert!(text.contains("<script>"), "{page} works from a folder");
        assert!(!text.contains("src=\"http"), "{page} asks nobody else");
    }
    assert!(scene.at("office/pages/noble-licence.txt").exists());
    // Nothing is written over.
    scene.refused("booth --to @office/pages");
    scene.write("office/no.bel", "no archive");
    scene.refused("booth --to @office/others --election @office/no.bel");
    assert!(!scene.at("office/others").exists());
}

/// A question that is ranked, with its rule of counting, from the template to the count.
#[test]
fn ranks_are_counted_by_the_rule_that_the_template_names() {
    let scene = Scene::new();
    scene.write(
        "office/template.json",
        r#"{"name":"رتبه","description":"","questions":[{"type":"NonHomomorphic","value":{"answers":["الف","ب","پ"],"question":"کدام؟"},"extra":{"method":"Schulze","blank":true}}]}"#,
    );
    scene.write("authority/voters.txt", "a\nb\nc\nd\n");
    scene.done("setup @office/template.json --group Ed25519 --to @office/draft.json");
    scene.done("credentials @office/draft.json --voters @authority/voters.txt --secret @authority/secret.txt --public @authority/public.json");
    scene.done("trustee key --group Ed25519 --secret @one/secret --public @one/public");
    scene.done("open @office/draft.json --credentials @authority/public.json --trustees @one/public --to @office/election.bel");
    for (voter, choices) in ["[[1,2,3]]", "[[1,3,2]]", "[[0,1,0]]", "[[0,0,0]]"]
        .into_iter()
        .enumerate()
    {
        vote(&scene, voter, choices, voter);
        scene.done(&format!(
            "receive @office/election.bel @voters/{voter}.json"
        ));
    }
    scene.done("close @office/election.bel");
    scene.done("shuffle @office/election.bel --to @one/shuffled");
    scene.done("receive @office/election.bel @one/shuffled --trustee 1");
    scene.done("decrypt @office/election.bel --secret @one/secret --to @one/part");
    scene.done("receive @office/election.bel @one/part --trustee 1");
    let counted = scene.answered("tally @office/election.bel");
    let counted = counted.iter().find(|one| one.get("counted").is_some());
    let counted = &counted.expect("a count")["counted"];
    assert_eq!(counted["ranking"], serde_json::json!([[0], [1], [2]]));
    assert_eq!(counted["valid"], 3);
    assert_eq!(counted["blank"], 1);
    let again = scene.answered("audit @office/election.bel --count stv:1");
    assert!(
        again.iter().any(|one| one["counted"] == *counted),
        "what the archive names goes before the command line"
    );
}
