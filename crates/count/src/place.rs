//! Places by their names, from the country to the village, and by their position.

use crate::name::{Name, compare as compare_names, likeness::Likeness};

/// A place: its names from the widest to the narrowest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// `Iran / Tehran / Rey`: three names.
    pub levels: Vec<Name>,
}

/// How alike two places are, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceLikeness {
    /// Not even the widest name in common.
    Different,
    /// The same wider place, another narrower one.
    Wider,
    /// One lies in the other: Tehran; Rey in Tehran.
    Within,
    /// The same place, its name spelled otherwise or with a slip.
    Close,
    /// The same name on every level.
    Equal,
}

/// Levels of a place that are looked at.
const LEVELS_MAX: usize = 6;

impl Place {
    /// Reads `Iran/Tehran/Rey` or `Iran > Tehran` (the widest first), `Rey, Tehran` or `ری، تهران` (the narrowest first).
    pub fn read(text: &str) -> Place {
        let wide_first = text.contains(['/', '>']);
        let pieces = text.split(['/', '>', ',', '،', ';']);
        let mut levels: Vec<Name> = pieces
            .map(Name::read)
            .filter(|name| !name.is_empty())
            .take(LEVELS_MAX)
            .collect();
        if !wide_first {
            levels.reverse();
        }
        Place { levels }
    }
}

/// Compares two places, neither of them empty; the order of the two does not matter.
pub fn compare(one: &Place, other: &Place) -> PlaceLikeness {
    let (short, long) = if one.levels.len() <= other.levels.len() {
        (one, other)
    } else {
        (other, one)
    };
    let alike: Vec<Likeness> = short
        .levels
        .iter()
        .zip(&long.levels)
        .map(|(one, other)| compare_names(one, other))
        .collect();
    let same = alike
        .iter()
        .take_while(|likeness| **likeness >= Likeness::Close)
        .count();
    let whole = same == short.levels.len();
    if whole && one.levels.len() == other.levels.len() {
        let equal = alike.iter().all(|likeness| *likeness == Likeness::Equal);
        return if equal {
            PlaceLikeness::Equal
        } else {
            PlaceLikeness::Close
        };
    }
    // A list that leaves the province out names only the village.
    let narrowest = |place: &Place| place.levels.last().cloned().unwrap_or_default();
    let (village, other_village) = (narrowest(one), narrowest(other));
    if short.levels.len() < long.levels.len()
        && compare_names(&village, &other_village) >= Likeness::Close
    {
        return PlaceLikeness::Close;
    }
    match (whole, same) {
        (true, 1..) => PlaceLikeness::Within,
        (false, 1..) => PlaceLikeness::Wider,
        _ => PlaceLikeness::Different,
    }
}

/// A position: latitude and longitude in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// North is positive, −90 to 90.
    pub latitude: f64,
    /// East is positive, −180 to 180.
    pub longitude: f64,
}

const EARTH_RADIUS_KM: f64 = 6_371.0;

impl Position {
    /// Reads `35.7, 51.4`. `None` if it is not on the earth, or no number.
    pub fn read(text: &str) -> Option<Position> {
        let text = crate::name::fold::ascii_digits(text);
        let (latitude, longitude) = text.split_once([',', ';', ' '])?;
        let position = Position {
            latitude: latitude.trim().parse().ok()?,
            longitude: longitude.trim().parse().ok()?,
        };
        let is_on_earth = position.latitude.abs() <= 90.0 && position.longitude.abs() <= 180.0;
        is_on_earth.then_some(position)
    }

    /// The distance on the surface, in kilometres.
    pub fn distance_km(&self, other: &Position) -> f64 {
        let (one, two) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half = ((two - one) / 2.0).sin().powi(2)
            + one.cos()
                * two.cos()
                * ((other.longitude - self.longitude).to_radians() / 2.0)
                    .sin()
                    .powi(2);
        2.0 * EARTH_RADIUS_KM * half.sqrt().min(1.0).asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: &str, other: &str) -> PlaceLikeness {
        compare(&Place::read(one), &Place::read(other))
    }

    #[test]
    fn places_are_compared_by_level() {
        assert_eq!(
            alike("Iran/Tehran/Rey", "ری، تهران، ایران"),
            PlaceLikeness::Close
        );
        assert_eq!(alike("Iran/Tehran", "Iran/Tehran"), PlaceLikeness::Equal);
        assert_eq!(
            alike("Iran/Tehran/Rey", "Iran/Tehran"),
            PlaceLikeness::Within
        );
        assert_eq!(alike("Iran/Tehran/Rey", "Rey"), PlaceLikeness::Close);
        assert_eq!(alike("Iran/Tehran", "Iran/Shiraz"), PlaceLikeness::Wider);
        assert_eq!(alike("Iran", "Iraq"), PlaceLikeness::Different);
    }

    #[test]
    fn distances_are_on_a_sphere() {
        let (tehran, shiraz) = (
            Position::read("35.69, 51.39").unwrap(),
            Position::read("۲۹٫۶".replace('٫', ".").as_str()),
        );
        assert!(shiraz.is_none());
        let shiraz = Position::read("29.59, 52.58").unwrap();
        assert!(
            (tehran.distance_km(&shiraz) - 687.0).abs() < 5.0,
            "{}",
            tehran.distance_km(&shiraz)
        );
        for text in ["NaN, 1", "91, 0", "inf,inf", "", "1", "a,b"] {
            assert!(Position::read(text).is_none(), "{text}");
        }
    }
}
