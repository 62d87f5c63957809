//! Publication: first a plan that shows what will be disclosed, then the entries, then the bundle.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{Read, Write};

use desk::Item;
use desk::consent::{Asked, Class, Level, Purpose};
use desk::ids::ItemId;
use desk::kinds::{ItemEntry, Published};
use record::bundle::{self, Title, WriteError as BundleError};
use record::encoding::base64_text;
use record::ids::{CircleId, EntryId, MemberId};
use record::map;
use record::signature::SigningKey;
use register::witness::Witness;

use super::judge::{Verdict, judge_item};
use crate::disclosure::{self, Disclosed};
use crate::entering::{Accepted, Pen, Saying, Together, Under};
use crate::fault::Fault;
use crate::house::row;
use crate::permission::{Reader, Writer};
use crate::session::Session;
use crate::{Office, held};

mod assemble;

use assemble::ending;

/// Whether people in what is published are named, or stand there under codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Openness {
    /// Nobody is named.
    #[default]
    WithoutNames,
    /// As it is.
    WithNames,
}

/// What a publication will disclose, to be read by a person before it is executed.
#[derive(Clone, Debug)]
pub struct Plan {
    title: Title,
    openness: Openness,
    items: Vec<PlannedItem>,
}

/// One exhibit of a plan.
#[derive(Clone, Debug)]
pub struct PlannedItem {
    /// Its number in the bundle, from 1.
    pub number: u64,
    /// The item.
    pub item: Item,
    /// Its circle.
    pub circle: CircleId,
    /// The name it will have in the bundle; not the one it came with.
    pub path: String,
    /// What the file itself tells beside what it shows. An empty list does not mean that nobody can be recognised.
    pub discloses: Vec<Disclosed>,
    /// Whether consent, or what stands in for it, allows that everybody gets it.
    pub verdict: Verdict,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Nothing was named.
    #[error("name at least one item to publish")]
    Nothing,
    /// More than a bundle holds.
    #[error("a bundle holds at most {} items", bundle::EXHIBITS_MAX)]
    TooMany,
    /// An item was named twice.
    #[error("item {0} is named twice")]
    Twice(ItemId),
    /// A sealed item cannot be published: the office cannot open it.
    #[error("item {0} is sealed and cannot be published")]
    Sealed(ItemId),
    /// The title cannot stand in a bundle.
    #[error("{0}")]
    Title(String),
    /// Anything else.
    #[error("{0}")]
    Fault(Fault),
}

/// Why a plan was not executed to its end.
#[derive(Debug, thiserror::Error)]
pub enum PublishItemsError {
    /// Somebody left one of the circles; renew its key first.
    #[error(
        "somebody left one of the circles; a member must renew its key before anything is published"
    )]
    RotationDue,
    /// It is entered that these items are published, but no head covers it yet: another process writes the record, or signing is off.
    /// Run the same again later; nothing has left.
    #[error("the publication is accepted, but no signed head covers it yet: {0}")]
    Pending(String),
    /// The bundle could not be written. It is entered that the items are published; discard the file and run the same again.
    #[error("could not write the bundle: {0}")]
    Bundle(#[source] BundleError),
    /// Something of it may not go out: consent was withdrawn, or never given. Nothing was entered. Plan again and look.
    #[error("something of this may not be published")]
    Withheld,
    /// Anything else.
    #[error("{0}")]
    Fault(Fault),
}

/// A bundle that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedBundle {
    /// The public entry `publication.made`.
    pub publication: EntryId,
    /// Its number in the record.
    pub number: u64,
    /// How many exhibits.
    pub exhibits: usize,
    /// Who countersigned the head.
    pub countersigned: Vec<String>,
}

impl Plan {
    /// The title.
    pub fn title(&self) -> &str {
        self.title.as_str()
    }

    /// The exhibits.
    pub fn items(&self) -> &[PlannedItem] {
        &self.items
    }

    /// Whether some file tells where it was made, or names somebody, or could not be looked into.
    pub fn is_delicate(&self) -> bool {
        self.items.iter().any(|item| !item.discloses.is_empty())
    }

    /// Whether something of it may not go out, so that the plan cannot be executed.
    pub fn is_withheld(&self) -> bool {
        let mut items = self.items.iter();
        items.any(|item| matches!(item.verdict, Verdict::Withheld(_)))
    }
}

