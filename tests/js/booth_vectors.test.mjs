// The frozen archives of vectors/ballot, which every verifier of this project must judge alike.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { record, recordsIn } from "./bel.mjs";
import { audit } from "./booth.mjs";

const folder = new URL("../../vectors/ballot/", import.meta.url);
const cases = JSON.parse(readFileSync(new URL("negative.json", folder)));
const names = readdirSync(new URL("positive/", folder)).sort();
const base = (name) => readFileSync(new URL(`positive/${name}`, folder));
/** The time in every header of an altered archive. */
const CASES_TIME = 0o14524770400;

const digestOf = (body) => createHash("sha256").update(body).digest("hex");

/** The archive that a case describes: records of its base or of its own, then edits of the bytes. */
function altered({ base: name, records, edits = [] }) {
  const bytes = base(`${name}.bel`);
  const first = bytes.subarray(512, 512 + Number.parseInt(bytes.toString("latin1", 124, 135), 8));
  const known = [["header", first], ...recordsIn(bytes).map((one) => [one.name.split(".")[1], Buffer.from(one.text)])];
  const parts = records.map((one) => {
    const [kind, body] = typeof one === "number" ? known[one] : Object.entries(one)[0];
    const isHex = kind.endsWith("_hex");
    const [plain, content] = [kind.replace("_hex", ""), typeof body === "string" ? Buffer.from(body, isHex ? "hex" : "utf8") : body];
    return record(plain === "header" ? "BELENIOS" : `${digestOf(content)}.${plain}.json`, content, CASES_TIME);
  });
  return edits.reduce((all, [at, length, hex]) => Buffer.concat([all.subarray(0, at), Buffer.from(hex, "hex"), all.subarray(at + length)]), Buffer.concat(parts));
}

test("every frozen alteration is refused, and its fault has a place", async () => {
  assert.ok(cases.length >= 120);
  const wrong = [];
  for (const one of cases) {
    const { holds, failures } = await audit(new Uint8Array(altered(one)));
    if (holds || failures.some(({ place }) => !place)) wrong.push(`${one.name}: ${one.why}`);
  }
  assert.deepEqual(wrong, []);
});

for (const name of names) {
  test(`${name} holds`, async () => {
    const { failures } = await audit(new Uint8Array(base(name)));
    assert.deepEqual(failures.map(String), []);
  });
}
