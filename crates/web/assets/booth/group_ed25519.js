// The group of Ed25519's prime order. Points come from @noble/curves, which is handed in; an element is written as the 64
// hex digits of its compressed form, the highest digit first (RFC 8032 has the lowest byte first).

import { demand } from "./forms.js";

const CURVE_P = 2n ** 255n - 19n;
const CURVE_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const CURVE = {
  p: CURVE_P,
  n: CURVE_ORDER,
  h: 8n,
  a: CURVE_P - 1n,
  d: 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n,
  Gx: 0x216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51an,
  Gy: 0x6666666666666666666666666666666666666666666666666666666666666658n,
};
const ENCODING = /^[0-9a-f]{64}$/;
const EMBEDDING = { padding: 14n, bitsPerInteger: 8n, integersMax: 29 };

const reversed = (hex) => hex.match(/../g).reverse().join("");

/** Bits for each digit of a table that noble keeps for a point used often. */
const TABLE_BITS = 6;

class CurveGroup {
  #points;

  constructor(name, points) {
    Object.assign(this, { name, order: CURVE_ORDER, generator: points.BASE, one: points.ZERO, embedding: EMBEDDING, orderBits: 253 });
    this.#points = points;
  }

  multiply(left, right) { return left.add(right); }

  square(value) { return value.double(); }

  invert(value) { return value.negate(); }

  areEqual(left, right) { return left.equals(right); }

  /** The order in which ciphertexts are sorted: by the bytes of RFC 8032, the lowest first. */
  isBefore(left, right) { return left.toHex() < right.toHex(); }

  fixed(base) {
    base.precompute(TABLE_BITS);
    return { power: (exponent) => (exponent === 0n ? this.one : base.multiply(exponent)) };
  }

  /** For public exponents only: the time shows them. */
  shared(base) {
    return { power: (exponent) => (exponent === 0n ? this.one : base.multiplyUnsafe(exponent % CURVE_ORDER)) };
  }

  generate(exponent) { return exponent === 0n ? this.one : this.generator.multiply(exponent); }

  /** The point of a compressed number; null if there is none, or the number is not its one form. */
  #point(hex) {
    try {
      const point = this.#points.fromHex(reversed(hex));
      return this.write(point) === hex ? point : null;
    } catch {
      return null;
    }
  }

  #pointOf(number) { return number >> 256n === 0n ? this.#point(number.toString(16).padStart(64, "0")) : null; }

  read(text, place) {
    demand(typeof text === "string" && ENCODING.test(text), "element_form", place);
    const point = this.#point(text);
    demand(point !== null, "element_range", place);
    demand(point.isTorsionFree(), "element_group", place);
    return point;
  }

  /** Small whole numbers as one point: the first padding that lands in the group. */
  encode(numbers) {
    const packed = numbers.reduce((all, one) => (all << EMBEDDING.bitsPerInteger) + BigInt(one), 0n) << EMBEDDING.padding;
    for (let rest = 0n; rest < 1n << EMBEDDING.padding; rest += 1n) {
      const point = this.#pointOf(packed + rest);
      if (point?.isTorsionFree()) return point;
    }
    throw new RangeError("no padding lands in the group");
  }

  /** The `count` whole numbers of a point, first to last. */
  decode(value, count) {
    const numbers = [];
    for (let rest = BigInt(`0x${this.write(value)}`) >> EMBEDDING.padding; numbers.length < count; rest >>= 8n) numbers.unshift(Number(rest & 255n));
    return numbers;
  }

  /** A generator that nobody knows the logarithm of, from a digest read as a number. */
  derive(number) {
    for (let candidate = number >> 2n; ; candidate += 1n) {
      const point = this.#pointOf(candidate);
      if (point !== null) return point.clearCofactor();
    }
  }

  write(value) { return reversed(value.toHex()); }
}

/** The group of that name, or null. `edwards` makes points of a curve; without it there is no such group. */
export function curveGroup(name, edwards) {
  return name === "Ed25519" && edwards ? new CurveGroup(name, edwards(CURVE)) : null;
}
