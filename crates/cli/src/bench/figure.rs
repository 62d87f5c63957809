//! One figure beside what it is compared with.

use serde_json::{Value, json};

/// Whether more or less of it is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Speeds.
    More,
    /// Times and memory.
    Less,
}

/// A figure beside a ceiling, a peer or a limit, all in one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Which work, such as `intake-large`.
    pub name: String,
    /// What was measured.
    pub value: f64,
    /// In which unit.
    pub unit: &'static str,
    /// What it stands beside, in words.
    pub beside: String,
    /// The same unit.
    pub beside_value: f64,
    /// Which way is better.
    pub better: Better,
}

impl Figure {
    /// Above 1: better than what it stands beside.
    pub fn ratio(&self) -> f64 {
        match self.better {
            Better::More => self.value / self.beside_value,
            Better::Less => self.beside_value / self.value,
        }
    }

    /// For machines.
    pub fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "value": rounded(self.value),
            "unit": self.unit,
            "beside": self.beside,
            "beside_value": rounded(self.beside_value),
            "ratio": rounded(self.ratio()),
        })
    }

    /// For people: one line.
    pub fn line(&self) -> String {
        let Figure {
            name, unit, beside, ..
        } = self;
        let (value, beside_value) = (shown(self.value), shown(self.beside_value));
        format!(
            "{name:28} {value:>12} {unit:10} {:>6.2} × {beside} ({beside_value} {unit})",
            self.ratio()
        )
    }
}

/// Four digits are more than such measurements carry.
fn rounded(number: f64) -> f64 {
    if number == 0.0 || !number.is_finite() {
        return 0.0;
    }
    let scale = 10f64.powi(3 - number.abs().log10().floor() as i32);
    (number * scale).round() / scale
}

fn shown(number: f64) -> String {
    let number = rounded(number);
    if number.abs() >= 100.0 {
        format!("{number:.0}")
    } else {
        format!("{number}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(value: f64, better: Better) -> Figure {
        Figure {
            name: "x".to_owned(),
            value,
            unit: "MiB/s",
            beside: "a peer".to_owned(),
            beside_value: 200.0,
            better,
        }
    }

    #[test]
    fn above_one_is_better_both_ways() {
        assert_eq!(figure(400.0, Better::More).ratio(), 2.0);
        assert_eq!(figure(400.0, Better::Less).ratio(), 0.5);
    }

    #[test]
    fn machines_get_the_six_fields() {
        let value = figure(123.456_78, Better::More).to_json();
        let mut fields: Vec<&str> = value
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        fields.sort_unstable();
        assert_eq!(
            fields,
            ["beside", "beside_value", "name", "ratio", "unit", "value"]
        );
        assert_eq!(value["value"], 123.5);
    }
}
