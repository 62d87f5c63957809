use super::*;

#[test]
fn numbers_choose_the_form_and_come_in_own_digits() {
    let plain = |language, count: u64| {
        Words(language)
            .of("circle-readers")
            .n("count", count)
            .to_string()
            .replace(['\u{2068}', '\u{2069}'], "")
    };
    assert_eq!(plain(Language::English, 1), "One person can read this");
    assert_eq!(
        plain(Language::English, 1_204),
        "1,204 people can read this"
    );
}
