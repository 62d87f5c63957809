//! The views of circles: opened while a member reads, caught up before they answer, deleted when their key changes.
//!
//! A view's key is random and lies beside it, encrypted to the circle's current epoch. With a new epoch the view is deleted, since
//! whoever left may have kept its key, and built again from the ledger by the next reader.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use desk::{Arrival, Context, View, ViewKey};
use record::ids::CircleId;
use store::ledger::{EntryRow, Lock};
use vault::binding::{Binding, ObjectId, Purpose};
use vault::secret::Secret;
use vault::small;

use crate::fault::Fault;
use crate::permission::Reader;
use crate::reading::{KeyRef, PAGE_ROWS, Read};
use crate::session::Ring;
use crate::{Office, held};

const VIEWS_FOLDER: &str = "views";
const KEY_FILE_BYTES_MAX: u64 = 16 * 1024;

/// A view that is open, and the epoch whose key opened it.
pub(crate) type OpenView = (u64, Arc<Mutex<View>>);

impl Office {
    /// The view of a circle, caught up with the ledger.
    pub(crate) fn view(&self, reader: &Reader<'_>) -> Result<Arc<Mutex<View>>, Fault> {
        match self.view_on_disk(reader) {
            // A view is a copy: where the disk takes none, what was accepted is read all the same.
            Err(Fault::Full(_)) => self.view_in_memory(reader),
            other => other,
        }
    }

    fn view_on_disk(&self, reader: &Reader<'_>) -> Result<Arc<Mutex<View>>, Fault> {
        let view = self.open_view(reader)?;
        self.catch_up_view(reader, &mut held(&view))?;
        Ok(view)
    }

    /// Kept until the office is opened again, or the circle has a new epoch.
    fn view_in_memory(&self, reader: &Reader<'_>) -> Result<Arc<Mutex<View>>, Fault> {
        let mut view = View::in_memory().map_err(|error| Fault::Failed(error.to_string()))?;
        self.catch_up_view(reader, &mut view)?;
        let view = Arc::new(Mutex::new(view));
        let kept = (reader.ring.epoch, Arc::clone(&view));
        held(&self.views).insert(reader.circle, kept);
        Ok(view)
    }

    /// Closes the views that nobody signed in may read, so that their keys leave memory.
    pub fn close_views(&self, still_read: &[CircleId]) {
        held(&self.views).retain(|circle, _| still_read.contains(circle));
    }

