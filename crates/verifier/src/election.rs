//! The archive of a secret ballot: read, checked by `ballot`, and told in words or as JSON.
//!
//! Every failure is named with its place. There is no policy: an archive stands for itself, and whether it is the archive
//! of the election that somebody means is seen by its fingerprint.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use ballot::counting::{self, count_answered};
use ballot::message::outcome::Answered;
use ballot::verify::{Options, Report, Stage, verify};
use serde_json::{Value, json};

use crate::progress::Progress;
use crate::words::Language;

/// How an archive's name ends.
const SUFFIX: &str = "bel";

/// Whether this is the name of an archive of a ballot.
pub fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|suffix| suffix == SUFFIX)
}

/// The answer and the exit code: 0 it holds, 1 it does not, 2 it is malformed or cannot be read.
pub fn answer(path: &Path, language: Language, is_json: bool) -> (String, u8) {
    match checked(path) {
        Err(error) => {
            let text = match is_json {
                true => format!(
                    "{}\n",
                    json!({ "result": "malformed", "reason": "unreadable", "detail": format!("{}: {error}", path.display()) })
                ),
                false => format!("{}: {error}\n", path.display()),
            };
            (text, 2)
        }
        Ok(report) => {
            let text = match is_json {
                true => format!("{}\n", value(&report)),
                false => told(&report, language),
            };
            (text, code(&report))
        }
    }
}

fn checked(path: &Path) -> io::Result<Report> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let source: Box<dyn Read> = Box::new(Progress::new(file, length));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    verify(BufReader::new(source), &Options { threads }, &mut |_| {})
}

fn code(report: &Report) -> u8 {
    match (report.holds(), report.is_malformed()) {
        (true, _) => 0,
        (false, false) => 1,
        (false, true) => 2,
    }
}

fn stage(report: &Report) -> &'static str {
    match report.stage {
        Stage::Nothing => "nothing",
        Stage::Voting => "voting",
        Stage::Ended => "ended",
        Stage::Tallied => "tallied",
        Stage::Decrypting => "decrypting",
        Stage::Finished => "finished",
    }
}

fn value(report: &Report) -> Value {
    let failures: Vec<Value> = report
        .failures
        .iter()
        .map(|one| {
            json!({
                "reason": one.reason.code(),
                "message": one.reason.to_string(),
                "record": one.place.record,
                "offset": one.place.offset,
                "part": one.place.part,
            })
        })
        .collect();
    let result = match code(report) {
        0 => "holds",
        1 => "does_not_hold",
        _ => "malformed",
    };
    json!({
        "result": result,
        "stage": stage(report),
        "uuid": report.uuid,
        "name": report.name,
        "group": report.group,
        "fingerprint": report.fingerprint,
        "voters": report.voters,
        "ballots": report.ballots,
        "tallied": report.tallied,
        "weight": report.weight,
        "shuffles": report.shuffles,
        "decryptions": report.decryptions,
        "failures": failures,
        "failures_omitted": report.failures_omitted,
        "counted": counted(report).map(|(_, value, _)| value).collect::<Vec<_>>(),
        "outcome": report.result.as_ref().map(|all| all.iter().map(answered).collect::<Vec<_>>()),
    })
}

/// What follows from each question whose rule of counting the archive names: its number, as JSON, and told.
fn counted(report: &Report) -> impl Iterator<Item = (usize, Value, String)> {
    let answered = report.result.iter().flatten();
    let questions = report.questions.iter().zip(answered).zip(1..);
    let is_sound = report.holds();
    questions.filter_map(move |((question, answered), number)| {
        let (method, counted) =
            count_answered(question, answered, None, &[]).filter(|_| is_sound)?;
        let mut told = format!(
            "{} {} ({} / {} / {})",
            method.name(),
            counting::order(&counted, question.answers()),
            counted.valid,
            counted.blank,
            counted.invalid
        );
        let between = counting::lot_between(&counted, question.answers());
        if !between.is_empty() {
            told.push_str(&format!(" ⚂ {between}"));
        }
        let mut value = counting::value(&method, &counted);
        value["question"] = json!(number);
        Some((number, value, told))
    })
}

fn answered(answered: &Answered) -> Value {
    match answered {
        Answered::Counts(counts) => json!(counts),
        Answered::Ballots(ballots) => json!(ballots),
    }
}

/// Isolated, so that a name in another script does not turn the line around.
fn isolated(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|one| if one.is_control() { ' ' } else { one })
        .collect();
    format!("\u{2068}{shown}\u{2069}")
}

fn told(report: &Report, language: Language) -> String {
    let words = Words::of(language);
    let head = match code(report) {
        0 => words.holds,
        1 => words.does_not_hold,
        _ => words.malformed,
    };
    let mut lines = vec![head.to_owned()];
    for failure in &report.failures {
        let place = format!(
            "{} {}, {} {} {}",
            words.record,
            failure.place.record,
            words.byte,
            failure.place.offset,
            failure.place.part
        );
        lines.push(format!(
            "  {}: {} [{}]",
            isolated(place.trim_end()),
            isolated(&failure.reason.to_string()),
            failure.reason.code()
        ));
    }
    if report.failures_omitted > 0 {
        lines.push(format!("  … +{}", report.failures_omitted));
    }
    for (label, text) in [
        (words.election, isolated(&report.name)),
        (words.fingerprint, isolated(&report.fingerprint)),
        (words.stage, stage(report).to_owned()),
        (
            words.ballots,
            format!(
                "{} / {} / {} / {}",
                report.voters, report.ballots, report.tallied, report.weight
            ),
        ),
    ] {
        lines.push(format!("{label}: {text}"));
    }
    for (number, result) in report.result.iter().flatten().enumerate() {
        lines.push(format!(
            "{} {}: {}",
            words.result,
            number + 1,
            isolated(&answered(result).to_string())
        ));
    }
    for (number, _, told) in counted(report) {
        lines.push(format!("{} {number}: {told}", words.counted));
    }
    lines.push(words.limits.to_owned());
    lines.join("\n") + "\n"
}

