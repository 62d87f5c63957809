//! How far a long reading has come, on a terminal only.

use std::io::{self, IsTerminal, Read, Write};

/// Below this a bundle is read before anybody wonders.
const SHOWN_FROM_BYTES: u64 = 64 * 1024 * 1024;

/// A line is written again after each so many bytes: often enough to be seen moving, at any speed of disk.
const STEP_BYTES: u64 = 16 * 1024 * 1024;

/// A reader that tells on standard error how much of `all` has gone through it.
pub struct Progress<R> {
    source: R,
    all: u64,
    done: u64,
    told: u64,
    is_shown: bool,
}

impl<R: Read> Progress<R> {
    /// `all` is how much there is, 0 if that is not known.
    pub fn new(source: R, all: u64) -> Progress<R> {
        Progress {
            source,
            all,
            done: 0,
            told: 0,
            is_shown: all >= SHOWN_FROM_BYTES && io::stderr().is_terminal(),
        }
    }
}

impl<R: Read> Read for Progress<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(bytes)?;
        self.done += length as u64;
        if self.is_shown && self.done - self.told >= STEP_BYTES {
            self.told = self.done;
            // Progress that cannot be shown is no reason not to check.
            let _ = write!(io::stderr(), "\r{}", line(self.done, self.all));
        }
        Ok(length)
    }
}

impl<R> Drop for Progress<R> {
    fn drop(&mut self) {
        if self.told > 0 {
            let _ = write!(io::stderr(), "\r{:40}\r", "");
        }
    }
}

/// "1,024 / 4,096 MiB, 25 %" without the commas, which differ between languages.
fn line(done: u64, all: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    let percent = done
        .min(all)
        .saturating_mul(100)
        .checked_div(all)
        .unwrap_or_default();
    format!("{} / {} MiB, {percent} %", done / MIB, all / MIB)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_much_of_how_much() {
        assert_eq!(line(512 << 20, 1 << 30), "512 / 1024 MiB, 50 %");
        assert_eq!(line(2 << 30, 1 << 30), "2048 / 1024 MiB, 100 %");
        assert_eq!(line(1, 0), "0 / 0 MiB, 0 %");
    }

    #[test]
    fn what_is_read_is_what_was_there() {
        let bytes = vec![7; 300_000];
        let mut read = Vec::new();
        Progress::new(&bytes[..], u64::MAX)
            .read_to_end(&mut read)
            .expect("memory can be read");
        assert_eq!(read, bytes);
    }
}
