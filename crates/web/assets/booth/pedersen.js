// A key that t of n trustees can use and no fewer: each deals a polynomial, checks what the others dealt, and ends with a
// share that nobody else has. The messages are those of the protocol's steps 1, 3 and 5, as releases from 2.5.1 on write
// them; the office carries them.

import { demandSigned, keysOfSeed, receiveMessage, sendMessage, signMessage, signText } from "./channel.js";
import { LETTERS, demand, hexOfBytes, sha256Of } from "./forms.js";
import { canonicalText, demandArray, demandFields, demandText, parseCanonical, readScalar, writeProof } from "./json.js";
import { modulo, randomBelow } from "./numbers.js";
import { proveSecret } from "./proofs.js";
import { knowledgeStatement } from "./statements.js";
import { certificatesMessage, demandContext, readCertificate, readCoefficients } from "./trustees.js";

const SEED_LETTERS = 22;
const DEALERS_MAX = 100;

/** The seed that a file holds, or null. */
export function readSeed(text) {
  const seed = text.trim();
  return seed.length === SEED_LETTERS && [...seed].every((letter) => LETTERS.includes(letter)) ? seed : null;
}

/** A new seed, and the certificate of the keys that come from it: for trustee `index` (from 1) of `size`. */
export async function makeCertificate(group, { size, threshold, index }) {
  const isPossible = [size, threshold, index].every((one) => Number.isInteger(one) && one >= 1) && threshold <= size && index <= size && size <= DEALERS_MAX;
  demand(isPossible, "threshold", "certificate");
  const seed = Array.from({ length: SEED_LETTERS }, () => LETTERS[Number(randomBelow(58n))]).join("");
  const keys = await keysOfSeed(group, seed);
  const context = { group: group.name, size, threshold, index };
  const message = canonicalText({ context, verification: keys.verification, encryption: keys.encryption });
  const certificate = canonicalText(await signMessage(group, keys.signing, message));
  return { seed, certificate, id: hexOfBytes(await sha256Of(certificate)).slice(0, 16) };
}

/** The certificates of all trustees, one on each line, each checked; the number that must come; which of them is ours. */
async function readDealers(group, text, keys) {
  const lines = demandArray(text.trim().split("\n"), "certs", 1, DEALERS_MAX);
  const certificates = lines.map((line, index) => parseCanonical(line, `certs.${index}`));
  const dealers = [];
  for (const [index, certificate] of certificates.entries()) dealers.push(await readCertificate(group, certificate, `certs.${index}`));
  const threshold = dealers[0].context?.threshold ?? 0;
  demand(threshold >= 1 && threshold <= dealers.length, "threshold", "certs.0");
  dealers.forEach(({ context }, index) => demandContext(group, context, { size: dealers.length, threshold, index }, `certs.${index}`));
  demand(new Set(dealers.map(({ encryption }) => encryption)).size === dealers.length, "duplicate", "certs");
  const own = dealers.findIndex((one) => one.encryption === keys.encryption && group.write(one.verification) === keys.verification);
  demand(own >= 0, "not_a_trustee", "certs");
  return { certificates, dealers, threshold, own };
}

async function seedKeys(group, seedText) {
  const seed = readSeed(seedText);
  demand(seed !== null, "seed_form", "key");
  return keysOfSeed(group, seed);
}

const valueAt = (coefficients, point, order) => coefficients.reduceRight((sum, one) => modulo(sum * point + one, order), 0n);