impl Office {
    /// Plans a publication. Nothing is entered and nothing leaves.
    pub fn plan_publication(
        &self,
        session: &Session,
        items: &[ItemId],
        title: &str,
        openness: Openness,
    ) -> Result<Plan, PlanError> {
        if items.is_empty() {
            return Err(PlanError::Nothing);
        }
        if items.len() > bundle::EXHIBITS_MAX {
            return Err(PlanError::TooMany);
        }
        let title = title
            .parse()
            .map_err(|error: bundle::TitleError| PlanError::Title(error.to_string()))?;
        let mut planned: Vec<PlannedItem> = Vec::with_capacity(items.len());
        let mut seen = std::collections::BTreeSet::new();
        for (number, item) in (1..).zip(items) {
            if !seen.insert(*item) {
                return Err(PlanError::Twice(*item));
            }
            planned.push(self.plan_item(session, number, *item, openness)?);
        }
        Ok(Plan {
            title,
            openness,
            items: planned,
        })
    }

    fn plan_item(
        &self,
        session: &Session,
        number: u64,
        item: ItemId,
        openness: Openness,
    ) -> Result<PlannedItem, PlanError> {
        let fault = PlanError::Fault;
        let circle = self.circle_of_item(session, item).map_err(fault)?;
        let reader = self.reader(session, circle).map_err(fault)?;
        let found = self.held_item(&reader, item).map_err(fault)?;
        if self
            .sealing_of(&reader, found.seq)
            .map_err(fault)?
            .is_some()
        {
            return Err(PlanError::Sealed(item));
        }
        let mut content = self.content(&reader, found.clone()).map_err(fault)?;
        let mut start = Vec::new();
        let limit = disclosure::LOOKED_AT_BYTES_MAX as u64;
        content
            .by_ref()
            .take(limit)
            .read_to_end(&mut start)
            .map_err(|error| fault(Fault::of_io(error)))?;
        let mut discloses = disclosure::inspect(&found.media_type, &start);
        if found.size_bytes > limit && !discloses.contains(&Disclosed::Unread) {
            discloses.push(Disclosed::Unread);
        }
        let path = format!("exhibits/{number:05}.{}", ending(&found.media_type));
        Ok(PlannedItem {
            number,
            item: found,
            circle,
            path,
            discloses,
            verdict: self.judge_for_all(&reader, item, openness).map_err(fault)?,
        })
    }

    /// Whether everybody may have an item, today.
    fn judge_for_all(
        &self,
        reader: &Reader<'_>,
        item: ItemId,
        openness: Openness,
    ) -> Result<Verdict, Fault> {
        let (purpose, level) = match openness {
            Openness::WithoutNames => ("anonymised_publication", Level::Pseudonymous),
            Openness::WithNames => ("named_publication", Level::Full),
        };
        let unknown = || Fault::Failed("the model lacks a purpose of publication".to_owned());
        let asked = Asked {
            purpose: Purpose::find(purpose).ok_or_else(unknown)?,
            class: Class::find("public").ok_or_else(unknown)?,
            name: None,
            level,
            day: self.setting.today(),
        };
        let view = self.view(reader)?;
        judge_item(&held(&view), item, &asked)
    }

    /// Enters the publication, has the head signed and countersigned, and writes the bundle. `wait` is called while another process
    /// writes the record, and says whether to go on waiting.
    pub fn publish(
        &self,
        session: &Session,
        plan: &Plan,
        witnesses: &[&dyn Witness],
        out: impl Write,
        mut wait: impl FnMut() -> bool,
    ) -> Result<PublishedBundle, PublishItemsError> {
        let publisher = self.publisher_key().map_err(PublishItemsError::Fault)?;
        let entered = self.enter_publication(session, plan, &publisher)?;
        let publication = entered.id;
        let head = self.await_head(publication, witnesses, &mut wait)?;
        let assembled = self
            .assemble(session, plan, &publisher, publication, &head)
            .map_err(PublishItemsError::Fault)?;
        self.write_bundle(session, plan, &assembled, &publisher, out)?;
        let number = self
            .ledger()
            .leaf_index(publication)
            .map_err(|e| PublishItemsError::Fault(Fault::of_ledger(e)))?;
        Ok(PublishedBundle {
            publication,
            number: number.unwrap_or_default(),
            exhibits: plan.items.len(),
            countersigned: head
                .countersigned
                .into_iter()
                .map(|(name, _)| name)
                .collect(),
        })
    }

    /// What admits the publisher's key once more, after the record has got a new name.
    pub(crate) fn publisher_admission(&self) -> Result<Saying, Fault> {
        let key = base64_text(self.publisher_key()?.verifying_key().as_bytes());
        let body = map! { "key" => key, "purpose" => "publication" };
        Ok(Saying::plain(
            CircleId::PUBLIC,
            "publisher.admitted",
            body,
            self.public_head()?,
        ))
    }

    fn publisher_key(&self) -> Result<SigningKey, Fault> {
        let seed = self
            .cabinet_get(row::PUBLISHER_KEY)?
            .ok_or_else(|| Fault::damaged("the publisher's key is missing"))?;
        let seed: &[u8; 32] = seed
            .expose()
            .try_into()
            .map_err(|_| Fault::damaged("the publisher's key"))?;
        Ok(SigningKey::from_seed(seed))
    }

