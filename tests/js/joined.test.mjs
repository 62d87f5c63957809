// Pages that are saved for offline use carry their scripts as one: modules joined, imports and exports struck out. That
// works only while no two modules of a page use one name for two things.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { bundles } from "./cases.mjs";

const folderOf = (name) => new URL(`../../crates/web/assets/${name}/`, import.meta.url);
const IMPORT = /^import \{ .* \} from "\.\/([a-z0-9_]+\.js)";$/gm;

/** The modules that `name` needs, itself last. */
function order(folder, name, found = []) {
  const text = readFileSync(new URL(name, folder), "utf8");
  for (const [, needed] of text.matchAll(IMPORT)) order(folder, needed, found);
  if (!found.includes(name)) found.push(name);
  return found;
}

function joined(folder, names) {
  const texts = names.map((name) => readFileSync(new URL(name, folder), "utf8").replace(IMPORT, "").replace(/^export /gm, ""));
  assert.ok(texts.every((text) => !/^(?:import|export)\b/m.test(text)), "an import or export of another form");
  return texts.join("\n");
}

const scriptsIn = (folder) => readdirSync(folder).filter((name) => name.endsWith(".js")).sort();

test("the verifier's modules join into one script that works", async () => {
  const folder = folderOf("verify");
  const names = order(folder, "verify.js");
  assert.deepEqual([...names].sort(), scriptsIn(folder));
  const { verifyBundle } = new Function(`"use strict";${joined(folder, names)}\nreturn { verifyBundle };`)();
  const good = bundles().find((one) => one.name === "good: unchanged");
  assert.equal((await verifyBundle(good.bytes, good.policy)).result, "holds");
});

test("each page of the booth joins into one script, and no module is idle", () => {
  const folder = folderOf("booth");
  const used = new Set();
  for (const page of ["booth_page.js", "trustee_page.js", "auditor_page.js"]) {
    const names = order(folder, page);
    // A name that is declared twice is a syntax error here.
    assert.equal(typeof new Function("nobleEdwards", `"use strict";${joined(folder, names)}`), "function");
    names.forEach((name) => used.add(name));
  }
  assert.deepEqual([...used].sort(), scriptsIn(folder));
});

test("both languages say the same things", async () => {
  const [{ wordsEn }, { wordsFa }] = await Promise.all(["en", "fa"].map((tag) => import(new URL(`words_${tag}.js`, folderOf("booth")))));
  assert.deepEqual(Object.keys(wordsFa), Object.keys(wordsEn));
  const values = (text) => [...String(text).matchAll(/%([a-z]+)%/g)].map(([, name]) => name).sort();
  for (const [key, text] of Object.entries(wordsEn)) {
    assert.deepEqual(values(wordsFa[key]), values(text), key);
    if (Array.isArray(text)) assert.equal(wordsFa[key].length, text.length, key);
  }
});

test("every word that a page asks for is there, and every word is asked for", async () => {
  const folder = folderOf("booth");
  const { wordsEn } = await import(new URL("words_en.js", folder));
  const source = scriptsIn(folder).filter((name) => !name.startsWith("words_")).map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");
  const texts = new Set([...source.matchAll(/["`]([a-z_0-9]+)["`]/g)].map(([, text]) => text));
  const made = /^(?:refused_|proved_|stage_|limits_|title_|cast_next_|not_proved_)/;
  const idle = Object.keys(wordsEn).filter((key) => !made.test(key) && !texts.has(key) && !texts.has(key.replace(/_(?:hint|text|button)$/, "")));
  assert.deepEqual(idle, []);
  const codes = new Set([...source.matchAll(/(?:demand\(.*?, |Refused\()"([a-z_]+)"/g)].map(([, text]) => text));
  const unknown = Object.keys(wordsEn).filter((key) => key.startsWith("refused_")).map((key) => key.slice(8)).filter((name) => !codes.has(name) && !["form", "unknown"].includes(name));
  assert.deepEqual(unknown, [], "a reason that nothing gives");
});
