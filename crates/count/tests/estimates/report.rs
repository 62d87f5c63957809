//! The report: a draft says so, a name releases it, foreign text stays text.

use count::estimate::analysis::Settings;
use count::estimate::lcmcr::LcmcrSettings;
use count::estimate::strata::analyse_strata;
use count::estimate::table::Stratified;
use count::report::{Draft, Language, Provenance, ReleaseError};

use crate::kosovo::KOSOVO;

fn draft(text: &str, strata: Option<&str>) -> Draft {
    let lcmcr = LcmcrSettings {
        samples: 400,
        burn_in: 100,
        thinning: 1,
        ..LcmcrSettings::default()
    };
    let settings = Settings {
        lcmcr: Some(lcmcr),
        ..Settings::default()
    };
    let analysis = analyse_strata(
        &Stratified::read(text.as_bytes(), strata).unwrap(),
        &settings,
    );
    let provenance = Provenance {
        table: "lists.csv".to_owned(),
        data_sha256: "00ff".repeat(16),
        program: "mahzar 0.1.0".to_owned(),
        strata: strata.map(str::to_owned),
        command: "mahzar estimate lists.csv --seed 1".to_owned(),
    };
    Draft::new(analysis, settings, provenance)
}

#[test]
fn nothing_is_released_without_a_name() {
    for nobody in ["", "  ", "-", "42", "..."] {
        assert_eq!(
            draft(KOSOVO, None).release(nobody).unwrap_err(),
            ReleaseError::NobodyNamed,
            "{nobody:?}"
        );
    }
    let released = draft(KOSOVO, None).release(" Dr. Shirin Ebadi ").unwrap();
    assert_eq!(released.approved_by(), "Dr. Shirin Ebadi");
    assert_eq!(released.json()["status"], "approved");
    let without = "A,B,C,count\n1,0,0,50\n0,1,0,60\n0,0,1,70\n";
    assert_eq!(
        draft(without, None).release("Shirin").unwrap_err(),
        ReleaseError::NoEstimate
    );
}

#[test]
fn a_draft_says_so_in_every_form() {
    let draft = draft(KOSOVO, None);
    assert!(
        draft
            .html(Language::English)
            .contains("Draft. No statistician has approved")
    );
    assert!(draft.html(Language::Persian).contains("پیش‌نویس"));
    assert_eq!(
        (
            &draft.json()["status"],
            draft.json()["approved_by"].is_null()
        ),
        (&"draft".into(), true)
    );
    assert!(
        draft
            .csv()
            .lines()
            .skip(1)
            .all(|line| line.contains(",draft,"))
    );
}

#[test]
fn machines_get_the_fields_that_were_promised() {
    let json = draft(KOSOVO, None).json();
    assert_eq!(json["estimate"], 10356.5);
    assert_eq!(
        (&json["low"], &json["high"]),
        (&9005.0.into(), &12104.7.into())
    );
    assert_eq!(json["criterion"], "BIC");
    assert_eq!(json["model"], "EXH*ABA*OSCE + EXH*HRW + OSCE*HRW");
    assert!(json["averaged"]["estimate"].as_f64().unwrap() > 10_356.0);
    assert_eq!(json["chao_lower"], 10270.5);
    assert!(
        json["warnings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one.as_str().unwrap().contains("12,741"))
    );
    assert_eq!(json["data_sha256"].as_str().unwrap().len(), 64);
    assert_eq!(json["seed"], 1);
}

#[test]
fn every_figure_carries_its_origin_and_the_page_asks_for_nothing() {
    for language in [Language::English, Language::Persian] {
        let page = draft(KOSOVO, None).html(language);
        for wanted in [
            "00ff00ff",
            "mahzar 0.1.0",
            "--seed 1",
            "<title id=\"overlap-t\">",
            "<desc id=\"intervals-d\">",
            "<caption>",
            "dir=\"",
        ] {
            assert!(page.contains(wanted), "{wanted}");
        }
        for unwanted in ["http://", "https://", "<script", "url(", "@import", "{}"] {
            assert!(!page.contains(unwanted), "{unwanted}");
        }
    }
    assert!(
        draft(KOSOVO, None)
            .html(Language::Persian)
            .contains("۱۰٬۳۵۷")
    );
}

#[test]
fn names_of_lists_stay_text() {
    let text = "<b>x</b>,=cmd(),C,place,count\n1,0,0,<i>,90\n0,1,0,<i>,80\n0,0,1,<i>,70\n1,1,0,<i>,30\n1,0,1,<i>,28\n0,1,1,<i>,25\n1,1,1,<i>,12\n";
    let draft = draft(text, Some("place"));
    let page = draft.html(Language::English);
    assert!(!page.contains("<b>") && !page.contains("<i>") && page.contains("&lt;b&gt;"));
    assert!(
        draft
            .csv()
            .lines()
            .all(|line| !line.split(',').any(|cell| cell.starts_with('=')))
    );
}

#[test]
fn a_refusal_is_written_down_too() {
    let draft = draft("A,B,C,count\n1,0,0,50\n0,1,0,60\n0,0,1,70\n", None);
    let json = draft.json();
    assert!(json["estimate"].is_null() && json["low"].is_null() && json["averaged"].is_null());
    assert!(
        json["refused"]
            .as_str()
            .unwrap()
            .contains("nobody is on more than one list")
    );
    assert!(
        draft
            .html(Language::English)
            .contains("No estimate of the whole number is given")
    );
}
