// Ranks and scores: the auditor's page counts what the program counts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const assets = new URL("../../crates/web/assets/booth/", import.meta.url);
const { counted, methodOf } = await import(new URL("counting.js", assets));
const cases = JSON.parse(readFileSync(new URL("../../vectors/ballot/counting.json", import.meta.url)));

test("there are cases of every rule", () => {
  const names = new Set(cases.map(({ extra }) => extra.method));
  assert.deepEqual([...names].sort(), ["MajorityJudgment", "STV", "Schulze"]);
  assert.ok(cases.length >= 30);
});

for (const { name, extra, answers, ballots, lot, expected } of cases) {
  test(name, () => {
    const question = { kind: "numbered", answers: new Array(answers).fill(""), extra };
    assert.deepEqual(counted(question, ballots, lot), expected);
  });
}

test("a rule that is not known is not guessed", () => {
  for (const extra of [null, [], {}, { method: "Borda" }, { method: "STV" }, { method: "STV", seats: 0 }, { method: "MajorityJudgment", grades: [] }]) {
    assert.equal(methodOf(extra), null);
  }
  assert.equal(counted({ kind: "homomorphic", answers: ["x"], extra: { method: "Schulze" } }, []), null);
});
