// Policies: which logs and witnesses somebody trusts (C2SP tlog-policy; docs/spec/record.md, section 5).
// A policy is octets; here they are a string of characters U+0000 to U+00FF.

import { base64Of, bytesOf, decodeBase64, decodeDecimal, fromOctets, hexOf, is, need, octets } from "./forms.js";
import { sha256 } from "./sha256.js";

const POLICY_BYTES_MAX = 64 * 1024;
const LOG_KIND = 1;
const WITNESS_KIND = 4;

/** A vkey: name, id (in hex) and key. */
function parseKey(text, kind) {
  const [name, id, ...rest] = text.split("+");
  const raw = decodeBase64(rest.join("+"), 33);
  need(rest.length > 0 && is.origin(name), "policy", "a vkey without its three parts, or with a name that is not allowed");
  need(raw !== null && raw[0] === kind, "policy", "a vkey's key is not of the kind asked for");
  const key = { name, id: hexOf(sha256(bytesOf(`${name}\n`), raw).subarray(0, 4)), key: raw.subarray(1) };
  need(id === key.id, "policy", "a vkey's id is not the recomputed one");
  return key;
}

const sameKey = (left, right) => base64Of(left.key) === base64Of(right.key);

/** Logs by origin, witnesses and groups by name, and the quorum. */
export class Policy {
  logs = new Map();
  witnesses = new Map();
  #groups = new Map();
  #taken = new Set();
  #quorum = null;

  constructor(source) {
    const bytes = typeof source === "string" ? bytesOf(source) : new Uint8Array(source);
    need(bytes.length <= POLICY_BYTES_MAX, "policy", "larger than 64 KiB");
    const text = octets(bytes);
    need(!/[^\t\n\x20-\x7e\x80-\xff]/.test(text), "policy", "a control character");
    const readers = { log: this.#addLog, witness: this.#addWitness, group: this.#addGroup, quorum: this.#setQuorum };
    for (const line of text.split("\n")) {
      const items = line.split(/[ \t]+/).filter((item) => item !== "");
      if (items.length === 0 || items[0].startsWith("#")) continue;
      need(Object.hasOwn(readers, items[0]), "policy", "a line begins with an unknown word");
      readers[items[0]].call(this, items.slice(1));
    }
    need(this.#quorum !== null, "policy", "no quorum line");
  }

  #addLog(items) {
    need(items.length === 1 || items.length === 2, "policy", "a log line has too few or too many items");
    const log = parseKey(items[0], LOG_KIND);
    for (const other of this.logs.values()) need(!sameKey(log, other) && log.name !== other.name, "policy", "a log twice");
    this.logs.set(log.name, log);
  }

  #addWitness(items) {
    need(items.length === 2 || items.length === 3, "policy", "a witness line has too few or too many items");
    this.#checkNew(items[0]);
    const witness = parseKey(items[1], WITNESS_KIND);
    for (const other of this.witnesses.values()) {
      const isSame = sameKey(witness, other) || (witness.name === other.name && witness.id === other.id);
      need(!isSame, "policy", "a witness twice");
    }
    this.witnesses.set(items[0], witness);
  }

  #addGroup(items) {
    need(items.length >= 3, "policy", "a group without members");
    const [name, threshold, ...members] = items;
    this.#checkNew(name);
    for (const member of members) {
      need(this.#isDefined(member), "policy", "a member is not defined above");
      need(!this.#taken.has(member), "policy", "a member is listed twice");
      this.#taken.add(member);
    }
    const words = new Map([["all", members.length], ["any", 1]]);
    const count = words.get(threshold) ?? decodeDecimal(threshold);
    need(count !== null && count >= 1 && count <= members.length, "policy", "a threshold out of range");
    this.#groups.set(name, { count, members });
  }

  #setQuorum(items) {
    need(items.length === 1 && this.#quorum === null, "policy", "the quorum is not said once");
    need(items[0] === "none" || this.#isDefined(items[0]), "policy", "the quorum is not defined above");
    [this.#quorum] = items;
  }

  #isDefined(name) {
    return this.witnesses.has(name) || this.#groups.has(name);
  }

  #checkNew(name) {
    need(name !== "none" && !this.#isDefined(name), "policy", "a name is defined twice, or is none");
  }

  /** Whether these witnesses are enough. */
  isMetBy(names) {
    const met = new Set([...names, "none"]);
    for (const [name, { count, members }] of this.#groups) {
      if (members.filter((member) => met.has(member)).length >= count) met.add(name);
    }
    return met.has(this.#quorum);
  }
}

/** A name of a policy, to be shown. */
export const shownName = (name) => new TextDecoder().decode(fromOctets(name));
