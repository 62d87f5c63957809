//! English.

use record::verdict::{DoesNotHold, Malformed};

use super::{Numerals, Words};

pub const WORDS: Words = Words {
    is_right_to_left: false,
    numerals: Numerals {
        zero: '0',
        separator: ',',
    },
    holds: "HOLDS.",
    published: "The publisher's words: title “{title}”, day {day}. Published by entry number {publication}, under a key that the office \
                admitted by entry number {admission}. Entries are counted from 0.",
    unaltered: "{file}: unaltered since entry number {index} of the record {office} of size {size}.",
    the_file: "This file",
    the_public_entry: "This public entry",
    digest: "    {bytes} bytes, SHA-256 {sha256}",
    signed: "The record in the state of size {size}, root {root}, is signed by the office: {office}.",
    countersigned: "It is countersigned by an outside office of your policy: {name} ({key}), which gives the time {time}.",
    countersigning_means: "An outside office that countersigns says: I was shown this state of the record, and it continues every state of it that I \
                           was shown before. It says nothing about what was entered. If {name} is right about the time, all of the above was in the \
                           record no later than {time}.",
    nobody: "No outside office countersigned it. The office alone vouches for its record, and could have written all of it anew at any time.",
    not_shown_title: "This does not show:",
    not_shown: [
        "who made the material, or who brought it to the office;",
        "when it was made, before it was entered;",
        "whether it is true, complete or lawfully obtained;",
        "that nothing else exists: other files, other versions, material left out;",
        "that the keys in your policy belong to whom you think, or that the outside offices are independent of this one: that depends on \
         how you came by the policy.",
    ],
    does_not_hold: "DOES NOT HOLD.",
    does_not_hold_advice: "Do not rely on it. This does not show who altered it, or whether anybody meant to. Ask for another copy, and make sure that \
                           your policy is the right one.",
    malformed: "MALFORMED.",
    malformed_advice: "It was damaged, or made by something else: nothing can be said about what it claims. Ask for another copy.",
    policy_advice: "Correct the policy file, or get it again; nothing was checked.",
    unreadable: "CANNOT BE READ.",
    does_not_hold_reason,
    malformed_reason,
};

fn malformed_reason(reason: Malformed) -> &'static str {
    match reason {
        Malformed::Policy => "The policy cannot be read.",
        Malformed::Archive => "The archive is not put together as the specification says.",
        Malformed::Limit => "A part of it is larger than the specification allows.",
        Malformed::Envelope => "The envelope of the manifest is out of shape.",
        Malformed::Manifest => "The manifest is out of shape.",
        Malformed::Files => "A file is missing, extra or out of order.",
        Malformed::Checkpoint => "The signed state of the record is out of shape.",
        Malformed::Proof => "A proof is out of shape, or belongs to another state of the record.",
        Malformed::Entry => "A public entry is out of shape.",
    }
}

fn does_not_hold_reason(reason: DoesNotHold) -> &'static str {
    match reason {
        DoesNotHold::OfficeUnknown => "Your policy names no record of this office.",
        DoesNotHold::CheckpointOffice => "The signed state of the record is another office's.",
        DoesNotHold::LogSignature => "The state of the record is not signed by the office.",
        DoesNotHold::Cosignature => "A countersignature of an outside office is false.",
        DoesNotHold::Quorum => "Fewer outside offices countersigned than your policy asks for.",
        DoesNotHold::AdmissionProof => "The admission of the publisher's key is not in the record.",
        DoesNotHold::AdmissionOffice => "The admission of the publisher's key is another office's.",
        DoesNotHold::AdmissionKey => "The admission names another key than the publisher's.",
        DoesNotHold::AdmissionSignature => {
            "The admission of the publisher's key is not signed by the office."
        }
        DoesNotHold::ManifestSignature => "The manifest is not signed with the publisher's key.",
        DoesNotHold::PublicationProof => "The publication is not in the record.",
        DoesNotHold::PublicationOffice => "The publication is another office's.",
        DoesNotHold::PublicationSignature => {
            "The publication is not signed with the publisher's key."
        }
        DoesNotHold::PublicationContents => "The publication is about other files.",
        DoesNotHold::PublicationCount => "The publication is about another number of files.",
        DoesNotHold::PublicationTitle => "The publication has another title.",
        DoesNotHold::FileSize => "A file has another size than the manifest says.",
        DoesNotHold::FileDigest => "A file was altered: it is not the one that the manifest names.",
        DoesNotHold::ExhibitProof => "A file is not in the record under the number given for it.",
        DoesNotHold::EntryOffice => "The entry is another office's than the record's.",
        DoesNotHold::Inclusion => "What the proof is about is not in the record under its number.",
        DoesNotHold::Content => "The file is not the one that the proof is about.",
    }
}
