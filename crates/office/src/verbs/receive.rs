//! Material is taken in: hashed and encrypted in one pass, durable, then entered.

use std::io::{self, Read};

use desk::ids::{ItemId, ObjectId as DeskObject};
use desk::kinds::{BodyError, ItemEntry, Received};
use record::hash::Hash;
use store::ledger::ObjectId;
use vault::binding::{Binding, ObjectId as VaultObject, Purpose};
use vault::keys::Recipient;
use vault::object::{self, SealError, Sealed};

use self::enter::Incoming;
use crate::entering::Accepted;
use crate::fault::Fault;
use crate::permission::{WriteError, Writer};
use crate::{Office, disclosure, held};

mod enter;
mod small;

pub use self::small::{SMALL_MATERIAL_BYTES_MAX, SmallMaterial};

/// How much of the beginning is looked at for the media type.
const SNIFFED_BYTES: usize = 8 * 1024;

/// The program that takes things in, as custody names it.
const TOOL: &str = concat!("mahzar ", env!("CARGO_PKG_VERSION"));

/// Material of any size.
pub struct Material<R> {
    /// Its bytes, read once.
    pub content: R,
    /// The folder in which it came, relative to what was taken in, `/` between names; empty if it came alone.
    pub folder: String,
    /// The file name as it came.
    pub file_name: String,
}

/// What became of material that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// It is a new item.
    New {
        /// The item.
        item: ItemId,
        /// Its entry.
        entry: Accepted,
        /// Bytes.
        size: u64,
        /// Its digest.
        sha256: Hash,
    },
    /// The circle has the same bytes already; nothing was stored.
    Duplicate {
        /// The item that has them.
        of: ItemId,
        /// Their digest.
        sha256: Hash,
    },
}

