//! The documentation desk through the program: what is stated, searched, contradicted, reviewed and erased.

#[expect(dead_code, reason = "the other tests live in the rest of the house")]
mod house;

use house::{House, Ran};

/// Two documenters of one circle, and a member outside it.
fn desk() -> House {
    let mut house = House::found();
    for name in ["layla", "kaveh", "outsider"] {
        house.admit(name, "member");
    }
    house.done("layla", &["circle", "create", "intake"]);
    house.done("layla", &["circle", "add", "intake", "kaveh"]);
    house
}

fn entity(ran: &Ran) -> String {
    let id = ran.lines[0]["entity"].as_str().expect("an entity");
    id.to_owned()
}

fn values(house: &House, id: &str, field: &str) -> Vec<String> {
    let shown = house.done("layla", &["person", "show", id]);
    let facts = shown.lines[0]["fields"][field]
        .as_array()
        .cloned()
        .unwrap_or_default();
    facts
        .iter()
        .map(|fact| fact["value"].as_str().expect("a text").to_owned())
        .collect()
}

#[test]
fn a_person_is_stated_found_in_every_spelling_and_kept_from_others() {
    let house = desk();
    let id = entity(&house.done(
        "layla",
        &["person", "add", "name=محمد علی‌پور", "born=۱۳۶۰/۵"],
    ));
    for words in ["محمدعلي پور", "Mohammad Alipour", "علی‌پور محمد"] {
        let found = house.done("kaveh", &["search", words]);
        assert_eq!(found.lines.len(), 1, "{words}");
        assert_eq!(found.lines[0]["entity"], id.as_str());
    }
    assert_eq!(values(&house, &id, "born"), ["sh:1360-05"]);
    assert!(house.done("outsider", &["search", "محمد"]).lines.is_empty());
    let hidden = house.refused("outsider", &["person", "show", &id]);
    let absent = house.refused("outsider", &["person", "show", &"0".repeat(32)]);
    assert_eq!(
        (hidden.as_str(), absent.as_str()),
        ("fault-refused", "fault-refused")
    );
}

#[test]
fn two_who_did_not_see_one_another_are_both_kept() {
    let house = desk();
    let made = house.done("layla", &["person", "add", "name=Ali"]);
    let (id, seen) = (entity(&made), made.lines[0]["seq"].to_string());
    house.done(
        "layla",
        &["person", "set", &id, "born=1981", "--seen", &seen],
    );
    house.done(
        "kaveh",
        &["person", "set", &id, "born=1982", "--seen", &seen],
    );
    assert_eq!(values(&house, &id, "born"), ["1981", "1982"]);
    house.done(
        "kaveh",
        &[
            "person",
            "set",
            &id,
            "born=1982",
            "--reason",
            "his birth certificate",
        ],
    );
    assert_eq!(values(&house, &id, "born"), ["1982"]);
    let history = house.done("layla", &["person", "history", &id]);
    assert_eq!(history.lines.len(), 4);
    assert_eq!(history.lines[3]["reason"], "his birth certificate");
    assert_eq!(
        house.refused("kaveh", &["person", "set", &id, "born=1982"]),
        "fault-unchanged"
    );
}

#[test]
fn what_is_wrong_is_named_field_by_field_and_nothing_is_entered() {
    let house = desk();
    let ran = house.run(
        "layla",
        &["person", "add", "born=1981-02-30", "colour=blue"],
    );
    assert_eq!(ran.code, Some(2));
    let cause = ran.lines[0]["error"]["cause"].as_str().expect("a cause");
    for field in [
        "born: not a date",
        "colour: there is no such field",
        "name: it must be filled in",
    ] {
        assert!(cause.contains(field), "{cause}");
    }
    assert!(house.done("layla", &["person", "list"]).lines.is_empty());
    assert_eq!(
        house.refused("layla", &["person", "add", "Ali"]),
        "fault-field-form"
    );
}

