// JSON as the protocol writes it: compact, fields in one order, one form for each value. A message is read, written again,
// and must come out byte for byte; so doubled fields, spaces, other escapes and other forms of a number are all refused.

import { demand, Refused } from "./forms.js";

/** The one text of a JSON value: DEL is escaped, as the protocol's own tool does. */
export const canonicalText = (value) => JSON.stringify(value).replaceAll("\x7f", "\\u007f");

/** The value of a canonical text. */
export function parseCanonical(text, place) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refused("json", place);
  }
  demand(canonicalText(value) === text && text.isWellFormed() && !/\\ud[89a-f]/.test(text), "canonical", place);
  return value;
}

/** Refuses an object whose fields are not these, in this order; a name that ends in "?" may be missing. */
export function demandFields(value, names, place) {
  demand(value !== null && typeof value === "object" && !Array.isArray(value), "object", place);
  const present = Object.keys(value);
  const expected = names.split(" ").map((name) => name.replace("?", ""));
  const needed = names.split(" ").filter((name) => !name.endsWith("?"));
  const known = expected.filter((name) => present.includes(name));
  demand(present.join() === known.join() && needed.every((name) => present.includes(name)), "fields", place, present.join(" ").slice(0, 100));
}

/** The array, of a length within bounds. */
export function demandArray(value, place, least = 0, most = Number.MAX_SAFE_INTEGER) {
  demand(Array.isArray(value), "array", place);
  demand(value.length >= least && value.length <= most, "length", place, String(value.length));
  return value;
}

export function demandText(value, place) {
  demand(typeof value === "string", "text", place);
  return value;
}

/** A whole number from `least` up. */
export function demandInteger(value, place, least = 0) {
  demand(Number.isSafeInteger(value) && value >= least, "integer", place);
  return value;
}

const HASH = /^[0-9a-f]{64}$/;

export function demandHash(value, place) {
  demand(typeof value === "string" && HASH.test(value), "hash_form", place);
  return value;
}

/** An exponent: a number below the order, in base 10. */
export function readScalar(group, text, place) {
  demand(typeof text === "string" && text.length <= 617 && /^(?:0|[1-9][0-9]*)$/.test(text), "scalar_form", place);
  const value = BigInt(text);
  demand(value < group.order, "scalar_range", place);
  return value;
}

/** {challenge, response} */
export function readProof(group, value, place) {
  demandFields(value, "challenge response", place);
  return { challenge: readScalar(group, value.challenge, `${place}.challenge`), response: readScalar(group, value.response, `${place}.response`) };
}

export const writeProof = ({ challenge, response }) => ({ challenge: String(challenge), response: String(response) });

/** {alpha, beta}, both in the group. */
export function readCiphertext(group, value, place) {
  demandFields(value, "alpha beta", place);
  return { alpha: group.read(value.alpha, `${place}.alpha`), beta: group.read(value.beta, `${place}.beta`) };
}

export const writeCiphertext = (group, { alpha, beta }) => ({ alpha: group.write(alpha), beta: group.write(beta) });