/// Why material was not received. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Somebody left the circle; renew its key first.
    #[error(
        "somebody left this circle; a member must renew its key before anything new is entered"
    )]
    RotationDue,
    /// The file name or folder cannot be entered as it is.
    #[error("{0}")]
    Name(#[source] BodyError),
    /// The source broke off.
    #[error("could not read the material: {0}")]
    Source(#[source] io::Error),
    /// Over the size that this call takes.
    #[error("this material is too large to be taken in as small")]
    TooLarge,
    /// Anything else.
    #[error("{0}")]
    Fault(Fault),
}

/// To whom material is encrypted.
pub(crate) enum Wrapping {
    /// To the circle's current epoch.
    Circle,
    /// To a key that exists only in shares; a second entry says which.
    Sealed {
        recipient: Recipient,
        object: [u8; 16],
        kind: &'static str,
        body: Box<dyn Fn(ItemId) -> record::canonical::Map>,
    },
}

struct Drawn {
    item: ItemId,
    object: [u8; 16],
}

impl Office {
    /// Takes one piece of material in, of any size and in constant memory. When this returns, it is durable and accepted.
    pub fn receive<R: Read + Send>(
        &self,
        writer: &Writer<'_>,
        material: Material<R>,
    ) -> Result<Receipt, ReceiveError> {
        self.receive_wrapped(writer, material, Wrapping::Circle)
    }

    pub(crate) fn receive_wrapped<R: Read + Send>(
        &self,
        writer: &Writer<'_>,
        material: Material<R>,
        wrapping: Wrapping,
    ) -> Result<Receipt, ReceiveError> {
        let (drawn, recipient, binding) = self.addressed(writer, &wrapping);
        let mut content = material.content;
        let start = read_start(&mut content).map_err(ReceiveError::Source)?;
        let named = Named {
            folder: &material.folder,
            file_name: &material.file_name,
            media_type: disclosure::media_type(&start),
        };
        // A name that cannot be entered is refused before a film has been read.
        named
            .received(&drawn, &nothing())
            .body()
            .map_err(ReceiveError::Name)?;
        let object = ObjectId::from_bytes(drawn.object);
        let mut place = self.objects.begin(object).map_err(on_disk)?;
        let dice = &mut self.setting.dice();
        let whole = io::Cursor::new(start).chain(content);
        let sealed = object::seal(whole, &mut place, &[recipient], &binding, dice);
        let sealed = sealed.map_err(unsealed)?;
        let sha256 = Hash::from_bytes(sealed.sha256);
        if let Some(of) = self.same_bytes(writer, sha256)? {
            return Ok(Receipt::Duplicate { of, sha256 });
        }
        let size = sealed.size;
        let incoming = Incoming {
            entry: named.received(&drawn, &sealed),
            stored: place
                .finish(Hash::from_bytes(sealed.payload_sha256))
                .map_err(on_disk)?,
            sealed,
        };
        let entered = self.enter_received(writer, &[incoming], &wrapping, drawn.item);
        let entry = entered
            .and_then(|all| crate::house::only(all).map_err(ReceiveError::Fault))
            .inspect_err(|error| self.forget(object, error))?;
        Ok(Receipt::New {
            item: drawn.item,
            entry,
            size,
            sha256,
        })
    }

    /// To whom the object is encrypted, and what its header is bound to.
    fn addressed(&self, writer: &Writer<'_>, wrapping: &Wrapping) -> (Drawn, Recipient, Binding) {
        let mut drawn = self.draw();
        match wrapping {
            Wrapping::Circle => {
                let recipient = writer.reader.chain.recipient().clone();
                let binding = self.binding(writer, drawn.object);
                (drawn, recipient, binding)
            }
            Wrapping::Sealed {
                recipient, object, ..
            } => {
                drawn.object = *object;
                let binding = Binding {
                    epoch: 0,
                    purpose: Purpose::Sealed,
                    ..self.binding(writer, *object)
                };
                (drawn, recipient.clone(), binding)
            }
        }
    }

    /// Removes an object that nothing names; if it cannot be removed now, fsck lists it. After a fatal fault nobody knows whether
    /// the ledger names it, so it stays.
    fn forget(&self, object: ObjectId, error: &ReceiveError) {
        if !matches!(error, ReceiveError::Fault(fault) if fault.is_fatal()) {
            let _ = self.objects.destroy(object);
        }
    }

    fn same_bytes(
        &self,
        writer: &Writer<'_>,
        digest: Hash,
    ) -> Result<Option<ItemId>, ReceiveError> {
        let view = self.view(&writer.reader).map_err(ReceiveError::Fault)?;
        let found = held(&view).items_with_digest(digest);
        let found = found.map_err(|error| ReceiveError::Fault(Fault::Failed(error.to_string())))?;
        Ok(found.first().map(|item| item.item))
    }

    fn draw(&self) -> Drawn {
        let dice = self.setting.dice();
        Drawn {
            item: ItemId::from_bytes(dice.bytes()),
            object: dice.bytes(),
        }
    }

    fn binding(&self, writer: &Writer<'_>, object: [u8; 16]) -> Binding {
        Binding {
            office: self.home.clone(),
            circle: writer.reader.circle,
            epoch: writer.reader.ring.epoch,
            object: VaultObject::from_bytes(object),
            purpose: Purpose::Object,
        }
    }
}

/// How material came.
struct Named<'a> {
    folder: &'a str,
    file_name: &'a str,
    media_type: &'a str,
}

impl Named<'_> {
    fn received(&self, drawn: &Drawn, sealed: &Sealed) -> ItemEntry {
        ItemEntry::Received(Received {
            item: drawn.item,
            object: DeskObject::from_bytes(drawn.object),
            folder: self.folder.to_owned(),
            file_name: self.file_name.to_owned(),
            media_type: self.media_type.to_owned(),
            size_bytes: sealed.size,
            sha256: Hash::from_bytes(sealed.sha256),
            tool: TOOL.to_owned(),
        })
    }
}

fn nothing() -> Sealed {
    Sealed {
        header: Vec::new(),
        sha256: [0; 32],
        size: 0,
        payload_sha256: [0; 32],
        payload_size: 0,
    }
}

fn on_disk(error: store::disk::DiskError) -> ReceiveError {
    ReceiveError::Fault(Fault::of_disk(error))
}

fn read_start(content: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::with_capacity(SNIFFED_BYTES);
    content.take(SNIFFED_BYTES as u64).read_to_end(&mut start)?;
    Ok(start)
}

fn unsealed(error: SealError) -> ReceiveError {
    match error {
        SealError::Read(error) => ReceiveError::Source(error),
        SealError::Write(error) => ReceiveError::Fault(Fault::of_io(error)),
        SealError::Recipients(error) => ReceiveError::Fault(Fault::Failed(error.to_string())),
    }
}

fn unwritten(error: WriteError) -> ReceiveError {
    match error {
        WriteError::RotationDue => ReceiveError::RotationDue,
        WriteError::Fault(fault) => ReceiveError::Fault(fault),
    }
}
