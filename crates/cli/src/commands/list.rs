//! `mahzar list`

use clap::Args;
use desk::{ItemQuery, PAGE_ITEMS_MAX, Sort};
use office::{Mark, Reader};

use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::screen::size;
use crate::shown;
use crate::words::say;

/// List the material of a circle
#[derive(Debug, Args)]
pub struct List {
    /// The circle, by name or id; needed if you are in several
    #[arg(long, value_name = "CIRCLE")]
    circle: Option<String>,

    /// Only what has these words in its name or folder; spellings of Persian and Arabic meet
    #[arg(long, value_name = "WORDS", default_value = "")]
    search: String,

    /// Only this media type, such as image/jpeg, or class of them, such as image
    #[arg(long = "type", value_name = "TYPE")]
    media_type: Option<String>,

    /// newest, oldest, name or size
    #[arg(long, value_name = "ORDER", default_value = "newest")]
    sort: Sort,

    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: u64,
}

/// Lists items, page by page.
pub fn run(run: &Run, asked: &List) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let circle = run.circle(&office, &session, asked.circle.as_deref())?;
    let reader = office
        .reader(&session, circle)
        .map_err(|error| run.fault(&error))?;
    let total = list(run, &office, &reader, asked)?;
    run.screen.say(say("list-total").n("total", total));
    Ok(Exit::Done)
}

fn list(
    run: &Run,
    office: &office::Office,
    reader: &Reader<'_>,
    asked: &List,
) -> Result<u64, Failure> {
    let mut query = ItemQuery {
        text: asked.search.clone(),
        media_type: asked.media_type.clone(),
        sort: asked.sort,
        limit: 1,
        after: None,
    };
    let mut left = asked.limit;
    loop {
        query.limit = u32::try_from(left)
            .unwrap_or(u32::MAX)
            .clamp(1, PAGE_ITEMS_MAX);
        let found = office
            .items(reader, &query)
            .map_err(|error| run.fault(&error))?;
        for (item, mark) in found.page.items.iter().zip(&found.marks) {
            line(run, item, mark);
        }
        left = left.saturating_sub(found.page.items.len() as u64);
        query.after = found.page.next;
        if left == 0 || query.after.is_none() {
            return Ok(found.page.total);
        }
    }
}

fn line(run: &Run, item: &desk::Item, mark: &Mark) {
    let name = desk::name::visible(&item.file_name);
    let mark_shown = shown::mark(mark).in_language(run.screen.language());
    run.screen.line(format!(
        "{}  {}  {:>10}  {name}  {mark_shown}",
        item.item,
        item.at,
        size(item.size_bytes)
    ));
    run.screen.answer(&shown::item_json(item, mark));
}
