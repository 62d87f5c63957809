//! Gathers what the pages send besides HTML: the typeface from npm, our style sheet and our scripts. Each gets an
//! address with its own digest in it, so that browsers may keep it for ever, and is compiled into the binary.
//!
//! A packager who has no npm sets `MAHZAR_WEB_ASSETS` to a folder that holds the three files of [`FONTS`] and the
//! typeface's `LICENSE`.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

const FONTS: [&str; 3] = [
    "vazirmatn-arabic-wght-normal.woff2",
    "vazirmatn-latin-ext-wght-normal.woff2",
    "vazirmatn-latin-wght-normal.woff2",
];
const PACKAGE: &str = "node_modules/@fontsource-variable/vazirmatn";
const PACKAGERS: &str = "MAHZAR_WEB_ASSETS";

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    for watched in ["assets", "package.json", "package-lock.json", "build.rs"] {
        println!("cargo:rerun-if-changed={watched}");
    }
    println!("cargo:rerun-if-env-changed={PACKAGERS}");
    let out = PathBuf::from(variable("OUT_DIR")?);
    let mut gathered = Gathered::default();
    fonts(&out, &mut gathered)?;
    own_files(Path::new("assets"), &mut gathered)?;
    gathered.add(
        "verify.js",
        verifier(
            Path::new("assets/verify"),
            Path::new("assets/joined/verify_page.js"),
        )?
        .into_bytes(),
    );
    gathered.write(&out)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a build script is told everything by its environment"
)]
fn variable(name: &str) -> Outcome<String> {
    Ok(std::env::var(name)?)
}

fn fonts(out: &Path, gathered: &mut Gathered) -> Outcome<()> {
    let (files, licence) = match variable(PACKAGERS) {
        Ok(folder) => (
            PathBuf::from(&folder),
            PathBuf::from(folder).join("LICENSE"),
        ),
        Err(_) => {
            let package = from_npm(out)?;
            (package.join("files"), package.join("LICENSE"))
        }
    };
    for font in FONTS {
        gathered.add(font, read(&files.join(font))?);
    }
    gathered.add("vazirmatn-licence.txt", read(&licence)?);
    Ok(())
}

/// Runs `npm ci` in the build folder, once for each lock file, and returns the typeface's package.
fn from_npm(out: &Path) -> Outcome<PathBuf> {
    let folder = out.join("npm");
    let lock = read(Path::new("package-lock.json"))?;
    let stamp = folder.join("installed-lock");
    if fs::read(&stamp).ok().as_deref() != Some(&lock[..]) {
        fs::create_dir_all(&folder)?;
        fs::copy("package.json", folder.join("package.json"))?;
        fs::write(folder.join("package-lock.json"), &lock)?;
        npm_ci(&folder)?;
        fs::write(&stamp, &lock)?;
    }
    Ok(folder.join(PACKAGE))
}

fn npm_ci(folder: &Path) -> Outcome<()> {
    let ran = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(folder)
        .output()
        .map_err(|error| format!("could not run npm, which brings the typeface: {error}. Install npm, or set {PACKAGERS} to a folder with {}", FONTS.join(", ")))?;
    if ran.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ran.stderr);
    Err(format!("npm ci did not bring the typeface: {said}\nIs the npm registry reachable? Otherwise set {PACKAGERS} to a folder with {}", FONTS.join(", ")).into())
}

/// Our own files: style sheets and scripts at the top of the folder, each as it is, but that `asset(NAME)` in a style
/// sheet becomes the address of that asset.
fn own_files(folder: &Path, gathered: &mut Gathered) -> Outcome<()> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    for file in files.iter().filter(|path| path.is_file()) {
        let name = file
            .file_name()
            .and_then(|name| name.to_str())
            .ok_or("an asset's name is not text")?;
        let bytes = match file.extension().and_then(|extension| extension.to_str()) {
            Some("css") => gathered
                .with_addresses(&String::from_utf8(read(file)?)?)?
                .into_bytes(),
            _ => read(file)?,
        };
        gathered.add(name, bytes);
    }
    Ok(())
}

/// The verifier's modules and the page's own script as one script, so that the saved page works from a file, where
/// browsers load no modules. `tests/js` holds that the modules can be joined.
fn verifier(modules: &Path, page: &Path) -> Outcome<String> {
    let mut names = Vec::new();
    in_order(modules, "verify.js", &mut names)?;
    let mut joined = String::from("(() => {\n\"use strict\";\n");
    for name in &names {
        joined.push_str(&without_modules(&String::from_utf8(read(
            &modules.join(name),
        )?)?));
    }
    joined.push_str(&String::from_utf8(read(page)?)?);
    joined.push_str("})();\n");
    Ok(joined)
}

/// The modules that `name` needs, each after those that it needs, itself last.
fn in_order(folder: &Path, name: &str, found: &mut Vec<String>) -> Outcome<()> {
    let text = String::from_utf8(read(&folder.join(name))?)?;
    for needed in text.lines().filter_map(imported) {
        in_order(folder, needed, found)?;
    }
    if !found.iter().any(|one| one == name) {
        found.push(name.to_owned());
    }
    Ok(())
}

fn imported(line: &str) -> Option<&str> {
    let (_, path) = line.strip_prefix("import { ")?.split_once("from \"./")?;
    path.strip_suffix("\";")
}

fn without_modules(text: &str) -> String {
    let kept = text.lines().filter(|line| imported(line).is_none());
    kept.map(|line| format!("{}\n", line.strip_prefix("export ").unwrap_or(line)))
        .collect()
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    Ok(fs::read(path).map_err(|error| format!("could not read {}: {error}", path.display()))?)
}

/// The assets so far, each with the address that it will have.
#[derive(Default)]
struct Gathered(Vec<(String, String, Vec<u8>)>);

impl Gathered {
    fn add(&mut self, name: &str, bytes: Vec<u8>) {
        let digest = hex::encode(&Sha256::digest(&bytes)[..8]);
        self.0
            .push((name.to_owned(), format!("/assets/{digest}/{name}"), bytes));
    }

    fn with_addresses(&self, sheet: &str) -> Outcome<String> {
        let mut text = sheet.to_owned();
        for (name, address, _) in &self.0 {
            text = text.replace(&format!("asset({name})"), &format!("url({address})"));
        }
        match text.contains("asset(") {
            true => Err("a style sheet names an asset that there is not".into()),
            false => Ok(text),
        }
    }

    fn write(&self, out: &Path) -> Outcome<()> {
        let folder = out.join("embedded");
        fs::create_dir_all(&folder)?;
        let mut table = String::from(
            "/// Everything that the binary carries, in no order.\npub static ASSETS: &[Asset] = &[\n",
        );
        for (name, address, bytes) in &self.0 {
            let file = folder.join(name);
            fs::write(&file, bytes)?;
            writeln!(
                table,
                "    Asset {{ name: {name:?}, address: {address:?}, bytes: include_bytes!({file:?}) }},"
            )?;
        }
        table.push_str("];\n");
        Ok(fs::write(out.join("assets.rs"), table)?)
    }
}
