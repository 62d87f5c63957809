// Two ways to raise one base to many powers, for any group that can multiply. Both keep tables, so that the second power
// costs a fraction of the first.

import { digitsOf } from "./numbers.js";

/** A base known in advance, such as the generator or the election's key: every multiple of every digit is kept. */
export class FixedBase {
  #group;
  #width;
  #rows = [];

  /** `width` bits for each digit: a larger one costs more to set up and less to use. */
  constructor(group, base, width) {
    this.#group = group;
    this.#width = width;
    const count = Math.ceil(group.orderBits / width);
    for (let place = 0, start = base; place < count; place += 1) {
      const row = [start];
      for (let digit = 2; digit < 2 ** width; digit += 1) row.push(group.multiply(row[digit - 2], start));
      this.#rows.push(row);
      start = group.multiply(row.at(-1), start);
    }
  }

  /** The base to an exponent from 0 to the order of the group. */
  power(exponent) {
    let result = null;
    digitsOf(exponent, this.#width).forEach((digit, place) => {
      if (digit === 0) return;
      const factor = this.#rows[place][digit - 1];
      result = result === null ? factor : this.#group.multiply(result, factor);
    });
    return result ?? this.#group.one;
  }
}

const DIGIT_BITS = 4;

/** A base met once, raised to a few powers: the squarings are shared (Yao's method). */
export class SharedPowers {
  #group;
  #steps;

  constructor(group, base) {
    this.#group = group;
    this.#steps = [base];
  }

  #step(place) {
    while (this.#steps.length <= place) {
      let next = this.#steps.at(-1);
      for (let squaring = 0; squaring < DIGIT_BITS; squaring += 1) next = this.#group.square(next);
      this.#steps.push(next);
    }
    return this.#steps[place];
  }

  /** The base to an exponent that is not negative. */
  power(exponent) {
    const buckets = new Array(2 ** DIGIT_BITS).fill(null);
    digitsOf(exponent, DIGIT_BITS).forEach((digit, place) => {
      if (digit === 0) return;
      const step = this.#step(place);
      buckets[digit] = buckets[digit] === null ? step : this.#group.multiply(buckets[digit], step);
    });
    let [running, result] = [null, null];
    for (let digit = buckets.length - 1; digit > 0; digit -= 1) {
      running = multiplyFound(this.#group, running, buckets[digit]);
      result = multiplyFound(this.#group, result, running);
    }
    return result ?? this.#group.one;
  }
}

function multiplyFound(group, left, right) {
  if (left === null || right === null) return left ?? right;
  return group.multiply(left, right);
}
