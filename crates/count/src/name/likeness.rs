//! How alike two names are, on a scale that the model weighs.

use super::Name;
use super::alignment::{CONSONANT, cost, length, likeness};
use super::part::Part;
use crate::text;

/// How alike two names are. The order is from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Nothing in common that would tell.
    Different,
    /// One part in common, the rest not; or an initial that fits.
    Shared,
    /// More alike than by chance.
    Near,
    /// All of the shorter name is in the longer: Reza, Mohammad-Reza.
    Contained,
    /// A slip apart.
    Close,
    /// Spelled otherwise, sounded the same: another script, another habit, another order.
    Sound,
    /// The same once folded.
    Equal,
}

/// Above this, two parts are two spellings of one name.
const SOUND: f32 = 0.93;
/// Above this, they are a slip apart.
const CLOSE: f32 = 0.855;
/// Above this, they are more alike than by chance.
const NEAR: f32 = 0.74;
/// What may differ between two whole names that are sounded the same when written without spaces: half a consonant. No ratio,
/// because a common ending would hide a difference in front of it.
const WHOLE_COST_MAX: u32 = CONSONANT / 2;
/// Jaro and Winkler's measure above which two spellings in letters with vowels are a slip apart, and near.
const CLOSE_SPELLING: f32 = 0.93;
const NEAR_SPELLING: f32 = 0.87;
/// The shortest name in which one wrong letter may be a slip; in longer ones it is taken for one (Amir and Amin are two names).
const SLIP_LETTERS_MIN: usize = 4;

/// Compares two names, neither of them empty. The order of the two does not matter.
///
/// ```
/// use count::name::{Name, compare, likeness::Likeness};
/// let alike = |one, other| compare(&Name::read(one), &Name::read(other));
/// assert_eq!(alike("محمد علی‌پور", "Mohammad Alipour"), Likeness::Sound);
/// assert!(alike("محمد علی‌پور", "محمدعلي پور") >= Likeness::Sound);
/// assert!(alike("Hasanzadeh", "Hosseinzadeh") < Likeness::Close);
/// ```
pub fn compare(one: &Name, other: &Name) -> Likeness {
    if one.folded == other.folded {
        return Likeness::Equal;
    }
    if let ([one], [other]) = (&one.parts[..], &other.parts[..]) {
        return alone(one, other);
    }
    if sounds_whole(one, other) {
        return Likeness::Sound;
    }
    in_parts(one, other)
}

fn sounds_whole(one: &Name, other: &Name) -> bool {
    let (short, long) = sorted(length(&one.sounds), length(&other.sounds));
    if short * 2 < long || short < 2 * CONSONANT {
        return false;
    }
    let allowed = WHOLE_COST_MAX.min(short / 12);
    cost(&one.sounds, &other.sounds) <= allowed
}

fn sorted(one: u32, other: u32) -> (u32, u32) {
    (one.min(other), one.max(other))
}

/// Two names of one part each.
fn alone(one: &Part, other: &Part) -> Likeness {
    if is_initial(one, other) {
        return Likeness::Shared;
    }
    if one.is_far(other) {
        return Likeness::Different;
    }
    let sounded = parts_alike(one, other);
    let by_sound = match sounded {
        _ if sounded >= SOUND => Likeness::Sound,
        _ if sounded >= CLOSE => Likeness::Close,
        _ if sounded >= NEAR => Likeness::Near,
        _ => Likeness::Different,
    };
    by_sound.max(spelled_alike(one, other))
}

/// Letters with vowels are compared as they are written too: a typing error need not respect sounds.
fn spelled_alike(one: &Part, other: &Part) -> Likeness {
    if !(writes_vowels(one) && writes_vowels(other)) || one.ending != other.ending {
        return Likeness::Different;
    }
    // In three letters a slip is a third of the name.
    if one.text.len().min(other.text.len()) >= SLIP_LETTERS_MIN
        && text::edits(&one.text, &other.text) == 1
    {
        return if one.text.len().min(other.text.len()) == SLIP_LETTERS_MIN {
            Likeness::Near
        } else {
            Likeness::Close
        };
    }
    let spelled = text::jaro_winkler(&one.text, &other.text);
    if spelled >= CLOSE_SPELLING {
        Likeness::Close
    } else if spelled >= NEAR_SPELLING {
        Likeness::Near
    } else {
        Likeness::Different
    }
}

fn writes_vowels(part: &Part) -> bool {
    part.sounds
        .iter()
        .any(|sound| super::sound::is_written_vowel(*sound))
}

/// How alike two parts sound, from 0 to 1. A common ending tells little: Hasanzadeh and Hosseinzadeh are two families.
pub fn parts_alike(one: &Part, other: &Part) -> f32 {
    if one.text == other.text {
        return 1.0;
    }
    let alike = if one.ending.is_some() && one.ending == other.ending {
        likeness(one.stem(), other.stem())
    } else {
        likeness(&one.sounds, &other.sounds)
    };
    if alike < SOUND && (one.article_sounds == 0) != (other.article_sounds == 0) {
        let bare = likeness(
            &one.sounds[one.article_sounds..],
            &other.sounds[other.article_sounds..],
        );
        return alike.max(bare);
    }
    alike
}

