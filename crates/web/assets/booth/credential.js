// The voter's credential: fifteen characters, the last of which finds a slip of the pen.

import { bytesOfText, numberOfBytes } from "./forms.js";

const LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const RANDOM_LETTERS = 14;
const CHECKSUM = 53n;
const ROUNDS = 1000;

/** The credential that somebody typed, without dashes and spaces; null if it has a slip in it. */
export function readCredential(typed) {
  const letters = typed.replace(/[\s\-\u2010-\u2015\u200c-\u200f]/g, "");
  if (letters.length !== RANDOM_LETTERS + 1 || [...letters].some((letter) => !LETTERS.includes(letter))) return null;
  const number = [...letters.slice(0, RANDOM_LETTERS)].reduce((all, letter) => all * 58n + BigInt(LETTERS.indexOf(letter)), 0n);
  const expected = CHECKSUM - (number % CHECKSUM);
  return BigInt(LETTERS.indexOf(letters.at(-1))) === expected % CHECKSUM || BigInt(LETTERS.indexOf(letters.at(-1))) === expected ? letters : null;
}

const inFives = (letters) => letters.match(/.{3}/g).join("-");

/** The secret exponent that a credential stands for in this election. */
export async function secretOf(credential, election) {
  const key = await crypto.subtle.importKey("raw", bytesOfText(inFives(credential)), "PBKDF2", false, ["deriveBits"]);
  const settings = { name: "PBKDF2", hash: "SHA-256", salt: bytesOfText(election.uuid), iterations: ROUNDS };
  return numberOfBytes(new Uint8Array(await crypto.subtle.deriveBits(settings, key, 256))) % election.group.order;
}
