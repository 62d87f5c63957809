//! An office for tests, with people in it, and requests as each of them.
#![expect(dead_code, reason = "each test file uses its own part")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use office::roster::Duty;
use office::{Draft, Founding, Material, Office, Receipt, Setting};
use record::entry::Timestamp;
use record::ids::{CircleId, MemberId};
use tower::ServiceExt as _;
use vault::kdf::KdfCost;
use vault::passphrase::Passphrase;
use web::app::App;
use web::door::Origin;

pub const COST: KdfCost = KdfCost {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};
pub const PASSPHRASE: &str = "five words that nobody says together";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    Nobody,
    Administrator,
    Steward,
    Reader,
    Outsider,
    Traveller,
}

impl Who {
    pub const ALL: [Who; 6] = [
        Who::Nobody,
        Who::Administrator,
        Who::Steward,
        Who::Reader,
        Who::Outsider,
        Who::Traveller,
    ];
}

pub struct House {
    pub office: Arc<Office>,
    pub router: Router,
    pub clock: Arc<AtomicU64>,
    pub circle: CircleId,
    pub item: String,
    /// A person whom the steward stated.
    pub entity: String,
    pub members: BTreeMap<Who, MemberId>,
    secrets: BTreeMap<Who, String>,
    _folder: tempfile::TempDir,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("the house stands"))
    }
}

fn setting(clock: &Arc<AtomicU64>) -> Setting {
    let (clock, counter) = (Arc::clone(clock), AtomicU64::new(1));
    let random = move |bytes: &mut [u8]| {
        for piece in bytes.chunks_mut(32) {
            let digest =
                record::hash::sha256(&counter.fetch_add(1, Ordering::Relaxed).to_be_bytes());
            piece.copy_from_slice(&digest.as_bytes()[..piece.len()]);
        }
    };
    Setting::new(
        move || {
            Timestamp::from_unix_seconds(clock.load(Ordering::Relaxed)).expect("the house stands")
        },
        random,
    )
}

impl House {
    pub fn new() -> House {
        let folder = tempfile::tempdir().expect("the house stands");
        let clock = Arc::new(AtomicU64::new(1_795_305_600));
        let passphrase = Passphrase::read(PASSPHRASE).expect("the house stands");
        let founding = Founding {
            folder: folder.path().join("office"),
            origin: None,
            name: "Office of tests".to_owned(),
            founder: "Administrator".to_owned(),
            founder_passphrase: Some(passphrase.clone()),
            unlock: passphrase.clone(),
            cost: COST,
            recovery_stewards: 1,
            recovery_delay_seconds: 3_600,
        };
        let founded = Office::found(founding, setting(&clock)).expect("the house stands");
        let office = Arc::new(founded.office);
        let mut members = BTreeMap::from([(Who::Administrator, founded.member)]);
        let boss = office
            .sign_in("Administrator", &passphrase)
            .expect("the house stands");
        let administrator = office.administrator(&boss).expect("the house stands");
        for who in [Who::Steward, Who::Reader, Who::Outsider, Who::Traveller] {
            let admitted = office
                .admit_member(
                    &administrator,
                    &format!("{who:?}"),
                    Duty::Member,
                    Some(passphrase.clone()),
                    COST,
                )
                .expect("the house stands");
            members.insert(who, admitted.member);
        }
        let steward = office
            .sign_in("Steward", &passphrase)
            .expect("the house stands");
        let circle = office
            .create_circle(&steward, "Intake")
            .expect("the house stands");
        for (who, as_steward) in [(Who::Reader, false), (Who::Traveller, false)] {
            let permission = office.steward(&steward, circle).expect("the house stands");
            office
                .add_to_circle(&permission, members[&who], as_steward)
                .expect("the house stands");
        }
        let writer = office.writer(&steward, circle).expect("the house stands");
        let material = Material {
            content: &b"what was seen"[..],
            folder: String::new(),
            file_name: "گزارش.txt".to_owned(),
        };
        let Receipt::New { item, .. } =
            office.receive(&writer, material).expect("the house stands")
        else {
            panic!("not new")
        };
        let person = Draft {
            type_name: "person".to_owned(),
            set: BTreeMap::from([("name".to_owned(), vec!["Ava Invented".to_owned()])]),
            ..Draft::default()
        };
        let (entity, _) = office.state(&writer, person).expect("the house stands");
        let traveller = office
            .sign_in("Traveller", &passphrase)
            .expect("the house stands");
        office
            .begin_travel(&traveller, members[&Who::Traveller])
            .expect("the house stands");
        office.sequence_now(&[]).expect("the house stands");
        let secret = |who: &Who| {
            let session = office
                .sign_in(&format!("{who:?}"), &passphrase)
                .expect("the house stands");
            (
                *who,
                hex::encode(office.sessions().begin(&session).expose()),
            )
        };
        let secrets = members.keys().map(secret).collect();
        let app = App::new(
            Arc::clone(&office),
            vec![Origin::new("http://127.0.0.1:7400").expect("the house stands")],
            COST,
        )
        .expect("the house stands");
        drop(writer);
        let router = web::routes::router(app);
        House {
            router,
            office,
            clock,
            circle,
            item: item.to_string(),
            entity: entity.to_string(),
            members,
            secrets,
            _folder: folder,
        }
    }

    /// The item is stated to be the office's own work, in which nobody can be recognised.
    pub fn describe_as_own(&self) {
        let passphrase = Passphrase::read(PASSPHRASE).expect("the house stands");
        let session = self
            .office
            .sign_in("Steward", &passphrase)
            .expect("the house stands");
        let writer = self
            .office
            .writer(&session, self.circle)
            .expect("the house stands");
        let set = [
            ("title", "Own work"),
            ("item", &self.item),
            ("basis", "own"),
            ("identifies", "no"),
            ("strangers", "no"),
        ];
        let draft = Draft {
            type_name: "material".to_owned(),
            set: set
                .into_iter()
                .map(|(field, value)| (field.to_owned(), vec![value.to_owned()]))
                .collect(),
            ..Draft::default()
        };
        self.office.state(&writer, draft).expect("the house stands");
    }

    pub fn secret(&self, who: Who) -> Option<&str> {
        self.secrets.get(&who).map(String::as_str)
    }

    /// The token of a person's forms; nobody has that of a visitor whose cookie is 64 times `a`.
    pub fn token(&self, who: Who) -> String {
        web::token::of(self.secret(who).unwrap_or(&"a".repeat(64)))
    }

    pub async fn ask(&self, who: Who, method: Method, path: &str, body: Option<&str>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:7400");
        let cookie = self.secret(who).map_or_else(
            || format!("visit={}", "a".repeat(64)),
            |secret| format!("session={secret}"),
        );
        request = request.header("cookie", cookie);
        if body.is_some() {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        self.send(
            request
                .body(Body::from(body.unwrap_or_default().to_owned()))
                .expect("the house stands"),
        )
        .await
    }

    pub async fn get(&self, who: Who, path: &str) -> Answer {
        self.ask(who, Method::GET, path, None).await
    }

    pub async fn post(&self, who: Who, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs = fields
            .iter()
            .map(|(name, value)| format!("&{name}={}", web::address::escaped(value)));
        let body = format!("token={}{}", self.token(who), pairs.collect::<String>());
        self.ask(who, Method::POST, path, Some(&body)).await
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("the house stands");
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), usize::MAX)
            .await
            .expect("the house stands")
            .to_vec();
        Answer {
            status,
            headers,
            body,
        }
    }
}
