//! Every route by every kind of person, for what is theirs, somebody else's, and not there at all. The rows below are
//! held against the router's own table: a route without a row fails.

mod house;

use axum::http::{Method, StatusCode};
use house::{Answer, House, Who};
use web::routes::table;

/// Which thing a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    /// The circle Intake, its item, the steward; a step and an upload that nobody has.
    There,
    /// Ids of the right form that name nothing.
    Absent,
    /// What does not read as an id.
    Nonsense,
}

/// Who reaches a route's page for a thing that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    Everyone,
    EveryoneThere,
    SignedIn,
    Readers,
    MembersOfCircle,
    Stewards,
    SelfOrSteward,
    Administrators,
    AdministratorsThere,
    AnyMemberThere,
    NobodyHere,
}

fn row(method: &Method, path: &str) -> Row {
    match (method.as_str(), path) {
        (
            "GET",
            "/" | "/about" | "/limits" | "/help" | "/verify" | "/verify/offline" | "/record"
            | "/record/leaves" | "/record/policy",
        ) => Row::Everyone,
        ("GET", "/booth" | "/booth/trustee" | "/booth/auditor") => Row::Everyone,
        ("GET", "/checkpoint" | "/sign-in" | "/recovery" | "/recovery/key") => Row::Everyone,
        ("POST", "/sign-in" | "/sign-out" | "/recovery/key") => Row::Everyone,
        ("GET", "/sign-in/second") | ("POST", "/sign-in/passkey" | "/sign-in/code") => {
            Row::NobodyHere
        }
        (
            "GET",
            "/assets/{digest}/{name}"
            | "/language/{tag}"
            | "/record/leaves/{number}"
            | "/record/leaves/{number}/proof"
            | "/tile/{*path}"
            | "/record/find",
        ) => Row::EveryoneThere,
        (
            "GET",
            "/items" | "/items/add" | "/circles" | "/circles/new" | "/members" | "/me"
            | "/me/passphrase" | "/me/code" | "/me/travel" | "/outside-offices" | "/key-holders"
            | "/desk",
        ) => Row::SignedIn,
        ("POST", "/circles/new" | "/me/passphrase" | "/me/code" | "/me/travel") => Row::SignedIn,
        ("GET", "/items/{circle}/{item}" | "/items/{circle}/{item}/proof")
        | ("POST", "/items/{circle}/{item}/open") => Row::Readers,
        ("GET", "/desk/{circle}" | "/desk/{circle}/{entity}")
        | (_, "/desk/{circle}/new/{type}" | "/desk/{circle}/{entity}/edit")
        | ("POST", "/desk/{circle}/{entity}/review") => Row::Readers,
        // What is to be published is named in the query.
        (_, "/publish") => Row::Readers,
        (_, "/items/{circle}/{item}/erase") => Row::Stewards,
        ("GET", "/circles/{circle}") => Row::MembersOfCircle,
        ("POST", "/circles/{circle}/renew") => Row::Readers,
        (_, "/circles/{circle}/add") => Row::Stewards,
        (_, "/circles/{circle}/remove/{member}") => Row::SelfOrSteward,
        (_, "/members/new") => Row::Administrators,
        (_, "/members/{member}/revoke" | "/members/{member}/{act}") => Row::AdministratorsThere,
        ("GET", "/members/{member}") => Row::AnyMemberThere,
        // Under 127.0.0.1 passkeys do not work; steps and uploads are nobody's; the plain upload is tested by itself.
        (
            _,
            "/me/passkey"
            | "/me/second/{step}/remove"
            | "/uploads/{id}"
            | "/uploads/{id}/end"
            | "/uploads",
        )
        | ("POST", "/items/add") => Row::NobodyHere,
        _ => panic!("{method} {path} has no row: say here who may reach it"),
    }
}

