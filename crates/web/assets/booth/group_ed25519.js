// The group of Ed25519's prime order. Points come from @noble/curves, which is handed in; an element is written as the 64
// hex digits of its encoding after RFC 8032.

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
/** Bits for each digit of a table that noble keeps for a point used often. */
const TABLE_BITS = 6;

class CurveGroup {
  #points;

  constructor(name, points) {
    Object.assign(this, { name, order: CURVE_ORDER, generator: points.BASE, one: points.ZERO, embedding: null, orderBits: 253 });
    this.#points = points;
  }

  multiply(left, right) { return left.add(right); }

  square(value) { return value.double(); }

  invert(value) { return value.negate(); }

  areEqual(left, right) { return left.equals(right); }

  fixed(base) {
    base.precompute(TABLE_BITS);
    return { power: (exponent) => (exponent === 0n ? this.one : base.multiply(exponent)) };
  }

  /** For public exponents only: the time shows them. */
  shared(base) {
    return { power: (exponent) => (exponent === 0n ? this.one : base.multiplyUnsafe(exponent % CURVE_ORDER)) };
  }

  generate(exponent) { return exponent === 0n ? this.one : this.generator.multiply(exponent); }

  read(text, place) {
    demand(typeof text === "string" && ENCODING.test(text), "element_form", place);
    let point = null;
    try {
      point = this.#points.fromHex(text);
    } catch {
      // Not on the curve, or an encoding that is not the shortest: told below.
    }
    demand(point !== null && point.toHex() === text, "element_range", place);
    demand(point.isTorsionFree(), "element_group", place);
    return point;
  }

  write(value) { return value.toHex(); }
}

/** The group of that name, or null. `edwards` makes points of a curve; without it there is no such group. */
export function curveGroup(name, edwards) {
  return name === "Ed25519" && edwards ? new CurveGroup(name, edwards(CURVE)) : null;
}
