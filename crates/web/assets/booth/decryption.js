// Opening the sum: each trustee's share with its proof, and the result that enough shares make.

import { demand } from "./forms.js";
import { canonicalText, demandArray, demandFields, demandInteger, parseCanonical, readProof, writeProof } from "./json.js";
import { inverse, modulo } from "./numbers.js";
import { isSecretProved, proveSecret } from "./proofs.js";
import { decryptionStatement } from "./statements.js";

/** The text of a trustee's partial decryption of `lists`. */
export async function decryptPartly(election, lists, secret, pace) {
  const { group } = election;
  const publicKey = group.write(group.generate(secret));
  const statement = decryptionStatement(election, publicKey);
  const [factors, proofs] = [[], []];
  for (const list of lists) {
    const [listFactors, listProofs] = [[], []];
    for (const { alpha } of list) {
      const powers = group.shared(alpha);
      listFactors.push(group.write(powers.power(secret)));
      const bases = [(exponent) => group.generate(exponent), (exponent) => powers.power(exponent)];
      listProofs.push(writeProof(await proveSecret(group, secret, bases, statement)));
      await pace.step();
    }
    factors.push(listFactors);
    proofs.push(listProofs);
  }
  return canonicalText({ decryption_factors: factors, decryption_proofs: proofs });
}

/** The factors of a partial decryption, each proved against the trustee's public key. */
export async function checkShare(election, lists, text, publicKey, pace, place) {
  const { group } = election;
  const value = parseCanonical(text, place);
  demandFields(value, "decryption_factors decryption_proofs", place);
  for (const name of ["decryption_factors", "decryption_proofs"]) demandArray(value[name], `${place}.${name}`, lists.length, lists.length);
  const statement = decryptionStatement(election, group.write(publicKey));
  const known = group.shared(publicKey);
  const factors = [];
  for (const [index, list] of lists.entries()) {
    const names = ["decryption_factors", "decryption_proofs"];
    const [written, proofs] = names.map((name) => demandArray(value[name][index], `${place}.${name}.${index}`, list.length, list.length));
    factors.push([]);
    for (const [part, { alpha }] of list.entries()) {
      const at = `${index}.${part}`;
      const factor = group.read(written[part], `${place}.decryption_factors.${at}`);
      const proof = readProof(group, proofs[part], `${place}.decryption_proofs.${at}`);
      const [base, raised] = [group.shared(alpha), group.shared(factor)];
      const pairs = [
        [(exponent) => group.generate(exponent), (exponent) => known.power(exponent)],
        [(exponent) => base.power(exponent), (exponent) => raised.power(exponent)],
      ];
      demand(await isSecretProved(group, proof, pairs, statement), "decryption_proof", `${place}.decryption_proofs.${at}`);
      factors.at(-1).push(factor);
      await pace.step();
    }
  }
  return factors;
}

/** Lagrange's coefficient at zero of `number` among `numbers`. */
function weightOf(number, numbers, order) {
  const others = numbers.filter((one) => one !== number).map(BigInt);
  const top = others.reduce((product, one) => modulo(product * one, order), 1n);
  const bottom = others.reduce((product, one) => modulo(product * (one - BigInt(number)), order), 1n);
  return modulo(top * inverse(bottom, order), order);
}

/** The factor that one item of the trustees makes at a place, from its first `threshold` shares. */
function itemFactor(group, item, shares, index, part) {
  const used = shares.slice(0, item.threshold);
  if (item.kind === "Single") return used[0].factors[index][part];
  const numbers = used.map((share) => share.number);
  return used.map((share) => group.shared(share.factors[index][part]).power(weightOf(share.number, numbers, group.order)))
    .reduce((left, right) => group.multiply(left, right));
}

/** The shares of each item, by their number within it; refused if one has too few. `shares`: {owner, factors}. */
function byItem(items, shares, place) {
  let first = 1;
  return items.map((item, index) => {
    const own = shares.filter(({ owner }) => owner >= first && owner < first + item.keys.length).map((share) => ({ ...share, number: share.owner - first + 1 }));
    demand(own.length >= item.threshold, "too_few_shares", place, `trustees.${index}: ${own.length}/${item.threshold}`);
    first += item.keys.length;
    return own;
  });
}

/** What stands under each ciphertext once the shares are taken off. */
export function opened(election, items, lists, shares, place) {
  const { group } = election;
  const grouped = byItem(items, shares, place);
  return lists.map((list, index) => list.map(({ beta }, part) => {
    const factor = items.map((item, number) => itemFactor(group, item, grouped[number], index, part)).reduce((left, right) => group.multiply(left, right));
    return group.multiply(beta, group.invert(factor));
  }));
}

/** The numbers of a result, each of which must be what was opened. */
export function checkResult(election, values, text, place) {
  const { group } = election;
  const value = parseCanonical(text, place);
  demandFields(value, "result", place);
  const lists = demandArray(value.result, `${place}.result`, values.length, values.length);
  lists.forEach((list, index) => {
    const question = election.questions[index];
    demandArray(list, `${place}.result.${index}`, values[index].length, values[index].length).forEach((said, part) => {
      const at = `${place}.result.${index}.${part}`;
      if (question.kind === "numbered") {
        const numbers = group.decode(values[index][part], question.answers.length);
        demand(canonicalText(numbers) === canonicalText(said), "result", at);
        return;
      }
      const isRight = group.areEqual(group.generate(BigInt(demandInteger(said, at))), values[index][part]);
      demand(isRight, "result", at);
    });
  });
  return lists;
}