/// What is said about an archive.
struct Words {
    holds: &'static str,
    does_not_hold: &'static str,
    malformed: &'static str,
    record: &'static str,
    byte: &'static str,
    election: &'static str,
    fingerprint: &'static str,
    stage: &'static str,
    ballots: &'static str,
    result: &'static str,
    counted: &'static str,
    limits: &'static str,
}

impl Words {
    fn of(language: Language) -> &'static Words {
        match language {
            Language::English => &ENGLISH,
            Language::Persian => &PERSIAN,
            Language::Arabic => &ARABIC,
            Language::French => &FRENCH,
        }
    }
}

const ENGLISH: Words = Words {
    holds: "IT HOLDS: everything in this archive that can be checked is right.",
    does_not_hold: "IT DOES NOT HOLD: this archive claims what is not so.",
    malformed: "MALFORMED: this is not a well-formed archive; it was not checked to the end.",
    record: "record",
    byte: "byte",
    election: "Election",
    fingerprint: "Fingerprint (compare it with the one that was announced)",
    stage: "Stage",
    ballots: "Voters / ballots in the box / voters who voted / their weight",
    result: "Result of question",
    counted: "Counted (valid / blank / invalid; ⚂: only a lot can decide), question",
    limits: "What this does not show: that the people in the list may vote, that a voter's device showed what it encrypted, or that nobody was watched or paid while voting.",
};

const PERSIAN: Words = Words {
    holds: "درست است: هر چه در این بایگانی سنجیدنی است درست است.",
    does_not_hold: "درست نیست: این بایگانی چیزی ادعا می‌کند که چنین نیست.",
    malformed: "بدساخت: این بایگانی خوش‌ساخت نیست و تا پایان سنجیده نشد.",
    record: "رکورد",
    byte: "بایت",
    election: "انتخابات",
    fingerprint: "اثر انگشت (با آنچه اعلام شده بسنجید)",
    stage: "مرحله",
    ballots: "رأی‌دهندگان / برگه‌های صندوق / کسانی که رأی دادند / وزن آنان",
    result: "نتیجهٔ پرسش",
    counted: "شمرده (معتبر / سفید / باطل؛ ⚂: تنها قرعه تصمیم می‌گیرد)، پرسش",
    limits: "آنچه این نشان نمی‌دهد: اینکه نام‌های فهرست حق رأی دارند، اینکه دستگاه رأی‌دهنده همان را رمز کرد که نشان داد، یا اینکه کسی هنگام رأی دادن زیر نظر یا خریده نبود.",
};

const ARABIC: Words = Words {
    holds: "صحيح: كل ما يمكن فحصه في هذا الأرشيف صحيح.",
    does_not_hold: "غير صحيح: يدّعي هذا الأرشيف ما ليس كذلك.",
    malformed: "مشوّه: هذا الأرشيف ليس سليم البنية ولم يُفحص إلى نهايته.",
    record: "سجل",
    byte: "بايت",
    election: "الانتخاب",
    fingerprint: "البصمة (قارنها بما أُعلن)",
    stage: "المرحلة",
    ballots: "الناخبون / الأوراق في الصندوق / من صوّتوا / وزنهم",
    result: "نتيجة السؤال",
    counted: "مَعدود (صحيحة / بيضاء / باطلة؛ ⚂: لا تحسم إلا القرعة)، السؤال",
    limits: "ما لا يبيّنه هذا: أن من في القائمة يحق لهم التصويت، وأن جهاز الناخب شفّر ما عرضه، وأن أحداً لم يكن مراقَباً أو مأجوراً عند التصويت.",
};

const FRENCH: Words = Words {
    holds: "VALABLE : tout ce qui peut être vérifié dans cette archive est juste.",
    does_not_hold: "NON VALABLE : cette archive affirme ce qui n'est pas.",
    malformed: "MALFORMÉ : ce n'est pas une archive bien formée ; elle n'a pas été vérifiée jusqu'au bout.",
    record: "enregistrement",
    byte: "octet",
    election: "Élection",
    fingerprint: "Empreinte (à comparer avec celle qui fut annoncée)",
    stage: "Étape",
    ballots: "Électeurs / bulletins dans l'urne / votants / leur poids",
    result: "Résultat de la question",
    counted: "Décompte (valables / blancs / nuls ; ⚂ : seul un tirage au sort peut départager), question",
    limits: "Ce que cela ne montre pas : que les inscrits ont le droit de voter, que l'appareil du votant a chiffré ce qu'il affichait, ni que personne n'était surveillé ou payé en votant.",
};
