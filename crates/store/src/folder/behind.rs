//! A growing file is synced by a thread while more is written to it: the disk works from the beginning instead of all at the end.

use std::fs::File;
use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// The thread, and what wakes it. Dropped without [`WriteBehind::end`], the thread ends by itself after the sync that it is in.
#[derive(Debug)]
pub(super) struct WriteBehind {
    wake: SyncSender<()>,
    thread: JoinHandle<io::Result<()>>,
}

impl WriteBehind {
    /// Begins with a first sync.
    pub(super) fn begin(file: File) -> WriteBehind {
        let (wake, woken) = sync_channel(1);
        let thread = thread::spawn(move || {
            file.sync_data()?;
            while woken.recv().is_ok() {
                file.sync_data()?;
            }
            Ok(())
        });
        WriteBehind { wake, thread }
    }

    /// Asks for another sync, without waiting for it. If one is asked for already, that one will do; if the thread has ended
    /// in an error, [`WriteBehind::end`] tells it.
    pub(super) fn send_off(&self) {
        let _ = self.wake.try_send(());
    }

    /// Waits for the thread and says what its syncs said.
    pub(super) fn end(self) -> io::Result<()> {
        drop(self.wake);
        self.thread
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the thread that syncs ended")))
    }
}
