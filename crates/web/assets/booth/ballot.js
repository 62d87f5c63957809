// A ballot as it was cast: read strictly, its proofs and signature checked. Each fault names its place.

import { demand, fingerprintOf, Refused } from "./forms.js";
import { demandArray, demandFields, parseCanonical, readCiphertext, readProof } from "./json.js";
import { isOneOfProved, isSecretProved } from "./proofs.js";
import { answerContext, blankOpening, blankOverallOpening, intervalOpening, numbersStatement, signatureStatement, voterContext } from "./statements.js";

const readProofs = (group, value, place, length) => (
  demandArray(value, place, length, length).map((proof, index) => readProof(group, proof, `${place}.${index}`))
);

function readChoices(group, question, value, place) {
  demandFields(value, question.blank ? "choices individual_proofs overall_proof blank_proof" : "choices individual_proofs overall_proof", place);
  const count = question.answers.length + (question.blank ? 1 : 0);
  const written = demandArray(value.choices, `${place}.choices`, count, count);
  const choices = written.map((choice, index) => readCiphertext(group, choice, `${place}.choices.${index}`));
  const individual = demandArray(value.individual_proofs, `${place}.individual_proofs`, count, count)
    .map((proof, index) => readProofs(group, proof, `${place}.individual_proofs.${index}`, 2));
  const overall = readProofs(group, value.overall_proof, `${place}.overall_proof`, question.max - question.min + (question.blank ? 2 : 1));
  const blank = question.blank ? readProofs(group, value.blank_proof, `${place}.blank_proof`, 2) : null;
  return { kind: question.kind, choices, written, individual, overall, blank };
}

function readNumbers(group, question, value, place) {
  demandFields(value, "choices proof", place);
  return { kind: question.kind, choices: readCiphertext(group, value.choices, `${place}.choices`), written: value.choices, proof: readProof(group, value.proof, `${place}.proof`) };
}

/** The ballot that a text is, in form: bound to this election, every element in the group. Its proofs are not checked. */
export async function readBallot(election, text, place = "ballot") {
  const { group } = election;
  const value = parseCanonical(text, place);
  demandFields(value, "election_uuid election_hash credential answers signature", place);
  demand(value.election_uuid === election.uuid, "other_election", `${place}.election_uuid`);
  demand(value.election_hash === election.fingerprint, "other_election", `${place}.election_hash`);
  const credential = group.read(value.credential, `${place}.credential`);
  const answers = demandArray(value.answers, `${place}.answers`, election.questions.length, election.questions.length).map((answer, index) => {
    const question = election.questions[index];
    return (question.kind === "numbered" ? readNumbers : readChoices)(group, question, answer, `${place}.answers.${index}`);
  });
  demandFields(value.signature, "hash proof", `${place}.signature`);
  const { signature, ...unsigned } = value;
  demand(signature.hash === await fingerprintOf(JSON.stringify(unsigned)), "signature_hash", `${place}.signature.hash`);
  const proof = readProof(group, signature.proof, `${place}.signature.proof`);
  return { text, tracker: await fingerprintOf(text), credential, credentialText: value.credential, answers, hash: signature.hash, signature: proof };
}

const multiplied = (group, values) => values.reduce((left, right) => group.multiply(left, right));

function sumOf(group, choices) {
  const alpha = multiplied(group, choices.map((choice) => choice.alpha));
  const beta = multiplied(group, choices.map((choice) => choice.beta));
  return { alpha: group.shared(alpha), beta: group.shared(beta), written: { alpha: group.write(alpha), beta: group.write(beta) } };
}

const claimsOf = ({ alpha, beta }, least, most) => Array.from({ length: most - least + 1 }, (_, place) => ({ alpha, beta, held: BigInt(least + place) }));

async function checkChoices(election, question, answer, voter, place, pace) {
  const { group } = election;
  const shared = answer.choices.map(({ alpha, beta }) => ({ alpha: group.shared(alpha), beta: group.shared(beta) }));
  for (const [index, powers] of shared.entries()) {
    const opening = intervalOpening(voter, answer.written[index]);
    const isRight = await isOneOfProved(election, claimsOf(powers, 0, 1), answer.individual[index], opening);
    demand(isRight, "individual_proof", `${place}.individual_proofs.${index}`);
    await pace.step();
  }
  const context = answerContext(voter, answer.written);
  const sum = sumOf(group, question.blank ? answer.choices.slice(1) : answer.choices);
  const claims = claimsOf(sum, question.min, question.max);
  if (!question.blank) {
    demand(await isOneOfProved(election, claims, answer.overall, intervalOpening(context, sum.written)), "overall_proof", `${place}.overall_proof`);
    return;
  }
  const [blank] = shared;
  const isBlankOrEmpty = [{ ...blank, held: 0n }, { alpha: sum.alpha, beta: sum.beta, held: 0n }];
  demand(await isOneOfProved(election, isBlankOrEmpty, answer.blank, blankOpening(context)), "blank_proof", `${place}.blank_proof`);
  const isOverall = await isOneOfProved(election, [{ ...blank, held: 1n }, ...claims], answer.overall, blankOverallOpening(context));
  demand(isOverall, "overall_proof", `${place}.overall_proof`);
}

async function checkNumbers(election, question, answer, voter, place) {
  const { group } = election;
  const alpha = group.shared(answer.choices.alpha);
  const pairs = [[(exponent) => group.generate(exponent), (exponent) => alpha.power(exponent)]];
  const isRight = await isSecretProved(group, answer.proof, pairs, numbersStatement(election, voter, answer.written));
  demand(isRight, "numbers_proof", `${place}.proof`);
}

/** Checks signature and proofs of a ballot that was read. */
export async function checkBallot(election, ballot, pace, place = "ballot") {
  const { group } = election;
  const known = group.shared(ballot.credential);
  const pairs = [[(exponent) => group.generate(exponent), (exponent) => known.power(exponent)]];
  demand(await isSecretProved(group, ballot.signature, pairs, signatureStatement(ballot.hash)), "signature", `${place}.signature`);
  await pace.step();
  const voter = voterContext(election, ballot.credentialText);
  for (const [index, answer] of ballot.answers.entries()) {
    const check = answer.kind === "numbered" ? checkNumbers : checkChoices;
    await check(election, election.questions[index], answer, voter, `${place}.answers.${index}`, pace);
    await pace.step();
  }
}

/** Whether an opened ballot holds what it is said to hold: each ciphertext is made again, without any table. */
export function checkOpenings(election, ballot, openings) {
  const { group } = election;
  const [generator, key] = [group.shared(group.generator), group.shared(election.publicKey)];
  const make = (randomness, element) => ({ alpha: generator.power(randomness), beta: group.multiply(key.power(randomness), element) });
  ballot.answers.forEach((answer, index) => {
    const choices = answer.kind === "numbered" ? [answer.choices] : answer.choices;
    if (openings[index].length !== choices.length) throw new Refused("opening", `answers.${index}`);
    choices.forEach((choice, part) => {
      const { randomness, value } = openings[index][part];
      const element = answer.kind === "numbered" ? group.encode(value) : generator.power(BigInt(value));
      const made = make(BigInt(randomness), element);
      const isSame = group.areEqual(made.alpha, choice.alpha) && group.areEqual(made.beta, choice.beta);
      demand(isSame, "opening", `answers.${index}.choices.${part}`);
    });
  });
}
