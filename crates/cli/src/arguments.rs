//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::commands::{
    add, backup, ballot, bench, circle, completions, demo, entity, erase, estimate, fsck, import,
    init, keyholder, leaving, link, list, man, member, open, proof, publish, record, restore,
    serve, show, week, witness,
};
use crate::words::Language;

/// The record office of a parliament in exile: keeps material encrypted, enters everything that is done with it in a record that
/// outsiders can check, and publishes bundles that prove themselves.
///
/// Secrets are never taken from the command line. MAHZAR_PASSPHRASE is the member's passphrase, MAHZAR_UNLOCK the office's
/// unlock secret; both can also come from a file descriptor, or are asked for on the terminal.
///
/// Exit codes: 0 done; 1 failed, or what was checked does not hold; 2 the command line or a file is malformed; 3 accepted, but
/// not entered in the record yet.
#[derive(Debug, Parser)]
#[command(name = "mahzar", version, max_term_width = 100)]
pub struct Arguments {
    /// The office's folder
    #[arg(
        long,
        global = true,
        env = "MAHZAR_OFFICE",
        default_value = "office",
        value_name = "DIR"
    )]
    pub office: PathBuf,

    /// The member who acts: their name or id
    #[arg(long = "as", global = true, value_name = "MEMBER")]
    pub acting: Option<String>,

    /// Answer in JSON on stdout, one value a line; words for people go to stderr
    #[arg(long, global = true)]
    pub json: bool,

    /// The language of the words
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "LANGUAGE"
    )]
    pub lang: Language,

    /// Read the member's passphrase from this file descriptor
    #[arg(long, global = true, value_name = "N")]
    pub passphrase_fd: Option<u32>,

    /// Read the office's unlock secret from this file descriptor
    #[arg(long, global = true, value_name = "N")]
    pub unlock_fd: Option<u32>,

    /// Derive keys at almost no cost. Whoever has the disk and the unlock secret can then guess passphrases: for tests of the program only
    #[arg(long, global = true, hide = true)]
    pub cheap_passphrases_for_tests: bool,

    /// What to do
    #[command(subcommand)]
    pub verb: Verb,
}

/// Everything the program does.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Make an office, its first member and its record
    Init(init::Init),
    /// Members: add, list, revoke, a new passphrase, recovery, travel
    #[command(subcommand)]
    Member(member::Member),
    /// Circles: who can read the same things
    #[command(subcommand)]
    Circle(circle::Circle),
    /// Take in files and folders
    Add(add::Add),
    /// List the material of a circle
    List(list::List),
    /// Show an item with its custody and who opened it
    Show(show::Show),
    /// Search what the circles know: people, accounts, acts, everything
    Search(entity::Search),
    /// State what a table holds: CSV or Excel
    Import(import::ImportTable),
    /// Give another circle a copy, as far as consent allows
    Share(leaving::share::Share),
    /// Hand over what consent allows, as a folder that needs no software of ours
    Export(leaving::export::Export),
    /// What to look at this week
    Week(week::WeekAsked),
    #[command(flatten)]
    Entity(entity::Entity),
    /// Take a copy out, for a stated purpose; entered before the first byte leaves
    Open(open::Open),
    /// Destroy an item's content for good
    Erase(erase::Erase),
    /// Write the proof that an item is in the record
    Proof(proof::Proof),
    /// Make items public, as a bundle that proves itself; shows first what it will disclose
    Publish(publish::Publish),
    /// The office's record
    #[command(subcommand)]
    Record(record::Record),
    /// Re-derive everything and name what does not fit
    Fsck(fsck::Fsck),
    /// Write a backup
    Backup(backup::Backup),
    /// Make an office from a backup
    Restore(restore::Restore),
    /// Countersigning: of this office's record by others, and of theirs by this program
    #[command(subcommand)]
    Witness(witness::Witness),
    /// Key-holders, who together can open the sealed tier
    #[command(subcommand)]
    Keyholder(keyholder::Keyholder),
    /// Estimate how many people there are from lists that overlap
    Estimate(estimate::Estimate),
    /// Link the records of lists: who is the same person
    Link(link::Link),
    /// Secret ballots that anyone can check: each role in a folder of its own, exchanging files
    #[command(subcommand)]
    Ballot(ballot::Ballot),
    /// Measure this machine: each figure beside its ceiling or a peer
    Bench(bench::Bench),
    /// Serve the pages
    Serve(serve::Serve),
    /// Make an office to look at, with members, circles, witnesses and material
    Demo(demo::Demo),
    /// Write the completions of a shell
    Completions(completions::Completions),
    /// Write the manual pages
    Man(man::Man),
}
