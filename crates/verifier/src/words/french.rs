//! French.

use record::verdict::{DoesNotHold, Malformed};

use super::{Numerals, Words};

pub const WORDS: Words = Words {
    is_right_to_left: false,
    numerals: Numerals {
        zero: '0',
        separator: '\u{202f}',
    },
    holds: "TIENT.",
    published: "Selon l’éditeur\u{a0}: titre «\u{a0}{title}\u{a0}», jour {day}. Publié par l’inscription numéro {publication}, sous une clé que le bureau a \
                admise par l’inscription numéro {admission}. Les inscriptions sont comptées à partir de 0.",
    unaltered: "{file}\u{a0}: inaltéré depuis l’inscription numéro {index} du registre {office} de taille {size}.",
    the_file: "Ce fichier",
    the_public_entry: "Cette inscription publique",
    digest: "    {bytes} octets, SHA-256 {sha256}",
    signed: "Le registre, dans l’état de taille {size} et de racine {root}, est signé par le bureau\u{a0}: {office}.",
    countersigned: "Il est contresigné par un bureau extérieur de votre politique\u{a0}: {name} ({key}), qui indique l’heure {time}.",
    countersigning_means: "Un bureau extérieur qui contresigne déclare\u{a0}: on m’a montré cet état du registre, et il prolonge tous les états qu’on m’en \
                           avait montrés auparavant. Il ne dit rien de ce qui est inscrit. Si {name} a raison sur l’heure, tout ce qui précède était dans le \
                           registre au plus tard le {time}.",
    nobody: "Aucun bureau extérieur ne l’a contresigné. Le bureau répond seul de son registre, et a pu le réécrire en entier à tout moment.",
    not_shown_title: "Ceci ne montre pas\u{a0}:",
    not_shown: [
        "qui a fait les pièces, ni qui les a apportées au bureau\u{a0};",
        "quand elles ont été faites, avant leur inscription\u{a0};",
        "si elles sont vraies, complètes ou légalement obtenues\u{a0};",
        "qu’il n’existe rien d’autre\u{a0}: d’autres fichiers, d’autres versions, des pièces laissées de côté\u{a0};",
        "que les clés de votre politique appartiennent à ceux que vous croyez, ou que les bureaux extérieurs sont indépendants de celui-ci\u{a0}: cela dépend de la voie par laquelle vous l’avez reçue.",
    ],
    does_not_hold: "NE TIENT PAS.",
    does_not_hold_advice: "Ne vous y fiez pas. Ceci ne montre ni qui l’a altéré, ni si c’était voulu. Demandez une autre copie, et assurez-vous que votre \
                           politique est la bonne.",
    malformed: "MAL FORMÉ.",
    malformed_advice: "Il a été endommagé, ou fait par autre chose\u{a0}: on ne peut rien dire de ce qu’il affirme. Demandez une autre copie.",
    policy_advice: "Corrigez le fichier de politique, ou procurez-vous-le de nouveau\u{a0}; rien n’a été vérifié.",
    unreadable: "ILLISIBLE.",
    does_not_hold_reason,
    malformed_reason,
};

fn malformed_reason(reason: Malformed) -> &'static str {
    match reason {
        Malformed::Policy => "La politique ne peut pas être lue.",
        Malformed::Archive => "L’archive n’est pas composée comme le veut la spécification.",
        Malformed::Limit => "Une partie est plus grande que la spécification ne le permet.",
        Malformed::Envelope => "L’enveloppe du manifeste est mal formée.",
        Malformed::Manifest => "Le manifeste est mal formé.",
        Malformed::Files => "Un fichier manque, est de trop, ou n’est pas à sa place.",
        Malformed::Checkpoint => "L’état signé du registre est mal formé.",
        Malformed::Proof => {
            "Une preuve est mal formée, ou se rapporte à un autre état du registre."
        }
        Malformed::Entry => "Une inscription publique est mal formée.",
    }
}

fn does_not_hold_reason(reason: DoesNotHold) -> &'static str {
    match reason {
        DoesNotHold::OfficeUnknown => "Votre politique ne nomme aucun registre de ce bureau.",
        DoesNotHold::CheckpointOffice => "L’état signé du registre est celui d’un autre bureau.",
        DoesNotHold::LogSignature => "L’état du registre n’est pas signé par le bureau.",
        DoesNotHold::Cosignature => "Une contresignature d’un bureau extérieur est fausse.",
        DoesNotHold::Quorum => {
            "Moins de bureaux extérieurs ont contresigné que votre politique ne le demande."
        }
        DoesNotHold::AdmissionProof => {
            "L’admission de la clé de l’éditeur n’est pas dans le registre."
        }
        DoesNotHold::AdmissionOffice => {
            "L’admission de la clé de l’éditeur est celle d’un autre bureau."
        }
        DoesNotHold::AdmissionKey => "L’admission nomme une autre clé que celle de l’éditeur.",
        DoesNotHold::AdmissionSignature => {
            "L’admission de la clé de l’éditeur n’est pas signée par le bureau."
        }
        DoesNotHold::ManifestSignature => "Le manifeste n’est pas signé avec la clé de l’éditeur.",
        DoesNotHold::PublicationProof => "La publication n’est pas dans le registre.",
        DoesNotHold::PublicationOffice => "La publication est celle d’un autre bureau.",
        DoesNotHold::PublicationSignature => {
            "La publication n’est pas signée avec la clé de l’éditeur."
        }
        DoesNotHold::PublicationContents => "La publication porte sur d’autres fichiers.",
        DoesNotHold::PublicationCount => "La publication porte sur un autre nombre de fichiers.",
        DoesNotHold::PublicationTitle => "La publication a un autre titre.",
        DoesNotHold::FileSize => "Un fichier n’a pas la taille que dit le manifeste.",
        DoesNotHold::FileDigest => {
            "Un fichier a été altéré\u{a0}: ce n’est pas celui que nomme le manifeste."
        }
        DoesNotHold::ExhibitProof => {
            "Un fichier n’est pas dans le registre sous le numéro donné pour lui."
        }
        DoesNotHold::EntryOffice => {
            "L’inscription est celle d’un autre bureau que celui du registre."
        }
        DoesNotHold::Inclusion => {
            "Ce sur quoi porte la preuve n’est pas dans le registre sous son numéro."
        }
        DoesNotHold::Content => "Le fichier n’est pas celui sur lequel porte la preuve.",
    }
}
