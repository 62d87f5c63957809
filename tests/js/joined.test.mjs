// The page that is saved for offline use carries the verifier as one script: its modules joined, imports and exports
// struck out. That works only while no two modules use one name for two things.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { bundles } from "./cases.mjs";

const folder = new URL("../../crates/web/assets/verify/", import.meta.url);
const IMPORT = /^import \{ .* \} from "\.\/([a-z0-9]+\.js)";$/gm;

/** The modules that `name` needs, itself last. */
function order(name, found = []) {
  const text = readFileSync(new URL(name, folder), "utf8");
  for (const [, needed] of text.matchAll(IMPORT)) order(needed, found);
  if (!found.includes(name)) found.push(name);
  return found;
}

test("the modules join into one script that works", async () => {
  const names = order("verify.js");
  assert.deepEqual([...names].sort(), readdirSync(folder).filter((name) => name.endsWith(".js")).sort());
  const texts = names.map((name) => readFileSync(new URL(name, folder), "utf8").replace(IMPORT, "").replace(/^export /gm, ""));
  assert.ok(texts.every((text) => !/^(?:import|export)\b/m.test(text)), "an import or export of another form");
  const { verifyBundle } = new Function(`"use strict";${texts.join("\n")}\nreturn { verifyBundle };`)();
  const good = bundles().find((one) => one.name === "good: unchanged");
  assert.equal((await verifyBundle(good.bytes, good.policy)).result, "holds");
});
