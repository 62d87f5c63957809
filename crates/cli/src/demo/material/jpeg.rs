//! A baseline JPEG (ITU-T T.81) of three full components, with the tables of its annex K.

/// The order in which a block's 64 coefficients are written.
const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Table K.1, halved: about the quality that telephones write.
const QUANTA: [u8; 64] = [
    8, 6, 5, 8, 12, 20, 26, 31, 6, 6, 7, 10, 13, 29, 30, 28, 7, 7, 8, 12, 20, 29, 35, 28, 7, 9, 11,
    15, 26, 44, 40, 31, 9, 11, 19, 28, 34, 55, 52, 39, 12, 18, 28, 32, 41, 52, 57, 46, 25, 32, 39,
    44, 52, 61, 60, 51, 36, 46, 48, 49, 56, 50, 52, 50,
];

/// Tables K.3 and K.5: how many codes of each length from 1 to 16 there are, and what they stand for.
const DC_COUNTS: [u8; 16] = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const DC_VALUES: [u8; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const AC_COUNTS: [u8; 16] = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d];
const AC_VALUES: [u8; 162] = [
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07,
    0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0,
    0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x25, 0x26, 0x27, 0x28,
    0x29, 0x2a, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49,
    0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69,
    0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89,
    0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
    0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5,
    0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2,
    0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8,
    0xf9, 0xfa,
];

/// cos(k·π/16) in units of 2⁻¹², for k from 0 to 8; the other angles are these with a sign.
const COSINES: [i64; 9] = [4096, 4017, 3784, 3406, 2896, 2276, 1567, 799, 0];