/** Step 3: a polynomial of ours, one value for each trustee, each in a message that only they can open. */
export async function dealPolynomial(group, seedText, certificateLines) {
  const keys = await seedKeys(group, seedText);
  const { certificates, dealers, threshold, own } = await readDealers(group, certificateLines, keys);
  const coefficients = Array.from({ length: threshold }, () => randomBelow(group.order));
  const send = (recipient, message) => sendMessage(group, keys.signing, recipient, canonicalText(message));
  const secrets = [];
  for (const [index, { encryption }] of dealers.entries()) {
    secrets.push(await send(encryption, { secret: String(valueAt(coefficients, BigInt(index + 1), group.order)) }));
  }
  const exponents = coefficients.map((one) => group.write(group.generate(one)));
  return canonicalText({
    polynomial: await send(dealers[own].encryption, { polynomial: coefficients.map(String) }),
    secrets,
    coefexps: await signMessage(group, keys.signing, canonicalText({ coefexps: exponents })),
    signature: await signText(group, keys.signing, certificatesMessage(certificates, exponents)),
  });
}

const expectedValue = (group, elements, point) => (
  elements.reduceRight((sum, element) => group.multiply(element, group.shared(sum).power(point)), group.one)
);

/** What one trustee dealt to us, if it fits what they committed to. */
async function receiveShare(group, keys, dealer, text, elements, own, place) {
  const message = parseCanonical(await receiveMessage(group, keys, dealer.verification, demandText(text, place), place), place);
  demandFields(message, "secret", place);
  const secret = readScalar(group, message.secret, place);
  demand(group.areEqual(group.generate(secret), expectedValue(group, elements, BigInt(own + 1))), "dealt_wrong", place);
  return secret;
}

/** Step 5: what every trustee dealt to us is checked against what they said in public; our share is the sum. */
export async function finishKey(group, seedText, certificateLines, inputText) {
  const keys = await seedKeys(group, seedText);
  const { certificates, dealers, threshold, own } = await readDealers(group, certificateLines, keys);
  const input = parseCanonical(inputText, "vinput");
  demandFields(input, "polynomial secrets coefexps signatures", "vinput");
  for (const name of ["secrets", "coefexps", "signatures"]) demandArray(input[name], `vinput.${name}`, dealers.length, dealers.length);
  let share = 0n;
  for (const [index, dealer] of dealers.entries()) {
    const elements = await readCoefficients(group, input.coefexps[index], dealer.verification, threshold, `vinput.coefexps.${index}`);
    const signed = certificatesMessage(certificates, elements.map((one) => group.write(one)));
    await demandSigned(group, dealer.verification, signed, input.signatures[index], `vinput.signatures.${index}`);
    if (index === own) await demandOwnPolynomial(group, keys, dealer, input.polynomial, elements);
    share += await receiveShare(group, keys, dealer, input.secrets[index], elements, own, `vinput.secrets.${index}`);
  }
  return finished(group, keys, modulo(share, group.order));
}

async function finished(group, keys, share) {
  const publicKey = group.write(group.generate(share));
  const proof = await proveSecret(group, share, [(exponent) => group.generate(exponent)], knowledgeStatement(group, publicKey));
  const sealed = await sendMessage(group, keys.signing, keys.encryption, canonicalText({ decryption_key: String(share) }));
  const signature = await signText(group, keys.signing, publicKey);
  return canonicalText({ private_key: sealed, public_key: { pok: writeProof(proof), public_key: publicKey, signature } });
}

/** Our own public coefficients must be those that we dealt: we sent them to ourselves. */
async function demandOwnPolynomial(group, keys, dealer, text, elements) {
  const place = "vinput.polynomial";
  const value = parseCanonical(await receiveMessage(group, keys, dealer.verification, demandText(text, place), place), place);
  demandFields(value, "polynomial", place);
  const dealt = demandArray(value.polynomial, place, elements.length, elements.length);
  dealt.forEach((one, index) => demand(group.areEqual(group.generate(readScalar(group, one, place)), elements[index]), "dealt_wrong", place));
}

/** The exponent of our share, from the file that the office kept for us. */
export async function openKeyShare(group, seedText, text) {
  const keys = await seedKeys(group, seedText);
  const verification = group.read(keys.verification, "key");
  const value = parseCanonical(await receiveMessage(group, keys, verification, text.trim(), "dkey"), "dkey");
  demandFields(value, "decryption_key", "dkey");
  return readScalar(group, value.decryption_key, "dkey");
}
