// Envelopes and public entries (docs/spec/entry.md, sections 2 and 3), and the leaf of a private one (section 4).

import { verifies } from "./ed25519.js";
import { bytesOf, checkFields, decodeBase64, fromHex, hexOf, is, need, parseCanonical, u64 } from "./forms.js";
import { sha256 } from "./sha256.js";

const ENVELOPE_BYTES_MAX = 65535;
const ENVELOPE_NAMES = /^(?:payload|payloadType|signatures|keyid|sig)$/;
const ENTRY_TYPE = "application/vnd.mahzar.entry.v1+json";
const NOBODY = "0".repeat(32);

/** A DSSE envelope in canonical form. */
export class Envelope {
  constructor(bytes, payloadType, signaturesMax, reason) {
    const outer = parseCanonical(bytes, reason, ENVELOPE_NAMES);
    const isSignature = is.fields({ keyid: is.hex(16), sig: is.base64(64) });
    checkFields(outer, {
      payload: is.base64(null),
      payloadType: is.exactly(payloadType),
      signatures: is.list(1, signaturesMax, isSignature),
    }, reason);
    this.payload = decodeBase64(outer.payload);
    [this.first] = outer.signatures;
    const head = bytesOf(`DSSEv1 ${payloadType.length} ${payloadType} ${this.payload.length} `);
    this.signed = new Uint8Array(head.length + this.payload.length);
    this.signed.set(head);
    this.signed.set(this.payload, head.length);
  }

  /** Whether the first signature is this key's. */
  async isSignedBy(key) {
    const keyId = hexOf(sha256(bytesOf("mahzar/v1/key\0"), key).subarray(0, 16));
    return this.first.keyid === keyId && verifies(key, this.signed, decodeBase64(this.first.sig));
  }
}

/** An entry of the public circle. */
export class PublicEntry {
  constructor(bytes) {
    need(bytes.length <= ENVELOPE_BYTES_MAX, "entry", "larger than 65,535 bytes");
    this.bytes = bytes;
    this.envelope = new Envelope(bytes, ENTRY_TYPE, 4, "entry");
    const fields = parseCanonical(this.envelope.payload, "entry");
    checkFields(fields, {
      v: is.exactly(1),
      id: is.hex(16),
      office: is.origin,
      circle: is.exactly(NOBODY),
      at: is.moment,
      by: is.hex(16),
      kind: is.matching(/^[a-z_]+(?:\.[a-z_]+)*$/, 64),
      body: is.object,
      after: (after) => after === null || is.hex(32)(after),
    }, "entry");
    Object.assign(this, { office: fields.office, by: fields.by, kind: fields.kind, body: fields.body });
  }

  checkKind(kind, bodyFields) {
    need(this.kind === kind && this.by === NOBODY, "entry", `not an entry ${kind} by the office`);
    checkFields(this.body, bodyFields, "entry");
  }
}

/** The leaf that `{commitment_env, salt, sha256, size}` opens. */
export function privateLeaf(opened) {
  const content = sha256(bytesOf("mahzar/v1/content\0"), fromHex(opened.salt), fromHex(opened.sha256), u64(opened.size));
  return sha256(bytesOf("mahzar/v1/leaf\0"), fromHex(opened.commitment_env), content);
}
