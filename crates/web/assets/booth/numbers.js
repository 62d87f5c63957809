// Whole numbers modulo another, and random ones. Nothing here runs in constant time: BigInt cannot.

export function modulo(value, modulus) {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

export const bitLength = (value) => (value === 0n ? 0 : value.toString(2).length);

/** The inverse of `value`, which must be prime to `modulus`. */
export function inverse(value, modulus) {
  let [rest, next] = [modulus, modulo(value, modulus)];
  let [factor, nextFactor] = [0n, 1n];
  while (next !== 0n) {
    const quotient = rest / next;
    [rest, next] = [next, rest - quotient * next];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return modulo(factor, modulus);
}

/** Whether `value` is a square modulo an odd prime: 1, -1, or 0 where the prime divides it (Jacobi's symbol). */
export function squareSymbol(value, prime) {
  let [top, bottom, sign] = [modulo(value, prime), prime, 1];
  while (top !== 0n) {
    while ((top & 1n) === 0n) {
      top >>= 1n;
      const rest = bottom & 7n;
      if (rest === 3n || rest === 5n) sign = -sign;
    }
    if ((top & 3n) === 3n && (bottom & 3n) === 3n) sign = -sign;
    [top, bottom] = [bottom % top, top];
  }
  return bottom === 1n ? sign : 0;
}

/** A uniform number below `limit`, from the browser's generator: drawn again while it is too large. */
export function randomBelow(limit) {
  const bits = bitLength(limit - 1n);
  const bytes = new Uint8Array(Math.ceil(bits / 8));
  for (;;) {
    crypto.getRandomValues(bytes);
    let hex = "0x0";
    for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
    const value = BigInt(hex) & ((1n << BigInt(bits)) - 1n);
    if (value < limit) return value;
  }
}

/** The digits of an exponent, lowest first, each of `width` bits. */
export function digitsOf(exponent, width) {
  const binary = exponent.toString(2);
  const digits = [];
  for (let end = binary.length; end > 0; end -= width) digits.push(Number.parseInt(binary.slice(Math.max(0, end - width), end), 2));
  return digits;
}
