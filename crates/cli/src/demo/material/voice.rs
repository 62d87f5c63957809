//! A voice note without words: a buzz shaped by two resonances into syllables, as speech is, and nobody's voice.
//! Mono, 16 bits, 16,000 samples a second.

use std::f64::consts::PI;

const RATE: u32 = 16_000;

/// Vowels as the two lowest resonances of a mouth, in hertz, each with its pitch: a sentence that rises and falls.
const SYLLABLES: [(f64, f64, f64); 12] = [
    (700.0, 1150.0, 118.0),
    (300.0, 2250.0, 124.0),
    (500.0, 1800.0, 130.0),
    (350.0, 800.0, 126.0),
    (650.0, 1100.0, 134.0),
    (300.0, 2250.0, 128.0),
    (480.0, 900.0, 120.0),
    (700.0, 1150.0, 116.0),
    (500.0, 1800.0, 122.0),
    (300.0, 2200.0, 114.0),
    (350.0, 800.0, 106.0),
    (650.0, 1100.0, 96.0),
];

const SYLLABLE_SAMPLES: usize = 5_600;

/// The file.
pub fn wav() -> Vec<u8> {
    let samples: Vec<u8> = speech()
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect();
    let mut format = Vec::new();
    format.extend(1u16.to_le_bytes());
    format.extend(1u16.to_le_bytes());
    format.extend(RATE.to_le_bytes());
    format.extend((RATE * 2).to_le_bytes());
    format.extend(2u16.to_le_bytes());
    format.extend(16u16.to_le_bytes());
    let mut remark = b"INFO".to_vec();
    chunk(
        b"ICMT",
        b"Invented for a demonstration; nobody's voice\0",
        &mut remark,
    );

    let mut body = b"WAVE".to_vec();
    chunk(b"fmt ", &format, &mut body);
    chunk(b"LIST", &remark, &mut body);
    chunk(b"data", &samples, &mut body);
    let mut bytes = Vec::new();
    chunk(b"RIFF", &body, &mut bytes);
    bytes
}

/// A chunk of RIFF: name, length, content, and a byte more if the length is odd.
fn chunk(name: &[u8; 4], content: &[u8], bytes: &mut Vec<u8>) {
    bytes.extend(name);
    bytes.extend((content.len() as u32).to_le_bytes());
    bytes.extend(content);
    if !content.len().is_multiple_of(2) {
        bytes.push(0);
    }
}

fn speech() -> Vec<i16> {
    let mut samples = Vec::new();
    for (first, second, pitch) in SYLLABLES {
        let (mut low, mut high) = (Resonance::new(first, 90.0), Resonance::new(second, 130.0));
        let period = (f64::from(RATE) / pitch) as usize;
        for index in 0..SYLLABLE_SAMPLES {
            let pulse = if index % period == 0 { 1.0 } else { 0.0 };
            let sound = low.pass(pulse) + 0.5 * high.pass(pulse);
            samples.push((sound * loudness(index) * 9_000.0).clamp(-32_000.0, 32_000.0) as i16);
        }
    }
    samples
}

/// Up over a tenth of the syllable, down over its last third.
fn loudness(index: usize) -> f64 {
    let part = index as f64 / SYLLABLE_SAMPLES as f64;
    (part * 10.0).min(1.0) * ((1.0 - part) * 3.0).min(1.0)
}

/// A resonance of two poles.
struct Resonance {
    back: [f64; 2],
    weights: [f64; 2],
}

impl Resonance {
    fn new(hertz: f64, width: f64) -> Resonance {
        let radius = 1.0 - PI * width / f64::from(RATE);
        let turn = 2.0 * PI * hertz / f64::from(RATE);
        Resonance {
            back: [0.0; 2],
            weights: [2.0 * radius * turn.cos(), -radius * radius],
        }
    }

    fn pass(&mut self, sample: f64) -> f64 {
        let next = sample + self.weights[0] * self.back[0] + self.weights[1] * self.back[1];
        self.back = [next, self.back[0]];
        next
    }
}
