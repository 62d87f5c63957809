// Reads the frozen cases of vectors/, in the form that vectors/README.md describes.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

const vectors = new URL("../../vectors/", import.meta.url);
const read = (name) => readFileSync(new URL(name, vectors));
const parse = (name) => JSON.parse(read(name));

function join(base, parts) {
  return Buffer.concat(parts.map((part) => {
    if (typeof part === "string") return Buffer.from(part, "base64");
    const [first, second] = part;
    return typeof first === "string" ? Buffer.alloc(Buffer.from(first, "base64").length * second, first, "base64") : base.subarray(first, first + second);
  }));
}

function joinChecked(base, written) {
  const joined = join(base, written.parts);
  const found = createHash("sha256").update(joined).digest("hex");
  if (found !== written.sha256) throw new Error(`${written.name}: the parts are wrong`);
  return joined;
}

const written = (folder) => readdirSync(new URL(folder, vectors)).sort().flatMap((name) => parse(folder + name));

const joinOr = (base, parts) => (parts === undefined ? base : join(base, parts));

/** [{name, result, reason, bytes, policy}] */
export function bundles() {
  const good = read("bundles/good.mahzar");
  const policy = read("bundles/policy");
  return written("bundles/cases/").map((one) => ({ ...one, bytes: joinChecked(good, one), policy: joinOr(policy, one.policy) }));
}

/** [{name, result, reason, bytes, content, policy}] */
export function proofs() {
  const policy = read("proofs/policy");
  const content = read("proofs/content");
  return written("proofs/cases/").map((one) => ({
    ...one,
    bytes: joinChecked(read(`proofs/${one.base}.tlog-proof`), one),
    content: joinOr(content, one.content),
    policy: joinOr(policy, one.policy),
  }));
}

/** [{name, valid, key, message, signature}] as byte arrays. */
export function signatures() {
  return parse("ed25519/cases.json").map(({ name, valid, ...hex }) => {
    const bytes = Object.entries(hex).map(([field, text]) => [field, Uint8Array.from(Buffer.from(text, "hex"))]);
    return { name, valid, ...Object.fromEntries(bytes) };
  });
}
