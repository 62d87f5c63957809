// Messages between trustees, carried by somebody whom they need not trust: signed by the sender, encrypted to the
// receiver: ElGamal, then AES-256 in GCM mode. Messages of release 2.0 are in CCM mode (RFC 3610, a tag of 8 bytes) and
// can be opened; WebCrypto has the two halves of CCM.

import { bytesOfHex, bytesOfText, demand, hashToNumber, hexOfBytes, Refused, sha256Of, textOfBytes } from "./forms.js";
import { canonicalText, demandFields, demandText, parseCanonical, readProof, writeProof } from "./json.js";
import { randomBelow } from "./numbers.js";
import { isSecretProved, proveSecret } from "./proofs.js";
import { messageStatement } from "./statements.js";

const TAG_BYTES = 8;
const NONCE_BYTES = 13;
const AES_BLOCK = 16;

function padded(...parts) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const all = new Uint8Array(Math.ceil(length / AES_BLOCK) * AES_BLOCK);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** CBC-MAC over the nonce, the length and the message: the last block of CBC before WebCrypto's own padding. */
async function authenticated(rawKey, nonce, plain) {
  const key = await crypto.subtle.importKey("raw", rawKey, "AES-CBC", false, ["encrypt"]);
  const start = Uint8Array.of(8 * ((TAG_BYTES - 2) / 2) + 1, ...nonce, plain.length >> 8, plain.length & 255);
  const content = new Uint8Array(AES_BLOCK + Math.ceil(plain.length / AES_BLOCK) * AES_BLOCK);
  content.set(start);
  content.set(padded(plain), AES_BLOCK);
  const chained = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(AES_BLOCK) }, key, content));
  return chained.slice(content.length - AES_BLOCK, content.length - AES_BLOCK + TAG_BYTES);
}

/** Tag and text under the key stream: block 0 covers the tag, the rest the text. It undoes itself. */
async function streamed(rawKey, nonce, tag, text) {
  const key = await crypto.subtle.importKey("raw", rawKey, "AES-CTR", false, ["encrypt"]);
  const content = new Uint8Array(AES_BLOCK + text.length);
  content.set(tag);
  content.set(text, AES_BLOCK);
  const counter = Uint8Array.of(1, ...nonce, 0, 0);
  const made = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CTR", counter, length: 16 }, key, content));
  return { tag: made.slice(0, TAG_BYTES), text: made.slice(AES_BLOCK) };
}

async function openCcm(rawKey, start, bytes, place) {
  const nonce = start.subarray(0, NONCE_BYTES);
  demand(bytes.length >= TAG_BYTES && bytes.length < 65536, "message_form", place);
  const made = await streamed(rawKey, nonce, bytes.subarray(-TAG_BYTES), bytes.subarray(0, -TAG_BYTES));
  const expected = await authenticated(rawKey, nonce, made.text);
  demand(expected.every((byte, index) => byte === made.tag[index]), "message_tag", place);
  return made.text;
}

const keyOf = (element) => sha256Of(`key|${element}`);

/** What the mode starts from: all of it in GCM, its beginning in CCM. */
const startOf = (alpha) => sha256Of(`iv|${alpha}`);

const gcmKey = (rawKey, use) => crypto.subtle.importKey("raw", rawKey, "AES-GCM", false, [use]);

async function sealGcm(rawKey, iv, plain) {
  return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await gcmKey(rawKey, "encrypt"), plain));
}

async function openGcm(rawKey, iv, bytes, place) {
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await gcmKey(rawKey, "decrypt"), bytes));
  } catch {
    throw new Refused("message_tag", place);
  }
}

/** The two pairs of keys that a trustee's seed stands for. */
export async function keysOfSeed(group, seed) {
  const [signing, decryption] = [await hashToNumber(`sk|${seed}`, group.order), await hashToNumber(`dk|${seed}`, group.order)];
  return { signing, decryption, verification: group.write(group.generate(signing)), encryption: group.write(group.generate(decryption)) };
}

/** A signature with the key of a seed. */
export async function signText(group, signing, message) {
  return writeProof(await proveSecret(group, signing, [(exponent) => group.generate(exponent)], messageStatement(message)));
}

/** {message, signature} */
export const signMessage = async (group, signing, message) => ({ message, signature: await signText(group, signing, message) });

/** Refuses a signature that the holder of `verification` did not make. */
export async function demandSigned(group, verification, message, signature, place) {
  const known = group.shared(verification);
  const pairs = [[(exponent) => group.generate(exponent), (exponent) => known.power(exponent)]];
  demand(await isSecretProved(group, readProof(group, signature, place), pairs, messageStatement(message)), "message_signature", place);
}

/** The message of {message, signature}, if the holder of `verification` signed it. */
export async function openSigned(group, verification, value, place) {
  demandFields(value, "message signature", place);
  const message = demandText(value.message, `${place}.message`);
  await demandSigned(group, verification, message, value.signature, `${place}.signature`);
  return message;
}

/** A message to the holder of `recipient`, as a text that anybody may carry. */
export async function sendMessage(group, signing, recipient, message) {
  const signed = canonicalText(await signMessage(group, signing, canonicalText({ recipient, message })));
  const [randomness, secret] = [randomBelow(group.order), randomBelow(group.order)];
  const key = group.generate(secret);
  const alpha = group.write(group.generate(randomness));
  const beta = group.write(group.multiply(group.shared(group.read(recipient, "recipient")).power(randomness), key));
  const data = await sealGcm(await keyOf(group.write(key)), await startOf(alpha), bytesOfText(signed));
  return canonicalText({ algorithm: "AES-GCM", alpha, beta, data: hexOfBytes(data) });
}

/** The message in a text that was sent to us by the holder of `verification`. */
export async function receiveMessage(group, keys, verification, text, place) {
  const value = parseCanonical(text, place);
  demandFields(value, "algorithm? alpha beta data", place);
  demand(["AES-GCM", undefined].includes(value.algorithm), "message_form", place);
  const [alpha, beta] = [group.read(value.alpha, `${place}.alpha`), group.read(value.beta, `${place}.beta`)];
  const key = group.multiply(beta, group.invert(group.shared(alpha).power(keys.decryption)));
  demand(/^(?:[0-9a-f]{2})+$/.test(demandText(value.data, `${place}.data`)), "message_form", `${place}.data`);
  const open = value.algorithm ? openGcm : openCcm;
  const plain = await open(await keyOf(group.write(key)), await startOf(value.alpha), bytesOfHex(value.data), `${place}.data`);
  const signed = parseCanonical(textOfBytes(plain, place), place);
  const channel = parseCanonical(await openSigned(group, verification, signed, place), place);
  demandFields(channel, "recipient message", place);
  demand(channel.recipient === keys.encryption, "message_recipient", place);
  return demandText(channel.message, place);
}
