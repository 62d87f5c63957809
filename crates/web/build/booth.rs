//! The booth, the trustee's page and the auditor's page, each twice: as the office sends it, with its script and styles
//! beside it, and as one file that works from a folder.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::joined::{joined, noble};
use crate::{Gathered, Outcome, read};

const PAGES: [(&str, &str); 3] = [
    ("booth", "Voting booth"),
    ("trustee", "The trustee's page"),
    ("auditor", "The auditor's page"),
];
const SHEETS: [&str; 2] = ["style.css", "booth.css"];

/// Nothing but what the page brings itself may run; files beside it may be read; nothing may be sent.
const RULES: &str = "default-src 'none'; connect-src 'self'; form-action 'none'; base-uri 'none'";

/// Adds the pages to what the binary carries: `booth.html` and so on as the office sends them, and `saved/booth.html`.
pub fn pages(packages: &Path, gathered: &mut Gathered) -> Outcome<()> {
    let folder = Path::new("assets/booth");
    let curves = noble(packages)?;
    let frame = String::from_utf8(read(&folder.join("page.html"))?)?;
    for (name, title) in PAGES {
        let script = joined(folder, &format!("{name}_page.js"), &curves, "")?;
        gathered.add(&format!("{name}.js"), script.clone().into_bytes());
        let sent = sent(&frame.replace("@title@", title), name, gathered)?;
        gathered.add(&format!("{name}.html"), sent.into_bytes());
        let saved = saved(&frame.replace("@title@", title), &script, gathered)?;
        gathered.add(&format!("saved/{name}.html"), saved.into_bytes());
    }
    let licence = read(&packages.join("@noble/curves/LICENSE"))?;
    gathered.add("saved/noble-licence.txt", licence);
    Ok(())
}

fn sent(frame: &str, name: &str, gathered: &Gathered) -> Outcome<String> {
    let mut style = format!(
        "<link rel=\"icon\" href=\"{}\" type=\"image/svg+xml\">\n<link rel=\"stylesheet\" href=\"{}\">\n",
        gathered.address("mark.svg")?,
        gathered.address("fonts.css")?
    );
    for sheet in SHEETS {
        let address = gathered.address(sheet)?;
        style.push_str(&format!("<link rel=\"stylesheet\" href=\"{address}\">\n"));
    }
    let address = gathered.address(&format!("{name}.js"))?;
    let policy = policy("'self'; font-src 'self'; img-src 'self'", "'self'");
    Ok(frame
        .replace("@policy@", &policy)
        .replace("@style@", style.trim_end())
        .replace(
            "@script@",
            &format!("<script src=\"{address}\" defer></script>"),
        ))
}

fn saved(frame: &str, script: &str, gathered: &Gathered) -> Outcome<String> {
    let mut style = String::new();
    for sheet in SHEETS {
        style.push_str(std::str::from_utf8(gathered.bytes(sheet)?)?);
    }
    if script.contains("</script") || style.contains("</style") {
        return Err("a script or a style that would end itself inside a page".into());
    }
    let policy = policy(&digest(&style), &digest(script));
    Ok(frame
        .replace("@policy@", &policy)
        .replace("@style@", &format!("<style>{style}</style>"))
        .replace("@script@", &format!("<script>{script}</script>")))
}

fn policy(style: &str, script: &str) -> String {
    format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{RULES}; style-src {style}; script-src {script}\">"
    )
}

/// The name by which a policy allows one text.
fn digest(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}
