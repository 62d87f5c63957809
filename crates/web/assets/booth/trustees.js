// Those who hold the key together: alone ("Single", all must come) or t of n ("Pedersen").

import { demandSigned } from "./channel.js";
import { demand, sha256Of } from "./forms.js";
import { canonicalText, demandArray, demandFields, demandInteger, demandText, parseCanonical, readProof, writeProof } from "./json.js";
import { randomBelow } from "./numbers.js";
import { isSecretProved, proveSecret } from "./proofs.js";
import { knowledgeStatement } from "./statements.js";

const TRUSTEES_MAX = 100;

async function checkKnowledge(group, value, place, names = "pok public_key") {
  demandFields(value, names, place);
  const key = group.read(value.public_key, `${place}.public_key`);
  demand(!group.areEqual(key, group.one), "key_one", `${place}.public_key`);
  const known = group.shared(key);
  const pairs = [[(exponent) => group.generate(exponent), (exponent) => known.power(exponent)]];
  const proof = readProof(group, value.pok, `${place}.pok`);
  demand(await isSecretProved(group, proof, pairs, knowledgeStatement(group, value.public_key)), "trustee_proof", `${place}.pok`);
  return key;
}

/** The keys and the context in a certificate, which signs itself. */
export async function readCertificate(group, value, place) {
  demandFields(value, "message signature", place);
  const keys = parseCanonical(demandText(value.message, `${place}.message`), `${place}.message`);
  demandFields(keys, "context? verification encryption", `${place}.message`);
  const verification = group.read(keys.verification, `${place}.message.verification`);
  group.read(keys.encryption, `${place}.message.encryption`);
  await demandSigned(group, verification, value.message, value.signature, `${place}.signature`);
  return { verification, encryption: keys.encryption, context: keys.context ?? null };
}

/** Refuses a certificate that was made for another group of trustees, or another place in it. */
export function demandContext(group, context, { size, threshold, index }, place) {
  demandFields(context, "group size threshold index", place);
  const isOurs = context.group === group.name && context.size === size && context.threshold === threshold && context.index === index + 1;
  demand(isOurs, "certificate_context", place);
}

/** What a trustee committed to in public, one element for each coefficient. */
export async function readCoefficients(group, value, verification, threshold, place) {
  demandFields(value, "message signature", place);
  const message = parseCanonical(demandText(value.message, `${place}.message`), `${place}.message`);
  demandFields(message, "coefexps", `${place}.message`);
  const { coefexps } = message;
  const elements = demandArray(coefexps, `${place}.message.coefexps`, threshold, threshold)
    .map((text, index) => group.read(text, `${place}.message.coefexps.${index}`));
  await demandSigned(group, verification, value.message, value.signature, `${place}.signature`);
  return elements;
}

/** The key of trustee `number` (from 1) that everybody's coefficients make. */
function expectedKey(group, coefficients, number) {
  return coefficients.map((elements) => (
    elements.reduceRight((sum, element) => group.multiply(element, group.shared(sum).power(BigInt(number))), group.one)
  )).reduce((left, right) => group.multiply(left, right));
}

/** What each trustee signs in the end: all certificates and what they themselves committed to. */
export const certificatesMessage = (certs, coefexps) => `certs_sig|${canonicalText({ certs, coefexps })}`;

async function readPedersen(group, value, place) {
  demandFields(value, "threshold certs coefexps signatures? verification_keys", place);
  const size = demandArray(value.certs, `${place}.certs`, 1, TRUSTEES_MAX).length;
  const threshold = demandInteger(value.threshold, `${place}.threshold`, 1);
  demand(threshold <= size, "threshold", place);
  for (const name of ["coefexps", "verification_keys"]) demandArray(value[name], `${place}.${name}`, size, size);
  if ("signatures" in value) demandArray(value.signatures, `${place}.signatures`, size, size);
  const [coefficients, verifications] = [[], []];
  for (const [index, certificate] of value.certs.entries()) {
    const { verification, context } = await readCertificate(group, certificate, `${place}.certs.${index}`);
    if (context !== null) demandContext(group, context, { size, threshold, index }, `${place}.certs.${index}.message.context`);
    coefficients.push(await readCoefficients(group, value.coefexps[index], verification, threshold, `${place}.coefexps.${index}`));
    if ("signatures" in value) {
      const message = certificatesMessage(value.certs, coefficients[index].map((one) => group.write(one)));
      await demandSigned(group, verification, message, value.signatures[index], `${place}.signatures.${index}`);
    }
    verifications.push(verification);
  }
  const keys = [];
  for (const [index, key] of value.verification_keys.entries()) {
    const keyPlace = `${place}.verification_keys.${index}`;
    keys.push(await checkKnowledge(group, key, keyPlace, "pok public_key signature?"));
    if ("signature" in key) await demandSigned(group, verifications[index], key.public_key, key.signature, `${keyPlace}.signature`);
    demand(group.areEqual(keys[index], expectedKey(group, coefficients, index + 1)), "trustee_key", keyPlace);
  }
  const shared = coefficients.map(([first]) => first).reduce((left, right) => group.multiply(left, right));
  return { kind: "Pedersen", threshold, keys, shared };
}

/** [{kind, threshold, keys, shared}]: each item with the keys of its trustees in order. Everything about them is checked. */
export async function readTrustees(election, text, place = "trustees") {
  const { group } = election;
  const items = [];
  for (const [index, entry] of demandArray(parseCanonical(text, place), place, 1, TRUSTEES_MAX).entries()) {
    const itemPlace = `${place}.${index}`;
    const [kind, value] = demandArray(entry, itemPlace, 2, 2);
    demand(kind === "Single" || kind === "Pedersen", "trustee_kind", itemPlace);
    if (kind === "Pedersen") items.push(await readPedersen(group, value, itemPlace));
    else {
      const key = await checkKnowledge(group, value, itemPlace);
      items.push({ kind, threshold: 1, keys: [key], shared: key });
    }
  }
  const whole = items.map((item) => item.shared).reduce((left, right) => group.multiply(left, right));
  demand(group.areEqual(whole, election.publicKey), "election_key", place);
  const all = items.flatMap((item) => item.keys.map((key) => group.write(key)));
  demand(new Set(all).size === all.length, "duplicate", place);
  return items;
}

/** A new key for a trustee who comes alone: {privateKey, publicKey}, both as the text of a file, and a short `id`. */
export async function makeTrusteeKey(group) {
  const secret = randomBelow(group.order - 1n) + 1n;
  const key = group.write(group.generate(secret));
  const proof = await proveSecret(group, secret, [(exponent) => group.generate(exponent)], knowledgeStatement(group, key));
  const digest = await sha256Of(key);
  const id = Array.from(digest.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join("").toUpperCase();
  return { id, privateKey: JSON.stringify(String(secret)), publicKey: JSON.stringify({ pok: writeProof(proof), public_key: key }) };
}

