//! The desk through the server's own router: something is entered, found, seen, changed by two people at once and reviewed.

mod house;

use axum::http::StatusCode;
use desk::model::MODEL;
use house::{Answer, House, Who};

fn desk(house: &House) -> String {
    format!("/desk/{}", house.circle)
}

fn sheet(house: &House) -> String {
    format!("/desk/{}/{}", house.circle, house.entity)
}

/// The value of the first hidden field of this name.
fn hidden(answer: &Answer, name: &str) -> String {
    let text = answer.text();
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = text.split_once(&start).expect("a hidden field");
    rest.split('"').next().expect("a value").to_owned()
}

/// The text of a page without its tags and without the signs that isolate.
fn plain(answer: &Answer) -> String {
    let text = answer.text();
    let mut pieces = text.split('<');
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.filter_map(|piece| piece.split_once('>'));
    let text: String = rest.fold(first, |all, (_, text)| all + text);
    text.replace(['\u{2068}', '\u{2069}'], "")
}

/// Enters something in both steps; the address of its sheet.
async fn entered(house: &House, who: Who, kind: &str, fields: &[(&str, &str)]) -> String {
    let path = format!("{}/new/{kind}", desk(house));
    let check = house.post(who, &path, fields).await;
    assert_eq!(check.status, StatusCode::OK, "{}", plain(&check));
    let id = hidden(&check, "id");
    let sure: Vec<(&str, &str)> = fields
        .iter()
        .copied()
        .chain([("sure", "yes"), ("id", &id)])
        .collect();
    let done = house.post(who, &path, &sure).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", plain(&done));
    let to = done.header("location").to_owned();
    to.split('?').next().expect("an address").to_owned()
}

#[tokio::test]
async fn every_form_of_the_model_is_small_in_every_language() {
    let house = House::new();
    let secret = house.secret(Who::Reader).expect("a session").to_owned();
    for kind in MODEL.types() {
        let path = format!("{}/new/{}", desk(&house), kind.name);
        for (part, language) in
            (0..6).flat_map(|part| ["fa", "en", "ar", "fr"].map(|one| (part, one)))
        {
            let request = axum::http::Request::post(&path)
                .header("host", "127.0.0.1:7400")
                .header("cookie", format!("session={secret}; language={language}"))
                .header("content-type", "application/x-www-form-urlencoded");
            let body = format!("token={}&part={part}", house.token(Who::Reader));
            let page = house
                .send(request.body(body.into()).expect("a request"))
                .await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(page.text().contains(&format!("lang=\"{language}\"")));
            let length = page.body.len();
            assert!(
                length < 60_000,
                "{path} part {part} in {language} has {length} bytes"
            );
        }
    }
}

