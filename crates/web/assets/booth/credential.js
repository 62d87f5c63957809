// The voter's credential. Two kinds are in use: of fifteen characters, the last of which finds a slip of the pen
// (specification 2.0), and of twenty-two without one (3.3).

import { LETTERS, bytesOfText, hexOfBytes, numberOfBytes, sha256Of } from "./forms.js";

const RANDOM_LETTERS = 14;
const LONG_LETTERS = 22;
const CHECKSUM = 53n;
const ROUNDS = 1000;

const inGroups = (letters, ...lengths) => {
  let at = 0;
  return lengths.map((length) => letters.slice(at, at += length)).join("-");
};

function hasChecksum(letters) {
  const number = [...letters.slice(0, RANDOM_LETTERS)].reduce((all, letter) => all * 58n + BigInt(LETTERS.indexOf(letter)), 0n);
  return BigInt(LETTERS.indexOf(letters.at(-1))) === CHECKSUM - (number % CHECKSUM);
}

/** The credential that somebody typed, in its one form; null if it has a slip in it. */
export function readCredential(typed) {
  const letters = typed.replace(/[\s\-\u2010-\u2015\u200c-\u200f\u2066-\u2069]/g, "");
  if ([...letters].some((letter) => !LETTERS.includes(letter))) return null;
  if (letters.length === LONG_LETTERS) return inGroups(letters, 5, 6, 5, 6);
  return letters.length === RANDOM_LETTERS + 1 && hasChecksum(letters) ? inGroups(letters, 3, 3, 3, 3, 3) : null;
}

async function stretched(credential, uuid) {
  const key = await crypto.subtle.importKey("raw", bytesOfText(credential), "PBKDF2", false, ["deriveBits"]);
  const settings = { name: "PBKDF2", hash: "SHA-256", salt: bytesOfText(uuid), iterations: ROUNDS };
  return numberOfBytes(new Uint8Array(await crypto.subtle.deriveBits(settings, key, 256)));
}

async function derived(credential, uuid) {
  const halves = [0, 1].map((half) => sha256Of(`derive_credential|${uuid}|${half}|${credential}`));
  return BigInt(`0x${(await Promise.all(halves)).map(hexOfBytes).join("")}`);
}

/** The secret exponent that a credential stands for in this election. */
export async function secretOf(credential, election) {
  const isLong = credential.replaceAll("-", "").length === LONG_LETTERS;
  return (await (isLong ? derived : stretched)(credential, election.uuid)) % election.group.order;
}
