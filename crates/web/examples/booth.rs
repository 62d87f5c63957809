//! Writes the booth's pages into a folder, for looking at them and for the browser tests: `booth FOLDER`.

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("usage: booth FOLDER")?);
    std::fs::create_dir_all(&folder)?;
    for (name, bytes) in web::booth_files() {
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
