// Small forms that all parts of a bundle are written in, and the two ways to fail (docs/spec/entry.md, section 1).

const DEPTH_MAX = 16;
const utf8Decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf8Encoder = new TextEncoder();

/** Bytes break the shape that the specification fixes. */
export class Malformed extends Error {
  constructor(reason, detail = "") {
    super(detail);
    this.reason = reason;
  }
}

/** The shape is right, and what it claims is not so. */
export class DoesNotHold extends Malformed {}

export function need(condition, reason, detail) {
  if (!condition) throw new Malformed(reason, detail);
}

export function holds(condition, reason, detail) {
  if (!condition) throw new DoesNotHold(reason, detail);
}

export const bytesOf = (text) => utf8Encoder.encode(text);

/** Bytes as a string of as many characters, U+0000 to U+00FF. */
export function octets(bytes) {
  let text = "";
  for (let place = 0; place < bytes.length; place += 8192) text += String.fromCharCode(...bytes.subarray(place, place + 8192));
  return text;
}

export const fromOctets = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** The text of UTF-8 bytes, or null. */
export function decodeUtf8(bytes) {
  try {
    return utf8Decoder.decode(bytes);
  } catch {
    return null;
  }
}

export function areEqual(left, right) {
  return left.length === right.length && left.every((byte, place) => byte === right[place]);
}

export const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const fromHex = (text) => Uint8Array.from({ length: text.length / 2 }, (_, place) => Number.parseInt(text.slice(2 * place, 2 * place + 2), 16));

export const base64Of = (bytes) => btoa(octets(bytes));

/** The bytes of strict base64, or null; of exactly `length` bytes where that is given. */
export function decodeBase64(text, length = null) {
  if (typeof text !== "string" || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  let raw;
  try {
    raw = atob(text);
  } catch {
    return null;
  }
  return btoa(raw) === text && (length === null || raw.length === length) ? fromOctets(raw) : null;
}

/** A decimal without leading zeros up to 2^53 - 1, or null. */
export function decodeDecimal(text) {
  const value = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}

/** Eight bytes, big-endian. */
export function u64(value) {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(value));
  return new Uint8Array(view.buffer);
}

const LONE_SURROGATE = /\p{Surrogate}/u;

const canonicalWays = {
  string(value) {
    if (LONE_SURROGATE.test(value)) throw new Error("a lone surrogate");
    return JSON.stringify(value);
  },
  number(value) {
    if (!Number.isSafeInteger(value)) throw new Error("not an integer, or too large");
    return String(value);
  },
  boolean: String,
  object(value, names, depth) {
    if (value === null) return "null";
    if (depth >= DEPTH_MAX) throw new Error("nested too deeply");
    if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item, names, depth + 1)).join(",")}]`;
    const members = Object.keys(value).sort().map((name) => {
      if (!names.test(name)) throw new Error("a member name that is not allowed");
      return `${JSON.stringify(name)}:${canonicalText(value[name], names, depth + 1)}`;
    });
    return `{${members.join(",")}}`;
  },
};

export const PAYLOAD_NAMES = /^[a-z][a-z0-9_]*$/;

/** RFC 8785, narrowed; throws on what cannot be said in it. */
export function canonicalText(value, names = PAYLOAD_NAMES, depth = 0) {
  return canonicalWays[typeof value](value, names, depth);
}

/** Canonical JSON: parsed, encoded again, and refused unless the text is the same. */
export function parseCanonical(bytes, reason, names = PAYLOAD_NAMES) {
  const text = decodeUtf8(bytes);
  need(text !== null, reason, "not UTF-8");
  let value;
  let again;
  try {
    value = JSON.parse(text);
    again = canonicalText(value, names);
  } catch (error) {
    throw new Malformed(reason, `not canonical JSON: ${error.message}`);
  }
  need(isObject(value), reason, "the JSON text is not an object");
  need(again === text, reason, "not canonical JSON: it is written differently");
  return value;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const is = {
  object: isObject,
  text: (value) => typeof value === "string",
  natural: (value) => Number.isSafeInteger(value) && value >= 0,
  hex: (length) => (value) => is.text(value) && value.length === 2 * length && /^[0-9a-f]*$/.test(value),
  base64: (length) => (value) => decodeBase64(value, length) !== null,
  exactly: (expected) => (value) => value === expected,
  matching: (pattern, lengthMax) => (value) => is.text(value) && value.length <= lengthMax && pattern.test(value),
  list: (lengthMin, lengthMax, isItem) => (value) => Array.isArray(value) && value.length >= lengthMin && value.length <= lengthMax && value.every(isItem),
  fields: (fields) => (value) => isObject(value) && hasFields(value, fields) && Object.keys(fields).every((name) => fields[name](value[name])),
  day(value) {
    const parts = is.text(value) && /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(value);
    if (!parts) return false;
    const [year, month, day] = parts.slice(1).map(Number);
    const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    return year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
  },
  moment: (value) => is.text(value) && is.day(value.slice(0, 10)) && /^T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$/.test(value.slice(10)),
  title(value) {
    const forbidden = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
    const length = is.text(value) ? Array.from(value).length : 0;
    return length >= 1 && length <= 300 && !forbidden.test(value);
  },
};
is.origin = is.matching(/^[!-*,-~]+$/, 255);
is.path = is.matching(/^[a-z0-9][a-z0-9._-]*(?:\/[a-z0-9][a-z0-9._-]*)*$/, 100);

function hasFields(value, fields) {
  const names = Object.keys(value);
  return names.length === Object.keys(fields).length && names.every((name) => Object.hasOwn(fields, name));
}

/** Exactly these fields, each of its form. */
export function checkFields(value, fields, reason) {
  need(isObject(value) && hasFields(value, fields), reason, "fields are missing or unknown");
  for (const [name, check] of Object.entries(fields)) need(check(value[name]), reason, `the field ${name} is out of form`);
}