fn is_initial(one: &Part, other: &Part) -> bool {
    let (short, long) = if one.text.len() <= other.text.len() {
        (one, other)
    } else {
        (other, one)
    };
    let mut letters = short.text.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else {
        return false;
    };
    long.text.starts_with(letter)
        || (!short.sounds.is_empty() && short.sounds.first() == long.sounds.first())
}

/// The best assignment of parts to parts, greedily, and what it says of the whole.
fn in_parts(one: &Name, other: &Name) -> Likeness {
    let (short, long) = if one.parts.len() <= other.parts.len() {
        (one, other)
    } else {
        (other, one)
    };
    let matched = assign(&short.parts, &long.parts);
    let fits = |least: f32| matched.iter().filter(|alike| **alike >= least).count();
    let (sound, close, near) = (fits(SOUND), fits(CLOSE), fits(NEAR));
    let (count, extra) = (short.parts.len(), long.parts.len() - short.parts.len());
    match extra {
        0 if sound == count => Likeness::Sound,
        0 if close == count => Likeness::Close,
        0 if near == count && close + 1 >= count => Likeness::Near,
        0 if sound >= 2 => Likeness::Near,
        0 if sound + 1 >= count && sound > 0 => Likeness::Shared,
        0 => Likeness::Different,
        // One part of several names says only that they share it, unless there is just one more.
        _ if close == count && (count > 1 || extra == 1) => Likeness::Contained,
        _ if near == count && count > 1 => Likeness::Near,
        _ if close > 0 => Likeness::Shared,
        _ => Likeness::Different,
    }
}

/// For each part of the shorter name how alike its partner is; each part of the longer is taken once, the best first.
fn assign(short: &[Part], long: &[Part]) -> Vec<f32> {
    let mut pairs: Vec<(f32, usize, usize)> = Vec::with_capacity(short.len() * long.len());
    for (left, one) in short.iter().enumerate() {
        for (right, other) in long.iter().enumerate() {
            let alike = match () {
                () if is_initial(one, other) => NEAR,
                () if one.is_far(other) => 0.0,
                () => parts_alike(one, other),
            };
            pairs.push((alike, left, right));
        }
    }
    pairs.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut taken = [[false; super::PARTS_MAX]; 2];
    let mut matched = vec![0.0; short.len()];
    for (alike, left, right) in pairs {
        if !taken[0][left] && !taken[1][right] {
            (taken[0][left], taken[1][right]) = (true, true);
            matched[left] = alike;
        }
    }
    matched
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: &str, other: &str) -> Likeness {
        let (one, other) = (Name::read(one), Name::read(other));
        assert_eq!(compare(&one, &other), compare(&other, &one));
        compare(&one, &other)
    }

    #[test]
    fn one_person_in_several_spellings() {
        for (one, other) in [
            ("محمد علی‌پور", "محمدعلي پور"),
            ("محمد علی‌پور", "Mohammad Alipour"),
            ("محمدعلي پور", "Mohammad Alipour"),
            ("محمد علی پور", "Мохаммад Алипур"),
            ("سید محمدرضا موسوی", "Mohammad-Reza Mousavi"),
            ("موسوی محمدرضا", "Mohammadreza Moussavi"),
            ("حاج غلامرضا کریم‌زاده", "Gholam Reza Karimzadeh"),
            ("عبدالرحمن شریعتی", "Abdolrahman Shariati"),
            ("شیرین عبادی", "Chirine Ebadi"),
            ("ژینا امینی", "Jina Amini"),
            ("Hüseyin Öztürk", "Huseyin Ozturk"),
            ("الحسیني", "حسینی"),
            ("قاسم الحسيني", "Qassem Al-Husseini"),
            ("Şêrîn Kurdî", "شیرین کوردی"),
            ("نگار خواجه‌پور", "Negar Khajehpour"),
        ] {
            assert!(
                alike(one, other) >= Likeness::Sound,
                "{one} and {other}: {:?}",
                alike(one, other)
            );
        }
    }

    #[test]
    fn several_persons() {
        for (one, other) in [
            ("حسن رضایی", "حسین رضایی"),
            ("Hasan Rezaei", "Hossein Rezaei"),
            ("محمد کریمی", "محمود کریمی"),
            ("علی حسن‌زاده", "علی حسین‌زاده"),
            ("علی رضایی", "علی کریمی"),
            ("Alizadeh", "Alipour"),
            ("مریم احمدی", "مرضیه احمدی"),
        ] {
            assert!(
                alike(one, other) < Likeness::Close,
                "{one} and {other}: {:?}",
                alike(one, other)
            );
        }
    }

    #[test]
    fn parts_of_a_name() {
        assert_eq!(alike("رضا", "محمدرضا"), Likeness::Contained);
        assert_eq!(
            alike("Reza Karimi", "Mohammad Reza Karimi Tehrani"),
            Likeness::Contained
        );
        assert_eq!(alike("M Karimi", "Mohammad Karimi"), Likeness::Near);
        assert_eq!(alike("m", "Mohammad"), Likeness::Shared);
        assert_eq!(alike("karimi", "كريمي"), Likeness::Sound);
    }

    #[test]
    fn a_slip_is_close() {
        for (one, other) in [
            ("stephanie", "stephane"),
            ("hartmann", "hartman"),
            ("mohammdreza", "mohammadreza"),
        ] {
            assert!(
                alike(one, other) >= Likeness::Close,
                "{one} and {other}: {:?}",
                alike(one, other)
            );
        }
    }
}
