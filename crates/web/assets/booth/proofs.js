// Proofs of knowledge, made and checked: strong Fiat-Shamir over the statement and its context. The hashes' texts are
// those of docs/spec/ballot.md. A response is w - x c; whoever checks recomputes the commitment g^response X^challenge.

import { hashToNumber } from "./forms.js";
import { modulo, randomBelow } from "./numbers.js";

/** Shows that we know `secret` with base^secret = public, for each base; `statement(commitments)` is the text to hash. */
export async function proveSecret(group, secret, powerers, statement) {
  const nonce = randomBelow(group.order);
  const commitments = powerers.map((power) => group.write(power(nonce)));
  const challenge = await hashToNumber(statement(commitments), group.order);
  return { challenge, response: modulo(nonce - secret * challenge, group.order) };
}

/** Whether a proof by `proveSecret` is right; `pairs` are [power of the base, power of the public value]. */
export async function isSecretProved(group, { challenge, response }, pairs, statement) {
  const commitments = pairs.map(([base, known]) => group.write(group.multiply(base(response), known(challenge))));
  return challenge === await hashToNumber(statement(commitments), group.order);
}

/**
 * Shows that one of several ciphertexts under the election's key holds what it is said to hold, and not which.
 * `branches`: {randomness, excess}: what it was made with, and what it holds less what is claimed; `truth` is the place
 * of the branch whose excess is zero. `opening` is the text that the commitments are appended to.
 */
export async function proveOneOf(election, branches, truth, opening, pace) {
  const { group } = election;
  const nonce = randomBelow(group.order);
  const proofs = branches.map(() => ({ challenge: randomBelow(group.order), response: randomBelow(group.order) }));
  const commitments = [];
  for (const [place, { randomness, excess }] of branches.entries()) {
    const { challenge, response } = proofs[place];
    const exponent = place === truth ? nonce : modulo(response + randomness * challenge, group.order);
    const blind = election.keyPower(exponent);
    const mask = place === truth ? blind : group.multiply(blind, group.generate(modulo(excess * challenge, group.order)));
    commitments.push(group.write(group.generate(exponent)), group.write(mask));
    await pace.step();
  }
  const whole = await hashToNumber(opening + commitments.join(), group.order);
  const others = proofs.reduce((sum, { challenge }, place) => (place === truth ? sum : sum + challenge), 0n);
  const challenge = modulo(whole - others, group.order);
  proofs[truth] = { challenge, response: modulo(nonce - branches[truth].randomness * challenge, group.order) };
  return proofs;
}

/** Whether a proof by `proveOneOf` is right. `claims`: {alpha, beta}, each shared powers, and `held`, what is claimed. */
export async function isOneOfProved(election, claims, proofs, opening) {
  const { group } = election;
  const commitments = [];
  for (const [place, { alpha, beta, held }] of claims.entries()) {
    const { challenge, response } = proofs[place];
    commitments.push(group.write(group.multiply(group.generate(response), alpha.power(challenge))));
    const mask = group.multiply(election.keyPower(response), beta.power(challenge));
    commitments.push(group.write(group.multiply(mask, group.generate(modulo(-held * challenge, group.order)))));
  }
  const whole = await hashToNumber(opening + commitments.join(), group.order);
  return whole === modulo(proofs.reduce((sum, { challenge }) => sum + challenge, 0n), group.order);
}