#[test]
fn somebody_else_reviews_and_what_is_erased_is_gone() {
    let house = desk();
    let id = entity(&house.done("layla", &["person", "add", "name=Unforgettable"]));
    house.done("layla", &["person", "review", &id, "submitted"]);
    assert_eq!(
        house.refused("layla", &["person", "review", &id, "reviewed"]),
        "fault-own-words"
    );
    house.done(
        "kaveh",
        &[
            "person",
            "review",
            &id,
            "reviewed",
            "--comment",
            "read twice",
        ],
    );
    let reviewed = house.done("layla", &["person", "list", "--state", "reviewed"]);
    assert_eq!(reviewed.lines.len(), 1);
    house.done(
        "layla",
        &["person", "erase", &id, "--reason", "asked for", "--yes"],
    );
    assert!(
        house
            .done("layla", &["search", "unforgettable"])
            .lines
            .is_empty()
    );
    assert_eq!(
        house.refused("layla", &["person", "show", &id]),
        "fault-refused"
    );
    house.done("layla", &["fsck"]);
}

/// How many rows came to what.
fn totals(ran: &Ran) -> [u64; 6] {
    let last = ran.lines.last().expect("totals");
    ["rows", "new", "changed", "unchanged", "empty", "rejected"]
        .map(|name| last[name].as_u64().expect("a number"))
}

const LIST: &str = "شماره,نام,Sex,Born,remarks\n\
    1,محمد علی‌پور;Mohammad Alipour,مرد,۱۳۶۰/۵/۱۲,x\n\
    2,شیرین کریمی,Female,1985,\n\
    3,,male,1990,\n\
    ,,,,\n\
    4,Reza,male,1990-02-31,\n\
    2,again,male,1990,\n";

const IMPORT: [&str; 5] = ["--type", "person", "--id", "شماره", "--separator=;"];

#[test]
fn a_table_is_imported_once_and_its_totals_reconcile() {
    let house = desk();
    let table = house.file("list.csv", LIST.as_bytes());
    let import = |more: &[&str]| {
        let arguments = [&["import", &table][..], &IMPORT, more].concat();
        house.run("layla", &arguments)
    };
    let dry = import(&["--dry-run"]);
    assert_eq!(totals(&dry), [6, 2, 0, 0, 1, 3]);
    assert!(
        house.done("layla", &["person", "list"]).lines.is_empty(),
        "a dry run enters nothing"
    );
    let report = house.at("report.jsonl");
    let ran = import(&["--report", &report]);
    assert_eq!((ran.code, totals(&ran)), (Some(1), [6, 2, 0, 0, 1, 3]));
    let told = std::fs::read_to_string(&report).expect("written");
    let outcomes: Vec<String> = told
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).expect("JSON")["outcome"].to_string()
        })
        .collect();
    assert_eq!(outcomes.len(), 6);
    assert!(
        told.contains("a day that does not exist") || told.contains("not a date"),
        "{told}"
    );
    assert!(told.contains("stands in row 3 already"), "{told}");
    assert_eq!(
        totals(&import(&[])),
        [6, 0, 0, 2, 1, 3],
        "again: everything is there already"
    );
    let mended = LIST.replace("1985", "1986");
    house.file("list.csv", mended.as_bytes());
    assert_eq!(totals(&import(&[])), [6, 0, 1, 1, 1, 3]);
    assert_eq!(house.done("kaveh", &["search", "Alipour"]).lines.len(), 1);
    assert_eq!(
        house
            .done("kaveh", &["person", "list", "--where", "sex=female"])
            .lines
            .len(),
        1
    );
}

#[test]
fn tables_that_cannot_be_read_say_why() {
    let house = desk();
    let latin = house.file("arabic.csv", b"name\n\xe3\xcd\xe3\xcf\n");
    let import = |table: &str, more: &[&str]| {
        house.run(
            "layla",
            &[&["import", table, "--type", "person"][..], more].concat(),
        )
    };
    let ran = import(&latin, &[]);
    assert_eq!(totals(&ran), [1, 0, 0, 0, 0, 1], "{}", ran.told);
    assert_eq!(
        totals(&import(&latin, &["--encoding", "windows-1256"])),
        [1, 1, 0, 0, 0, 0]
    );
    assert_eq!(house.done("layla", &["search", "محمد"]).lines.len(), 1);
    let other = house.file("other.csv", b"colour\nblue\n");
    assert_eq!(import(&other, &[]).code, Some(2));
    let wide = format!("name{}\nAli\n", ",x".repeat(3_000));
    let wide = house.file("wide.csv", wide.as_bytes());
    assert_eq!(import(&wide, &[]).code, Some(2));
    assert_eq!(
        house.refused("layla", &["import", &other]),
        "fault-import-type"
    );
    let no_sheet = house.file("broken.xlsx", b"PK\x03\x04 and nothing else");
    assert_eq!(import(&no_sheet, &[]).code, Some(2));
}

