//! A photograph of no place: ridges at dusk, computed, with the noise of a sensor, and with the metadata that a
//! telephone would have written. Whole numbers only, so that every machine computes the same picture.

use super::{exif, jpeg};

pub const WIDTH: usize = 960;
pub const HEIGHT: usize = 640;

/// The ridges from far to near: height of the crest in pixels, roughness, colour.
const RIDGES: [(i64, i64, [i64; 3]); 4] = [
    (330, 90, [150, 118, 130]),
    (390, 120, [104, 84, 104]),
    (470, 110, [62, 56, 74]),
    (560, 80, [30, 31, 42]),
];

const SUN: (i64, i64, i64) = (660, 250, 34);

/// The file, with a position in its metadata.
pub fn jpeg() -> Vec<u8> {
    jpeg::encode(WIDTH, HEIGHT, &pixels(), &exif::segment())
}

fn pixels() -> Vec<[u8; 3]> {
    let crests: Vec<Vec<i64>> = RIDGES
        .iter()
        .enumerate()
        .map(|(index, ridge)| crest(index as i64, ridge.0, ridge.1))
        .collect();
    let mut pixels = Vec::with_capacity(WIDTH * HEIGHT);
    for y in 0..HEIGHT as i64 {
        for x in 0..WIDTH as i64 {
            let grain = chance(x, y, 99) % 9 - 4;
            let near = (0..RIDGES.len())
                .rev()
                .find(|ridge| y >= crests[*ridge][x as usize]);
            let colour = match near {
                Some(ridge) => slope(RIDGES[ridge].2, y - crests[ridge][x as usize]),
                None => sky(x, y),
            };
            pixels.push(colour.map(|part| (part + grain).clamp(0, 255) as u8));
        }
    }
    pixels
}

/// From blue above to amber at the horizon, with the sun and its glow.
fn sky(x: i64, y: i64) -> [i64; 3] {
    let down = y * 256 / 400;
    let base = blend([58, 84, 132], [240, 176, 120], down.min(256));
    let distance = (x - SUN.0).pow(2) + (y - SUN.1).pow(2);
    if distance < SUN.2.pow(2) {
        return [255, 238, 200];
    }
    let glow = (256 * SUN.2.pow(2) / distance.max(1)).min(200);
    blend(base, [255, 226, 170], glow)
}

/// A ridge is lighter at its crest, where the haze is.
fn slope(colour: [i64; 3], below: i64) -> [i64; 3] {
    blend([190, 150, 140], colour, (140 + below).min(256))
}

fn blend(from: [i64; 3], to: [i64; 3], part: i64) -> [i64; 3] {
    [0, 1, 2].map(|index| from[index] + (to[index] - from[index]) * part / 256)
}

/// The height of a ridge at each column: noise of five sizes, each half as strong as the one before.
fn crest(ridge: i64, height: i64, rough: i64) -> Vec<i64> {
    let at = |x: i64| {
        (0..5)
            .map(|octave| {
                (smooth(x, 240 >> octave, ridge * 8 + octave) - 128) * (rough >> octave) / 128
            })
            .sum::<i64>()
    };
    (0..WIDTH as i64).map(|x| height - at(x)).collect()
}

/// Noise between 0 and 255 that changes over `step` pixels.
fn smooth(x: i64, step: i64, seed: i64) -> i64 {
    let (cell, inside) = (x / step, x % step * 256 / step);
    let eased = inside * inside * (768 - 2 * inside) / 65536;
    let (left, right) = (chance(cell, 0, seed) % 256, chance(cell + 1, 0, seed) % 256);
    left + (right - left) * eased / 256
}

/// A number that looks like chance and is the same each time.
fn chance(x: i64, y: i64, seed: i64) -> i64 {
    let mixed = (x as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ (y as u64).wrapping_mul(0xc2b2_ae3d_27d4_eb4f)
        ^ (seed as u64) << 32;
    let mixed = (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed ^ mixed >> 32) & 0xffff) as i64
}
