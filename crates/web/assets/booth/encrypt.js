// A ballot: the answers encrypted, each proved to be allowed, the whole signed with the voter's credential.

import { fingerprintOf } from "./forms.js";
import { writeCiphertext, writeProof } from "./json.js";
import { modulo, randomBelow } from "./numbers.js";
import { proveOneOf, proveSecret } from "./proofs.js";
import { answerContext, blankOpening, blankOverallOpening, intervalOpening, numbersStatement, signatureStatement, voterContext } from "./statements.js";

/** Steps that `encryptBallot` counts, for a progress bar. */
export function stepsOf(election) {
  return election.questions.reduce((steps, question) => {
    if (question.kind === "numbered") return steps + 2;
    const choices = question.answers.length + (question.blank ? 1 : 0);
    return steps + 3 * choices + question.max - question.min + 1 + (question.blank ? 3 : 0);
  }, 4);
}

async function encryptNumber(election, value, pace) {
  const { group } = election;
  const randomness = randomBelow(group.order);
  const alpha = group.generate(randomness);
  const mask = election.keyPower(randomness);
  await pace.step();
  const beta = value === 0n ? mask : group.multiply(mask, group.generator);
  return { value, randomness, written: writeCiphertext(group, { alpha, beta }), alpha, beta };
}

/** {randomness, value} of the product of ciphertexts, and the product as written. */
function combined(group, parts) {
  const product = (name) => parts.map((part) => part[name]).reduce((left, right) => group.multiply(left, right));
  const sum = (name) => parts.reduce((total, part) => total + part[name], 0n);
  const written = writeCiphertext(group, { alpha: product("alpha"), beta: product("beta") });
  return { value: sum("value"), randomness: modulo(sum("randomness"), group.order), written };
}

const range = (least, most) => Array.from({ length: most - least + 1 }, (_, place) => BigInt(least + place));

async function proveBlank(election, [blank, ...rest], question, context, pace) {
  const total = combined(election.group, rest);
  const isBlank = blank.value === 1n;
  const branches = [{ randomness: blank.randomness, excess: blank.value }, { randomness: total.randomness, excess: total.value }];
  const blankProof = await proveOneOf(election, branches, isBlank ? 1 : 0, blankOpening(context), pace);
  const claimed = range(question.min, question.max);
  const overall = [
    { randomness: blank.randomness, excess: blank.value - 1n },
    ...claimed.map((held) => ({ randomness: total.randomness, excess: total.value - held })),
  ];
  const truth = isBlank ? 0 : 1 + claimed.indexOf(total.value);
  return { overallProof: await proveOneOf(election, overall, truth, blankOverallOpening(context), pace), blankProof };
}

async function proveInterval(election, part, least, most, context, pace) {
  const claimed = range(least, most);
  const branches = claimed.map((held) => ({ randomness: part.randomness, excess: part.value - held }));
  return proveOneOf(election, branches, claimed.indexOf(part.value), intervalOpening(context, part.written), pace);
}

/** An answer by choosing; `values` are 0 and 1, the blank vote's first where it is allowed. */
async function encryptChoices(election, question, values, voter, pace) {
  const parts = [];
  for (const value of values) parts.push(await encryptNumber(election, BigInt(value), pace));
  const choices = parts.map((part) => part.written);
  const context = answerContext(voter, choices);
  const individual = [];
  for (const part of parts) individual.push(await proveInterval(election, part, 0, 1, voter, pace));
  const proofs = question.blank
    ? await proveBlank(election, parts, question, context, pace)
    : { overallProof: await proveInterval(election, combined(election.group, parts), question.min, question.max, context, pace) };
  const answer = { choices, individual_proofs: individual.map((proof) => proof.map(writeProof)), overall_proof: proofs.overallProof.map(writeProof) };
  if (question.blank) answer.blank_proof = proofs.blankProof.map(writeProof);
  return { answer, opening: parts.map(({ randomness, value }) => ({ randomness: String(randomness), value: Number(value) })) };
}

/** An answer by numbers: ranks or scores, from 0 to 255. */
async function encryptNumbers(election, question, values, voter, pace) {
  const { group } = election;
  const randomness = randomBelow(group.order);
  const alpha = group.generate(randomness);
  await pace.step();
  const beta = group.multiply(election.keyPower(randomness), group.encode(values));
  const choices = writeCiphertext(group, { alpha, beta });
  await pace.step();
  const proof = await proveSecret(group, randomness, [(exponent) => group.generate(exponent)], numbersStatement(election, voter, choices));
  return { answer: { choices, proof: writeProof(proof) }, opening: [{ randomness: String(randomness), value: values }] };
}

/** Whether these values answer the question as it allows. */
export function isAllowed(question, values) {
  if (question.kind === "numbered") {
    return values.length === question.answers.length && values.every((value) => Number.isInteger(value) && value >= 0 && value <= 255);
  }
  const [blank, rest] = question.blank ? [values[0], values.slice(1)] : [0, values];
  if (rest.length !== question.answers.length || values.some((value) => value !== 0 && value !== 1)) return false;
  const chosen = rest.reduce((sum, value) => sum + value, 0);
  return blank === 1 ? chosen === 0 : chosen >= question.min && chosen <= question.max;
}

/**
 * A ballot of these values, one array for each question. `secret` is the credential's exponent.
 * Gives {text, tracker, openings}: the openings break its secrecy and are for an audit only.
 */
export async function encryptBallot(election, secret, values, pace) {
  const { group } = election;
  if (!election.questions.every((question, place) => isAllowed(question, values[place]))) throw new RangeError("an answer is not allowed");
  await pace.step(0);
  election.prepare();
  await pace.step(2);
  const credential = group.write(group.generate(secret));
  const voter = voterContext(election, credential);
  const made = [];
  for (const [place, question] of election.questions.entries()) {
    const encrypt = question.kind === "numbered" ? encryptNumbers : encryptChoices;
    made.push(await encrypt(election, question, values[place], voter, pace));
  }
  const unsigned = { election_uuid: election.uuid, election_hash: election.fingerprint, credential, answers: made.map(({ answer }) => answer) };
  const hash = await fingerprintOf(JSON.stringify(unsigned));
  await pace.step();
  const proof = await proveSecret(group, secret, [(exponent) => group.generate(exponent)], signatureStatement(hash));
  const text = JSON.stringify({ ...unsigned, signature: { hash, proof: writeProof(proof) } });
  await pace.step();
  return { text, tracker: await fingerprintOf(text), openings: made.map(({ opening }) => opening) };
}
