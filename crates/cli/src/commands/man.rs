//! `mahzar man`

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man as Page;

use crate::arguments::Arguments;
use crate::failure::{Exit, Failure, fault};

/// Write the manual pages
#[derive(Debug, Args)]
pub struct Man {
    /// Write one page for each verb into this folder, instead of the first page to stdout
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

/// Writes one page to stdout, or all of them into a folder.
pub fn run(asked: &Man) -> Result<Exit, Failure> {
    let mut command = Arguments::command();
    command.build();
    match &asked.to {
        Some(folder) => write_all(&command, "mahzar", folder)?,
        None => {
            let page = render(command).map_err(|error| cannot_write(Path::new("-"), &error))?;
            std::io::stdout()
                .write_all(&page)
                .map_err(|error| cannot_write(Path::new("-"), &error))?;
        }
    }
    Ok(Exit::Done)
}

fn write_all(command: &Command, name: &str, folder: &Path) -> Result<(), Failure> {
    let path = folder.join(format!("{name}.1"));
    let named = command.clone().display_name(name.to_owned());
    let page = render(named).map_err(|error| cannot_write(&path, &error))?;
    fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
    fs::write(&path, page).map_err(|error| cannot_write(&path, &error))?;
    let below = command
        .get_subcommands()
        .filter(|below| below.get_name() != "help" && !below.is_hide_set());
    below
        .into_iter()
        .try_for_each(|below| write_all(below, &format!("{name}-{}", below.get_name()), folder))
}

fn render(command: Command) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    Page::new(command).render(&mut page)?;
    Ok(page)
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    fault("fault-write")
        .text("path", path.display())
        .because(error)
}