    /// The public entry, and in each circle that its items went out: all or nothing.
    fn enter_publication(
        &self,
        session: &Session,
        plan: &Plan,
        publisher: &SigningKey,
    ) -> Result<Accepted, PublishItemsError> {
        let fault = PublishItemsError::Fault;
        let accepted = self.enter_judged(fault, || {
            let mut writers: BTreeMap<CircleId, Writer<'_>> = BTreeMap::new();
            for planned in &plan.items {
                if let Entry::Vacant(place) = writers.entry(planned.circle) {
                    let writer = self.writer(session, planned.circle);
                    place.insert(writer.map_err(|error| match error {
                        crate::WriteError::RotationDue => PublishItemsError::RotationDue,
                        crate::WriteError::Fault(error) => fault(error),
                    })?);
                }
            }
            self.refuse_withheld(plan, &writers)?;
            self.compose_publication(session, plan, publisher, &writers)
                .map_err(fault)
        });
        crate::house::only(accepted?).map_err(fault)
    }

    /// Judged again at the last moment: a consent that was withdrawn while somebody read the plan counts.
    fn refuse_withheld(
        &self,
        plan: &Plan,
        writers: &BTreeMap<CircleId, Writer<'_>>,
    ) -> Result<(), PublishItemsError> {
        let fault = PublishItemsError::Fault;
        for planned in &plan.items {
            let writer = writers.get(&planned.circle).ok_or(fault(Fault::Refused))?;
            let verdict = self.judge_for_all(writer.reader(), planned.item.item, plan.openness);
            if matches!(verdict.map_err(fault)?, Verdict::Withheld(_)) {
                return Err(PublishItemsError::Withheld);
            }
        }
        Ok(())
    }

    fn compose_publication(
        &self,
        session: &Session,
        plan: &Plan,
        publisher: &SigningKey,
        writers: &BTreeMap<CircleId, Writer<'_>>,
    ) -> Result<Together, Fault> {
        let id = EntryId::from_bytes(self.setting.dice().bytes());
        let seen = |circle| {
            Ok(self
                .ledger()
                .head_of_circle(circle)
                .map_err(Fault::of_ledger)?
                .map(|head| head.commitment))
        };
        let exhibits = plan
            .items
            .iter()
            .map(|planned| self.exhibit(session, planned))
            .collect::<Result<Vec<_>, _>>()?;
        let digest =
            bundle::contents_digest(&exhibits).map_err(|error| Fault::Failed(error.to_string()))?;
        let body = map! {
            "contents" => digest.to_string(),
            "count" => plan.items.len() as u64,
            "title" => plan.title.as_str(),
        };
        let mut public = Saying::plain(
            CircleId::PUBLIC,
            "publication.made",
            body,
            seen(CircleId::PUBLIC)?,
        );
        public.id = Some(id);
        let mut said = vec![self.say(
            &Pen {
                by: MemberId::OFFICE,
                key: publisher,
            },
            &Under::Public,
            public,
        )?];
        for planned in &plan.items {
            let writer = writers.get(&planned.circle).ok_or(Fault::Refused)?;
            let entry = ItemEntry::Published(Published {
                item: planned.item.item,
                publication: id,
            });
            let body = entry
                .body()
                .map_err(|error| Fault::Failed(error.to_string()))?;
            let saying = Saying::plain(planned.circle, entry.kind(), body, seen(planned.circle)?);
            said.push(self.say(&session.pen(), &writer.under()?, saying)?);
        }
        let guards = writers
            .values()
            .map(|writer| writer.guard.clone())
            .collect();
        Ok(Together {
            said,
            guards,
            ..Together::default()
        })
    }

    /// Waits until a published head covers the publication and all that went in before it.
    fn await_head(
        &self,
        publication: EntryId,
        witnesses: &[&dyn Witness],
        wait: &mut impl FnMut() -> bool,
    ) -> Result<crate::Head, PublishItemsError> {
        let fault = PublishItemsError::Fault;
        loop {
            let round = self.sequence_now(witnesses).map_err(fault)?;
            let head = self.head().map_err(fault)?;
            let index = self
                .ledger()
                .leaf_index(publication)
                .map_err(|e| fault(Fault::of_ledger(e)))?;
            if let (Some(head), Some(index)) = (head, index)
                && index < head.checkpoint.checkpoint().size
                && head.countersigned.len() as u64 >= head.quorum
            {
                return Ok(head);
            }
            let why = match round {
                None => "another program is writing the record".to_owned(),
                Some(round) => round
                    .unsigned
                    .unwrap_or_else(|| "too few outside offices have countersigned".to_owned()),
            };
            if !wait() {
                return Err(PublishItemsError::Pending(why));
            }
        }
    }
}