/// A file of `width` by `height` pixels, both multiples of 8, with `exif` as its first segment.
pub fn encode(width: usize, height: usize, pixels: &[[u8; 3]], exif: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8];
    segment(0xe1, exif, &mut bytes);
    let mut quanta = vec![0];
    quanta.extend(ZIGZAG.map(|at| QUANTA[at]));
    segment(0xdb, &quanta, &mut bytes);
    let mut frame = vec![8];
    frame.extend((height as u16).to_be_bytes());
    frame.extend((width as u16).to_be_bytes());
    frame.extend([3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    segment(0xc0, &frame, &mut bytes);
    segment(
        0xc4,
        &[&[0x00][..], &DC_COUNTS, &DC_VALUES].concat(),
        &mut bytes,
    );
    segment(
        0xc4,
        &[&[0x10][..], &AC_COUNTS, &AC_VALUES].concat(),
        &mut bytes,
    );
    segment(0xda, &[3, 1, 0, 2, 0, 3, 0, 0, 63, 0], &mut bytes);
    bytes.extend(scan(width, height, pixels));
    bytes.extend([0xff, 0xd9]);
    bytes
}

fn segment(marker: u8, content: &[u8], bytes: &mut Vec<u8>) {
    bytes.extend([0xff, marker]);
    bytes.extend((content.len() as u16 + 2).to_be_bytes());
    bytes.extend(content);
}

fn scan(width: usize, height: usize, pixels: &[[u8; 3]]) -> Vec<u8> {
    let (dc, ac) = (
        Codes::new(&DC_COUNTS, &DC_VALUES),
        Codes::new(&AC_COUNTS, &AC_VALUES),
    );
    let mut bits = Bits::default();
    let mut before = [0; 3];
    for top in (0..height).step_by(8) {
        for left in (0..width).step_by(8) {
            for (component, last) in before.iter_mut().enumerate() {
                let block = std::array::from_fn(|at| {
                    level(pixels[(top + at / 8) * width + left + at % 8], component)
                });
                let coefficients = transform(&block);
                write_block(&coefficients, last, (&dc, &ac), &mut bits);
            }
        }
    }
    bits.finish()
}

/// One component of a pixel in YCbCr (JFIF), centred on zero.
fn level([red, green, blue]: [u8; 3], component: usize) -> i64 {
    let weights = [[299, 587, 114], [-169, -331, 500], [500, -419, -81]][component];
    let sum =
        weights[0] * i64::from(red) + weights[1] * i64::from(green) + weights[2] * i64::from(blue);
    if component == 0 {
        sum / 1000 - 128
    } else {
        sum / 1000
    }
}

fn cosine(eighths: usize) -> i64 {
    match eighths % 32 {
        turn @ 0..=8 => COSINES[turn],
        turn @ 9..=16 => -COSINES[16 - turn],
        turn @ 17..=24 => -COSINES[turn - 16],
        turn => COSINES[32 - turn],
    }
}

/// The forward DCT of a block, quantised, in zigzag order.
fn transform(block: &[i64; 64]) -> [i64; 64] {
    let rows = one_way(block, 1, 8);
    let both = one_way(&rows, 8, 1);
    std::array::from_fn(|at| {
        let place = ZIGZAG[at];
        let quantum = i64::from(QUANTA[place]) << 14;
        let value = both[place];
        (value.abs() + quantum / 2) / quantum * value.signum()
    })
}

/// A DCT of eight values along one axis, in units of 2⁻⁷ of its input's.
fn one_way(block: &[i64; 64], along: usize, across: usize) -> [i64; 64] {
    let mut out = [0; 64];
    for line in 0..8 {
        for frequency in 0..8 {
            let sum: i64 = (0..8)
                .map(|at| block[line * across + at * along] * cosine((2 * at + 1) * frequency))
                .sum();
            let sum = if frequency == 0 {
                sum * 2896 / 4096
            } else {
                sum
            };
            out[line * across + frequency * along] = sum / 64;
        }
    }
    out
}

fn write_block(
    coefficients: &[i64; 64],
    last: &mut i64,
    (dc, ac): (&Codes, &Codes),
    bits: &mut Bits,
) {
    let change = coefficients[0] - *last;
    *last = coefficients[0];
    let size = magnitude(change);
    dc.write(size, bits);
    bits.write_number(change, size);
    let mut zeros = 0u8;
    for value in &coefficients[1..] {
        if *value == 0 {
            zeros += 1;
            continue;
        }
        while zeros > 15 {
            ac.write(0xf0, bits);
            zeros -= 16;
        }
        let size = magnitude(*value);
        ac.write(zeros << 4 | size, bits);
        bits.write_number(*value, size);
        zeros = 0;
    }
    if zeros > 0 {
        ac.write(0x00, bits);
    }
}

/// How many bits a number takes.
fn magnitude(value: i64) -> u8 {
    (64 - value.unsigned_abs().leading_zeros()) as u8
}

/// A Huffman code: for each value its bits and their number.
struct Codes([(u32, u8); 256]);

impl Codes {
    fn new(counts: &[u8; 16], values: &[u8]) -> Codes {
        let mut codes = [(0, 0); 256];
        let (mut code, mut next) = (0, values.iter());
        for (length, count) in (1u8..).zip(counts) {
            for value in next.by_ref().take(usize::from(*count)) {
                codes[usize::from(*value)] = (code, length);
                code += 1;
            }
            code <<= 1;
        }
        Codes(codes)
    }

    fn write(&self, value: u8, bits: &mut Bits) {
        let (code, length) = self.0[usize::from(value)];
        bits.write(code, length);
    }
}

/// Bits from the highest down; after a byte of ones a zero byte, so that no marker appears.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    waiting: u64,
    count: u8,
}

impl Bits {
    fn write(&mut self, bits: u32, length: u8) {
        self.waiting = self.waiting << length | u64::from(bits);
        self.count += length;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.waiting >> self.count) as u8;
            self.bytes.push(byte);
            if byte == 0xff {
                self.bytes.push(0);
            }
        }
        self.waiting &= (1 << self.count) - 1;
    }

    /// A negative number is written as itself less one, in `size` bits.
    fn write_number(&mut self, value: i64, size: u8) {
        let shown = if value < 0 {
            value + (1 << size) - 1
        } else {
            value
        };
        self.write(shown as u32, size);
    }

    fn finish(mut self) -> Vec<u8> {
        self.write(0x7f, 7);
        self.bytes
    }
}
