//! The vault: how an office keeps what only some may read.
//!
//! Streams are encrypted and opened as age files ([`object`], [`small`]), entries under keys of their own
//! ([`entry_lock`]), members' keys behind passphrase and house key ([`member`], [`house`], [`passphrase`]),
//! circles as signed chains with epochs ([`circle`]), and the sealed tier by shares that move only for a warrant in a
//! countersigned record ([`share`], [`warrant`]). The bytes are fixed in `docs/spec/vault.md`, so that a stranger with
//! the right key opens everything with `age` and a short script.
//!
//! **Specifications**: [age v1](https://c2sp.org/age), RFC 5869 (HKDF), RFC 9106 (Argon2id), XChaCha20-Poly1305,
//! RFC 9180 with X-Wing for the recipient type `mlkem768x25519`.
//!
//! **Deliberately absent**: clock, files, network, environment. Streams are `Read` and `Write`, the time is an argument,
//! and so is the random source, with one exception that is accepted: the crates `age` and `hpke` draw the ephemeral key
//! of each recipient stanza from the operating system themselves. The pipeline in [`object`] uses scoped threads, which
//! end before its function returns.
//!
//! ```
//! use rand_core::SeedableRng as _;
//! use record::ids::{CircleId, Origin};
//! use vault::binding::{Binding, ObjectId, Purpose};
//! use vault::{keys::Identity, object};
//!
//! let mut rng = rand_chacha::ChaCha20Rng::from_seed([7; 32]); // an office passes a random source that is one
//! let identity = Identity::generate(&mut rng);
//! let binding = Binding {
//!     office: Origin::new("mahzar.invalid/00ff")?,
//!     circle: CircleId::from_bytes([2; 16]),
//!     epoch: 1,
//!     object: ObjectId::random(&mut rng),
//!     purpose: Purpose::Object,
//! };
//! let mut payload = Vec::new();
//! let recipients = [identity.to_recipient()];
//! let sealed = object::seal(&b"a photograph"[..], &mut payload, &recipients, &binding, &mut rng)?;
//! let mut opened = object::open(&sealed.header, &payload[..], &identity, &binding, sealed.size)?;
//! let mut text = String::new();
//! std::io::Read::read_to_string(&mut opened, &mut text)?;
//! assert_eq!(text, "a photograph");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod binding;
pub mod circle;
pub mod entry_lock;
pub mod header;
pub mod house;
pub mod hybrid;
pub mod kdf;
pub mod key_file;
pub mod keys;
pub mod member;
pub mod object;
pub mod padding;
pub mod passphrase;
pub mod row;
pub mod secret;
pub mod share;
pub mod small;
pub mod stream;
pub mod warrant;

mod derive;
mod pipeline;