/// An Excel file of one sheet, written by Python's standard library: cells as (place, kind, value).
const EXCEL: &str = r##"
import sys, zipfile
rels = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
kind = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
def cell(place, value):
    if isinstance(value, tuple):
        return f'<c r="{place}"><f>{value[0]}</f><v>{value[1]}</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{place}" s="{1 if value > 40000 else 0}"><v>{value}</v></c>'
rows = [[('A1', 'نام'), ('B1', 'Born'), ('C1', 'Sex')], [('A2', 'شیرین'), ('B2', 44825), ('C2', 'زن')],
        [('A3', 'Reza'), ('B3', 1990), ('C3', ('1+1', 2))], [('A1048576', 'last'), ('XFD1048576', 'far')]]
sheet = ''.join('<row>' + ''.join(cell(*one) for one in row) + '</row>' for row in rows)
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as book:
    book.writestr('[Content_Types].xml', '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
    book.writestr('_rels/.rels', f'<Relationships {rels}><Relationship Id="r1" Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
    book.writestr('xl/_rels/workbook.xml.rels', f'<Relationships {rels}><Relationship Id="r1" Type="{kind}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{kind}/styles" Target="styles.xml"/></Relationships>')
    book.writestr('xl/workbook.xml', f'<workbook {main} xmlns:r="{kind}"><sheets><sheet name="List" sheetId="1" r:id="r1"/></sheets></workbook>')
    book.writestr('xl/styles.xml', f'<styleSheet {main}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>')
    book.writestr('xl/worksheets/sheet1.xml', f'<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>')
"##;

#[test]
fn a_sheet_of_excel_is_read_cell_by_cell_however_far_apart() {
    let house = desk();
    let table = house.at("list.xlsx");
    let made = std::process::Command::new("python3")
        .args(["-c", EXCEL, &table])
        .status()
        .expect("python3 runs");
    assert!(made.success());
    let ran = house.run("layla", &["import", &table, "--type", "person"]);
    assert_eq!(totals(&ran), [3, 1, 0, 0, 0, 2], "{}", ran.told);
    let found = house.done("layla", &["search", "شیرین"]);
    let id = found.lines[0]["entity"].as_str().expect("an entity");
    assert_eq!(
        values(&house, id, "born"),
        ["2022-09-21"],
        "a day of Excel's is a day"
    );
    assert_eq!(values(&house, id, "sex"), ["female"]);
}

#[test]
fn the_week_names_what_is_due_and_its_calendar_names_nobody() {
    let house = desk();
    let source = entity(&house.done("layla", &["source", "add", "code=S-1"]));
    let source = format!("source={source}");
    house.done(
        "layla",
        &[
            "check-in",
            "add",
            "code=CANARY-7",
            &source,
            "due=2026-01-03",
        ],
    );
    house.done(
        "layla",
        &[
            "check-in",
            "add",
            "code=CANARY-8",
            &source,
            "due=2026-01-04",
            "made=2026-01-04",
        ],
    );
    house.done(
        "layla",
        &[
            "check-in",
            "add",
            "code=CANARY-9",
            &source,
            "due=2099-01-04",
        ],
    );
    let path = house.file("undescribed.txt", b"x");
    house.done("layla", &["add", &path]);
    let calendar = house.at("week.ics");
    let week = house.done("layla", &["week", "--calendar", &calendar]);
    let told = &week.lines[0];
    assert_eq!(told["due"].as_array().map(Vec::len), Some(1), "{told}");
    assert_eq!(told["due"][0]["title"], "CANARY-7");
    assert_eq!(told["undescribed"], 1);
    let text = std::fs::read_to_string(&calendar).expect("written");
    assert!(
        text.contains("DTSTART;VALUE=DATE:20260103") && text.contains("SUMMARY:check in "),
        "{text}"
    );
    assert!(!text.contains("CANARY"), "{text}");
}
