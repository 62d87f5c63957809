// Signed notes, checkpoints, countersignatures and inclusion (docs/spec/record.md, sections 3 and 5).

import { verifies } from "./ed25519.js";
import { areEqual, bytesOf, decodeBase64, decodeDecimal, decodeUtf8, hexOf, holds, is, need } from "./forms.js";
import { shownName } from "./policy.js";
import { sha256 } from "./sha256.js";

const NOTE_BYTES_MAX = 64 * 1024;
const NOTE_SIGNATURES_MAX = 64;
const KEY_NAME = "[^+\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const SIGNATURE_LINE = new RegExp(`^\u2014 (${KEY_NAME}) ([A-Za-z0-9+/=]+)$`);
const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

function readLine(line) {
  const parts = SIGNATURE_LINE.exec(line);
  const raw = parts && decodeBase64(parts[2]);
  need(raw && raw.length >= 5, "checkpoint", "a signature line is out of form");
  return { name: parts[1], id: hexOf(raw.subarray(0, 4)), signature: raw.subarray(4) };
}

/** The time of a countersignature that verifies, or null. */
async function cosignedAt(key, text, signature) {
  if (signature.length !== 72) return null;
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  const message = bytesOf(`cosignature/v1\ntime ${time}\n${text}`);
  return time < 2n ** 63n && (await verifies(key, message, signature.subarray(8))) ? time : null;
}

/** A signed note whose text is a checkpoint. */
export class Checkpoint {
  constructor(bytes) {
    need(bytes.length <= NOTE_BYTES_MAX, "checkpoint", "larger than 64 KiB");
    const note = decodeUtf8(bytes);
    need(note !== null && !/[\x00-\x09\x0b-\x1f]/.test(note), "checkpoint", "not UTF-8, or a control character");
    const split = note.lastIndexOf("\n\n");
    need(split >= 0 && note.endsWith("\n"), "checkpoint", "no text and signatures");
    this.note = note;
    this.text = note.slice(0, split + 1);
    const lines = note.slice(split + 2).split("\n").slice(0, -1);
    need(lines.length >= 1 && lines.length <= NOTE_SIGNATURES_MAX, "checkpoint", "no signature line, or too many");
    this.signatures = lines.map(readLine);
    const head = this.text.split("\n");
    need(head.length === 4 && is.origin(head[0]), "checkpoint", "not three lines, or the first is not an origin");
    [this.origin] = head;
    this.size = decodeDecimal(head[1]);
    this.root = decodeBase64(head[2], 32);
    need(this.size !== null && this.root !== null, "checkpoint", "the size or the root is out of form");
  }

  /** A map from each witness that countersigned to its earliest time; throws unless the log and the quorum signed. */
  async check(policy) {
    const log = policy.logs.get(this.origin);
    const signatures = this.#signaturesOf(log);
    holds(signatures.length > 0, "log_signature");
    for (const signature of signatures) holds(await verifies(log.key, bytesOf(this.text), signature), "log_signature");
    const times = new Map();
    for (const [witness, key] of policy.witnesses) {
      for (const signature of this.#signaturesOf(key)) {
        const time = await cosignedAt(key.key, this.text, signature);
        holds(time !== null, "cosignature", shownName(witness));
        if (!times.has(witness) || time < times.get(witness)) times.set(witness, time);
      }
    }
    holds(policy.isMetBy(times.keys()), "quorum", `${times.size} countersigned`);
    return times;
  }

  #signaturesOf(key) {
    const lines = this.signatures.filter((line) => line.name === key.name && line.id === key.id);
    return lines.map((line) => line.signature);
  }

  /** Whether the path leads from the leaf at the index to the root (RFC 9162, section 2.1.3.2). */
  includes(leaf, index, path) {
    if (index >= this.size) return false;
    let [node, last] = [BigInt(index), BigInt(this.size) - 1n];
    let digest = sha256(LEAF_PREFIX, leaf);
    for (const sibling of path) {
      if (last === 0n) return false;
      if (node & 1n || node === last) {
        digest = sha256(NODE_PREFIX, sibling, digest);
        for (; !(node & 1n) && node !== 0n; last >>= 1n) node >>= 1n;
      } else {
        digest = sha256(NODE_PREFIX, digest, sibling);
      }
      node >>= 1n;
      last >>= 1n;
    }
    return last === 0n && areEqual(digest, this.root);
  }
}
