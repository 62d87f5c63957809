// The forms that every message of an election is written in, and the one way to refuse (docs/spec/ballot.md).

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf8 = new TextEncoder();

/** The letters of voter codes and of seeds: those that nobody mistakes for another. */
export const LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Something that is not as the protocol asks. `code` names the rule, `place` says where, `detail` says more. */
export class Refused extends Error {
  constructor(code, place, detail = "") {
    super(`${place}: ${code}${detail === "" ? "" : ` (${detail})`}`);
    Object.assign(this, { code, place, detail });
  }
}

export function demand(condition, code, place, detail) {
  if (!condition) throw new Refused(code, place, detail);
}

export const bytesOfText = (text) => utf8.encode(text);

/** The text of UTF-8 bytes; refused if they are not UTF-8. */
export function textOfBytes(bytes, place) {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw new Refused("utf8", place);
  }
}

export const hexOfBytes = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const bytesOfHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

export const numberOfBytes = (bytes) => BigInt(`0x${hexOfBytes(bytes)}`);

/** Base64 without padding, as the protocol writes digests. */
export const base64OfBytes = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");

/** SHA-256 of a text or of bytes, by WebCrypto. */
export async function sha256Of(content) {
  const bytes = typeof content === "string" ? bytesOfText(content) : content;
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** The digest that the protocol shows to people: fingerprints and trackers. */
export const fingerprintOf = async (content) => base64OfBytes(await sha256Of(content));

/** The protocol's hash to a number below `modulus`. */
export const hashToNumber = async (text, modulus) => numberOfBytes(await sha256Of(text)) % modulus;