#[tokio::test]
async fn a_person_is_entered_after_the_answers_were_seen_and_only_once() {
    let house = House::new();
    let path = format!("{}/new/person", desk(&house));
    let fields = [
        ("v-name", "مینا نمونه"),
        ("v-name", "Mina Example"),
        ("v-born", "۱۳۶۰/۱/۲"),
        ("v-sex", "female"),
    ];
    let check = house.post(Who::Steward, &path, &fields).await;
    let text = plain(&check);
    assert!(
        text.contains("Mina Example") && text.contains("22 March 1981"),
        "{text}"
    );
    let none = house
        .get(Who::Steward, &format!("{}?text=mina", desk(&house)))
        .await;
    assert!(
        plain(&none).contains("Nothing fits"),
        "looking enters nothing"
    );

    let id = hidden(&check, "id");
    let sure: Vec<_> = fields
        .into_iter()
        .chain([("sure", "yes"), ("id", id.as_str())])
        .collect();
    let done = house.post(Who::Steward, &path, &sure).await;
    let again = house.post(Who::Steward, &path, &sure).await;
    assert_eq!(done.header("location"), again.header("location"));
    let found = house
        .get(Who::Reader, &format!("{}?text=مينا", desk(&house)))
        .await;
    assert!(plain(&found).contains("One found"), "{}", plain(&found));
    assert!(found.text().contains("<mark>"));

    let sheet = house.get(Who::Reader, done.header("location")).await;
    let text = plain(&sheet);
    for told in [
        "مینا نمونه",
        "Mina Example",
        "2 Farvardin 1360",
        "Female",
        "Draft",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_linked_and_what_was_typed_is_kept() {
    let house = House::new();
    let path = format!("{}/new/person", desk(&house));
    let fields = [
        ("v-born", "31 of February"),
        ("v-occupation", "<b>baker</b> & \"poet\""),
        ("v-photograph", "0123456789abcdef0123456789abcdef"),
    ];
    let wrong = house.post(Who::Reader, &path, &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = wrong.text();
    for link in [
        "href=\"#f-name\"",
        "href=\"#f-born\"",
        "href=\"#f-photograph\"",
    ] {
        assert!(text.contains(link), "{link}");
    }
    assert!(text.contains("id=\"f-born\"") && text.contains("value=\"31 of February\""));
    assert!(text.contains("&#60;b&#62;baker&#60;/b&#62;") && !text.contains("<b>baker"));
    let nothing = house.post(Who::Reader, &path, &[("v-nonsense", "x")]).await;
    assert_eq!(nothing.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn parts_of_a_long_form_carry_what_was_typed_before() {
    let house = House::new();
    let path = format!("{}/new/account", desk(&house));
    let first = [("v-title", "First telling"), ("part", "3")];
    let page = house.post(Who::Reader, &path, &first).await;
    assert_eq!(hidden(&page, "v-title"), "First telling");
    assert_eq!(hidden(&page, "at"), "3");
    let more = house
        .post(
            Who::Reader,
            &path,
            &[("v-present", "a guard"), ("at", "1"), ("more", "present")],
        )
        .await;
    let text = more.text();
    assert!(text.contains("id=\"f-present-2\"") && text.contains("value=\"a guard\""));
}

#[tokio::test]
async fn what_a_field_points_to_is_found_chosen_and_linked() {
    let house = House::new();
    let path = format!("{}/new/act", desk(&house));
    let known = MODEL.vocabulary("violation").expect("a vocabulary");
    let code = known.terms.first().expect("a term").code;
    let fields = [
        ("v-violation", code),
        ("q-victim", "ava"),
        ("find", "victim"),
    ];
    let found = house.post(Who::Reader, &path, &fields).await;
    let choice = format!(
        "type=\"radio\" id=\"f-victim\" name=\"v-victim\" value=\"{}\"",
        house.entity
    );
    assert!(found.text().contains(&choice), "{}", found.text());
    // Words that are left beside a field are not lost: the form asks for a choice.
    let left = house.post(Who::Reader, &path, &fields[..2]).await;
    assert_eq!(left.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(left.text().contains(&choice));
    // An id is taken as a choice.
    let by_id = [("v-violation", code), ("q-victim", house.entity.as_str())];
    let check = house.post(Who::Reader, &path, &by_id).await;
    assert!(plain(&check).contains("Ava Invented"), "{}", plain(&check));

    let act = entered(
        &house,
        Who::Reader,
        "act",
        &[("v-violation", code), ("v-victim", &house.entity)],
    )
    .await;
    let page = house.get(Who::Steward, &act).await;
    assert!(page.text().contains(&format!("href=\"{}\"", sheet(&house))));
    let person = house.get(Who::Steward, &sheet(&house)).await;
    let pointing = format!(
        "{}?type=act&#38;refers=victim:{}",
        desk(&house),
        house.entity
    );
    assert!(person.text().contains(&pointing), "{}", person.text());
    let search = house
        .get(Who::Steward, &pointing.replace("&#38;", "&"))
        .await;
    assert!(search.text().contains(&act));
    let prefilled = format!("{}/new/act?victim={}", desk(&house), house.entity);
    let form = house.get(Who::Reader, &prefilled).await;
    assert!(
        form.text()
            .contains(&format!("value=\"{}\" checked", house.entity))
    );
}

#[tokio::test]
async fn two_people_who_edit_one_thing_are_both_kept_and_the_page_says_so() {
    let house = House::new();
    let edit = format!("{}/edit", sheet(&house));
    let seen = hidden(&house.get(Who::Reader, &edit).await, "seen");
    let name = ("v-name", "Ava Invented");
    let born = |year| {
        [
            name,
            ("v-born", year),
            ("seen", seen.as_str()),
            ("sure", "yes"),
        ]
    };
    let first = house.post(Who::Steward, &edit, &born("1980")).await;
    assert!(first.header("location").ends_with("said=changed"));
    let mut check = born("1981").to_vec();
    check.pop();
    let meanwhile = plain(&house.post(Who::Reader, &edit, &check).await);
    assert!(
        meanwhile.contains("Steward stated something about: Born"),
        "{meanwhile}"
    );
    let second = house.post(Who::Reader, &edit, &born("1981")).await;
    assert!(second.header("location").ends_with("said=both"));
    let page = house.get(Who::Reader, &sheet(&house)).await;
    let text = plain(&page);
    for told in ["People disagree here", "1980", "1981", "Steward", "Reader"] {
        assert!(text.contains(told), "{told}");
    }
    assert!(page.text().contains("href=\"#s-born\""));

    // Whoever changes something else settles nothing by it.
    let form = house.get(Who::Steward, &edit).await;
    let seen = hidden(&form, "seen");
    assert!(form.text().contains("without knowing of one another"));
    let other = [
        name,
        ("v-born", ""),
        ("v-sex", "female"),
        ("seen", &seen),
        ("sure", "yes"),
    ];
    house.post(Who::Steward, &edit, &other).await;
    let text = plain(&house.get(Who::Reader, &sheet(&house)).await);
    assert!(
        text.contains("People disagree here") && text.contains("Female"),
        "{text}"
    );
    let seen = hidden(&house.get(Who::Steward, &edit).await, "seen");
    let settle = [
        name,
        ("v-born", "1981"),
        ("v-sex", "female"),
        ("seen", &seen),
        ("sure", "yes"),
    ];
    house.post(Who::Steward, &edit, &settle).await;
    let text = plain(&house.get(Who::Reader, &sheet(&house)).await);
    assert!(!text.contains("People disagree here"), "{text}");
}

#[tokio::test]
async fn whoever_sends_an_old_form_states_only_what_they_changed() {
    let house = House::new();
    let edit = format!("{}/edit", sheet(&house));
    let seen = hidden(&house.get(Who::Reader, &edit).await, "seen");
    let name = ("v-name", "Ava Invented");
    let common = [("seen", seen.as_str()), ("sure", "yes")];
    let born = [&[name, ("v-born", "1980")][..], &common].concat();
    house.post(Who::Steward, &edit, &born).await;
    // The reader's form was made when nothing stood there; they fill in another field.
    let sex = [&[name, ("v-sex", "female")][..], &common].concat();
    house.post(Who::Reader, &edit, &sex).await;
    let text = plain(&house.get(Who::Reader, &sheet(&house)).await);
    assert!(text.contains("1980") && text.contains("Female"), "{text}");
    assert!(!text.contains("People disagree here"), "{text}");
    let nothing = house
        .post(Who::Reader, &edit, &[name, ("seen", &seen)])
        .await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(plain(&nothing).contains("Nothing was changed"));
    let unseen = house
        .post(Who::Reader, &edit, &[name, ("v-born", "1999")])
        .await;
    assert_eq!(unseen.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn somebody_else_reviews() {
    let house = House::new();
    let review = format!("{}/review", sheet(&house));
    let seen = hidden(&house.get(Who::Steward, &sheet(&house)).await, "seen");
    let step = |outcome| {
        [
            ("outcome", outcome),
            ("comment", ""),
            ("seen", seen.as_str()),
        ]
    };
    let own = house.post(Who::Steward, &review, &step("reviewed")).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    let asked = house.post(Who::Steward, &review, &step("submitted")).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    let waiting = plain(&house.get(Who::Reader, &sheet(&house)).await);
    assert!(waiting.contains("Waiting for review") && waiting.contains("I have reviewed this"));
    let silent = house.post(Who::Reader, &review, &step("returned")).await;
    assert_eq!(
        silent.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "without saying why"
    );
    let back = [
        ("outcome", "returned"),
        ("comment", "Which Ava?"),
        ("seen", &seen),
    ];
    house.post(Who::Reader, &review, &back).await;
    let text = plain(&house.get(Who::Steward, &sheet(&house)).await);
    assert!(text.contains("Returned to the writer") && text.contains("Which Ava?"));
    let edit = format!("{}/edit", sheet(&house));
    let change = [
        ("v-name", "Ava Invented"),
        ("v-born", "1980"),
        ("seen", &seen),
        ("sure", "yes"),
    ];
    house.post(Who::Steward, &edit, &change).await;
    let old = house.post(Who::Reader, &review, &step("reviewed")).await;
    assert_eq!(
        old.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "of words not seen"
    );
    assert!(plain(&old).contains("Look at it again"));
}

#[tokio::test]
async fn a_case_tells_who_is_who_what_is_missing_and_where_people_disagree() {
    let house = House::new();
    let state = MODEL.vocabulary("case_state").expect("a vocabulary").terms[0].code;
    let case = entered(
        &house,
        Who::Reader,
        "case",
        &[("v-title", "Square"), ("v-state", state)],
    )
    .await;
    let id = case.rsplit('/').next().expect("an id").to_owned();
    let event = [
        ("v-title", "Gathering"),
        ("v-date", "1401-06-30"),
        ("v-case", id.as_str()),
    ];
    let event = entered(&house, Who::Reader, "event", &event).await;
    let event = event.rsplit('/').next().expect("an id").to_owned();
    let code = MODEL.vocabulary("violation").expect("a vocabulary").terms[0].code;
    let act = [
        ("v-violation", code),
        ("v-event", &event),
        ("v-victim", &house.entity),
    ];
    let act = entered(&house, Who::Reader, "act", &act).await;
    let text = plain(&house.get(Who::Reader, &case).await);
    for told in [
        "Who is who",
        "Ava Invented",
        "Against whom",
        "Gathering",
        "Not stated:",
        "21 September 2022",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    let edit = format!("{act}/edit");
    let seen = hidden(&house.get(Who::Reader, &edit).await, "seen");
    for (who, date) in [(Who::Reader, "2022-09-21"), (Who::Steward, "2022-09-22")] {
        let fields = [
            ("v-violation", code),
            ("v-event", &event),
            ("v-victim", &house.entity),
            ("v-date", date),
            ("seen", &seen),
            ("sure", "yes"),
        ];
        house.post(who, &edit, &fields).await;
    }
    let page = house.get(Who::Reader, &case).await.text();
    let (_, disagreements) = page.split_once("id=\"contradictions\"").expect("a heading");
    assert!(disagreements.contains(&act), "{disagreements}");
}

#[tokio::test]
async fn an_item_and_what_is_documented_about_it_lead_to_one_another() {
    let house = House::new();
    let item = format!("/items/{}/{}", house.circle, house.item);
    let describe = format!("{}/new/material?item={}", desk(&house), house.item);
    assert!(
        house
            .get(Who::Reader, &item)
            .await
            .text()
            .contains(&describe)
    );
    let basis = MODEL.vocabulary("basis").expect("a vocabulary").terms[0].code;
    let answer = MODEL.vocabulary("answer").expect("a vocabulary").terms[0].code;
    let fields = [
        ("v-title", "A report"),
        ("v-item", house.item.as_str()),
        ("v-identifies", answer),
        ("v-basis", basis),
    ];
    let material = entered(&house, Who::Reader, "material", &fields).await;
    assert!(
        house
            .get(Who::Reader, &item)
            .await
            .text()
            .contains(&material)
    );
    let sheet = house.get(Who::Reader, &material).await.text();
    assert!(sheet.contains(&format!("href=\"{item}\"")) && sheet.contains("گزارش.txt"));
}

#[tokio::test]
async fn a_search_is_narrowed_by_its_address() {
    let house = House::new();
    for (name, sex, born) in [
        ("One", "female", "1401/6/30"),
        ("Two", "male", "2001-02-03"),
    ] {
        entered(
            &house,
            Who::Reader,
            "person",
            &[("v-name", name), ("v-sex", sex), ("v-born", born)],
        )
        .await;
    }
    let found = |query: String| {
        let path = format!("{}?{query}", desk(&house));
        let house = &house;
        async move { plain(&house.get(Who::Reader, &path).await) }
    };
    let text = found("type=person&is=sex:female".to_owned()).await;
    assert!(
        text.contains("One found") && text.contains("Sex: Female"),
        "{text}"
    );
    let text = found("from=2022-09-21&to=2022-09-21".to_owned()).await;
    assert!(text.contains("One found"), "{text}");
    let text = found("type=person&missing=born".to_owned()).await;
    assert!(
        text.contains("One found") && text.contains("Ava Invented"),
        "{text}"
    );
    let text = found("type=person&as=table&sort=title".to_owned()).await;
    assert!(text.contains("3 found"), "{text}");
    let text = found("from=yesterday".to_owned()).await;
    assert!(
        text.contains("There is a problem") && text.contains("Write a date"),
        "{text}"
    );
    let all = plain(&house.get(Who::Reader, "/desk?text=ava").await);
    assert!(
        all.contains("Intake") && all.contains("Ava Invented"),
        "{all}"
    );
}

#[tokio::test]
async fn what_cannot_be_seen_does_not_deceive() {
    let house = House::new();
    let fields = [("v-name", "a\u{202e}gpj.exe <script>x</script>")];
    let sheet = entered(&house, Who::Reader, "person", &fields).await;
    for path in [sheet.clone(), format!("{sheet}/edit"), desk(&house)] {
        let text = house.get(Who::Steward, &path).await.text();
        let form = path.ends_with("/edit");
        assert!(form || !text.contains('\u{202e}'), "{path}");
        assert!(!text.contains("<script>x"), "{path}");
    }
}

#[tokio::test]
async fn a_form_whose_session_ended_is_given_back_and_nothing_is_entered() {
    let house = House::new();
    let path = format!("{}/new/person", desk(&house));
    let fields = [
        ("v-name", "Half Written"),
        ("seen", "3"),
        ("at", "1"),
        ("sure", "yes"),
    ];
    let kept = house.post(Who::Nobody, &path, &fields).await;
    assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = plain(&kept);
    assert!(text.contains("nothing is lost"), "{text}");
    assert_eq!(hidden(&kept, "v-name"), "Half Written");
    assert!(
        !kept.text().contains("name=\"sure\""),
        "it leads to the answers"
    );
    let absent = path.replace(&house.circle.to_string(), &"0".repeat(32));
    let other = house.post(Who::Nobody, &absent, &fields).await;
    let told = kept
        .text()
        .replace(&house.circle.to_string(), &"0".repeat(32));
    assert_eq!(told, other.text(), "it tells nothing of circles");

    // Signed in meanwhile, with the page of the session before: shown once more, not entered.
    let body = format!("token={}&v-name=Half+Written&sure=yes", "0".repeat(64));
    let again = house
        .ask(Who::Reader, axum::http::Method::POST, &path, Some(&body))
        .await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let token = hidden(&again, "token");
    assert_eq!(token, house.token(Who::Reader));
    let check = house
        .post(Who::Reader, &path, &[("v-name", "Half Written")])
        .await;
    assert!(plain(&check).contains("Check your answers"));
    let none = house
        .get(Who::Reader, &format!("{}?text=half", desk(&house)))
        .await;
    assert!(plain(&none).contains("Nothing fits"));
}

#[tokio::test]
async fn whoever_has_three_thousand_relations_has_a_small_page() {
    let house = House::new();
    let passphrase = vault::passphrase::Passphrase::read(house::PASSPHRASE).expect("a passphrase");
    let session = house
        .office
        .sign_in("Reader", &passphrase)
        .expect("a session");
    let writer = house
        .office
        .writer(&session, house.circle)
        .expect("a writer");
    let code = MODEL.vocabulary("violation").expect("a vocabulary").terms[0].code;
    let act = |number: u32| {
        let set = [
            ("title", format!("act {number}")),
            ("violation", code.to_owned()),
            ("victim", house.entity.clone()),
            ("date", "2022-09-21".to_owned()),
        ];
        office::Draft {
            type_name: "act".to_owned(),
            set: set
                .into_iter()
                .map(|(field, value)| (field.to_owned(), vec![value]))
                .collect(),
            ..office::Draft::default()
        }
    };
    for batch in 0..6 {
        let drafts = (batch * 500..(batch + 1) * 500).map(act).collect();
        house
            .office
            .state_all(&writer, drafts)
            .expect("acts are stated");
    }
    let page = house.get(Who::Reader, &sheet(&house)).await;
    let text = plain(&page);
    assert!(text.contains("3,000") && text.contains("only the last stated"));
    assert!(page.body.len() < 60_000, "{} bytes", page.body.len());
    let search = format!("{}?type=act&refers=victim:{}", desk(&house), house.entity);
    let found = house.get(Who::Reader, &search).await;
    assert!(plain(&found).contains("3,000 found"));
    assert!(found.body.len() < 60_000, "{} bytes", found.body.len());
}
