//! Gathers what the pages send besides HTML: the typeface from npm, our style sheet and our scripts. Each gets an
//! address with its own digest in it, so that browsers may keep it for ever, and is compiled into the binary.
//!
//! A packager who has no npm sets `MAHZAR_WEB_ASSETS` to a folder that holds the three files of [`FONTS`], the
//! typeface's `LICENSE`, and the packages `@noble/curves` and `@noble/hashes`.

#[path = "build/booth.rs"]
mod booth;
#[path = "build/joined.rs"]
mod joined;

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
    for watched in [
        "assets",
        "build",
        "package.json",
        "package-lock.json",
        "build.rs",
    ] {
        println!("cargo:rerun-if-changed={watched}");
    }
    println!("cargo:rerun-if-env-changed={PACKAGERS}");
    let out = PathBuf::from(variable("OUT_DIR")?);
    let brought = Brought::gather(&out)?;
    let mut gathered = Gathered::default();
    fonts(&brought, &mut gathered)?;
    own_files(Path::new("assets"), &mut gathered)?;
    let page = String::from_utf8(read(Path::new("assets/joined/verify_page.js"))?)?;
    let verifier = joined::joined(Path::new("assets/verify"), "verify.js", "", &page)?;
    gathered.add("verify.js", verifier.into_bytes());
    booth::pages(&brought.packages, &mut gathered)?;
    gathered.write(&out)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a build script is told everything by its environment"
)]
fn variable(name: &str) -> Outcome<String> {
    Ok(std::env::var(name)?)
}

/// Folders of what others made.
struct Brought {
    fonts: PathBuf,
    fonts_licence: PathBuf,
    packages: PathBuf,
}

impl Brought {
    fn gather(out: &Path) -> Outcome<Self> {
        if let Ok(folder) = variable(PACKAGERS) {
            let folder = PathBuf::from(folder);
            return Ok(Self {
                fonts: folder.clone(),
                fonts_licence: folder.join("LICENSE"),
                packages: folder,
            });
        }
        let folder = from_npm(out)?;
        let typeface = folder.join(PACKAGE);
        Ok(Self {
            fonts: typeface.join("files"),
            fonts_licence: typeface.join("LICENSE"),
            packages: folder.join("node_modules"),
        })
    }
}

fn fonts(brought: &Brought, gathered: &mut Gathered) -> Outcome<()> {
    for font in FONTS {
        gathered.add(font, read(&brought.fonts.join(font))?);
    }
    gathered.add("vazirmatn-licence.txt", read(&brought.fonts_licence)?);
    Ok(())
}

/// Runs `npm ci` in the build folder, once for each lock file, and returns that folder.
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
    Ok(folder)
}

fn npm_ci(folder: &Path) -> Outcome<()> {
    let ran = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(folder)
        .output()
        .map_err(|error| format!("could not run npm, which brings the typeface and the curves: {error}. Install npm, or set {PACKAGERS} to a folder with {}, @noble/curves and @noble/hashes", FONTS.join(", ")))?;
    if ran.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ran.stderr);
    Err(format!("npm ci did not bring the typeface and the curves: {said}\nIs the npm registry reachable? Otherwise set {PACKAGERS} to a folder with {}, @noble/curves and @noble/hashes", FONTS.join(", ")).into())
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

    fn find(&self, name: &str) -> Outcome<&(String, String, Vec<u8>)> {
        let found = self.0.iter().find(|(one, _, _)| one == name);
        found.ok_or_else(|| format!("there is no asset {name}").into())
    }

    fn address(&self, name: &str) -> Outcome<&str> {
        Ok(&self.find(name)?.1)
    }

    fn bytes(&self, name: &str) -> Outcome<&[u8]> {
        Ok(&self.find(name)?.2)
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
            let file = folder.join(name.replace('/', "-"));
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
