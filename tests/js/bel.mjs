// Writes an election's archive record by record, apart from the code that reads it, so that a test can alter one thing
// and leave all digests right.

import { createHash } from "node:crypto";

const digest = (text) => createHash("sha256").update(text).digest("hex");

export const TIME = 1790000000;

function record(name, text, time = TIME) {
  const body = Buffer.from(text);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644", 100);
  header.write("0000000", 108);
  header.write("0000000", 116);
  header.write(body.length.toString(8).padStart(11, "0"), 124);
  header.write(time.toString(8).padStart(11, "0"), 136);
  header.fill(" ", 148, 156);
  header.write("0", 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

/** The records of an archive of any writer: [{name, text}] after the first. */
export function recordsIn(bytes) {
  const records = [];
  const buffer = Buffer.from(bytes);
  for (let at = 0; at < buffer.length;) {
    const length = Number.parseInt(buffer.toString("latin1", at + 124, at + 135), 8);
    const name = buffer.toString("latin1", at, at + 100).replace(/\0+$/, "");
    records.push({ name, text: buffer.toString("utf8", at + 512, at + 512 + length) });
    at += 512 + Math.ceil(length / 512) * 512;
  }
  return records.slice(1);
}

/** What an archive says, to be altered and written again by `archiveOf`. */
export function saidIn(bytes) {
  const records = recordsIn(bytes);
  const texts = new Map(records.filter(({ name }) => name.endsWith(".data.json")).map(({ name, text }) => [name.slice(0, 64), text]));
  const said = { ballots: [], shares: [], shuffles: [], tally: null, sized: null, result: null };
  for (const { text } of records.filter(({ name }) => name.endsWith(".event.json"))) {
    const { type, payload } = JSON.parse(text);
    const body = texts.get(payload);
    if (type === "Setup") for (const [part, hash] of Object.entries(JSON.parse(body))) said[part] = texts.get(hash);
    if (type === "Ballot") said.ballots.push(body);
    if (type === "EncryptedTally") {
      said.sized = JSON.parse(body);
      said.tally = texts.get(said.sized.encrypted_tally);
    }
    if (type === "PartialDecryption") said.shares.push({ owner: JSON.parse(body).owner, text: texts.get(JSON.parse(body).payload) });
    if (type === "Result") said.result = body;
  }
  return said;
}

/** The events of an archive as [type, record…]: the last record is the event's payload. */
export function eventsOf({ election, trustees, credentials, ballots, sized, tally, shares, result }) {
  const setup = JSON.stringify({ election: digest(election), trustees: digest(trustees), credentials: digest(credentials) });
  const events = [["Setup", election, trustees, credentials, setup], ...ballots.map((ballot) => ["Ballot", ballot])];
  if (tally === null) return events;
  const { num_tallied, total_weight } = sized;
  events.push(["EndBallots"], ["EncryptedTally", tally, JSON.stringify({ num_tallied, total_weight, encrypted_tally: digest(tally) })]);
  for (const { owner, text } of shares) events.push(["PartialDecryption", text, JSON.stringify({ owner, payload: digest(text) })]);
  if (result !== null) events.push(["Result", result]);
  return events;
}

/** The bytes of an archive with these events. */
export function archiveOf(events) {
  const parts = [record("BELENIOS", JSON.stringify({ version: 1, timestamp: String(TIME) }))];
  let parent = null;
  events.forEach(([type, ...records], height) => {
    for (const text of records) parts.push(record(`${digest(text)}.data.json`, text));
    const fields = { ...(parent === null ? {} : { parent }), height, type, ...(records.length === 0 ? {} : { payload: digest(records.at(-1)) }) };
    const text = JSON.stringify(fields);
    parent = digest(text);
    parts.push(record(`${parent}.event.json`, text));
  });
  return new Uint8Array(Buffer.concat(parts));
}

export { record };
