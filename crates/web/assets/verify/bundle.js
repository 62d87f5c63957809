// Bundles (docs/spec/bundle.md, sections 2 to 4): first all that can be malformed, in one pass; then what must hold.

import { Archive, digestOf } from "./archive.js";
import { Checkpoint } from "./checkpoint.js";
import { Envelope, privateLeaf } from "./entry.js";
import { bytesOf, canonicalText, checkFields, decodeBase64, hexOf, holds, is, need, parseCanonical } from "./forms.js";
import { PROOF_BYTES_MAX, PROOF_HASHES_MAX, Proof } from "./proof.js";
import { sha256 } from "./sha256.js";

const MANIFEST_BYTES_MAX = 32 * 1024 * 1024;
const EXHIBITS_MAX = 10000;
const BUNDLE_TYPE = "application/vnd.mahzar.bundle.v1+json";

const EXHIBIT_FIELDS = {
  number: is.natural,
  path: is.path,
  media_type: is.matching(/^[a-z0-9]+\/[a-z0-9.+-]+$/, 100),
  sha256: is.hex(32),
  size: is.natural,
  salt: is.hex(32),
  commitment_env: is.hex(32),
  index: is.natural,
  proof: is.list(0, PROOF_HASHES_MAX, is.base64(32)),
};
const MANIFEST_FIELDS = {
  v: is.exactly(1),
  office: is.origin,
  day: is.day,
  title: is.title,
  checkpoint: is.text,
  publisher: is.fields({ key: is.base64(32), admitted: is.path }),
  publication: is.path,
  contents: is.list(1, EXHIBITS_MAX, is.fields(EXHIBIT_FIELDS)),
  files: is.list(3, EXHIBITS_MAX + 2, is.fields({ path: is.path, sha256: is.hex(32), size: is.natural })),
};
const ADMISSION_BODY = { key: is.base64(32), purpose: is.exactly("publication") };
const PUBLICATION_BODY = { contents: is.hex(32), count: is.natural, title: is.text };

function parseManifest(payload) {
  const manifest = parseCanonical(payload, "manifest");
  checkFields(manifest, MANIFEST_FIELDS, "manifest");
  const files = new Map(manifest.files.map((file) => [file.path, file]));
  const used = [...manifest.contents.map((exhibit) => exhibit.path), manifest.publisher.admitted, manifest.publication];
  need(files.size === manifest.files.length && new Set(used).size === used.length, "manifest", "a path occurs twice");
  const isComplete = used.length === files.size && used.every((path) => files.has(path));
  need(isComplete && !files.has("manifest.json"), "manifest", "files does not name the exhibits and the two proofs");
  manifest.contents.forEach((exhibit, place) => {
    const file = files.get(exhibit.path);
    need(exhibit.number === place + 1, "manifest", "the exhibits are not numbered from 1");
    need(file.sha256 === exhibit.sha256 && file.size === exhibit.size, "manifest", "files and contents differ");
  });
  return manifest;
}

function readProof(bytes, manifest) {
  const proof = new Proof(bytes);
  need(proof.checkpoint.note === manifest.checkpoint, "proof", "its checkpoint is not the manifest's");
  return { proof, entry: proof.publicEntry() };
}

/** All that can be malformed; what is found is `{envelope, manifest, checkpoint, admission, publication, found}`. */
export async function readBundle(blob, progress) {
  const archive = new Archive(blob);
  const manifestFile = await archive.file(await archive.enter("manifest.json"), MANIFEST_BYTES_MAX);
  const envelope = new Envelope(new Uint8Array(await manifestFile.arrayBuffer()), BUNDLE_TYPE, 1, "envelope");
  const manifest = parseManifest(envelope.payload);
  const checkpoint = new Checkpoint(bytesOf(manifest.checkpoint));
  const proofs = new Map([[manifest.publisher.admitted, null], [manifest.publication, null]]);
  const found = [];
  for (const { path } of manifest.files) {
    const size = await archive.enter(path);
    const file = await archive.file(size, proofs.has(path) ? PROOF_BYTES_MAX : undefined);
    if (proofs.has(path)) proofs.set(path, readProof(new Uint8Array(await file.arrayBuffer()), manifest));
    found.push({ size, sha256: hexOf(await digestOf(file, progress)) });
  }
  await archive.finish();
  const [admission, publication] = [...proofs.values()];
  admission.entry.checkKind("publisher.admitted", ADMISSION_BODY);
  publication.entry.checkKind("publication.made", PUBLICATION_BODY);
  return { envelope, manifest, checkpoint, admission, publication, found };
}

function contentsDigest(contents) {
  const named = contents.map(({ media_type, number, sha256: digest, size }) => ({ media_type, number, sha256: digest, size }));
  return hexOf(sha256(bytesOf(canonicalText({ contents: named }))));
}

function checkPlace({ manifest, checkpoint }, { proof, entry }, name) {
  holds(checkpoint.includes(entry.bytes, proof.index, proof.path), `${name}_proof`);
  holds(entry.office === manifest.office, `${name}_office`);
}

async function checkAdmission(bundle, officeKey) {
  const { manifest, admission } = bundle;
  checkPlace(bundle, admission, "admission");
  holds(admission.entry.body.key === manifest.publisher.key, "admission_key");
  holds(await admission.entry.envelope.isSignedBy(officeKey), "admission_signature");
}

async function checkPublication(bundle, publisherKey) {
  const { manifest, publication } = bundle;
  checkPlace(bundle, publication, "publication");
  holds(await publication.entry.envelope.isSignedBy(publisherKey), "publication_signature");
  const { contents, count, title } = publication.entry.body;
  holds(contents === contentsDigest(manifest.contents), "publication_contents");
  holds(count === manifest.contents.length, "publication_count");
  holds(title === manifest.title, "publication_title");
}

function checkExhibits({ manifest, checkpoint, found }) {
  manifest.files.forEach((file, place) => {
    holds(found[place].size === file.size, "file_size", file.path);
    holds(found[place].sha256 === file.sha256, "file_digest", file.path);
  });
  for (const exhibit of manifest.contents) {
    const path = exhibit.proof.map((node) => decodeBase64(node));
    holds(checkpoint.includes(privateLeaf(exhibit), exhibit.index, path), "exhibit_proof", exhibit.path);
  }
}

/** What must hold of a bundle that is well formed; the times of the countersignatures. */
export async function checkBundle(bundle, policy) {
  const { envelope, manifest, checkpoint } = bundle;
  holds(policy.logs.has(manifest.office), "office_unknown", manifest.office);
  holds(checkpoint.origin === manifest.office, "checkpoint_office", checkpoint.origin);
  const times = await checkpoint.check(policy);
  await checkAdmission(bundle, policy.logs.get(manifest.office).key);
  const publisherKey = decodeBase64(manifest.publisher.key);
  holds(await envelope.isSignedBy(publisherKey), "manifest_signature");
  await checkPublication(bundle, publisherKey);
  checkExhibits(bundle);
  return times;
}
