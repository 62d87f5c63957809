//! Entering something, and changing something that stands: a form, the answers once more, and then for good.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use desk::ids::EntityId;
use desk::model::{Field, Type};
use desk::statement::REASON_CHARS_MAX;
use office::roster::Roster;
use office::{CircleSummary, Draft, EntitySheet, Fault, Office, Reader, StateError, WriteError};
use record::ids::CircleId;

use super::choices::{self, Choices};
use super::form::{Contested, FieldView, FormFaults, Making};
use super::places::{self, Places, kind, open_circle};
use super::standing::Standing;
use super::told::{self, Titles, Told};
use super::typed::{Typed, Wish};
use crate::app::{App, Person};
use crate::filled::Long;
use crate::form::Summary;
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, faulty, page};
use crate::view::name;
use crate::visit::Signed;
use crate::words::Words;

#[derive(Template)]
#[template(path = "desk_form.html")]
struct FormPage {
    page: Shell,
    summary: Option<Summary>,
    trail: Vec<(String, String)>,
    title: String,
    meanwhile: Option<String>,
    action: String,
    /// Which part of how many, from 1; none where only what is wrong is shown.
    part: Option<(usize, usize)>,
    elsewhere: Vec<&'static str>,
    hidden: Vec<(String, String)>,
    fields: Vec<FieldView>,
    reason: Option<String>,
    back: String,
}

#[derive(Template)]
#[template(path = "desk_check.html")]
struct CheckPage {
    page: Shell,
    trail: Vec<(String, String)>,
    title: String,
    meanwhile: Option<String>,
    action: String,
    rows: Vec<CheckRow>,
    reason: String,
    hidden: Vec<(String, String)>,
    back: String,
}

/// One field as it will stand.
struct CheckRow {
    label: &'static str,
    closed: bool,
    values: Vec<Told>,
    was: Option<Vec<Told>>,
}

/// What the form is for: something new of a type, or something that stands.
#[derive(Clone, Copy)]
struct Task {
    circle: CircleId,
    kind: &'static Type,
    entity: Option<EntityId>,
}

/// Everything that the pages of a form are made from.
struct Situation {
    task: Task,
    circle: CircleSummary,
    roster: Roster,
    sheet: Option<EntitySheet>,
    /// What stood when the form was made.
    base: Option<Standing>,
}

/// What came of a form.
enum Outcome {
    Form(FormFaults, Choices),
    Check(Answers),
    Done(EntityId),
}

/// What will be entered.
struct Answers {
    set: BTreeMap<String, Vec<String>>,
    titles: Titles,
    /// The id that something new will have.
    id: Option<EntityId>,
}

impl Task {
    fn of_new(circle: &str, type_name: &str) -> Result<Task, Refusal> {
        Ok(Task {
            circle: circle.parse().map_err(|_| Refusal::NotFound)?,
            kind: kind(type_name)?,
            entity: None,
        })
    }

    fn action(&self) -> String {
        match self.entity {
            None => format!("/desk/{}/new/{}", self.circle, self.kind.name),
            Some(entity) => format!("/desk/{}/{entity}/edit", self.circle),
        }
    }
}

fn situation(
    office: &Office,
    person: &Person,
    task: Task,
    seen: Option<u64>,
) -> Result<Situation, Fault> {
    let reader = office.reader(&person.session, task.circle)?;
    let sheet = match task.entity {
        Some(entity) => Some(office.entity(&reader, entity)?),
        None => None,
    };
    let base = sheet.as_ref().map(|sheet| {
        let seen = seen.unwrap_or(sheet.entity.line.changed);
        Standing::at(&sheet.history, seen)
    });
    Ok(Situation {
        circle: open_circle(office, person, task.circle)?,
        roster: office.roster()?,
        task,
        sheet,
        base,
    })
}

