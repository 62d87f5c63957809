//! What somebody has to look at this week: dates that come, things without a basis, what left and who opened what.

use std::collections::BTreeMap;

use desk::model::written_date;
use desk::{DisclosureMade, EntityLine, EntityQuery, EntitySort, Filter, PAGE_ENTITIES_MAX};
use record::entry::Timestamp;
use record::ids::MemberId;

use crate::fault::Fault;
use crate::permission::Reader;
use crate::{Office, held};

/// Days ahead that count as this week, and days back that a report looks.
const WEEK_DAYS: i32 = 7;
const DAY_SECONDS: u64 = 86_400;
/// The most disclosures that are read for a report.
const DISCLOSURES_MAX: u32 = 10_000;

/// The dates that a week asks for: a type, its field, and the field that says it is done.
const DATES: [(&str, &str, Option<&str>); 5] = [
    ("check_in", "due", Some("made")),
    ("consent", "review", Some("withdrawn")),
    ("risk_decision", "until", None),
    ("referral", "follow_up", None),
    ("case", "deadline", Some("closed")),
];

/// Something that has a date this week, or had one and nothing was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The entity.
    pub line: EntityLine,
    /// The field that holds the date.
    pub field: &'static str,
    /// The date, as it stands.
    pub date: String,
    /// The last day that it can be, counted from 1970-01-01.
    pub day: i32,
}

/// One circle's week.
#[derive(Clone, Debug)]
pub struct Week {
    /// Dates that come or have passed, the oldest first.
    pub due: Vec<Due>,
    /// Items of material that nobody described, so that they have no basis.
    pub undescribed: u64,
    /// How many entities wait for review.
    pub submitted: u64,
    /// How many were returned to their writers.
    pub returned: u64,
    /// What left in the last seven days, by recipient and name.
    pub disclosed: BTreeMap<(String, String), u64>,
    /// How many copies each member opened in the last seven days.
    pub opened: Vec<(MemberId, u64)>,
}

fn failed(error: desk::QueryError) -> Fault {
    Fault::Failed(error.to_string())
}

impl Office {
    /// What a circle has to look at this week.
    pub fn week(&self, reader: &Reader<'_>) -> Result<Week, Fault> {
        let now = self.setting.now();
        let today = self.setting.today();
        let ago = now
            .unix_seconds()
            .saturating_sub(u64::from(WEEK_DAYS.unsigned_abs()) * DAY_SECONDS);
        let since =
            Timestamp::from_unix_seconds(ago).map_err(|error| Fault::Failed(error.to_string()))?;
        let view = self.view(reader)?;
        let view = held(&view);
        let in_state = |state: &str| {
            let query = EntityQuery {
                filters: vec![Filter::State(state.to_owned())],
                limit: 1,
                ..EntityQuery::default()
            };
            view.entities(&query).map(|page| page.total).map_err(failed)
        };
        let mut due = Vec::new();
        for (type_name, field, done) in DATES {
            due.extend(dated(
                &view,
                type_name,
                field,
                done,
                today.saturating_add(WEEK_DAYS),
            )?);
        }
        due.sort_by_key(|one| one.day);
        Ok(Week {
            due,
            undescribed: view.items_undescribed().map_err(failed)?,
            submitted: in_state("submitted")?,
            returned: in_state("returned")?,
            disclosed: by_recipient(
                view.disclosures(None, DISCLOSURES_MAX).map_err(failed)?,
                since,
            ),
            opened: view.openings_since(since).map_err(failed)?,
        })
    }
}

fn dated(
    view: &desk::View,
    type_name: &str,
    field: &'static str,
    done: Option<&str>,
    last: i32,
) -> Result<Vec<Due>, Fault> {
    let mut filters = vec![Filter::Between {
        field: Some(field.to_owned()),
        first: i32::MIN,
        last,
    }];
    filters.extend(done.map(|done| Filter::Missing {
        field: done.to_owned(),
    }));
    let query = EntityQuery {
        type_name: Some(type_name.to_owned()),
        filters,
        sort: EntitySort::Oldest,
        limit: PAGE_ENTITIES_MAX,
        ..EntityQuery::default()
    };
    let mut due = Vec::new();
    for line in view.entities(&query).map_err(failed)?.entities {
        let Some(entity) = view.entity(line.entity).map_err(failed)? else {
            continue;
        };
        for date in entity.values(field) {
            let Ok((_, span)) = written_date(date) else {
                continue;
            };
            if span.first <= last {
                let (date, day) = (date.to_owned(), span.last);
                let line = line.clone();
                due.push(Due {
                    line,
                    field,
                    date,
                    day,
                });
            }
        }
    }
    Ok(due)
}

fn by_recipient(
    disclosures: Vec<DisclosureMade>,
    since: Timestamp,
) -> BTreeMap<(String, String), u64> {
    let mut counts = BTreeMap::new();
    let recent = disclosures.into_iter().filter(|one| one.at >= since);
    for one in recent {
        *counts.entry((one.recipient, one.named)).or_default() += 1;
    }
    counts
}
