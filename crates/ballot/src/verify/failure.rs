//! What can be wrong, and where.

use crate::archive::ArchiveFault;
use crate::text::NotCanonical;

/// Failures that are listed; the others are counted.
pub const FAILURES_MAX: usize = 100;

/// Where something is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The number of the record, from 0.
    pub record: usize,
    /// Where the record begins in the archive, in bytes.
    pub offset: u64,
    /// The part of its message, such as `answers[0].choices[1]`; empty if it is the whole.
    pub part: String,
}

/// A failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Where.
    pub place: Place,
    /// What.
    pub reason: Reason,
}

macro_rules! reasons {
    ($($name:ident $code:literal $text:literal)*) => {
        /// What is wrong. Nothing here can be mended by a reader: whoever publishes the archive has to say why it is so.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Reason {
            /// The archive itself is out of form.
            Archive(ArchiveFault),
            /// A message is not in its canonical form.
            Form(NotCanonical),
            $(#[doc = $text] $name,)*
        }

        impl Reason {
            /// A word for it that programs can compare; the same in the Python verifier.
            pub fn code(&self) -> &'static str {
                match self {
                    Reason::Archive(fault) => fault.code(),
                    Reason::Form(_) => "not-canonical",
                    $(Reason::$name => $code,)*
                }
            }

            /// All codes of what is not a matter of form.
            pub const CODES: &'static [&'static str] = &[$($code),*];
        }

        impl std::fmt::Display for Reason {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    Reason::Archive(fault) => fault.fmt(f),
                    Reason::Form(fault) => fault.fmt(f),
                    $(Reason::$name => f.write_str($text),)*
                }
            }
        }
    };
}

reasons! {
    Incomplete "archive-incomplete" "the archive ends before the election is set up"
    EventParent "event-parent" "an event does not name the event before it"
    EventHeight "event-height" "an event does not have the next number"
    EventOrder "event-order" "an event comes where it cannot come"
    EventPayload "event-payload" "an event does not refer to the message before it"
    Foreign "record-foreign" "a message to which no event refers"
    KeyMember "key-member" "a key is not an element of the group, or is the neutral element"
    KeyProduct "key-product" "the election's key is not the product of the trustees' keys"
    KeyProof "key-proof" "a trustee's proof of knowledge of the key does not hold"
    KeyTwice "key-twice" "two trustees have the same key"
    NoTrustees "trustees-none" "there are no trustees"
    KeySignature "key-signature" "a trustee's signature over the key does not hold or is out of place"
    Threshold "threshold" "the threshold is not between 1 and the number of trustees, or the lists of the group differ in length"
    CertSignature "cert-signature" "the signature of a certificate does not hold"
    CertContext "cert-context" "a certificate is for another group of trustees"
    CommitmentSignature "commitment-signature" "the signature of a trustee's commitments does not hold"
    CommitmentLength "commitment-length" "a trustee did not commit to as many coefficients as the threshold"
    CommitmentKey "commitment-key" "a trustee's key does not follow from the commitments"
    CertsSignature "certs-signature" "a trustee's signature over all certificates does not hold"
    NoQuestions "questions-none" "nothing is asked"
    QuestionGroup "question-group" "a question that the group cannot encode"
    CredentialMember "credential-member" "a public credential is not an element of the group, or is the neutral element"
    CredentialTwice "credential-twice" "a public credential is listed twice"
    CredentialWeight "credential-weight" "weights are given to some only, are too large together, or go with a shuffled question"
    BallotElection "ballot-election" "a ballot is for another election"
    BallotCredential "ballot-credential" "a ballot's credential is not in the list"
    BallotTwice "ballot-twice" "the same ballot, or a part of another voter's, is in the box a second time"
    BallotMember "ballot-member" "a part of a ballot is not an element of the group"
    BallotIndividual "ballot-individual-proof" "the proof that a choice is 0 or 1 does not hold"
    BallotOverall "ballot-overall-proof" "the proof that as many were chosen as may be does not hold"
    BallotBlank "ballot-blank-proof" "the proof that the ballot is blank or not does not hold"
    BallotRanking "ballot-ranking-proof" "the proof that the voter knows the ranks does not hold"
    BallotHash "ballot-hash" "a ballot's hash is not that of its content"
    BallotSignature "ballot-signature" "a ballot's signature does not hold"
    TallyDigest "tally-digest" "the event refers to another encrypted tally"
    TallyShape "tally-shape" "the encrypted tally has another shape than the questions"
    TallyContent "tally-content" "the encrypted tally is not what the ballots give"
    TallyNumber "tally-number" "the number of ballots tallied is not the number of voters who voted"
    TallyWeight "tally-weight" "the total weight is not the sum of the weights of those who voted"
    ShuffleOwner "shuffle-owner" "a shuffle by nobody, or by somebody who has shuffled before"
    ShuffleNone "shuffle-none" "nobody shuffled: the decrypted ballots can be traced to their voters"
    ShuffleShape "shuffle-shape" "a shuffle has another shape than the ballots"
    ShuffleProof "shuffle-proof" "the proof of a shuffle does not hold"
    FactorOwner "decryption-owner" "a decryption by nobody, or by somebody who has decrypted before"
    FactorShape "decryption-shape" "a decryption has another shape than the tally"
    FactorMember "decryption-member" "a decryption factor is not an element of the group"
    FactorProof "decryption-proof" "the proof of a decryption factor does not hold"
    FactorMissing "decryption-missing" "there are fewer decryptions than the result needs"
    ResultShape "result-shape" "the result has another shape than the questions"
    ResultContent "result-content" "the result is not what the decryptions give"
}

impl Reason {
    /// Whether it is a matter of form: the rest could then not be read.
    pub fn is_form(&self) -> bool {
        matches!(
            self,
            Reason::Archive(_)
                | Reason::Form(_)
                | Reason::Incomplete
                | Reason::EventOrder
                | Reason::Foreign
                | Reason::EventPayload
        )
    }
}
