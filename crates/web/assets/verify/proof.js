// Proofs: tlog-proof texts with their extra line (docs/spec/record.md, section 4).

import { Checkpoint } from "./checkpoint.js";
import { PublicEntry, privateLeaf } from "./entry.js";
import { checkFields, decodeBase64, decodeDecimal, is, need, octets, parseCanonical } from "./forms.js";

export const PROOF_BYTES_MAX = 256 * 1024;
export const PROOF_HASHES_MAX = 64;

const OPENED_FIELDS = {
  v: is.exactly(1),
  circle: is.exactly("private"),
  commitment_env: is.hex(32),
  salt: is.hex(32),
  sha256: is.hex(32),
  size: is.natural,
};
const PUBLIC_FIELDS = { v: is.exactly(1), circle: is.exactly("public"), envelope: is.base64(null) };

/** A tlog-proof with its checkpoint and what its extra line discloses. */
export class Proof {
  constructor(bytes) {
    const text = octets(bytes);
    const split = text.indexOf("\n\n");
    const lines = text.slice(0, Math.max(split, 0)).split("\n");
    need(split >= 0 && lines.length >= 3 && lines[0] === "c2sp.org/tlog-proof@v1", "proof", "not a tlog-proof with its parts");
    need(lines[1].startsWith("extra "), "proof", "no extra line: the proof does not say what it proves");
    const extra = decodeBase64(lines[1].slice(6));
    this.index = lines[2].startsWith("index ") ? decodeDecimal(lines[2].slice(6)) : null;
    this.path = lines.slice(3).map((line) => decodeBase64(line, 32));
    need(extra !== null && this.index !== null, "proof", "the extra line or the index is out of form");
    need(!this.path.includes(null) && this.path.length <= PROOF_HASHES_MAX, "proof", "the hashes are out of form, or too many");
    this.extra = parseCanonical(extra, "proof");
    this.checkpoint = new Checkpoint(bytes.subarray(split + 2));
  }

  get isPublic() {
    return this.extra.circle === "public";
  }

  publicEntry() {
    checkFields(this.extra, PUBLIC_FIELDS, "proof");
    return new PublicEntry(decodeBase64(this.extra.envelope));
  }

  openedLeaf() {
    checkFields(this.extra, OPENED_FIELDS, "proof");
    return privateLeaf(this.extra);
  }
}
