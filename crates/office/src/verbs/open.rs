//! Material is opened: the purpose is entered, durably, before the first byte leaves.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};
use std::sync::Mutex;

use desk::Item;
use desk::ids::ItemId;
use desk::kinds::{BodyError, ItemEntry, Mode, Opened};
use record::hash::{Hash, Hasher};
use record::ids::{CircleId, MemberId};
use store::ledger::{ObjectId, ObjectPlace};
use vault::binding::{Binding, ObjectId as VaultObject, Purpose};
use vault::entry_lock::Content as EntryContent;
use vault::secret::SecretBytes;
use vault::{object, small};

use crate::entering::{Saying, Together};
use crate::fault::Fault;
use crate::permission::{Reader, WriteError, Writer};
use crate::reading::Read as RowRead;
use crate::{Office, held};

/// How long a stated purpose holds: a working day.
const PURPOSE_SECONDS: u64 = 12 * 3600;

/// The most purposes that are remembered.
const PURPOSES_MAX: usize = 10_000;

/// What was opened, to be read once. It fails before its last bytes if they are not what was entered.
///
/// Whoever may write to the disk can encrypt something else for the circle; what they cannot change is the digest in the entry.
pub struct Content {
    /// The item.
    pub item: Item,
    reader: Box<dyn Read + Send>,
    hasher: Option<Hasher>,
    left_bytes: u64,
    expected: Hash,
    is_altered: bool,
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.left_bytes = self.left_bytes.saturating_sub(count as u64);
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&buffer[..count]);
        }
        if self.left_bytes == 0
            && let Some(hasher) = self.hasher.take()
        {
            self.is_altered = hasher.finish() != self.expected;
        }
        if self.is_altered {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the material is not what was entered",
            ));
        }
        Ok(count)
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Content")
    }
}

/// Why an item was not opened. Nothing left.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenItemError {
    /// Somebody left the circle, so nothing can be entered, and nothing leaves unentered.
    #[error("somebody left this circle; a member must renew its key before anything is opened")]
    RotationDue,
    /// No purpose, or one that cannot be entered.
    #[error("{0}")]
    Purpose(#[source] BodyError),
    /// The item opens only when key-holders together give their shares, on their own machines, for a warrant.
    #[error("this item is sealed: it opens with the shares of its key-holders, for a warrant")]
    Sealed,
    /// Anything else.
    #[error("{0}")]
    Fault(Fault),
}

/// The purposes that members have stated, for the rest of their working day.
#[derive(Default)]
pub struct Purposes(Mutex<BTreeMap<(MemberId, CircleId), (String, u64)>>);

impl Office {
    /// Enters that the member opens the item for this purpose, then gives its content.
    pub fn open_item(
        &self,
        writer: &Writer<'_>,
        item: ItemId,
        purpose: &str,
        mode: Mode,
    ) -> Result<Content, OpenItemError> {
        let found = self
            .held_item(&writer.reader, item)
            .map_err(OpenItemError::Fault)?;
        if self
            .sealing_of(&writer.reader, found.seq)
            .map_err(OpenItemError::Fault)?
            .is_some()
        {
            return Err(OpenItemError::Sealed);
        }
        // Opened first, so that nothing is entered for material that does not open.
        let content = self
            .content(&writer.reader, found)
            .map_err(OpenItemError::Fault)?;
        let entry = ItemEntry::Opened(Opened {
            item,
            purpose: purpose.to_owned(),
            mode,
        });
        entry.body().map_err(OpenItemError::Purpose)?;
        self.enter_item(writer, &entry, Vec::new())
            .map_err(|error| match error {
                WriteError::RotationDue => OpenItemError::RotationDue,
                WriteError::Fault(fault) => OpenItemError::Fault(fault),
            })?;
        let until = self.setting.now().unix_seconds() + PURPOSE_SECONDS;
        let mut purposes = held(&self.purposes.0);
        if purposes.len() >= PURPOSES_MAX {
            purposes.clear();
        }
        purposes.insert(
            (writer.reader.session.member(), writer.reader.circle),
            (purpose.to_owned(), until),
        );
        Ok(content)
    }

    /// The purpose that the member has stated for this circle today, if any.
    pub fn purpose_today(&self, reader: &Reader<'_>) -> Option<String> {
        let now = self.setting.now().unix_seconds();
        let purposes = held(&self.purposes.0);
        let stated = purposes.get(&(reader.session.member(), reader.circle));
        stated
            .filter(|(_, until)| now < *until)
            .map(|(purpose, _)| purpose.clone())
    }

    /// Enters something about an item; tried again when the circle's membership changes meanwhile.
    pub(crate) fn enter_item(
        &self,
        writer: &Writer<'_>,
        entry: &ItemEntry,
        erased: Vec<(CircleId, u64)>,
    ) -> Result<crate::Accepted, WriteError> {
        let body = entry
            .body()
            .map_err(|error| WriteError::Fault(Fault::Failed(error.to_string())))?;
        self.enter_as_writer(writer, entry.kind(), &body, &erased)
    }

    /// Enters something in a circle; judged again when its membership changes meanwhile.
    pub(crate) fn enter_as_writer(
        &self,
        writer: &Writer<'_>,
        kind: &'static str,
        body: &record::canonical::Map,
        erased: &[(CircleId, u64)],
    ) -> Result<crate::Accepted, WriteError> {
        let said = [(kind, body.clone())];
        let accepted = self.enter_all_as_writer(writer, &said, erased)?;
        crate::house::only(accepted).map_err(WriteError::Fault)
    }

