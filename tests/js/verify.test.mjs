// The browser's verifier, under Node: every frozen case, and what the cases cannot hold (size, sources of other kinds).

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { digestOf } from "../../crates/web/assets/verify/archive.js";
import { verifies } from "../../crates/web/assets/verify/ed25519.js";
import { Sha256, sha256 } from "../../crates/web/assets/verify/sha256.js";
import { verifyBundle, verifyProof } from "../../crates/web/assets/verify/verify.js";
import { bundles, proofs, signatures } from "./cases.mjs";

async function disagreements(cases, judge) {
  const wrong = [];
  for (const one of cases) {
    const { result, reason } = await judge(one);
    if (result !== one.result || reason !== one.reason) wrong.push(`${one.name}: expected ${one.reason}, found ${reason}`);
  }
  return wrong;
}

test("bundles are judged as written", async () => {
  const cases = bundles();
  assert.ok(cases.length > 1000);
  assert.deepEqual(await disagreements(cases, (one) => verifyBundle(new Blob([one.bytes]), one.policy)), []);
});

test("proofs are judged as written", async () => {
  const cases = proofs();
  assert.ok(cases.length > 200);
  assert.deepEqual(await disagreements(cases, (one) => verifyProof(one.bytes, new Blob([one.content]), one.policy)), []);
});

for (const own of [false, true]) {
  test(`signatures verify strictly, the equation computed by ${own ? "us" : "WebCrypto"}`, async () => {
    const cases = signatures();
    assert.ok(cases.length > 100);
    for (const { name, valid, key, message, signature } of cases) {
      assert.equal(await verifies(key, message, signature, { own }), valid, name);
    }
  });
}

test("a browser that does not know Ed25519 gets the same answers", async (context) => {
  context.mock.method(crypto.subtle, "importKey", async () => {
    throw new DOMException("no such algorithm", "NotSupportedError");
  });
  const good = bundles().find((one) => one.name === "good: unchanged");
  assert.equal((await verifyBundle(good.bytes, good.policy)).result, "holds");
  const cases = signatures().filter((one) => one.name.startsWith("speccheck") || one.name.startsWith("an ordinary"));
  for (const { name, valid, key, message, signature } of cases) assert.equal(await verifies(key, message, signature), valid, name);
});

test("an error of WebCrypto's is not taken for a false signature", async (context) => {
  context.mock.method(crypto.subtle, "verify", async () => {
    throw new DOMException("out of order", "OperationError");
  });
  const good = bundles().find((one) => one.name === "good: unchanged");
  await assert.rejects(verifyBundle(good.bytes, good.policy), { name: "OperationError" });
});

test("our SHA-256 is SHA-256, at every length and however it is fed", () => {
  const bytes = Uint8Array.from({ length: 400 }, (_, place) => (place * 37) & 255);
  const expected = (length) => createHash("sha256").update(bytes.subarray(0, length)).digest("hex");
  for (let length = 0; length <= bytes.length; length += 1) {
    assert.equal(Buffer.from(sha256(bytes.subarray(0, length))).toString("hex"), expected(length));
    const cut = (length * 7) % (length + 1);
    const digest = new Sha256().update(bytes.subarray(0, cut)).update(bytes.subarray(cut, length)).finish();
    assert.equal(Buffer.from(digest).toString("hex"), expected(length));
  }
});

test("a file too large for WebCrypto at once is hashed in pieces", async () => {
  const bytes = new Uint8Array(129 * 1024 * 1024 + 5).fill(7);
  let done = 0;
  const digest = await digestOf(new Blob([bytes]), (length) => { done += length; });
  assert.equal(Buffer.from(digest).toString("hex"), createHash("sha256").update(bytes).digest("hex"));
  assert.equal(done, bytes.length);
});

test("the report says what a reader needs", async () => {
  const good = bundles().find((one) => one.name === "good: unchanged");
  const { report } = await verifyBundle(good.bytes.buffer.slice(good.bytes.byteOffset, good.bytes.byteOffset + good.bytes.length), good.policy.toString());
  assert.equal(report.office, "office.example/record");
  assert.equal(report.record_size, 43);
  assert.deepEqual(report.exhibits.map((exhibit) => exhibit.index), [7, 20, 42]);
  assert.deepEqual(report.countersigned[0], {
    name: "first", key_name: "first.example/witness", time: 1760000000, at: "2025-10-09T08:53:20Z",
  });
});
