//! Bad tables are refused, and the refusal names the line.

use count::estimate::table::{Stratified, Table};

const HEAD: &str = "A,B,C,count\n";

fn refusal(text: &str) -> String {
    Table::read(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn counts_must_be_whole_numbers_of_people() {
    for bad in [
        "-1", "1.5", "NaN", "inf", "-inf", "Infinity", "1e3", "", "many", "0x10", "1 000", "+5",
    ] {
        let said = refusal(&format!("{HEAD}1,0,0,5\n0,1,0,{bad}\n"));
        assert!(
            said.starts_with("line 3:") && said.contains(bad),
            "{bad}: {said}"
        );
    }
    let said = refusal(&format!("{HEAD}1,0,0,99999999999999999999\n"));
    assert!(said.starts_with("line 2:"), "{said}");
    let said = refusal(&format!("{HEAD}1,0,0,9007199254740991\n0,1,0,9\n"));
    assert!(said.starts_with("line 3:"), "{said}");
}

#[test]
fn lists_are_zero_or_one() {
    for bad in ["2", "yes", "", "NaN", "-1", "1.0"] {
        let said = refusal(&format!("{HEAD}1,0,0,5\n0,{bad},0,4\n"));
        assert!(
            said.starts_with("line 3:") && said.contains("“B”"),
            "{bad}: {said}"
        );
    }
}

#[test]
fn rows_that_do_not_fit_the_head_are_named() {
    assert!(refusal(&format!("{HEAD}1,0,0,5\n1,0,4\n")).starts_with("line 3 has 3 fields"));
    assert!(refusal(&format!("{HEAD}1,0,0,5,6\n")).starts_with("line 2 has 5 fields"));
}

#[test]
fn a_combination_twice_names_both_lines() {
    let said = refusal(&format!("{HEAD}1,0,0,5\n0,1,0,4\n1,0,0,6\n"));
    assert!(
        said.contains("lines 2 and 4") && said.contains("A 1, B 0, C 0"),
        "{said}"
    );
}

#[test]
fn the_unseen_cannot_be_given() {
    let said = refusal(&format!("{HEAD}0,0,0,100\n1,0,0,5\n"));
    assert!(said.starts_with("line 2 counts 100 people"), "{said}");
    assert!(Table::read(format!("{HEAD}0,0,0,0\n1,0,0,5\n0,1,1,5\n").as_bytes()).is_ok());
}

#[test]
fn heads_that_cannot_be_used() {
    assert!(refusal("A,B,C\n1,0,0\n").contains("no column “count”"));
    assert!(refusal("A,A,count\n1,0,5\n").contains("“A” twice"));
    assert!(refusal("A,,count\n1,0,5\n").contains("column 2"));
    assert!(refusal("A,count\n1,5\n").contains("names 1"));
    assert!(refusal("count\n5\n").contains("names 0"));
    assert!(refusal("A,B,C,D,E,F,G,count\n1,0,0,0,0,0,0,5\n").contains("names 7 lists"));
    for empty in ["", "\n\n", "A,B,C,count\n", " \n"] {
        assert!(refusal(empty).contains("empty"), "{empty:?}");
    }
}

#[test]
fn empty_lists_and_empty_tables() {
    assert!(
        refusal(&format!("{HEAD}1,0,0,5\n0,1,0,4\n1,1,0,3\n0,0,1,0\n"))
            .contains("“C” names nobody")
    );
    assert!(refusal(&format!("{HEAD}1,0,0,0\n0,1,0,0\n")).contains("nobody is on any list"));
}

#[test]
fn other_encodings_are_refused_with_the_line() {
    let mut latin = b"A,B,C,count\n1,0,0,5\n0,1,0,caf\xE9\n".to_vec();
    assert!(
        Table::read(&latin)
            .unwrap_err()
            .to_string()
            .starts_with("line 3 is not in UTF-8")
    );
    latin.truncate(20);
    let wide: Vec<u8> = "A,B,count\n1,0,5\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert!(
        Table::read(&wide)
            .unwrap_err()
            .to_string()
            .contains("line 1 is not in UTF-8")
    );
}

#[test]
fn spreadsheets_habits_are_read() {
    let plain = Table::read(format!("{HEAD}1,0,0,5\n0,1,1,4\n").as_bytes()).unwrap();
    for same in [
        "\u{FEFF}A,B,C,count\r\n1,0,0,5\r\n0,1,1,4\r\n",
        "A;B;C;Count\n1;0;0;5\n0;1;1;4\n",
        "A\tB\tC\tcount\n1\t0\t0\t5\n0\t1\t1\t4\n",
        "\"A\",\"B\",\"C\",\"count\"\n1, 0, 0, 5\n0,1,1,4",
        "A,B,C,count\n۱,۰,۰,۵\n٠,١,١,٤\n",
    ] {
        assert_eq!(Table::read(same.as_bytes()).unwrap(), plain, "{same:?}");
    }
}

#[test]
fn the_order_of_rows_and_lists_does_not_matter() {
    use count::estimate::analysis::{Settings, analyse};
    let number = |text: &str| {
        analyse(&Table::read(text.as_bytes()).unwrap(), &Settings::default())
            .answer
            .unwrap()
    };
    let one = number(
        "A,B,C,count\n1,0,0,90\n0,1,0,80\n0,0,1,70\n1,1,0,30\n1,0,1,28\n0,1,1,25\n1,1,1,12\n",
    );
    let other = number(
        "count,C,A,B\n12,1,1,1\n70,1,0,0\n28,1,1,0\n30,0,1,1\n25,1,0,1\n90,0,1,0\n80,0,0,1\n",
    );
    assert!((one.estimate - other.estimate).abs() < 1e-6 && (one.high - other.high).abs() < 1e-6);
}

#[test]
fn strata_are_read_by_their_column() {
    let text = "A,B,place,count\n1,0,x,5\n0,1,x,4\n1,1,x,3\n1,0,y,9\n0,1,y,8\n1,1,y,7\n";
    let read = Stratified::read(text.as_bytes(), Some("place")).unwrap();
    assert_eq!(read.whole.counts(), [0, 14, 12, 10]);
    assert_eq!(read.strata.len(), 2);
    assert_eq!(read.strata[1].1.counts(), [0, 9, 8, 7]);
    assert!(
        Stratified::read(text.as_bytes(), Some("town"))
            .unwrap_err()
            .to_string()
            .contains("“town”")
    );
    let nameless = text.replace("1,0,y,9", "1,0,,9");
    assert!(
        Stratified::read(nameless.as_bytes(), Some("place"))
            .unwrap_err()
            .to_string()
            .starts_with("line 5")
    );
}
