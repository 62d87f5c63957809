// Adding up without opening: the ballots that count, and the product of their ciphertexts.

import { demand } from "./forms.js";
import { canonicalText, demandArray, demandFields, demandHash, demandInteger, parseCanonical, readCiphertext, writeCiphertext } from "./json.js";

/** The ballots that count: the last of each credential, in the order in which those were cast. */
export function lastBallots(ballots) {
  const last = new Map();
  for (const ballot of ballots) {
    last.delete(ballot.credentialText);
    last.set(ballot.credentialText, ballot);
  }
  return [...last.values()];
}

/** Ciphertexts in the order of their elements, so that the order of casting does not show. */
function sorted(group, choices) {
  const compared = (left, right) => Number(group.isBefore(right, left)) - Number(group.isBefore(left, right));
  return [...choices].sort((left, right) => compared(left.alpha, right.alpha) || compared(left.beta, right.beta));
}

function weighted(group, value, weight) {
  return weight === 1 ? value : group.shared(value).power(BigInt(weight));
}

async function addUp(group, question, index, ballots, weights, pace) {
  const count = question.answers.length + (question.blank ? 1 : 0);
  const sums = Array.from({ length: count }, () => ({ alpha: group.one, beta: group.one }));
  for (const ballot of ballots) {
    const weight = weights.get(ballot.credentialText);
    ballot.answers[index].choices.forEach(({ alpha, beta }, place) => {
      const sum = sums[place];
      sums[place] = { alpha: group.multiply(sum.alpha, weighted(group, alpha, weight)), beta: group.multiply(sum.beta, weighted(group, beta, weight)) };
    });
    await pace.step(0);
  }
  return sums;
}

/** What is to be decrypted, one list of ciphertexts for each question, before any shuffle. */
export async function encryptedTally(election, ballots, weights, pace) {
  const lists = [];
  for (const [index, question] of election.questions.entries()) {
    lists.push(question.kind === "numbered"
      ? sorted(election.group, ballots.map((ballot) => ballot.answers[index].choices))
      : await addUp(election.group, question, index, ballots, weights, pace));
  }
  return lists;
}

export const writeTally = (group, lists) => canonicalText(lists.map((list) => list.map((one) => writeCiphertext(group, one))));

/** {count, weight, digest} of an EncryptedTally event's payload. */
export function readSized(text, place) {
  const value = parseCanonical(text, place);
  demandFields(value, "num_tallied total_weight encrypted_tally", place);
  const { num_tallied: count, total_weight: weight, encrypted_tally: digest } = value;
  demandInteger(count, `${place}.num_tallied`);
  demandInteger(weight, `${place}.total_weight`);
  return { count, weight, digest: demandHash(digest, `${place}.encrypted_tally`) };
}

/** {owner, digest} of the payload of a Shuffle or PartialDecryption event. */
export function readOwned(text, trusteeCount, place) {
  const value = parseCanonical(text, place);
  demandFields(value, "owner payload", place);
  demand(demandInteger(value.owner, `${place}.owner`, 1) <= trusteeCount, "owner", `${place}.owner`);
  return { owner: value.owner, digest: demandHash(value.payload, `${place}.payload`) };
}

/** Lists of ciphertexts as they are written. */
export function readLists(group, value, place) {
  return demandArray(value, place).map((list, index) => (
    demandArray(list, `${place}.${index}`).map((one, part) => readCiphertext(group, one, `${place}.${index}.${part}`))
  ));
}