fn reaches(row: Row, who: Who, about: About) -> bool {
    let there = about == About::There;
    match row {
        Row::Everyone => true,
        Row::EveryoneThere => there,
        Row::SignedIn => who != Who::Nobody,
        Row::Readers => there && matches!(who, Who::Steward | Who::Reader),
        Row::MembersOfCircle => there && matches!(who, Who::Steward | Who::Reader | Who::Traveller),
        Row::Stewards | Row::SelfOrSteward => there && who == Who::Steward,
        Row::Administrators => who == Who::Administrator,
        Row::AdministratorsThere => there && who == Who::Administrator,
        Row::AnyMemberThere => there && who != Who::Nobody,
        Row::NobodyHere => false,
    }
}

fn address(house: &House, path: &str, about: About) -> String {
    let absent = "0123456789abcdef0123456789abcdef";
    let (circle, member, item) = (
        house.circle.to_string(),
        house.members[&Who::Steward].to_string(),
        house.item.clone(),
    );
    let style = web::assets::named("style.css")
        .expect("the house stands")
        .address;
    let digest = style.split('/').nth(2).expect("the house stands");
    let pick = |there: &str, gone: &str, nonsense: &str| match about {
        About::There => there.to_owned(),
        About::Absent => gone.to_owned(),
        About::Nonsense => nonsense.to_owned(),
    };
    let nonsense = "%3Cscript%3E..%2F";
    let path = path
        .replace("{circle}", &pick(&circle, absent, nonsense))
        .replace("{item}", &pick(&item, absent, nonsense))
        .replace("{entity}", &pick(&house.entity, absent, nonsense))
        .replace("{type}", &pick("person", "unicorn", nonsense))
        .replace("{member}", &pick(&member, absent, nonsense))
        .replace("{act}", &pick("recovery-begin", "recovery-begin", nonsense))
        .replace("{step}", absent)
        .replace("{id}", absent)
        .replace("{number}", &pick("0", "99999999", nonsense))
        .replace("{tag}", &pick("fa", "de", nonsense))
        .replace("{digest}", &pick(digest, "0000000000000000", nonsense))
        .replace("{name}", "style.css")
        .replace(
            "{*path}",
            &pick(
                "entries/000.p/16",
                "entries/x999/999",
                "..%2F..%2Fledger.db",
            ),
        );
    match path.as_str() {
        "/record/find" => format!("/record/find?number={}", pick("0", "x", "x")),
        "/publish" => format!("/publish?item={}", pick(&item, absent, nonsense)),
        _ => path,
    }
}

async fn requested(house: &House, method: &Method, path: &str, who: Who) -> Answer {
    match *method {
        Method::GET => house.get(who, path).await,
        _ => {
            house
                .ask(
                    who,
                    method.clone(),
                    path,
                    Some(&format!("token={}", house.token(who))),
                )
                .await
        }
    }
}

#[tokio::test]
async fn every_route_opens_for_whom_it_should_and_for_nobody_else() {
    // What ends sessions comes last, each on a house of its own.
    let ends = |path: &str| matches!(path, "/sign-out" | "/me/travel");
    let house = House::new();
    let mut cases = 0;
    for route in table()
        .iter()
        .filter(|route| !(ends(route.path) && route.method == Method::POST))
    {
        for about in [About::There, About::Absent, About::Nonsense] {
            for who in Who::ALL {
                let path = address(&house, route.path, about);
                let answer = requested(&house, &route.method, &path, who).await;
                check(&house, route, &path, who, about, &answer);
                cases += 1;
            }
        }
    }
    assert!(cases > 1_000, "{cases}");
}