/// `GET /desk/{circle}/new/{type}`
pub async fn ask(
    State(app): State<App>,
    signed: Signed,
    Path((circle, type_name)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let task = Task::of_new(&circle, &type_name)?;
    let typed = Typed::of_query(task.kind, query);
    worked(&app, &signed, task, typed).await
}

/// `POST /desk/{circle}/new/{type}`
pub async fn make(
    State(app): State<App>,
    signed: Signed,
    Path((circle, type_name)): Path<(String, String)>,
    Long(fields): Long,
) -> Result<Response, Refusal> {
    let task = Task::of_new(&circle, &type_name)?;
    let typed = Typed::read(task.kind, fields)?;
    worked(&app, &signed, task, typed).await
}

async fn task_of(app: &App, signed: &Signed, at: Places) -> Result<(Task, Typed), Refusal> {
    let person = Arc::clone(&signed.person);
    let sheet = app
        .ask(move |office| {
            let reader = office.reader(&person.session, at.circle)?;
            office.entity(&reader, at.entity)
        })
        .await?;
    let kind = kind(&sheet.entity.line.type_name)?;
    let typed = Typed::of_entity(kind, &sheet.entity);
    let (circle, entity) = (at.circle, Some(at.entity));
    Ok((
        Task {
            circle,
            kind,
            entity,
        },
        typed,
    ))
}

/// `GET /desk/{circle}/{entity}/edit`
pub async fn ask_change(
    State(app): State<App>,
    signed: Signed,
    Path(path): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let (task, typed) = task_of(&app, &signed, Places::of(path)?).await?;
    worked(&app, &signed, task, typed).await
}

/// `POST /desk/{circle}/{entity}/edit`
pub async fn make_change(
    State(app): State<App>,
    signed: Signed,
    Path(path): Path<(String, String)>,
    Long(fields): Long,
) -> Result<Response, Refusal> {
    let (task, _) = task_of(&app, &signed, Places::of(path)?).await?;
    let typed = Typed::read(task.kind, fields)?;
    if typed.seen.is_none() {
        // A form of ours says what it was made from; without that it could pass over what somebody stated meanwhile.
        return Err(Refusal::Senseless);
    }
    worked(&app, &signed, task, typed).await
}

/// What a page asks for; a page that was only opened asks for its form.
async fn worked(
    app: &App,
    signed: &Signed,
    task: Task,
    mut typed: Typed,
) -> Result<Response, Refusal> {
    typed.take_ids(task.kind);
    let (person, words) = (Arc::clone(&signed.person), signed.visit.words);
    let asked = typed.clone();
    let (situation, outcome) = app
        .ask(move |office| {
            let situation = situation(office, &person, task, asked.seen)?;
            let outcome = went_on(office, &person, &situation, &asked, words)?;
            Ok((situation, outcome))
        })
        .await?;
    situation.answer(app, signed, typed, outcome)
}

fn went_on(
    office: &Office,
    person: &Person,
    situation: &Situation,
    typed: &Typed,
    words: Words,
) -> Result<Outcome, Fault> {
    let form = |at, faults| situation.form(office, person, typed, at, faults, words);
    match typed.wish {
        Wish::Find(field) => return form(Some(field), FormFaults::default()),
        Wish::Open | Wish::More(_) | Wish::Change | Wish::Part => {
            return form(None, FormFaults::default());
        }
        Wish::GoOn | Wish::Enter => {}
    }
    if let Some(field) = typed.still_sought() {
        let fault = FormFaults::one(field, words.say("desk-fault-choose"));
        return form(Some(field), fault);
    }
    if typed.reason.chars().count() > REASON_CHARS_MAX {
        let fault = FormFaults::one("reason", words.say("form-too-long"));
        return form(None, fault);
    }
    match situation.stated(office, person, typed, words) {
        Ok(outcome) => Ok(outcome),
        Err(error) => form(None, situation.faults(error, words)?),
    }
}

impl Situation {
    fn draft(&self, typed: &Typed) -> Draft {
        Draft {
            entity: self.task.entity.or(typed.id),
            type_name: self.task.kind.name.to_owned(),
            seen: typed.seen,
            set: typed.set(self.task.kind, self.base.as_ref()),
            reason: typed.reason.clone(),
            origin: String::new(),
        }
    }

    fn stated(
        &self,
        office: &Office,
        person: &Person,
        typed: &Typed,
        words: Words,
    ) -> Result<Outcome, StateError> {
        let draft = self.draft(typed);
        if draft.set.is_empty() && self.sheet.is_some() {
            return Err(StateError::Unchanged);
        }
        let writer =
            office
                .writer(&person.session, self.task.circle)
                .map_err(|error| match error {
                    WriteError::RotationDue => StateError::RotationDue,
                    WriteError::Fault(fault) => StateError::Fault(fault),
                })?;
        if typed.wish == Wish::Enter {
            if let Some(id) = self.entered_before(office, writer.reader(), typed)? {
                return Ok(Outcome::Done(id));
            }
            return office
                .state(&writer, draft)
                .map(|(entity, _)| Outcome::Done(entity));
        }
        let set = office.plan_statement(writer.reader(), draft)?.set;
        let titles = self
            .titles(office, writer.reader(), &set, words)
            .map_err(StateError::Fault)?;
        let id = self.sheet.is_none().then(|| office.new_entity_id());
        Ok(Outcome::Check(Answers { set, titles, id }))
    }

    /// Something new whose form was sent twice.
    fn entered_before(
        &self,
        office: &Office,
        reader: &Reader<'_>,
        typed: &Typed,
    ) -> Result<Option<EntityId>, StateError> {
        let Some(id) = typed.id.filter(|_| self.sheet.is_none()) else {
            return Ok(None);
        };
        let there = office.entities_whole(reader, &[id]);
        let there = there.map_err(StateError::Fault)?;
        Ok((!there.is_empty()).then_some(id))
    }

    /// What everything is called that the answers point to, and pointed to before.
    fn titles(
        &self,
        office: &Office,
        reader: &Reader<'_>,
        set: &BTreeMap<String, Vec<String>>,
        words: Words,
    ) -> Result<Titles, Fault> {
        let field = |name: &str| self.task.kind.field(name);
        let stated = set
            .iter()
            .filter_map(|(name, values)| field(name).map(|field| (field, values)))
            .flat_map(|(field, values)| values.iter().map(move |value| (field, value)));
        let facts = self.sheet.iter().flat_map(|sheet| &sheet.entity.facts);
        let stood = facts.filter_map(|fact| field(&fact.field).map(|field| (field, &fact.value)));
        choices::titles_of(office, reader, stated.chain(stood), words)
    }

    fn form(
        &self,
        office: &Office,
        person: &Person,
        typed: &Typed,
        at: Option<&'static str>,
        faults: FormFaults,
        words: Words,
    ) -> Result<Outcome, Fault> {
        let reader = office.reader(&person.session, self.task.circle)?;
        let choices = Choices::look(office, &reader, self.task.kind, typed, at, words)?;
        Ok(Outcome::Form(faults, choices))
    }

    /// What is to be corrected; a fault that no correction mends is passed on.
    fn faults(&self, error: StateError, words: Words) -> Result<FormFaults, Fault> {
        let whole = |key| Ok(FormFaults::one("form", words.say(key)));
        match error {
            StateError::Fields(faults) => Ok(FormFaults::of(self.task.kind, &faults, words)),
            StateError::Unchanged if self.sheet.is_some() => whole("desk-fault-unchanged"),
            StateError::Unchanged => whole("desk-fault-empty"),
            StateError::Large => whole("desk-fault-large"),
            StateError::RotationDue => whole("desk-fault-rotation"),
            StateError::Type | StateError::OwnWords => Err(Fault::Refused),
            StateError::Fault(fault) => Err(fault),
        }
    }

    fn answer(
        self,
        app: &App,
        signed: &Signed,
        typed: Typed,
        outcome: Outcome,
    ) -> Result<Response, Refusal> {
        match outcome {
            Outcome::Form(faults, choices) => self.filled(app, signed, &typed, &faults, &choices),
            Outcome::Check(answers) => page(&self.check(app, signed, &typed, &answers)),
            Outcome::Done(entity) => {
                let (circle, entity) = (self.task.circle, entity);
                let said = match (&self.sheet, self.meanwhile(typed.seen).is_some()) {
                    (None, _) => "made",
                    (Some(_), false) => "changed",
                    (Some(_), true) => "both",
                };
                let to = format!("{}?said={said}", Places { circle, entity }.address());
                Ok(Redirect::to(&to).into_response())
            }
        }
    }

    /// Who stated something about it since the form was made, and about which fields.
    fn meanwhile(&self, seen: Option<u64>) -> Option<(BTreeSet<String>, BTreeSet<&str>)> {
        let (sheet, seen) = (self.sheet.as_ref()?, seen?);
        let later: Vec<_> = sheet.history.iter().filter(|one| one.seq > seen).collect();
        let by = later.iter().map(|one| name(&self.roster, one.by));
        let fields = later.iter().flat_map(|one| &one.set);
        let fields = fields.map(|(field, _)| field.as_str()).collect();
        (!later.is_empty()).then(|| (by.collect(), fields))
    }

    fn meanwhile_told(&self, seen: Option<u64>, words: Words) -> Option<String> {
        let (by, fields) = self.meanwhile(seen)?;
        let by: Vec<String> = by.iter().map(|one| desk::name::visible(one)).collect();
        let label = |name: &str| match self.task.kind.field(name) {
            Some(field) => field.label.in_language(words.0.tag()).to_owned(),
            None => desk::name::visible(name),
        };
        let fields: Vec<String> = fields.into_iter().map(label).collect();
        let told = words.of("desk-meanwhile").text("who", by.join(", "));
        Some(told.text("what", fields.join(", ")).to_string())
    }

    fn trail(&self, words: Words) -> Vec<(String, String)> {
        let desk = ("/desk".to_owned(), words.say("place-desk"));
        let circle = format!("/desk/{}", self.task.circle);
        let mut trail = vec![desk, (circle, self.circle.name.clone())];
        if let Some(sheet) = &self.sheet {
            let line = &sheet.entity.line;
            let address = format!("/desk/{}/{}", self.task.circle, line.entity);
            trail.push((address, told::title(line, words)));
        }
        trail
    }

    fn title(&self, words: Words, keys: [&str; 2]) -> String {
        let label = self.task.kind.label.in_language(words.0.tag());
        let [new, change] = keys;
        match &self.sheet {
            None => words.of(new).text("what", label).to_string(),
            Some(_) => words.of(change).text("what", label).to_string(),
        }
    }

    fn back(&self) -> String {
        match self.task.entity {
            None => format!("/desk/{}", self.task.circle),
            Some(entity) => format!("/desk/{}/{entity}", self.task.circle),
        }
    }

    fn filled(
        &self,
        app: &App,
        signed: &Signed,
        typed: &Typed,
        faults: &FormFaults,
        choices: &Choices,
    ) -> Result<Response, Refusal> {
        let words = signed.visit.words;
        let making = Making {
            kind: self.task.kind,
            circle: self.task.circle.to_string(),
            typed,
            choices,
            faults,
            more: match typed.wish {
                Wish::More(field) => Some(field),
                _ => None,
            },
            words,
        };
        let summary = faults.summary(self.task.kind, words);
        let fields = making.shown();
        let is_shown = |name: &str| fields.iter().any(|field| field.name == name);
        let (parts, part) = making.parts();
        let mut hidden = typed.carried(|name| !is_shown(name));
        hidden.extend(typed.carried_besides());
        let form = FormPage {
            page: places::shell(app, signed, &self.circle).at(Place::Desk),
            summary: (!faults.is_empty()).then(|| Summary::told(words, summary)),
            trail: self.trail(words),
            title: self.title(words, ["desk-new-title", "desk-edit-title"]),
            meanwhile: self.meanwhile_told(typed.seen, words),
            action: self.task.action(),
            part: faults.is_empty().then_some((part + 1, parts)),
            elsewhere: self.elsewhere(typed, is_shown, words),
            hidden,
            fields: fields
                .iter()
                .map(|field| making.field(field, self.contested(field, &choices.titles, words)))
                .collect(),
            reason: self.sheet.as_ref().map(|_| typed.reason.clone()),
            back: self.back(),
        };
        if faults.is_empty() {
            page(&form)
        } else {
            faulty(&form)
        }
    }

    /// What was filled in on other parts of the form.
    fn elsewhere(
        &self,
        typed: &Typed,
        is_shown: impl Fn(&str) -> bool,
        words: Words,
    ) -> Vec<&'static str> {
        let is_filled = |field: &&Field| {
            let values = typed.of(field.name);
            !is_shown(field.name) && values.iter().any(|value| !value.trim().is_empty())
        };
        let filled = self.task.kind.fields.iter().filter(is_filled);
        filled
            .map(|field| field.label.in_language(words.0.tag()))
            .collect()
    }

    /// Both sides of a field on which people disagree.
    fn contested(&self, field: &Field, titles: &Titles, words: Words) -> Vec<Contested> {
        let entity = self.sheet.as_ref().map(|sheet| &sheet.entity);
        let Some(entity) = entity.filter(|entity| entity.is_contested(field.name)) else {
            return Vec::new();
        };
        let facts = entity.facts.iter().filter(|fact| fact.field == field.name);
        facts
            .map(|fact| Contested {
                told: Told::of(field, &fact.value, None, titles, words).short(),
                by: desk::name::visible(&name(&self.roster, fact.by)),
            })
            .collect()
    }

    fn check(
        &self,
        app: &App,
        signed: &Signed,
        typed: &Typed,
        Answers { set, titles, id }: &Answers,
    ) -> CheckPage {
        let words = signed.visit.words;
        let mut hidden = typed.carried(|_| true);
        hidden.extend(typed.carried_besides());
        hidden.push(("reason".to_owned(), typed.reason.clone()));
        hidden.extend(id.map(|id| ("id".to_owned(), id.to_string())));
        let told = |field: &Field, value: &str| Told::of(field, value, None, titles, words);
        let row = |field: &'static Field| {
            let values = set.get(field.name)?;
            let was = self.base.as_ref().map(|base| {
                let was = base.values(field.name);
                was.map(|value| told(field, value).short()).collect()
            });
            Some(CheckRow {
                label: field.label.in_language(words.0.tag()),
                closed: field.closed,
                values: values.iter().map(|value| told(field, value)).collect(),
                was,
            })
        };
        CheckPage {
            page: places::shell(app, signed, &self.circle),
            trail: self.trail(words),
            title: self.title(words, ["desk-new-check", "desk-edit-check"]),
            meanwhile: self.meanwhile_told(typed.seen, words),
            action: self.task.action(),
            rows: self.task.kind.fields.iter().filter_map(row).collect(),
            reason: desk::name::visible(typed.reason.trim()),
            hidden,
            back: self.back(),
        }
    }
}
