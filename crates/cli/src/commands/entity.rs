//! `mahzar person`, `mahzar account`, `mahzar act` …: the same verbs for every type of the desk's model.

use clap::{ArgMatches, Command, FromArgMatches, Subcommand};
use desk::ids::EntityId;
use desk::model::MODEL;
use office::{Office, Session, StateError};
use record::ids::CircleId;

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault, malformed};
use crate::words::Language;

mod fields;
mod list;
mod review;
pub mod shown;
mod state;

/// A type and what to do with entities of it.
#[derive(Debug)]
pub struct Entity {
    /// The type's name, as the model has it.
    type_name: &'static str,
    verb: EntityVerb,
}

/// What can be done with entities of a type.
#[derive(Debug, Subcommand)]
enum EntityVerb {
    /// State a new one: FIELD=VALUE…
    Add(state::Add),
    /// State fields anew; what stood there stays in the history
    Set(state::Set),
    /// Show one: what stands, what points to it, what left the circle
    Show(list::Show),
    /// Every statement about one: who, when, what and why
    History(list::History),
    /// Search
    List(list::List),
    /// Submit, review or return one
    Review(review::Review),
    /// Destroy everything stated about one
    Erase(review::Erase),
    /// The fields that the type has, and what may stand in them
    Fields(fields::Fields),
}

/// `contact_card` as an argument: `contact-card`.
fn command_name(type_name: &str) -> String {
    type_name.replace('_', "-")
}

impl Subcommand for Entity {
    fn augment_subcommands(mut command: Command) -> Command {
        for one in MODEL.types() {
            let name = command_name(one.name);
            let about = format!("Documentation: {}", one.many.en.to_lowercase());
            let of_type = EntityVerb::augment_subcommands(Command::new(name).about(about));
            command = command.subcommand(
                of_type
                    .subcommand_required(true)
                    .arg_required_else_help(true),
            );
        }
        command
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Entity::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        MODEL
            .types()
            .iter()
            .any(|one| command_name(one.name) == name)
    }
}

impl FromArgMatches for Entity {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Entity, clap::Error> {
        let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (name, inner) = matches.subcommand().ok_or_else(missing)?;
        let known = MODEL
            .types()
            .iter()
            .find(|one| command_name(one.name) == name);
        Ok(Entity {
            type_name: known.ok_or_else(missing)?.name,
            verb: EntityVerb::from_arg_matches(inner)?,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Entity::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Does what is asked with entities of a type.
pub fn run(run: &Run, asked: &Entity) -> Result<Exit, Failure> {
    let model = MODEL
        .find(asked.type_name)
        .ok_or_else(|| fault("fault-refused"))?;
    match &asked.verb {
        EntityVerb::Add(verb) => state::add(run, model, verb),
        EntityVerb::Set(verb) => state::set(run, model, verb),
        EntityVerb::Show(verb) => list::show(run, model, verb),
        EntityVerb::History(verb) => list::history(run, model, verb),
        EntityVerb::List(verb) => list::list(run, model, verb),
        EntityVerb::Review(verb) => review::review(run, model, verb),
        EntityVerb::Erase(verb) => review::erase(run, model, verb),
        EntityVerb::Fields(_) => fields::run(run, model),
    }
}

pub use list::List as Search;

/// Searches entities of all types.
pub fn search(run: &Run, asked: &Search) -> Result<Exit, Failure> {
    list::search(run, None, asked)
}

/// A language's tag.
pub fn tag(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Fa => "fa",
        Language::Ar => "ar",
        Language::Fr => "fr",
    }
}

/// The entity of an id, and its circle.
fn located(
    run: &Run,
    office: &Office,
    session: &Session,
    id: &str,
) -> Result<(EntityId, CircleId), Failure> {
    let entity: EntityId = id
        .trim()
        .parse()
        .map_err(|_| malformed("fault-id-form").text("id", id))?;
    let circle = office
        .circle_of_entity(session, entity)
        .map_err(|error| run.fault(&error))?;
    Ok((entity, circle))
}

/// Why nothing was stated.
pub fn state_fault(run: &Run, error: StateError) -> Failure {
    match error {
        StateError::Type => fault("fault-refused"),
        StateError::Fields(faults) => {
            let told: Vec<String> = faults.iter().map(shown::field_fault).collect();
            malformed("fault-fields").because(told.join("\n  "))
        }
        StateError::Unchanged => fault("fault-unchanged"),
        StateError::Large => malformed("fault-statement-large"),
        StateError::OwnWords => fault("fault-own-words"),
        StateError::RotationDue => fault("fault-rotation"),
        StateError::Fault(error) => run.fault(&error),
    }
}
