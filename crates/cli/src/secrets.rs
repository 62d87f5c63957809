//! Passphrases and the unlock secret: from the environment, a file descriptor, or a prompt without echo. Never from the
//! command line, where every user of the machine could read them.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, IsTerminal, Write};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// The longest secret that is read. Longer input is a wrong file, not a passphrase.
const SECRET_BYTES_MAX: u64 = 4_096;

/// Where the secrets of this run come from.
#[derive(Debug)]
pub struct Secrets {
    passphrase: Source,
    unlock: Source,
    new_passphrase: Source,
    recovery_key: Source,
}

/// Where one secret comes from.
enum Source {
    /// A variable of the environment.
    Given(Zeroizing<String>),
    /// A file descriptor that the caller opened.
    Descriptor(u32),
    /// Nobody gave it: ask, if there is a terminal.
    Prompt,
}

impl Secrets {
    /// Takes note of where to read; nothing is read yet from descriptors or the terminal.
    #[expect(
        clippy::disallowed_methods,
        reason = "the edge of the program: the environment is read here, once"
    )]
    pub fn of_process(passphrase_fd: Option<u32>, unlock_fd: Option<u32>) -> Secrets {
        let source =
            |descriptor: Option<u32>, variable: &str| match (descriptor, std::env::var(variable)) {
                (Some(number), _) => Source::Descriptor(number),
                (None, Ok(text)) => Source::Given(Zeroizing::new(text)),
                (None, Err(_)) => Source::Prompt,
            };
        Secrets {
            passphrase: source(passphrase_fd, "MAHZAR_PASSPHRASE"),
            unlock: source(unlock_fd, "MAHZAR_UNLOCK"),
            new_passphrase: source(None, "MAHZAR_NEW_PASSPHRASE"),
            recovery_key: source(None, "MAHZAR_RECOVERY_KEY"),
        }
    }

    /// The member's passphrase.
    pub fn passphrase(&self) -> Result<Zeroizing<String>, Failure> {
        self.passphrase
            .read("passphrase", "MAHZAR_PASSPHRASE", "--passphrase-fd")
    }

    /// The office's unlock secret.
    pub fn unlock(&self) -> Result<Zeroizing<String>, Failure> {
        self.unlock
            .read("unlock secret", "MAHZAR_UNLOCK", "--unlock-fd")
    }

    /// The unlock secret, if it was given without asking.
    pub fn unlock_if_given(&self) -> Result<Option<Zeroizing<String>>, Failure> {
        self.unlock.if_given(|| self.unlock())
    }

    /// The member's passphrase, if it was given without asking.
    pub fn passphrase_if_given(&self) -> Result<Option<Zeroizing<String>>, Failure> {
        self.passphrase.if_given(|| self.passphrase())
    }

    /// A passphrase that somebody chose for a member who is admitted or changes theirs; without one, it is made.
    pub fn new_passphrase_if_given(&self) -> Result<Option<Zeroizing<String>>, Failure> {
        let read = || {
            self.new_passphrase.read(
                "new passphrase",
                "MAHZAR_NEW_PASSPHRASE",
                "MAHZAR_NEW_PASSPHRASE",
            )
        };
        self.new_passphrase.if_given(read)
    }

    /// A printed recovery key.
    pub fn recovery_key(&self) -> Result<Zeroizing<String>, Failure> {
        self.recovery_key
            .read("recovery key", "MAHZAR_RECOVERY_KEY", "MAHZAR_RECOVERY_KEY")
    }
}

impl Source {
    fn if_given(
        &self,
        read: impl FnOnce() -> Result<Zeroizing<String>, Failure>,
    ) -> Result<Option<Zeroizing<String>>, Failure> {
        match self {
            Source::Prompt => Ok(None),
            Source::Given(_) | Source::Descriptor(_) => read().map(Some),
        }
    }

    fn read(&self, what: &str, variable: &str, option: &str) -> Result<Zeroizing<String>, Failure> {
        match self {
            Source::Given(text) => Ok(text.clone()),
            Source::Descriptor(number) => from_descriptor(*number, what),
            Source::Prompt => {
                prompt(what).map_err(|_| Failure::secret_missing(what, variable, option))
            }
        }
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Source(…)")
    }
}

/// Reads one line (or all, without a line end) from a descriptor that the caller opened for us.
fn from_descriptor(number: u32, what: &str) -> Result<Zeroizing<String>, Failure> {
    let refused = |why: String| Failure::secret_unreadable(what, number, why);
    let file = File::open(format!("/proc/self/fd/{number}"))
        .map_err(|error| refused(error.to_string()))?;
    read_line(BufReader::new(file)).map_err(|error| refused(error.to_string()))
}

fn read_line(reader: impl BufRead) -> std::io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    reader.take(SECRET_BYTES_MAX).read_line(&mut line)?;
    let kept = line.trim_end_matches(['\n', '\r']).len();
    line.truncate(kept);
    if line.is_empty() {
        return Err(std::io::Error::other("it is empty"));
    }
    Ok(line)
}

/// Asks on the terminal without showing what is typed.
fn prompt(what: &str) -> std::io::Result<Zeroizing<String>> {
    if !std::io::stdin().is_terminal() {
        return Err(std::io::Error::other("no terminal"));
    }
    let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    write!(terminal, "{what}: ")?;
    let silence = Silence::begin(&terminal)?;
    let line = read_line(BufReader::new(&terminal));
    drop(silence);
    writeln!(terminal)?;
    line
}

/// The terminal without echo; it comes back when this is dropped, whatever happened in between.
struct Silence<'a> {
    terminal: &'a File,
    before: Termios,
}

impl<'a> Silence<'a> {
    fn begin(terminal: &'a File) -> std::io::Result<Silence<'a>> {
        let before = tcgetattr(terminal)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(terminal, OptionalActions::Flush, &silent)?;
        Ok(Silence { terminal, before })
    }
}

impl Drop for Silence<'_> {
    fn drop(&mut self) {
        if tcsetattr(self.terminal, OptionalActions::Flush, &self.before).is_err() {
            eprintln!("the terminal's echo could not be switched on again; type: stty echo");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_end_is_not_part_of_a_secret() {
        for given in ["secret words", "secret words\n", "secret words\r\nmore"] {
            assert_eq!(
                read_line(given.as_bytes()).unwrap().as_str(),
                "secret words"
            );
        }
    }

    #[test]
    fn an_empty_secret_is_none() {
        assert!(read_line(&b""[..]).is_err());
        assert!(read_line(&b"\nmore"[..]).is_err());
    }

    #[test]
    fn nothing_of_a_secret_is_printed() {
        let source = Source::Given(Zeroizing::new("CANARY".to_owned()));
        let [unlock, new_passphrase, recovery_key] =
            [Source::Prompt, Source::Prompt, Source::Prompt];
        let secrets = Secrets {
            passphrase: source,
            unlock,
            new_passphrase,
            recovery_key,
        };
        assert!(!format!("{secrets:?}").contains("CANARY"));
    }
}
