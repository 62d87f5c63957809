//! Second steps, recovery and travel, from the first page to the last, through the server's own router: what a person
//! types and reads, and what it opens.

mod house;

use axum::http::{Method, Request, StatusCode};
use house::{Answer, House, PASSPHRASE, Who};

/// The cookie that the sign-in page gave.
const VISIT: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// Somebody at a browser: the house, and the session's cookie once there is one.
struct Visitor<'a> {
    house: &'a House,
    session: Option<String>,
}

impl<'a> Visitor<'a> {
    fn new(house: &'a House) -> Self {
        Self {
            house,
            session: None,
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, String::new()).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = web::token::of(self.session.as_deref().unwrap_or(VISIT));
        let pairs = fields
            .iter()
            .map(|(name, value)| format!("&{name}={}", web::address::escaped(value)));
        let body = format!("token={token}{}", pairs.collect::<String>());
        self.ask(Method::POST, path, body).await
    }

    async fn ask(&self, method: Method, path: &str, body: String) -> Answer {
        let cookie = match &self.session {
            Some(secret) => format!("session={secret}"),
            None => format!("visit={VISIT}"),
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:7400")
            .header("cookie", cookie)
            .header("content-type", "application/x-www-form-urlencoded");
        self.house
            .send(request.body(body.into()).expect("a request"))
            .await
    }

    /// Name and passphrase; where that leads, or the status that refuses.
    async fn enter(&mut self, name: &str, passphrase: &str) -> Result<String, StatusCode> {
        self.session = None;
        let fields = [("name", name), ("passphrase", passphrase), ("back", "/me")];
        let answer = self.post("/sign-in", &fields).await;
        if answer.status != StatusCode::SEE_OTHER {
            return Err(answer.status);
        }
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or("");
        self.session = cookie.strip_prefix("session=").map(str::to_owned);
        Ok(answer.header("location").to_owned())
    }
}

async fn signed_in<'a>(house: &'a House, name: &str, passphrase: &str) -> Visitor<'a> {
    let mut visitor = Visitor::new(house);
    let led = visitor.enter(name, passphrase).await;
    assert_eq!(led.as_deref(), Ok("/me"), "{name}");
    visitor
}

/// What the page shows once, to be written down: the boxes marked as secret, in order.
fn secrets(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let text = answer.text();
    let boxes = text.split("class=\"secret code\" dir=\"ltr\">").skip(1);
    boxes
        .filter_map(|rest| rest.split('<').next().map(str::to_owned))
        .collect()
}

fn code(secret: &str, now: u64) -> String {
    let generator = web::second::generator(secret).expect("a generator");
    generator.generate(now).to_string()
}

fn hidden(answer: &Answer, name: &str) -> String {
    let text = answer.text();
    let (_, rest) = text
        .split_once(&format!("name=\"{name}\" value=\""))
        .expect("the field is there");
    rest.split('"').next().unwrap_or_default().to_owned()
}

fn now(house: &House) -> u64 {
    house.clock.load(std::sync::atomic::Ordering::Relaxed)
}

fn later(house: &House, seconds: u64) {
    house
        .clock
        .fetch_add(seconds, std::sync::atomic::Ordering::Relaxed);
}

#[tokio::test]
async fn a_code_generator_is_added_asked_for_and_removed() {
    let house = House::new();
    let reader = signed_in(&house, "Reader", PASSPHRASE).await;
    let form = reader.get("/me/code").await;
    let secret = hidden(&form, "secret");
    assert!(form.text().contains("<svg"), "a picture to scan");
    let wrong = [("secret", secret.as_str()), ("code", "000000")];
    let refused = reader.post("/me/code", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(hidden(&refused, "secret"), secret, "the picture stays");
    let first = code(&secret, now(&house));
    let right = [("secret", secret.as_str()), ("code", first.as_str())];
    assert_eq!(reader.post("/me/code", &right).await.status, StatusCode::OK);

    later(&house, 60);
    let mut again = Visitor::new(&house);
    let led = again.enter("Reader", PASSPHRASE).await.expect("the way on");
    assert!(led.starts_with("/sign-in/second"), "{led}");
    let items = again.get("/items").await;
    assert_eq!(items.status, StatusCode::SEE_OTHER, "not yet");
    let wrong = again.post("/sign-in/code", &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let second = code(&secret, now(&house));
    let given = again.post("/sign-in/code", &[("code", &second)]).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER);
    assert_eq!(again.get("/items").await.status, StatusCode::OK);

    let mut thief = Visitor::new(&house);
    thief.enter("Reader", PASSPHRASE).await.expect("the way on");
    let used = thief.post("/sign-in/code", &[("code", &second)]).await;
    assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY, "used once");

    let me = again.get("/me").await.text();
    let (_, rest) = me.split_once("/me/second/").expect("the step is listed");
    let step = rest.split('/').next().unwrap_or_default();
    let remove = format!("/me/second/{step}/remove");
    assert_eq!(again.get(&remove).await.status, StatusCode::OK);
    let removed = again.post(&remove, &[("sure", "yes")]).await;
    assert_eq!(removed.status, StatusCode::OK);
    signed_in(&house, "Reader", PASSPHRASE).await;
}

