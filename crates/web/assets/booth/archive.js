// The archive of an election, a `.bel` file: records one after the other, each named by the digest of its bytes, and a
// chain of events that name each other and the records that they are about.

import { bytesOfText, demand, hexOfBytes, sha256Of, textOfBytes } from "./forms.js";
import { demandFields, demandHash, demandInteger, parseCanonical } from "./json.js";

const BLOCK = 512;
/** A record larger than this is no ballot, no list of voters of any election we can count. */
const RECORD_BYTES_MAX = 256 * 1024 * 1024;
const NAME = /^(?:BELENIOS|[0-9a-f]{64}\.(?:data|event)\.json)$/;
const EVENT_TYPES = ["Setup", "Ballot", "EndBallots", "EncryptedTally", "Shuffle", "EndShuffles", "PartialDecryption", "Result"];
const WITHOUT_PAYLOAD = ["EndBallots", "EndShuffles"];

/** The one header of a record with this name, length and time: the tar of 1979, without a magic. */
function recordHeader(name, length, time) {
  const header = new Uint8Array(BLOCK);
  const put = (text, place) => header.set(bytesOfText(text), place);
  put(name, 0);
  put("0000644", 100);
  put("0000000", 108);
  put("0000000", 116);
  put(length.toString(8).padStart(11, "0"), 124);
  put(time.toString(8).padStart(11, "0"), 136);
  put("        0", 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

const areSame = (left, right) => left.length === right.length && left.every((byte, index) => byte === right[index]);

const lettersOf = (bytes) => String.fromCharCode(...bytes).replace(/\0+$/, "");

/** Name, body and place of each record, as they lie in the file. */
function* recordsOf(bytes) {
  let time = null;
  for (let at = 0, number = 0; at < bytes.length; number += 1) {
    const place = `record ${number}`;
    demand(at + BLOCK <= bytes.length, "truncated", place);
    const header = bytes.subarray(at, at + BLOCK);
    const [name, octal, timeOctal] = [[0, 100], [124, 135], [136, 147]].map(([start, end]) => lettersOf(header.subarray(start, end)));
    demand(NAME.test(name) && /^[0-7]{11}$/.test(octal) && /^[0-7]{11}$/.test(timeOctal), "record_header", place);
    const length = Number.parseInt(octal, 8);
    demand(length <= RECORD_BYTES_MAX, "size", place);
    time ??= Number.parseInt(timeOctal, 8);
    demand(areSame(header, recordHeader(name, length, time)), "record_header", place);
    const end = at + BLOCK + Math.ceil(length / BLOCK) * BLOCK;
    demand(end <= bytes.length, "truncated", place);
    const body = bytes.subarray(at + BLOCK, at + BLOCK + length);
    demand(bytes.subarray(at + BLOCK + length, end).every((byte) => byte === 0), "padding", place);
    yield { name, body, place, time, end };
    at = end;
  }
}

function checkFirst({ name, body, time }) {
  demand(name === "BELENIOS", "first_record", "record 0");
  const value = parseCanonical(textOfBytes(body, "record 0"), "record 0");
  demandFields(value, "version timestamp", "record 0");
  demand(value.version === 1, "version", "record 0");
  demand(value.timestamp === String(time), "timestamp", "record 0");
}

function readEvent(text, previous, place) {
  const value = parseCanonical(text, place);
  demandFields(value, "parent? height type payload?", place);
  demand(EVENT_TYPES.includes(value.type), "event_type", place);
  demand(demandInteger(value.height, place) === (previous?.height ?? -1) + 1, "event_height", place);
  demand((value.parent ?? null) === (previous?.digest ?? null), "event_parent", place);
  demand("payload" in value !== WITHOUT_PAYLOAD.includes(value.type), "event_payload", place);
  if ("payload" in value) demandHash(value.payload, place);
  return { type: value.type, height: value.height, payload: value.payload ?? null };
}

/** An archive that was read: the texts of its records by digest, and its events in order. */
export class Archive {
  #texts = new Map();
  #used = new Set();
  events = [];

  /** The text of a record that an event is about; it stands `fromEnd` places before the event. */
  take(event, digest, place, fromEnd = 1) {
    const record = this.#texts.get(digest);
    demand(record !== undefined, "record_missing", place, digest);
    demand(record.number === event.before - fromEnd && record.number >= event.after, "record_order", place, digest);
    this.#used.add(digest);
    return record.text;
  }

  static async read(bytes, pace) {
    const archive = new Archive();
    let isFirst = true;
    for (const record of recordsOf(bytes)) {
      if (isFirst) checkFirst(record);
      else await archive.#add(record);
      isFirst = false;
      await pace.step(0);
    }
    demand(!isFirst, "truncated", "record 0");
    return archive;
  }

  async #add({ name, body, place }) {
    const digest = hexOfBytes(await sha256Of(body));
    demand(name.startsWith(`${digest}.`), "record_digest", place);
    const text = textOfBytes(body, place);
    if (name.endsWith(".event.json")) {
      const previous = this.events.at(-1);
      const event = readEvent(text, previous, `${place}, event ${this.events.length}`);
      // The records from `after` to `before` are this event's and nobody else's.
      this.events.push({ ...event, digest, place: `event ${event.height}`, after: previous?.before ?? 0, before: this.#texts.size });
      return;
    }
    demand(!this.#texts.has(digest), "record_twice", place, digest);
    this.#texts.set(digest, { text, number: this.#texts.size, place });
  }

  /** Places of records that no event is about. */
  get strangers() {
    return [...this.#texts].filter(([digest]) => !this.#used.has(digest)).map(([, { place }]) => place);
  }
}
