// The list of public credentials: who may vote, and with what weight, without a name.

import { demand } from "./forms.js";
import { demandArray, parseCanonical } from "./json.js";

const VOTERS_MAX = 2_000_000;
const WEIGHT_MAX = 1_000_000_000;
/** A result is found by search up to the sum of all weights, so it must stay small. */
const TOTAL_WEIGHT_MAX = 1_000_000_000_000;
const ENTRY = /^([0-9a-f]+)(?:,([1-9][0-9]{0,9}))?$/;

/** Map from a credential's text to its weight. Every credential is tested for membership of the group. */
export async function readCredentials(election, text, pace, place = "public_creds") {
  const list = demandArray(parseCanonical(text, place), place, 0, VOTERS_MAX);
  const weights = new Map();
  let [total, withWeight] = [0, 0];
  for (const [index, entry] of list.entries()) {
    const parts = typeof entry === "string" ? ENTRY.exec(entry) : null;
    demand(parts !== null, "credential_form", `${place}.${index}`);
    const [, credential, weight = "1"] = parts;
    demand(Number(weight) <= WEIGHT_MAX, "weight", `${place}.${index}`, weight);
    demand(!weights.has(credential), "duplicate", `${place}.${index}`);
    const element = election.group.read(credential, `${place}.${index}`);
    demand(!election.group.areEqual(element, election.group.one), "key_one", `${place}.${index}`);
    weights.set(credential, Number(weight));
    total += Number(weight);
    withWeight += parts[2] === undefined ? 0 : 1;
    await pace.step();
  }
  demand(total <= TOTAL_WEIGHT_MAX, "weight", place, String(total));
  demand(withWeight === 0 || withWeight === list.length, "weight_of_some", place);
  const isWeighted = [...weights.values()].some((weight) => weight !== 1);
  demand(!(isWeighted && election.hasNumbered), "weight_with_numbers", place);
  return weights;
}
