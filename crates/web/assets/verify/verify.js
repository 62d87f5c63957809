// The third verifier: checks a bundle, or one file and its proof, in the browser, offline.
//
//   verifyBundle(bundle, policy)          -> {result, reason, detail, report}
//   verifyProof(proof, content, policy)   -> the same
//
// `result` is "holds", "does_not_hold" or "malformed"; `reason` is one of the names in docs/spec/bundle.md, section 4,
// or null; `report` is null unless it holds. Bundle and content are a Blob, an ArrayBuffer or a byte array; proof and
// policy are those, or a string. What cannot be read (a file that has gone) throws.

import { digestOf } from "./archive.js";
import { checkBundle, readBundle } from "./bundle.js";
import { base64Of, bytesOf, DoesNotHold, hexOf, holds, Malformed, need } from "./forms.js";
import { Policy, shownName } from "./policy.js";
import { PROOF_BYTES_MAX, Proof } from "./proof.js";
import { sha256 } from "./sha256.js";

const asBlob = (source) => (source instanceof Blob ? source : new Blob([source]));

async function asBytes(source) {
  if (typeof source === "string") return bytesOf(source);
  return source instanceof Blob ? new Uint8Array(await source.arrayBuffer()) : new Uint8Array(source);
}

/** "2025-10-09T08:53:20Z"; a time past the year 9999 is said in seconds. */
function moment(seconds) {
  if (seconds > 253402300799n) return `${seconds} seconds after 1970-01-01T00:00:00Z`;
  return new Date(Number(seconds) * 1000).toISOString().replace(".000", "");
}

function recordReport(checkpoint, policy, times) {
  const countersigned = [...times].map(([witness, time]) => ({
    name: shownName(witness),
    key_name: policy.witnesses.get(witness).name,
    time: time <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(time) : String(time),
    at: moment(time),
  }));
  return { office: checkpoint.origin, record_size: checkpoint.size, root: base64Of(checkpoint.root), countersigned };
}

async function judged(check) {
  try {
    return { result: "holds", reason: null, detail: "", report: await check() };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const result = error instanceof DoesNotHold ? "does_not_hold" : "malformed";
    return { result, reason: error.reason, detail: error.message, report: null };
  }
}

/** Checks a bundle. `progress` is called with the number of bytes done each time some are. */
export function verifyBundle(source, policySource, { progress } = {}) {
  return judged(async () => {
    const policy = new Policy(await asBytes(policySource));
    const bundle = await readBundle(asBlob(source), progress);
    const times = await checkBundle(bundle, policy);
    const { manifest } = bundle;
    return {
      ...recordReport(bundle.checkpoint, policy, times),
      title: manifest.title,
      day: manifest.day,
      admission: bundle.admission.proof.index,
      publication: bundle.publication.proof.index,
      exhibits: manifest.contents.map(({ number, path, media_type, size, sha256: digest, index }) => (
        { number, path, media_type, size, sha256: digest, index }
      )),
    };
  });
}

/** Checks that a proof leads from this content to a record that the policy trusts (docs/spec/bundle.md, section 5). */
export function verifyProof(proofSource, contentSource, policySource, { progress } = {}) {
  return judged(async () => {
    const policy = new Policy(await asBytes(policySource));
    const bytes = await asBytes(proofSource);
    need(bytes.length <= PROOF_BYTES_MAX, "limit", "the proof is larger than 256 KiB");
    const proof = new Proof(bytes);
    const entry = proof.isPublic ? proof.publicEntry() : null;
    const leaf = entry ? entry.bytes : proof.openedLeaf();
    holds(policy.logs.has(proof.checkpoint.origin), "office_unknown", proof.checkpoint.origin);
    const times = await proof.checkpoint.check(policy);
    holds(entry === null || entry.office === proof.checkpoint.origin, "entry_office");
    holds(proof.checkpoint.includes(leaf, proof.index, proof.path), "inclusion");
    const content = asBlob(contentSource);
    const expected = entry ? { size: leaf.length, sha256: hexOf(sha256(leaf)) } : proof.extra;
    holds(content.size === expected.size, "content");
    holds(hexOf(await digestOf(content, progress)) === expected.sha256, "content");
    const { index, extra: { circle } } = proof;
    return { ...recordReport(proof.checkpoint, policy, times), index, size: expected.size, sha256: expected.sha256, circle };
  });
}
