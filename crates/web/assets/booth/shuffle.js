// The proof that a list of ciphertexts was mixed and encrypted anew, and nothing else (CHVote 1.3.2, as the protocol has it).

import { demand, hashToNumber, hexOfBytes, numberOfBytes, sha256Of } from "./forms.js";
import { demandArray, demandFields, parseCanonical, readScalar } from "./json.js";
import { modulo } from "./numbers.js";
import { readLists } from "./tally.js";

const product = (group, values) => values.reduce((left, right) => group.multiply(left, right), group.one);

/** The product of each base to its exponent. */
const combination = (group, bases, exponents) => product(group, bases.map((base, index) => group.shared(base).power(exponents[index])));

async function generator(group, number) {
  const value = group.derive(numberOfBytes(await sha256Of(`ggen|${number}`)));
  demand(!group.areEqual(value, group.one) && !group.areEqual(value, group.generator), "generator", `ggen|${number}`);
  return value;
}

async function generators(group, count) {
  const all = [];
  for (let number = -1; number < count; number += 1) all.push(await generator(group, number));
  demand(new Set(all.map((one) => group.write(one))).size === all.length, "generator", "ggen");
  return { first: all[0], rest: all.slice(1) };
}

const listed = (group, values) => values.map((value) => `${group.write(value)},`).join("");

const listedPairs = (group, pairs) => pairs.map(({ alpha, beta }) => `${group.write(alpha)},${group.write(beta)},`).join("");

async function challenges(group, count, text) {
  const start = hexOfBytes(await sha256Of(text));
  const all = [];
  for (let number = 0; number < count; number += 1) {
    const one = hexOfBytes(await sha256Of(String(number)));
    all.push(await hashToNumber(start + one, group.order));
  }
  return all;
}

function readShuffleProof(group, value, count, place) {
  const [t, s, c, chain] = demandArray(value, place, 4, 4);
  const element = (text, at) => group.read(text, `${place}.${at}`);
  const scalar = (text, at) => readScalar(group, text, `${place}.${at}`);
  const list = (read, values, at, length = count) => demandArray(values, `${place}.${at}`, length, length).map((one, index) => read(one, `${at}.${index}`));
  demandArray(t, `${place}.0`, 5, 5);
  demandArray(s, `${place}.1`, 6, 6);
  return {
    t: [0, 1, 2].map((index) => element(t[index], `0.${index}`)),
    t4: list(element, t[3], "0.3", 2),
    tHat: list(element, t[4], "0.4"),
    s: [0, 1, 2, 3].map((index) => scalar(s[index], `1.${index}`)),
    sHat: list(scalar, s[4], "1.4"),
    sPrime: list(scalar, s[5], "1.5"),
    c: list(element, c, "2"),
    chain: list(element, chain, "3"),
  };
}

/** The commitments that the responses of a proof lead to, in the order t1, t2, t3, t4, then the chain's. */
function recomputed(election, before, after, proof, { first, rest }, exponents, challenge) {
  const { group } = election;
  const minus = (exponent) => modulo(-exponent, group.order);
  const raised = (base, exponent) => group.shared(base).power(exponent);
  const { s, sHat, sPrime, c, chain } = proof;
  const barred = group.multiply(product(group, c), group.invert(product(group, rest)));
  const whole = exponents.reduce((all, one) => modulo(all * one, group.order), 1n);
  const last = group.multiply(chain.at(-1) ?? first, group.invert(raised(first, whole)));
  const tilde = combination(group, c, exponents);
  const pair = ["alpha", "beta"].map((name) => combination(group, before.map((one) => one[name]), exponents));
  const back = minus(challenge);
  const alphas = combination(group, after.map((one) => one.alpha), sPrime);
  const betas = combination(group, after.map((one) => one.beta), sPrime);
  return [
    product(group, [raised(barred, back), group.generate(s[0])]),
    product(group, [raised(last, back), group.generate(s[1])]),
    product(group, [raised(tilde, back), group.generate(s[2]), combination(group, rest, sPrime)]),
    product(group, [raised(pair[1], back), election.keyPower(minus(s[3])), betas]),
    product(group, [raised(pair[0], back), group.generate(minus(s[3])), alphas]),
    ...chain.map((one, index) => product(group, [raised(one, back), group.generate(sHat[index]), raised(chain[index - 1] ?? first, sPrime[index])])),
  ];
}

async function isShuffled(election, before, after, proof) {
  const { group } = election;
  const bases = await generators(group, before.length);
  const lists = listedPairs(group, before) + listedPairs(group, after) + listed(group, proof.c);
  const exponents = await challenges(group, before.length, `shuffle-challenges|${election.fingerprint}|${lists}`);
  const written = listed(group, [...proof.t, ...proof.t4]) + listed(group, proof.tHat);
  const context = lists + listed(group, proof.chain) + group.write(election.publicKey);
  const challenge = await hashToNumber(`shuffle-challenge|${election.fingerprint}|${written}${context}`, group.order);
  const expected = recomputed(election, before, after, proof, bases, exponents, challenge);
  return [...proof.t, ...proof.t4, ...proof.tHat].every((one, index) => group.areEqual(one, expected[index]));
}

/** The lists after a shuffle, proved to be those before it, mixed. */
export async function checkShuffle(election, before, text, pace, place) {
  const { group } = election;
  const value = parseCanonical(text, place);
  demandFields(value, "ciphertexts proofs", place);
  const after = readLists(group, value.ciphertexts, `${place}.ciphertexts`);
  demandArray(value.proofs, `${place}.proofs`, before.length, before.length);
  demand(after.length === before.length, "length", `${place}.ciphertexts`);
  for (const [index, list] of before.entries()) {
    demand(after[index].length === list.length, "length", `${place}.ciphertexts.${index}`);
    const proof = readShuffleProof(group, value.proofs[index], list.length, `${place}.proofs.${index}`);
    demand(await isShuffled(election, list, after[index], proof), "shuffle_proof", `${place}.proofs.${index}`);
    await pace.step(0);
  }
  return after;
}
