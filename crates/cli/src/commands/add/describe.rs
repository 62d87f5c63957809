//! What was just taken in is described at once, as far as is known: on what basis it is held, and whether it tells who a source is.

use std::collections::BTreeMap;

use clap::Args;
use desk::ids::ItemId;
use office::{DRAFTS_MAX, Draft, Office, Writer};

use crate::commands::Run;
use crate::commands::entity::state_fault;
use crate::failure::Failure;

/// The three things to know first.
#[derive(Debug, Default, Args)]
pub struct Basis {
    /// Describe each new item at once: consent, public_unreachable, legacy_unknown, compelled, or own (made by this office)
    #[arg(long, value_name = "BASIS")]
    pub basis: Option<String>,

    /// Whether it can tell who a source is: yes, no or unknown
    #[arg(
        long,
        value_name = "ANSWER",
        default_value = "unknown",
        requires = "basis"
    )]
    pub identifies: String,

    /// Whether people whom nobody listed can be recognised: yes, no or unknown
    #[arg(
        long,
        value_name = "ANSWER",
        default_value = "unknown",
        requires = "basis"
    )]
    pub strangers: String,
}

/// States a material entity for each item, under a title that says nothing; none, if no basis was given.
pub fn received(
    run: &Run,
    office: &Office,
    writer: &Writer<'_>,
    asked: &Basis,
    items: &[ItemId],
) -> Result<(), Failure> {
    let Some(basis) = &asked.basis else {
        return Ok(());
    };
    let draft = |item: &ItemId| {
        let id = item.to_string();
        // Not the file's name: a name can tell who a source is, and titles are what others see first.
        let title = format!("Item {}", id.get(..8).unwrap_or(&id));
        let set = [
            ("title", title),
            ("item", id),
            ("basis", basis.clone()),
            ("identifies", asked.identifies.clone()),
            ("strangers", asked.strangers.clone()),
        ];
        Draft {
            type_name: "material".to_owned(),
            set: set
                .into_iter()
                .map(|(field, value)| (field.to_owned(), vec![value]))
                .collect::<BTreeMap<_, _>>(),
            ..Draft::default()
        }
    };
    for some in items.chunks(DRAFTS_MAX) {
        office
            .state_all(writer, some.iter().map(draft).collect())
            .map_err(|error| state_fault(run, error))?;
    }
    Ok(())
}