fn check(
    house: &House,
    route: &web::routes::Route,
    path: &str,
    who: Who,
    about: About,
    answer: &Answer,
) {
    let case = format!(
        "{} {path} as {who:?}: {} {}",
        route.method,
        answer.status,
        answer.header("location")
    );
    assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{case}");
    let to_sign_in = answer.status == StatusCode::SEE_OTHER
        && answer.header("location").starts_with("/sign-in?back=");
    if route.who != web::routes::Who::Anyone && who == Who::Nobody {
        assert!(to_sign_in, "{case}");
        return;
    }
    let row = row(&route.method, route.path);
    if reaches(row, who, about) {
        let reached = answer.status.is_success()
            || answer.status.is_redirection()
            || matches!(answer.status.as_u16(), 400 | 409 | 422);
        assert!(reached && !to_sign_in, "{case}");
    } else if row != Row::NobodyHere {
        assert!(answer.status == StatusCode::NOT_FOUND, "{case}");
        let text = answer.text();
        assert!(
            !text.contains("Intake") && !text.contains(&house.item),
            "{case}"
        );
    } else {
        assert!(!answer.status.is_success(), "{case}");
    }
}

#[tokio::test]
async fn absent_and_forbidden_are_the_same_bytes() {
    let house = House::new();
    for who in [Who::Administrator, Who::Outsider, Who::Traveller] {
        let mut seen: Vec<(String, Answer)> = Vec::new();
        for path in [
            "/items/{circle}/{item}",
            "/items/{circle}/{item}/proof",
            "/items/{circle}/{item}/erase",
            "/items/add?circle={circle}",
            "/publish",
            "/circles/{circle}/add",
            "/circles/{circle}/remove/{member}",
            "/desk/{circle}",
            "/desk/{circle}?type=unicorn",
            "/desk/{circle}/new/{type}",
            "/desk/{circle}/new/person",
            "/desk/{circle}/{entity}",
            "/desk/{circle}/{entity}/edit",
        ] {
            for about in [About::There, About::Absent, About::Nonsense] {
                let path = address(&house, path, about);
                seen.push((path.clone(), house.get(who, &path).await));
            }
        }
        seen.push(("/nowhere".to_owned(), house.get(who, "/nowhere").await));
        let (_, first) = &seen[0];
        for (path, answer) in &seen {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{who:?} {path}");
            assert_eq!(answer.body, first.body, "{who:?} {path}");
            let (mut one, mut other) = (answer.headers.clone(), first.headers.clone());
            one.remove("date");
            other.remove("date");
            assert_eq!(one, other, "{who:?} {path}");
        }
    }
}

#[tokio::test]
async fn nothing_changes_without_the_pages_token_or_from_another_site() {
    let house = House::new();
    for route in table().iter().filter(|route| route.method != Method::GET) {
        let path = address(&house, route.path, About::There);
        for body in ["", "token=", &format!("token={}", house.token(Who::Reader))] {
            let answer = house
                .ask(Who::Steward, route.method.clone(), &path, Some(body))
                .await;
            let refused = matches!(answer.status.as_u16(), 400 | 403);
            assert!(
                refused,
                "{} {path} with {body:?}: {}",
                route.method, answer.status
            );
        }
        let body = format!("token={}", house.token(Who::Steward));
        let request = axum::http::Request::builder()
            .method(route.method.clone())
            .uri(&path)
            .header("host", "127.0.0.1:7400")
            .header(
                "cookie",
                format!(
                    "session={}",
                    house.secret(Who::Steward).expect("the house stands")
                ),
            )
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site");
        let answer = house
            .send(request.body(body.into()).expect("the house stands"))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::FORBIDDEN,
            "{} {path}",
            route.method
        );
    }
}

#[tokio::test]
async fn every_answer_is_dressed() {
    let house = House::new();
    for route in table() {
        let path = address(&house, route.path, About::There);
        let answer = requested(&house, &route.method, &path, Who::Outsider).await;
        for (name, value) in [
            (
                "content-security-policy",
                web::headers::CONTENT_SECURITY_POLICY,
            ),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        let kept = answer.status.is_success() && route.keep != web::headers::Keep::Nowhere;
        assert_eq!(
            answer.header("cache-control") == "no-store",
            !kept,
            "{path}"
        );
        let length = answer.body.len();
        // The page that is saved for use without a network carries its scripts and is fetched once.
        let fetched_once = path == "/verify/offline";
        assert!(length < 60_000 || fetched_once, "{path} has {length} bytes");
    }
}