    /// As [`Office::enter_as_writer`], for several at once: all are accepted or none is.
    pub(crate) fn enter_all_as_writer(
        &self,
        writer: &Writer<'_>,
        said: &[(&'static str, record::canonical::Map)],
        erased: &[(CircleId, u64)],
    ) -> Result<Vec<crate::Accepted>, WriteError> {
        let (session, circle) = (writer.reader.session, writer.reader.circle);
        let mut is_first = true;
        self.enter_judged(WriteError::Fault, || {
            let again = (!std::mem::take(&mut is_first))
                .then(|| self.writer(session, circle))
                .transpose()?;
            let now = again.as_ref().unwrap_or(writer);
            self.say_as_writer(now, said, erased.to_vec())
                .map_err(WriteError::Fault)
        })
    }

    fn say_as_writer(
        &self,
        writer: &Writer<'_>,
        said: &[(&'static str, record::canonical::Map)],
        erased: Vec<(CircleId, u64)>,
    ) -> Result<Together, Fault> {
        let circle = writer.reader.circle;
        let seen = self
            .ledger()
            .head_of_circle(circle)
            .map_err(Fault::of_ledger)?
            .map(|head| head.commitment);
        let (pen, under) = (writer.reader.session.pen(), writer.under()?);
        let say = |(kind, body): &(&'static str, record::canonical::Map)| {
            let saying = Saying::plain(circle, kind, body.clone(), seen);
            self.say(&pen, &under, saying)
        };
        Ok(Together {
            said: said.iter().map(say).collect::<Result<_, _>>()?,
            guards: vec![writer.guard.clone()],
            erased,
            ..Together::default()
        })
    }

    /// The content of an item that is held. Nothing is entered: for the office's own looking, never for handing out.
    pub(crate) fn content(&self, reader: &Reader<'_>, item: Item) -> Result<Content, Fault> {
        let object = ObjectId::from_bytes(*item.object.as_bytes());
        let header = self.ledger().header(object).map_err(Fault::of_ledger)?;
        let header = header.ok_or_else(|| Fault::damaged("the header of an object is missing"))?;
        let stored = self.ledger().object(object).map_err(Fault::of_ledger)?;
        let stored = stored.ok_or_else(|| Fault::damaged("an object is missing"))?;
        let epoch = self.epoch_of(reader, &item)?;
        let secret = reader.ring.keyring.secret(epoch).ok_or(Fault::Refused)?;
        let binding = Binding {
            office: self.home.clone(),
            circle: reader.circle,
            epoch,
            object: VaultObject::from_bytes(*item.object.as_bytes()),
            purpose: Purpose::Object,
        };
        let (expected, size) = self.entered_content(reader, &item)?;
        let content: Box<dyn Read + Send> = match stored.place {
            ObjectPlace::Own => {
                let payload = self.objects.open(&stored).map_err(Fault::of_disk)?;
                let opened = object::open(&header, payload, secret.identity(), &binding, size)
                    .map_err(Fault::damaged)?;
                Box::new(opened)
            }
            ObjectPlace::Pack { .. } => {
                let payload = self.packs.read(&stored).map_err(Fault::damaged)?;
                let bytes = small::open(&header, &payload, secret.identity(), &binding, size)
                    .map_err(Fault::damaged)?;
                Box::new(Cursor::new(Exposed(bytes)))
            }
        };
        Ok(Content {
            item,
            reader: content,
            hasher: Some(Hasher::new()),
            left_bytes: size,
            expected,
            is_altered: false,
        })
    }

    /// Digest and size as the item's entry commits to them; the view is only a copy.
    fn entered_content(&self, reader: &Reader<'_>, item: &Item) -> Result<(Hash, u64), Fault> {
        let opening = self.received_entry(reader, item)?.opening;
        match opening.map(|opening| opening.content) {
            Some(EntryContent::Object { sha256, size, .. }) => Ok((sha256, size)),
            _ => Err(Fault::damaged("an item's entry commits to no material")),
        }
    }

    /// The epoch under which an item's entry, and so its object, was encrypted.
    fn epoch_of(&self, reader: &Reader<'_>, item: &Item) -> Result<u64, Fault> {
        let row = self
            .ledger()
            .entry_at(reader.circle, item.seq)
            .map_err(Fault::of_ledger)?
            .ok_or(Fault::Refused)?;
        match row.lock {
            store::ledger::Lock::Epoch(epoch) => Ok(u64::from(epoch)),
            _ => Err(Fault::damaged("an item is not under an epoch")),
        }
    }

    /// The entry that took an item in, with what opens its commitment.
    pub(crate) fn received_entry(
        &self,
        reader: &Reader<'_>,
        item: &Item,
    ) -> Result<crate::reading::Opened, Fault> {
        let row = self
            .ledger()
            .entry_at(reader.circle, item.seq)
            .map_err(Fault::of_ledger)?
            .ok_or(Fault::Refused)?;
        match self.read_for(reader, row)? {
            RowRead::Entry(opened) => Ok(*opened),
            RowRead::Erased(_) | RowRead::Locked(_) => Err(Fault::Refused),
        }
    }
}

/// Secret bytes as a slice, for a cursor.
struct Exposed(SecretBytes);

impl AsRef<[u8]> for Exposed {
    fn as_ref(&self) -> &[u8] {
        self.0.expose()
    }
}
