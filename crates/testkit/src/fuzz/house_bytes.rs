//! The acts of the house circle, as `office` reads them from an entry's kind and body.

use office::roster::{Admission, Duty, HouseAct, KeyHolder, PublicKeys, WitnessOffice};
use record::canonical::{self, Value};
use record::ids::MemberId;
use record::signature::SigningKey;

use super::{Reading, Target};

pub(super) const TARGETS: [Target; 1] = [Target {
    name: "house_act",
    read: house_act,
    seeds: bodies,
}];

/// One act of each kind.
fn acts() -> Vec<HouseAct> {
    let member = MemberId::from_bytes([1; 16]);
    let keys = PublicKeys {
        sign: *SigningKey::from_seed(&[2; 32]).verifying_key().as_bytes(),
        recipient: "age1example".to_owned(),
    };
    let sign = keys.sign;
    let admission = Admission {
        member,
        name: "\u{067e}\u{0631}\u{0648}\u{06cc}\u{0646}".to_owned(),
        keys: keys.clone(),
        duty: Duty::Administrator,
    };
    let name = "outside".to_owned();
    vec![
        HouseAct::Founded {
            name: "An office".to_owned(),
            founder: admission.clone(),
            recovery_stewards: 2,
            recovery_delay_seconds: 86_400,
        },
        HouseAct::Admitted(admission),
        HouseAct::Revoked {
            member,
            reason: "the device was lost".to_owned(),
        },
        HouseAct::RecoveryBegan { member, keys },
        HouseAct::RecoveryApproved { member, sign },
        HouseAct::RecoveryEnded { member },
        HouseAct::RecoveryStopped { member },
        HouseAct::TravelBegan { member },
        HouseAct::TravelEnded { member },
        HouseAct::WitnessAdded(WitnessOffice {
            name: name.clone(),
            vkey: "outside.example/w+00000000+BA==".to_owned(),
            url: "https://outside.example".to_owned(),
        }),
        HouseAct::WitnessRemoved { name: name.clone() },
        HouseAct::QuorumSet { count: 2 },
        HouseAct::KeyHolderAdded(KeyHolder {
            name: name.clone(),
            recipient: "age1pq1example".to_owned(),
            jurisdiction: "elsewhere".to_owned(),
        }),
        HouseAct::KeyHolderRemoved { name },
    ]
}

/// The body's canonical JSON behind a byte that says which kind it is of.
fn bodies() -> Vec<Vec<u8>> {
    let body = |(number, act): (usize, HouseAct)| {
        let body = canonical::encode(&Value::Map(act.body()));
        [vec![number as u8], body.expect("the sample is canonical")].concat()
    };
    acts().into_iter().enumerate().map(body).collect()
}

fn house_act(bytes: &[u8]) -> Reading {
    let Some((number, body)) = bytes.split_first() else {
        return Reading::Refused;
    };
    let Ok(body) = canonical::parse_payload(body) else {
        return Reading::Refused;
    };
    let kinds: Vec<&str> = acts().iter().map(HouseAct::kind).collect();
    let kind = kinds[usize::from(*number) % kinds.len()];
    let read = HouseAct::read(kind, body.clone());
    if let Ok(act) = &read {
        assert_eq!(act.kind(), kind);
        assert_eq!(act.body(), body);
    }
    Reading::of(&read)
}
