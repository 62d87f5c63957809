//! The reasons for which a bundle or a proof is refused, by the names that every verifier uses (bundle.md, section 4).

use core::fmt;

/// Why a bundle or proof is refused.
#[derive(Debug)]
pub enum Failure {
    /// The bytes break the shape that the specification fixes: it was damaged, or made by something else. Exit code 2.
    Malformed(Malformed, String),
    /// The shape is right, and what it claims is not so. Exit code 1.
    DoesNotHold(DoesNotHold, String),
    /// The bytes could not be read; says nothing about them. Try again from another copy. Exit code 2.
    Unreadable(std::io::Error),
}

impl Failure {
    pub(crate) fn malformed(reason: Malformed, detail: impl ToString) -> Failure {
        Failure::Malformed(reason, detail.to_string())
    }

    pub(crate) fn does_not_hold(reason: DoesNotHold, detail: impl ToString) -> Failure {
        Failure::DoesNotHold(reason, detail.to_string())
    }
}

impl From<crate::policy::PolicyError> for Failure {
    fn from(error: crate::policy::PolicyError) -> Failure {
        Failure::malformed(Malformed::Policy, error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Malformed(reason, detail) => write_with_detail(f, reason, detail),
            Failure::DoesNotHold(reason, detail) => write_with_detail(f, reason, detail),
            Failure::Unreadable(error) => write!(f, "it could not be read: {error}"),
        }
    }
}

fn write_with_detail(
    f: &mut fmt::Formatter<'_>,
    reason: &dyn fmt::Display,
    detail: &str,
) -> fmt::Result {
    match detail {
        "" => write!(f, "{reason}"),
        detail => write!(f, "{reason}: {detail}"),
    }
}

impl std::error::Error for Failure {}

macro_rules! reasons {
    ($(#[$doc:meta])* $enum:ident { $($(#[$variant_doc:meta])* $variant:ident = $name:literal, $words:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $enum {
            $(#[doc = $words] $(#[$variant_doc])* $variant,)*
        }

        impl $enum {
            /// Every reason, in the order in which they are looked at.
            pub const ALL: &[$enum] = &[$($enum::$variant),*];

            /// The name that all verifiers give to this reason.
            pub fn name(self) -> &'static str {
                match self {
                    $($enum::$variant => $name,)*
                }
            }
        }

        impl fmt::Display for $enum {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $($enum::$variant => $words,)*
                })
            }
        }
    };
}

reasons! {
    /// What can be malformed. Ask for an undamaged copy; nothing of this one may be relied on.
    Malformed {
        Policy = "policy", "the policy cannot be read";
        Archive = "archive", "the archive is not put together as the specification says";
        Limit = "limit", "a part of it is larger than the specification allows";
        Envelope = "envelope", "the manifest's envelope is out of shape";
        Manifest = "manifest", "the manifest is out of shape";
        Files = "files", "a file is missing, extra or out of order";
        Checkpoint = "checkpoint", "the checkpoint is out of shape";
        Proof = "proof", "a proof is out of shape";
        Entry = "entry", "a public entry is out of shape";
    }
}

reasons! {
    /// What can fail to hold, in the order in which it is looked at; the first that fails is named.
    DoesNotHold {
        OfficeUnknown = "office_unknown", "the policy names no log of this office";
        CheckpointOffice = "checkpoint_office", "the checkpoint is another office's";
        LogSignature = "log_signature", "the checkpoint is not signed by the office's log";
        Cosignature = "cosignature", "a countersignature on the checkpoint is false";
        Quorum = "quorum", "too few outside offices countersigned the checkpoint";
        AdmissionProof = "admission_proof", "the admission of the publisher's key is not in the record";
        AdmissionOffice = "admission_office", "the admission of the publisher's key is another office's";
        AdmissionKey = "admission_key", "the admission names another key than the publisher's";
        AdmissionSignature = "admission_signature", "the admission is not signed by the office";
        ManifestSignature = "manifest_signature", "the manifest is not signed by the publisher's key";
        PublicationProof = "publication_proof", "the publication is not in the record";
        PublicationOffice = "publication_office", "the publication is another office's";
        PublicationSignature = "publication_signature", "the publication is not signed by the publisher's key";
        PublicationContents = "publication_contents", "the publication names other contents";
        PublicationCount = "publication_count", "the publication names another number of exhibits";
        PublicationTitle = "publication_title", "the publication names another title";
        FileSize = "file_size", "a file has another size than the manifest says";
        FileDigest = "file_digest", "a file has another digest than the manifest says";
        ExhibitProof = "exhibit_proof", "an exhibit is not in the record";
        EntryOffice = "entry_office", "the entry is another office's than the record's";
        Inclusion = "inclusion", "the proof does not lead to the record";
        Content = "content", "the content is not what the proof is about";
    }
}
