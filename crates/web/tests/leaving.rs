//! What is destroyed and what goes out: each in steps, with a plan before it is done, through the server's own router.

mod house;

use axum::http::StatusCode;
use house::{House, Who};

fn item(house: &House) -> String {
    format!("/items/{}/{}", house.circle, house.item)
}

#[tokio::test]
async fn an_item_is_erased_in_steps_and_its_page_says_so() {
    let house = House::new();
    let (item, erase) = (item(&house), format!("{}/erase", item(&house)));
    let linked = |text: String| text.contains(&format!("href=\"{erase}\""));
    assert!(linked(house.get(Who::Steward, &item).await.text()));
    assert!(!linked(house.get(Who::Reader, &item).await.text()));

    let empty = house.post(Who::Steward, &erase, &[]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reason = ("reason", "named a bystander");
    let check = house.post(Who::Steward, &erase, &[reason]).await;
    assert_eq!(check.status, StatusCode::OK);
    assert!(check.text().contains("named a bystander") && check.text().contains("class=\"grave\""));
    let still = house.get(Who::Steward, &item).await.text();
    assert!(
        still.contains("گزارش.txt"),
        "looking at the plan erases nothing"
    );

    let sure = [reason, ("sure", "yes")];
    let refused = house.post(Who::Reader, &erase, &sure).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let erased = house.post(Who::Steward, &erase, &sure).await;
    assert_eq!(erased.status, StatusCode::OK, "{}", erased.text());
    let after = house.get(Who::Reader, &item).await.text();
    assert!(after.contains("named a bystander") && !after.contains("گزارش.txt"));
    let again = house.get(Who::Steward, &erase).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn items_are_published_after_a_plan_and_the_bundle_holds() {
    let house = House::new();
    let publish = format!("/publish?item={}", house.item);
    let form = house.get(Who::Reader, &publish).await;
    assert!(form.text().contains("گزارش.txt"));
    let untitled = house.post(Who::Reader, &publish, &[]).await;
    assert_eq!(untitled.status, StatusCode::UNPROCESSABLE_ENTITY);
    let title = ("title", "What was seen");
    let plan = house.post(Who::Reader, &publish, &[title]).await;
    let text = plan.text();
    assert!(text.contains("exhibits/00001.txt") && text.contains("What was seen"));
    assert!(text.contains("Intake"), "the circle whose material it is");
    assert!(text.contains("Nobody described it") && !text.contains("class=\"grave\""));
    let sure = [title, ("sure", "yes")];
    let withheld = house.post(Who::Reader, &publish, &sure).await;
    assert_eq!(withheld.status, StatusCode::UNPROCESSABLE_ENTITY);
    house.describe_as_own();
    let plan = house.post(Who::Reader, &publish, &[title]).await.text();
    assert!(plan.contains("class=\"grave\""));

    let sent = house
        .post(Who::Reader, &publish, &[title, ("sure", "yes")])
        .await;
    assert_eq!(sent.status, StatusCode::OK);
    let disposition = "attachment; filename=\"bundle.mahzar\"";
    assert_eq!(sent.header("content-disposition"), disposition);
    let policy = house.get(Who::Nobody, "/record/policy").await.text();
    let policy = record::policy::Policy::parse(policy.as_bytes()).expect("the policy");
    let report = record::bundle::verify(&sent.body[..], &policy);
    assert!(report.is_ok(), "{report:?}");
    let bytes = String::from_utf8_lossy(&sent.body).into_owned();
    for name in ["Reader", "Steward", "Intake", "گزارش"] {
        assert!(!bytes.contains(name), "the bundle tells {name}");
    }
    let item = house.get(Who::Steward, &item(&house)).await.text();
    assert!(item.contains("Made part of a publication"));
}

#[tokio::test]
async fn what_cannot_be_published_is_said() {
    let house = House::new();
    let nothing = house.get(Who::Reader, "/publish").await;
    assert_eq!(nothing.status, StatusCode::OK);
    assert!(nothing.text().contains("Nothing is chosen"));
    let hidden = [("title", "a\u{202e}b")];
    let publish = format!("/publish?item={}", house.item);
    let refused = house.post(Who::Reader, &publish, &hidden).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("href=\"#title\""));
}
