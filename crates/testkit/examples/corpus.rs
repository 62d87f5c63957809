//! Writes the seeds of every fuzz target into its corpus, and the wrapper and manifest lines of targets that are new.
//! Run it after a format has changed: `cargo run -p mahzar-testkit --example corpus`.

use std::fs;
use std::io;
use std::path::Path;

use testkit::fuzz::targets;

const MANIFEST_HEAD: &str = include_str!("../../../fuzz/manifest-head.toml");

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let mut manifest = MANIFEST_HEAD.to_owned();
    for target in targets() {
        let name = target.name;
        let corpus = folder.join("corpus").join(name);
        fs::create_dir_all(&corpus)?;
        for (number, seed) in (target.seeds)().into_iter().enumerate() {
            fs::write(corpus.join(format!("seed-{number}")), seed)?;
        }
        fs::write(
            folder.join("fuzz_targets").join(format!("{name}.rs")),
            wrapper(name),
        )?;
        manifest.push_str(&format!("\n[[bin]]\nname = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"\ntest = false\ndoc = false\nbench = false\n"));
    }
    fs::write(folder.join("Cargo.toml"), manifest)
}

fn wrapper(name: &str) -> String {
    format!(
        "#![no_main]\n\nlibfuzzer_sys::fuzz_target!(|bytes: &[u8]| testkit::fuzz::run({name:?}, bytes));\n"
    )
}
