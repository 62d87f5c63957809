//! The names of the desk's things: items and the objects that hold their bytes.

use core::fmt;
use core::str::FromStr;

use record::encoding::{self, EncodingError};

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Takes 16 bytes as an id.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> $name {
                $name(bytes)
            }

            /// The 16 bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = EncodingError;

            /// Reads 32 lower-case hex digits.
            fn from_str(text: &str) -> Result<$name, EncodingError> {
                encoding::hex_array(text).map($name)
            }
        }
    };
}

identifier! {
    /// Material as received. Random, given when it is taken in; never used again, not even after erasure.
    ItemId
}

identifier! {
    /// The encrypted bytes of an item, as the store names them. Random, so that the name says nothing.
    ObjectId
}

identifier! {
    /// Something that the desk knows: a person, an account, an act. Random, given when it is first stated; never used again.
    EntityId
}