#[tokio::test]
async fn a_recovery_key_on_paper_brings_its_owner_back() {
    let house = House::new();
    let administrator = signed_in(&house, "Administrator", PASSPHRASE).await;
    let fields = [("name", "Nasrin"), ("duty", "member")];
    let check = administrator.post("/members/new", &fields).await;
    assert!(check.text().contains("name=\"sure\""), "checked first");
    let sure = [("name", "Nasrin"), ("duty", "member"), ("sure", "yes")];
    let admitted = administrator.post("/members/new", &sure).await;
    let papers = secrets(&admitted);
    let [passphrase, key, _fingerprint] = papers.as_slice() else {
        panic!("{papers:?}");
    };
    signed_in(&house, "Nasrin", passphrase).await;

    let nobody = Visitor::new(&house);
    let mistyped = [("name", "Nasrin"), ("key", "what was never on the paper")];
    let refused = nobody.post("/recovery/key", &mistyped).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text().contains("value=\"Nasrin\""),
        "what was typed"
    );
    let typed = [("name", "Nasrin"), ("key", key.as_str())];
    let made = secrets(&nobody.post("/recovery/key", &typed).await);
    let mut with_old = Visitor::new(&house);
    let old = with_old.enter("Nasrin", passphrase).await;
    assert_eq!(old, Err(StatusCode::UNPROCESSABLE_ENTITY));
    signed_in(&house, "Nasrin", &made[0]).await;
}

#[tokio::test]
async fn stewards_bring_back_who_has_lost_everything() {
    let house = House::new();
    let member = format!("/members/{}", house.members[&Who::Reader]);
    let sure = [("sure", "yes")];
    let administrator = signed_in(&house, "Administrator", PASSPHRASE).await;
    let begin = format!("{member}/recovery-begin");
    assert_eq!(administrator.get(&begin).await.status, StatusCode::OK);
    let begun = administrator.post(&begin, &sure).await;
    let passphrase = secrets(&begun)[0].clone();
    let approved = administrator
        .post(&format!("{member}/recovery-approve"), &sure)
        .await;
    assert_eq!(approved.status, StatusCode::OK, "{}", approved.text());
    let end = format!("{member}/recovery-end");
    let early = administrator.post(&end, &sure).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "the time is not over");

    later(&house, 3_601);
    let administrator = signed_in(&house, "Administrator", PASSPHRASE).await;
    let ended = administrator.post(&end, &sure).await;
    assert_eq!(ended.status, StatusCode::OK, "{}", ended.text());
    let mut with_old = Visitor::new(&house);
    let old = with_old.enter("Reader", PASSPHRASE).await;
    assert_eq!(old, Err(StatusCode::UNPROCESSABLE_ENTITY));
    let reader = signed_in(&house, "Reader", &passphrase).await;
    let item = format!("/items/{}/{}", house.circle, house.item);
    assert_eq!(reader.get(&item).await.status, StatusCode::NOT_FOUND);

    let steward = signed_in(&house, "Steward", PASSPHRASE).await;
    let restored = steward.post(&format!("{member}/restore"), &sure).await;
    assert_eq!(restored.status, StatusCode::OK, "{}", restored.text());
    let reader = signed_in(&house, "Reader", &passphrase).await;
    assert_eq!(reader.get(&item).await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_travels_can_open_nothing_until_stewards_give_it_back() {
    let house = House::new();
    let item = format!("/items/{}/{}", house.circle, house.item);
    let sure = [("sure", "yes")];
    let reader = signed_in(&house, "Reader", PASSPHRASE).await;
    assert_eq!(reader.get(&item).await.status, StatusCode::OK);
    assert!(reader.get("/me/travel").await.text().contains("Intake"));
    let left = reader.post("/me/travel", &sure).await;
    assert_eq!(left.status, StatusCode::OK, "{}", left.text());
    assert_eq!(reader.get("/me").await.status, StatusCode::SEE_OTHER);
    let travelling = signed_in(&house, "Reader", PASSPHRASE).await;
    assert_eq!(travelling.get(&item).await.status, StatusCode::NOT_FOUND);

    let member = format!("/members/{}", house.members[&Who::Reader]);
    let administrator = signed_in(&house, "Administrator", PASSPHRASE).await;
    let ended = administrator
        .post(&format!("{member}/travel-end"), &sure)
        .await;
    assert_eq!(ended.status, StatusCode::OK, "{}", ended.text());
    let steward = signed_in(&house, "Steward", PASSPHRASE).await;
    let restored = steward.post(&format!("{member}/restore"), &sure).await;
    assert_eq!(restored.status, StatusCode::OK, "{}", restored.text());
    let back = signed_in(&house, "Reader", PASSPHRASE).await;
    assert_eq!(back.get(&item).await.status, StatusCode::OK);
}
