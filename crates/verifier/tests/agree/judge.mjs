// The browser's verifier as a filter: takes inputs from standard input as tools/agree.py writes them, and answers each
// with a line of JSON {"result","reason"}. Ends when the input does.

import { verifyBundle, verifyProof } from "../../../web/assets/verify/verify.js";

const source = process.stdin[Symbol.asyncIterator]();
let waiting = Buffer.alloc(0);

/** Waits until `enough(waiting)` says how many bytes to take, and takes them; null at the end. */
async function take(enough) {
  for (;;) {
    const length = enough(waiting);
    if (length >= 0 && length <= waiting.length) {
      const taken = waiting.subarray(0, length);
      waiting = waiting.subarray(length);
      return taken;
    }
    const { value, done } = await source.next();
    if (done) return null;
    waiting = Buffer.concat([waiting, value]);
  }
}

const line = (bytes) => bytes.indexOf("\n") + 1 || -1;

for (let head = await take(line); head !== null; head = await take(line)) {
  const { mode, lengths } = JSON.parse(head);
  const parts = [];
  for (const length of lengths) parts.push(new Uint8Array(await take(() => length)));
  const [policy, subject, content] = parts;
  const { result, reason } = await (mode === "bundle" ? verifyBundle(new Blob([subject]), policy) : verifyProof(subject, new Blob([content]), policy));
  process.stdout.write(`${JSON.stringify({ result, reason })}\n`);
}