    /// Deletes every view. They come back, equal, when somebody reads.
    pub fn delete_views(&self) -> Result<(), Fault> {
        held(&self.views).clear();
        let folder = self.folder.join(VIEWS_FOLDER);
        match std::fs::remove_dir_all(&folder) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(Fault::of_io(error)),
        }
    }

    /// Everything in a circle's view, in a fixed order: equal however often it was built anew.
    pub fn dump_view(&self, reader: &Reader<'_>) -> Result<String, Fault> {
        held(&*self.view(reader)?)
            .dump()
            .map_err(|error| Fault::Failed(error.to_string()))
    }

    fn open_view(&self, reader: &Reader<'_>) -> Result<Arc<Mutex<View>>, Fault> {
        let mut views = held(&self.views);
        let epoch = reader.ring.epoch;
        if let Some((known, view)) = views.get(&reader.circle)
            && *known == epoch
        {
            return Ok(Arc::clone(view));
        }
        views.remove(&reader.circle);
        let path = self.view_path(reader.circle, "db");
        let view = match self.view_key(reader)? {
            Some(key) => match View::open(&path, &key) {
                Ok(view) => view,
                Err(desk::OpenError::Unreadable(_)) => self.new_view(reader)?,
                Err(error @ desk::OpenError::Disk(_)) => return Err(no_room(error)),
            },
            None => self.new_view(reader)?,
        };
        let view = Arc::new(Mutex::new(view));
        views.insert(reader.circle, (epoch, Arc::clone(&view)));
        Ok(view)
    }

    /// An empty view under a new key.
    fn new_view(&self, reader: &Reader<'_>) -> Result<View, Fault> {
        let folder = self.folder.join(VIEWS_FOLDER);
        std::fs::create_dir_all(&folder).map_err(Fault::of_io)?;
        let path = self.view_path(reader.circle, "db");
        View::delete(&path).map_err(Fault::of_io)?;
        let mut dice = self.setting.dice();
        let key = Secret::<32>::random(&mut dice);
        let current = reader.ring.current().ok_or(Fault::Refused)?;
        let binding = self.view_binding(reader);
        let sealed = small::seal(key.expose(), &[current.recipient()], &binding, &mut dice)
            .map_err(|error| Fault::Failed(error.to_string()))?;
        let header_bytes = u32::try_from(sealed.sealed.header.len()).unwrap_or(u32::MAX);
        let file = [&header_bytes.to_be_bytes()[..], &sealed.into_file()].concat();
        std::fs::write(self.view_path(reader.circle, "key"), file).map_err(Fault::of_io)?;
        View::open(&path, &ViewKey::new(*key.expose())).map_err(no_room)
    }

    /// The key of the view on disk; `None` if there is none for this epoch.
    fn view_key(&self, reader: &Reader<'_>) -> Result<Option<ViewKey>, Fault> {
        let path = self.view_path(reader.circle, "key");
        let known = std::fs::metadata(&path).is_ok_and(|file| file.len() <= KEY_FILE_BYTES_MAX);
        let Some(file) = known.then(|| std::fs::read(&path).ok()).flatten() else {
            return Ok(None);
        };
        Ok(read_key(
            &file,
            reader.ring.as_ref(),
            &self.view_binding(reader),
        ))
    }

    fn view_binding(&self, reader: &Reader<'_>) -> Binding {
        Binding {
            office: self.home.clone(),
            circle: reader.circle,
            epoch: reader.ring.epoch,
            object: ObjectId::from_bytes([0; 16]),
            purpose: Purpose::View,
        }
    }

    fn view_path(&self, circle: CircleId, ending: &str) -> PathBuf {
        self.folder
            .join(VIEWS_FOLDER)
            .join(format!("{circle}.{ending}"))
    }

    fn catch_up_view(&self, reader: &Reader<'_>, view: &mut View) -> Result<(), Fault> {
        let failed = |error: desk::QueryError| match error {
            desk::QueryError::Database { .. } => no_room(error),
            other => Fault::Failed(other.to_string()),
        };
        loop {
            let next = view.next_seq().map_err(failed)?;
            let rows = self
                .ledger()
                .entries_of_circle(reader.circle, next, PAGE_ROWS)
                .map_err(Fault::of_ledger)?;
            let last = rows.len() < PAGE_ROWS;
            self.apply_rows(reader, view, rows)?;
            if last {
                return Ok(());
            }
        }
    }

    fn apply_rows(
        &self,
        reader: &Reader<'_>,
        view: &mut View,
        rows: Vec<EntryRow>,
    ) -> Result<(), Fault> {
        if rows.is_empty() {
            return Ok(());
        }
        let read: Vec<Read> = rows
            .into_iter()
            .map(|row| self.read_for(reader, row))
            .collect::<Result<_, _>>()?;
        let arrivals = read.iter().map(|read| match read {
            Read::Entry(opened) => {
                let context = Context {
                    commitment: opened.row.commitment,
                };
                (
                    opened.row.seq,
                    Arrival::Entry(opened.envelope.entry(), context),
                )
            }
            Read::Erased(row) | Read::Locked(row) => (row.seq, Arrival::Erased),
        });
        view.apply_all(arrivals)
            .map(drop)
            .map_err(|error| match error {
                desk::ApplyError::Database(_) => no_room(error),
                other => Fault::Failed(other.to_string()),
            })
    }

    /// Opens a row with whatever the reader can reach.
    pub(crate) fn read_for(&self, reader: &Reader<'_>, row: EntryRow) -> Result<Read, Fault> {
        let house = self.house_lock();
        self.read_row(row, |lock| key_for(&reader.ring, &house, lock))
    }
}

/// What a disk says that takes no view: it is full, read-only, or fails.
fn no_room(error: impl std::fmt::Display) -> Fault {
    Fault::Full(error.to_string())
}

fn key_for(ring: &Ring, house: &KeyRef, lock: Lock) -> Option<KeyRef> {
    match lock {
        Lock::Public => None,
        Lock::House => Some(Arc::clone(house)),
        Lock::Epoch(epoch) => ring.lock(u64::from(epoch)),
    }
}

fn read_key(file: &[u8], ring: &Ring, binding: &Binding) -> Option<ViewKey> {
    let (length, rest) = file.split_first_chunk::<4>()?;
    let (header, payload) =
        rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    let key = small::open(header, payload, ring.current()?.identity(), binding, 32).ok()?;
    key.expose().try_into().ok().map(ViewKey::new)
}
