// A key that t of n trustees can use and no fewer: each deals a polynomial, checks what the others dealt, and ends with a
// share that nobody else has. The messages are those of the protocol's steps 1, 3 and 5; the office carries them.

import { keysOfSeed, openSigned, receiveMessage, sendMessage, signMessage } from "./channel.js";
import { demand, hexOfBytes, sha256Of } from "./forms.js";
import { canonicalText, demandArray, demandFields, demandText, parseCanonical, readScalar, writeProof } from "./json.js";
import { modulo, randomBelow } from "./numbers.js";
import { proveSecret } from "./proofs.js";
import { knowledgeStatement } from "./statements.js";

const LETTERS_OF_SEED = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const SEED_LETTERS = 22;
const DEALERS_MAX = 100;

/** The seed that a file holds, or null. */
export function readSeed(text) {
  const seed = text.trim();
  return seed.length === SEED_LETTERS && [...seed].every((letter) => LETTERS_OF_SEED.includes(letter)) ? seed : null;
}

/** A new seed, and the certificate of the keys that come from it. `threshold`, `size` and `index` bind it to its place. */
export async function makeCertificate(group) {
  const seed = Array.from({ length: SEED_LETTERS }, () => LETTERS_OF_SEED[Number(randomBelow(58n))]).join("");
  const keys = await keysOfSeed(group, seed);
  const message = canonicalText({ verification: keys.verification, encryption: keys.encryption });
  const certificate = canonicalText(await signMessage(group, keys.signing, message));
  return { seed, certificate, id: hexOfBytes(await sha256Of(certificate)).slice(0, 16) };
}

/** The certificates of all trustees, one on each line, each checked; and which of them is ours. */
async function readDealers(group, text, keys) {
  const lines = demandArray(text.trim().split("\n"), "certs", 1, DEALERS_MAX);
  const dealers = [];
  for (const [index, line] of lines.entries()) {
    const place = `certs.${index}`;
    const value = parseCanonical(line, place);
    demandFields(value, "message signature", place);
    const message = parseCanonical(demandText(value.message, place), place);
    demandFields(message, "context? verification encryption", `${place}.message`);
    const verification = group.read(message.verification, `${place}.message.verification`);
    group.read(message.encryption, `${place}.message.encryption`);
    await openSigned(group, verification, value, place);
    dealers.push({ verification, encryption: message.encryption });
  }
  demand(new Set(dealers.map(({ encryption }) => encryption)).size === dealers.length, "duplicate", "certs");
  const own = dealers.findIndex((one) => one.encryption === keys.encryption && group.write(one.verification) === keys.verification);
  demand(own >= 0, "not_a_trustee", "certs");
  return { dealers, own };
}

async function seedKeys(group, seedText) {
  const seed = readSeed(seedText);
  demand(seed !== null, "seed_form", "key");
  return keysOfSeed(group, seed);
}

const valueAt = (coefficients, point, order) => coefficients.reduceRight((sum, one) => modulo(sum * point + one, order), 0n);

/** Step 3: a polynomial of ours, one value for each trustee, each in a message that only they can open. */
export async function dealPolynomial(group, seedText, certificates, threshold) {
  const keys = await seedKeys(group, seedText);
  const { dealers, own } = await readDealers(group, certificates, keys);
  demand(Number.isInteger(threshold) && threshold >= 1 && threshold <= dealers.length, "threshold", "threshold");
  const coefficients = Array.from({ length: threshold }, () => randomBelow(group.order));
  const send = (recipient, message) => sendMessage(group, keys.signing, recipient, canonicalText(message));
  const secrets = [];
  for (const [index, { encryption }] of dealers.entries()) {
    secrets.push(await send(encryption, { secret: String(valueAt(coefficients, BigInt(index + 1), group.order)) }));
  }
  const exponents = canonicalText({ coefexps: coefficients.map((one) => group.write(group.generate(one))) });
  return canonicalText({
    polynomial: await send(dealers[own].encryption, { polynomial: coefficients.map(String) }),
    secrets,
    coefexps: await signMessage(group, keys.signing, exponents),
  });
}

function expectedValue(group, elements, point) {
  return elements.reduceRight((sum, element) => group.multiply(element, group.shared(sum).power(point)), group.one);
}

async function readDealt(group, dealer, signed, place) {
  const value = parseCanonical(await openSigned(group, dealer.verification, signed, place), place);
  demandFields(value, "coefexps", place);
  return demandArray(value.coefexps, place, 1, DEALERS_MAX).map((text, index) => group.read(text, `${place}.${index}`));
}

/** Step 5: what every trustee dealt to us is checked against what they said in public; our share is the sum. */
export async function finishKey(group, seedText, certificates, inputText) {
  const keys = await seedKeys(group, seedText);
  const { dealers, own } = await readDealers(group, certificates, keys);
  const input = parseCanonical(inputText, "vinput");
  demandFields(input, "polynomial secrets coefexps", "vinput");
  for (const name of ["secrets", "coefexps"]) demandArray(input[name], `vinput.${name}`, dealers.length, dealers.length);
  const point = BigInt(own + 1);
  let share = 0n;
  let lengths = new Set();
  for (const [index, dealer] of dealers.entries()) {
    const place = `vinput.secrets.${index}`;
    const elements = await readDealt(group, dealer, input.coefexps[index], `vinput.coefexps.${index}`);
    lengths = lengths.add(elements.length);
    const message = parseCanonical(await receiveMessage(group, keys, dealer.verification, demandText(input.secrets[index], place), place), place);
    demandFields(message, "secret", place);
    const secret = readScalar(group, message.secret, place);
    demand(group.areEqual(group.generate(secret), expectedValue(group, elements, point)), "dealt_wrong", place);
    share = modulo(share + secret, group.order);
  }
  demand(lengths.size === 1, "threshold", "vinput.coefexps");
  await demandOwnPolynomial(group, keys, dealers[own], input, own);
  const publicKey = group.write(group.generate(share));
  const proof = await proveSecret(group, share, [(exponent) => group.generate(exponent)], knowledgeStatement(group, publicKey));
  const sealed = await sendMessage(group, keys.signing, keys.encryption, canonicalText({ decryption_key: String(share) }));
  return canonicalText({ private_key: sealed, public_key: { pok: writeProof(proof), public_key: publicKey } });
}

/** Our own public coefficients must be those that we dealt: we sent them to ourselves. */
async function demandOwnPolynomial(group, keys, dealer, input, own) {
  const place = "vinput.polynomial";
  const value = parseCanonical(await receiveMessage(group, keys, dealer.verification, demandText(input.polynomial, place), place), place);
  demandFields(value, "polynomial", place);
  const elements = await readDealt(group, dealer, input.coefexps[own], `vinput.coefexps.${own}`);
  const dealt = demandArray(value.polynomial, place, elements.length, elements.length);
  dealt.forEach((text, index) => demand(group.areEqual(group.generate(readScalar(group, text, place)), elements[index]), "dealt_wrong", place));
}

/** The exponent of our share, from the file that the office kept for us. */
export async function openKeyShare(group, seedText, text) {
  const keys = await seedKeys(group, seedText);
  const verification = group.read(keys.verification, "key");
  const value = parseCanonical(await receiveMessage(group, keys, verification, text.trim(), "dkey"), "dkey");
  demandFields(value, "decryption_key", "dkey");
  return readScalar(group, value.decryption_key, "dkey");
}
