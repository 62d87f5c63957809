// SHA-256 in plain JavaScript, because WebCrypto cannot hash a file piece by piece.

const SHA256_BLOCK_BYTES = 64;

function firstPrimes(count) {
  const primes = [];
  for (let candidate = 2; primes.length < count; candidate += 1) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}

/** The first 32 bits of the fraction of the root of a prime, as FIPS 180-4 makes its constants. */
function fractionBits(root) {
  return Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
}

const ROUND_CONSTANTS = Int32Array.from(firstPrimes(64), (prime) => fractionBits(Math.cbrt(prime)));
const START = Int32Array.from(firstPrimes(8), (prime) => fractionBits(Math.sqrt(prime)));

/** A digest that is fed piece by piece. */
export class Sha256 {
  #state = Int32Array.from(START);
  #schedule = new Int32Array(64);
  #waiting = new Uint8Array(SHA256_BLOCK_BYTES);
  #waitingLength = 0;
  #length = 0;

  /** Takes a Uint8Array. */
  update(bytes) {
    this.#length += bytes.length;
    let place = 0;
    if (this.#waitingLength > 0) {
      place = Math.min(SHA256_BLOCK_BYTES - this.#waitingLength, bytes.length);
      this.#waiting.set(bytes.subarray(0, place), this.#waitingLength);
      this.#waitingLength += place;
      if (this.#waitingLength < SHA256_BLOCK_BYTES) return this;
      this.#mix(this.#waiting, 0);
    }
    for (; place + SHA256_BLOCK_BYTES <= bytes.length; place += SHA256_BLOCK_BYTES) this.#mix(bytes, place);
    this.#waiting.set(bytes.subarray(place));
    this.#waitingLength = bytes.length - place;
    return this;
  }

  /** The 32 bytes of the digest. Ends it. */
  finish() {
    const tail = new Uint8Array(this.#waitingLength < 56 ? SHA256_BLOCK_BYTES : 2 * SHA256_BLOCK_BYTES);
    tail.set(this.#waiting.subarray(0, this.#waitingLength));
    tail[this.#waitingLength] = 0x80;
    const bits = new DataView(tail.buffer);
    bits.setUint32(tail.length - 8, Math.floor(this.#length / 2 ** 29));
    bits.setUint32(tail.length - 4, (this.#length << 3) >>> 0);
    for (let place = 0; place < tail.length; place += SHA256_BLOCK_BYTES) this.#mix(tail, place);
    const digest = new DataView(new ArrayBuffer(32));
    this.#state.forEach((word, index) => digest.setInt32(4 * index, word));
    return new Uint8Array(digest.buffer);
  }

  #mix(bytes, place) {
    const w = this.#schedule;
    for (let t = 0, at = place; t < 16; t += 1, at += 4) {
      w[t] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let t = 16; t < 64; t += 1) {
      const early = w[t - 15];
      const late = w[t - 2];
      const s0 = ((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3);
      const s1 = ((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10);
      w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
    }
    const state = this.#state;
    const constants = ROUND_CONSTANTS;
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    let e = state[4];
    let f = state[5];
    let g = state[6];
    let h = state[7];
    for (let t = 0; t < 64; t += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const first = (h + s1 + ((e & f) ^ (~e & g)) + constants[t] + w[t]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    state[0] = (state[0] + a) | 0;
    state[1] = (state[1] + b) | 0;
    state[2] = (state[2] + c) | 0;
    state[3] = (state[3] + d) | 0;
    state[4] = (state[4] + e) | 0;
    state[5] = (state[5] + f) | 0;
    state[6] = (state[6] + g) | 0;
    state[7] = (state[7] + h) | 0;
  }
}

/** The digest of byte arrays, one after the other. */
export function sha256(...parts) {
  const digest = new Sha256();
  for (const part of parts) digest.update(part);
  return digest.finish();
}
