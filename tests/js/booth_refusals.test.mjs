// One alteration at a time: whoever writes an archive can write all digests anew, so what is left must be found by what
// the protocol proves. Each case names the fault that the auditor must report.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { Pace } from "../../crates/web/assets/booth/pace.js";
import { continues } from "../../crates/web/assets/booth/audit.js";
import { secretOf } from "../../crates/web/assets/booth/credential.js";
import { encryptBallot } from "../../crates/web/assets/booth/encrypt.js";
import { writeProof } from "../../crates/web/assets/booth/json.js";
import { proveSecret } from "../../crates/web/assets/booth/proofs.js";
import { signatureStatement } from "../../crates/web/assets/booth/statements.js";
import { archiveOf, eventsOf, record, recordsIn, saidIn, TIME } from "./bel.mjs";
import { closeElection, decrypt, finish, openElection, skipped } from "./belenios.mjs";
import { audit, boothBallot, codesOf, electionOf, groupNamed } from "./booth.mjs";

const QUESTIONS = [{ answers: ["a", "b"], min: 1, max: 1, question: "one" }, { answers: ["a", "b"], blank: true, min: 1, max: 2, question: "blank" }];
const group = groupNamed("BELENIOS-2048");
let good;
let office;
let election;

before(async () => {
  if (skipped) return;
  office = openElection({ questions: QUESTIONS, weights: [1, 2, 1], trustees: 2 });
  election = await electionOf(office);
  for (const [voter, values] of [[0, [[1, 0], [0, 1, 0]]], [1, [[0, 1], [1, 0, 0]]], [0, [[0, 1], [0, 0, 1]]]]) {
    office.event("Ballot", (await boothBallot(election, office.credentials[voter], values)).text);
  }
  closeElection(office);
  office.names(".privkey").forEach((key, index) => decrypt(office, index + 1, key));
  finish(office);
  good = saidIn(office.bytes(office.archive));
});
after(() => office?.remove());

const parsed = (text, change) => {
  const value = JSON.parse(text);
  return JSON.stringify(change(value) ?? value);
};
const archive = (changes) => archiveOf(eventsOf({ ...good, ...changes }));
const digestOf = (text) => createHash("sha256").update(text).digest("base64").replace(/=+$/, "");

/** The ballot signed anew by its voter, so that only the proofs can tell. */
const resigned = (change) => async (ballot) => {
  const { signature, ...unsigned } = change(ballot) ?? ballot;
  const hash = digestOf(JSON.stringify(unsigned));
  const secret = await secretOf(office.credentials[1], election);
  const proof = await proveSecret(group, secret, [(exponent) => group.generate(exponent)], signatureStatement(hash));
  return { ...unsigned, signature: { hash, proof: writeProof(proof) } };
};

/** The archive whose second ballot is changed, before the box is closed. */
const withBallotText = async (change) => archiveOf(eventsOf({ ...good, tally: null, ballots: [good.ballots[0], await change(good.ballots[1])] }));
const withBallot = (change) => withBallotText(async (text) => {
  const ballot = JSON.parse(text);
  return JSON.stringify(await change(ballot) ?? ballot);
});
const plus = (text, number) => String(BigInt(text) + number);
const element = (change) => withBallot(resigned((ballot) => { ballot.answers[0].choices[0].alpha = change(ballot.answers[0].choices[0].alpha); }));
const inProof = (name, change) => withBallot(resigned((ballot) => {
  const proof = ballot.answers[0].individual_proofs[0][0];
  proof[name] = change(proof[name]);
}));

const BALLOTS = {
  "a choice outside the group": ["element_group", () => element((text) => String(group.modulus - BigInt(text)))],
  "a choice of zero": ["element_form", () => element(() => "0")],
  "a choice plus the modulus": ["element_range", () => element((text) => plus(text, group.modulus))],
  "a leading zero": ["element_form", () => element((text) => `0${text}`)],
  "a challenge plus the order": ["scalar_range", () => inProof("challenge", (text) => plus(text, group.order))],
  "a response plus the order": ["scalar_range", () => inProof("response", (text) => plus(text, group.order))],
  "a response plus one": ["individual_proof", () => inProof("response", (text) => plus(text, 1n))],
  "a response of a million digits": ["scalar_form", () => inProof("response", () => "7".repeat(1_000_000))],
  "choices swapped": ["individual_proof", () => withBallot(resigned((ballot) => { ballot.answers[0].choices.reverse(); }))],
  "an overall proof altered": ["overall_proof", () => withBallot(resigned((ballot) => { ballot.answers[0].overall_proof[0].response = "5"; }))],
  "a blank proof altered": ["blank_proof", () => withBallot(resigned((ballot) => { ballot.answers[1].blank_proof[0].response = "5"; }))],
  "an overall proof of a blank question altered": ["overall_proof", () => withBallot(resigned((ballot) => { ballot.answers[1].overall_proof[2].response = "5"; }))],
  "a proof left out": ["length", () => withBallot(resigned((ballot) => { ballot.answers[1].overall_proof.pop(); }))],
  "an answer left out": ["length", () => withBallot(resigned((ballot) => { ballot.answers.pop(); }))],
  "a blank proof where none belongs": ["fields", () => withBallot(resigned((ballot) => { ballot.answers[0].blank_proof = ballot.answers[1].blank_proof; }))],
  "another's answers under one's own code": ["individual_proof", () => withBallot(resigned((ballot) => { ballot.answers = JSON.parse(good.ballots[0]).answers; }))],
  "altered after signing": ["signature_hash", () => withBallot((ballot) => { ballot.answers.reverse(); ballot.answers = JSON.parse(good.ballots[1]).answers; ballot.answers[0].choices[0].alpha = "1"; })],
  "a signature altered": ["signature", () => withBallot((ballot) => { ballot.signature.proof.response = "5"; })],
  "another election's name": ["other_election", () => withBallot(resigned((ballot) => { ballot.election_uuid = "9AwbqnZgUDiRGf"; }))],
  "another election's fingerprint": ["other_election", () => withBallot(resigned((ballot) => { ballot.election_hash = digestOf("other"); }))],
  "a code that is not on the list": ["credential_unknown", () => archive({ tally: null, ballots: [good.ballots[1]], credentials: parsed(good.credentials, (list) => list.filter((entry) => !entry.startsWith(JSON.parse(good.ballots[1]).credential))) })],
  "the same ballot twice": ["record_twice", () => archive({ tally: null, ballots: [good.ballots[1], good.ballots[1]] })],
  "a space": ["canonical", () => withBallotText((text) => text.replace(",", ", "))],
  "a doubled field": ["canonical", () => withBallotText((text) => text.replace("{", "{\"election_uuid\":\"9AwbqnZgUDiRGe\","))],
  "an escape that is not needed": ["canonical", () => withBallotText((text) => text.replace("9Awbqn", "\\u0039Awbqn"))],
  "another order of fields": ["fields", () => withBallot(({ election_uuid: uuid, ...rest }) => ({ ...rest, election_uuid: uuid }))],
  "a field too many": ["fields", () => withBallot((ballot) => ({ ...ballot, note: "" }))],
  "a depth bomb": ["json", () => withBallotText(() => "[".repeat(200_000))],
  "a deep value": ["fields", () => withBallotText((text) => text.replace(/^.*$/s, `{"a":${"[".repeat(3000)}${"]".repeat(3000)}}`))],
  "no JSON": ["json", () => withBallotText(() => "ballot")],
  "a number for a text": ["element_form", () => withBallot(resigned((ballot) => { ballot.answers[0].choices[0].alpha = 7; }))],
};

const SETUP = {
  "a proof of a trustee altered": ["trustee_proof", () => archive({ trustees: parsed(good.trustees, (items) => { items[0][1].pok.response = "5"; }) })],
  "a trustee left out": ["election_key", () => archive({ trustees: parsed(good.trustees, (items) => items.slice(1)) })],
  "a trustee twice": ["election_key", () => archive({ trustees: parsed(good.trustees, (items) => [...items, items[0]]) })],
  "a trustee whose key hides nothing": ["key_one", () => archive({ trustees: parsed(good.trustees, (items) => { items[0][1].public_key = "1"; }) })],
  "no trustee": ["length", () => archive({ trustees: "[]" })],
  "another kind of trustee": ["trustee_kind", () => archive({ trustees: parsed(good.trustees, (items) => { items[0][0] = "Other"; }) })],
  "a code twice": ["duplicate", () => archive({ credentials: parsed(good.credentials, (list) => [...list, list[0]]) })],
  "a code twice, with another weight": ["duplicate", () => archive({ credentials: parsed(good.credentials, (list) => [...list, `${list[0].split(",")[0]},7`]) })],
  "a weight of zero": ["credential_form", () => archive({ credentials: parsed(good.credentials, (list) => [`${list[0].split(",")[0]},0`, ...list.slice(1)]) })],
  "a name in the list": ["credential_form", () => archive({ credentials: parsed(good.credentials, (list) => [`${list[0]},name`, ...list.slice(1)]) })],
  "a weight without end": ["weight", () => archive({ credentials: parsed(good.credentials, (list) => [`${list[0].split(",")[0]},1000000001`, ...list.slice(1)]) })],
  "a weight for some only": ["weight_of_some", () => archive({ credentials: parsed(good.credentials, (list) => [list[0].split(",")[0], ...list.slice(1)]) })],
  "a code of one, which anybody can use": ["key_one", () => archive({ credentials: parsed(good.credentials, (list) => ["1,1", ...list]) })],
  "a code outside the group": ["element_group", () => archive({ credentials: parsed(good.credentials, (list) => ["2,1", ...list]) })],
  "another version": ["version", () => archive({ election: parsed(good.election, (value) => { value.version = 2; }) })],
  "an unknown group": ["group", () => archive({ election: parsed(good.election, (value) => { value.group = "Ed448"; }) })],
  // One number in two is in the other group by chance; where all of them are, the proofs still belong to this one.
  "another group's name": ["element_group", () => archive({ election: parsed(good.election, (value) => { value.group = "RFC-3526-2048"; value.public_key = "7"; }) }), "trustee_proof"],
  "a key of one": ["key_one", () => archive({ election: parsed(good.election, (value) => { value.public_key = "1"; }) })],
  "bounds that cross": ["bounds", () => archive({ election: parsed(good.election, (value) => { value.questions[0].min = 2; }) })],
  "blank that is false": ["blank", () => archive({ election: parsed(good.election, ({ questions: [first, ...rest], uuid, ...value }) => ({ ...value, questions: [{ answers: first.answers, blank: false, min: 1, max: 1, question: "" }, ...rest], uuid })) })],
  "ranks in a group that cannot hold them": ["group_for_numbers", () => archive({ election: parsed(good.election, (value) => { value.questions[0] = { type: "NonHomomorphic", value: { answers: ["a"], question: "" } }; }) })],
  "a question of another kind": ["question_type", () => archive({ election: parsed(good.election, (value) => { value.questions[0] = { type: "Lists", value: { answers: ["a"], question: "" } }; }) })],
  "a lone surrogate": ["canonical", () => archive({ election: good.election.replace(/"name":"[^"]*"/, "\"name\":\"\\ud800\"") })],
  "an election altered after the ballots": ["other_election", () => archive({ election: parsed(good.election, (value) => { value.description = "other"; }) })],
};

const sized = (change) => ({ ...good.sized, ...change });
const COUNT = {
  "a number of ballots too large": ["num_tallied", () => archive({ sized: sized({ num_tallied: 3 }) })],
  "a sum of weights that is wrong": ["total_weight", () => archive({ sized: sized({ total_weight: 2 }) })],
  "a sum that is not the ballots'": ["tally", () => archive({ tally: parsed(good.tally, (lists) => { lists[0].reverse(); }) })],
  "a ballot left out": ["tally", () => archive({ ballots: good.ballots.slice(0, 2) })],
  "a replaced ballot left out, which nothing in the count shows": [null, () => archive({ ballots: good.ballots.slice(1) })],
  "a ballot put in": ["tally", async () => archive({ ballots: [...good.ballots, (await boothBallot(election, office.credentials[2], [[1, 0], [1, 0, 0]])).text] })],
  "a share altered": ["decryption_proof", () => archive({ shares: [{ owner: 1, text: parsed(good.shares[0].text, (share) => { share.decryption_factors[0].reverse(); }) }, good.shares[1]] })],
  "a share of another's": ["decryption_proof", () => archive({ shares: [{ owner: 2, text: good.shares[0].text }, { owner: 1, text: good.shares[1].text }] })],
  "a share of nobody's": ["owner", () => archive({ shares: [...good.shares, { owner: 3, text: parsed(good.shares[0].text, (share) => { share.decryption_proofs[0][0].response = "5"; }) }] })],
  "a share numbered zero": ["integer", () => archive({ shares: [{ owner: 0, text: good.shares[0].text }, good.shares[1]] })],
  "a share missing": ["too_few_shares", () => archive({ shares: good.shares.slice(1) })],
  "a result altered": ["result", () => archive({ result: parsed(good.result, (value) => { value.result[0].reverse(); }) })],
  "a result too large for a number": ["canonical", () => archive({ result: good.result.replace(/\d+/, "9007199254740993") })],
  "a result with a negative number": ["integer", () => archive({ result: good.result.replace(/\d+/, "-1") })],
  "a result of other questions": ["length", () => archive({ result: parsed(good.result, (value) => { value.result.pop(); }) })],
};

const events = () => eventsOf(good);
const CHAIN = {
  "a ballot after the box was closed": ["event_order", () => archiveOf([...events().slice(0, 3), ["EndBallots"], ...events().slice(3)])],
  "a result before its time": ["event_order", () => archiveOf([...events().slice(0, 4), events().at(-1)])],
  "no setting up": ["no_setup", () => archiveOf(events().slice(1))],
  "set up twice": ["event_order", () => archiveOf([...events(), ["Setup", "{}"]])],
  "a record that nobody speaks of": ["record_foreign", () => archiveOf([events()[0], ["Ballot", "stranger", good.ballots[0]]])],
  "records in another order": ["record_order", () => archiveOf([[events()[0][0], events()[0][2], events()[0][1], ...events()[0].slice(3)]])],
  "an unknown event": ["event_type", () => archiveOf([events()[0], ["Other"]])],
  "a payload where none belongs": ["event_payload", () => archiveOf([events()[0], ["EndBallots", "x"]])],
  "an event taken out": ["event_parent", () => joined(archiveParts().filter((_, index, all) => index !== all.findIndex(({ text }) => text.includes("\"height\":2")))), "event_height"],
  "a record altered": ["record_digest", () => joined(archiveParts().map((part, index) => (index === 2 ? { ...part, text: `${part.text} ` } : part)))],
  "a record twice": ["record_twice", () => joined([...archiveParts().slice(0, 3), archiveParts()[2]])],
  "another time in one header": ["record_header", () => joined(archiveParts(), 3)],
  "the magic of a later tar": ["record_header", () => patched((bytes) => bytes.write("ustar\u000000", 257))],
  "zero blocks at the end": ["record_header", () => Buffer.concat([archiveOf(events()), Buffer.alloc(1024)])],
  "padding that is not zero": ["padding", () => patched((bytes) => { bytes[1023] = 1; })],
  "a size without end": ["size", () => patched((bytes) => bytes.write("77777777777", 124))],
  "another first record": ["first_record", () => archiveOf(events()).subarray(1024)],
  "nothing": ["truncated", () => new Uint8Array(0)],
};

const archiveParts = () => recordsIn(archiveOf(events()));
const first = () => record("BELENIOS", JSON.stringify({ version: 1, timestamp: String(TIME) }));
const joined = (parts, late = -1) => new Uint8Array(Buffer.concat([first(), ...parts.map(({ name, text }, index) => record(name, text, index === late ? TIME + 1 : TIME))]));
function patched(change) {
  const bytes = Buffer.from(archiveOf(events()));
  change(bytes);
  return new Uint8Array(bytes);
}

for (const [title, cases] of Object.entries({ BALLOTS, SETUP, COUNT, CHAIN })) {
  for (const [name, [expected, make, alternative]] of Object.entries(cases)) {
    test(`${title.toLowerCase()}: ${name}`, { skip: skipped }, async () => {
      const found = await codesOf(await make());
      if (expected === null) assert.deepEqual(found, []);
      else assert.ok(found.includes(expected) || found.includes(alternative), `expected ${expected}, found ${found.join() || "no fault"}`);
    });
  }
}

test("what is unaltered holds, and the writer writes what the tool writes", { skip: skipped }, async () => {
  const bytes = archive({});
  assert.deepEqual(await codesOf(bytes), []);
  const own = recordsIn(bytes).map(({ text }) => text);
  assert.deepEqual(recordsIn(office.bytes(office.archive)).map(({ text }) => text), own);
});

test("a fault names its place", { skip: skipped }, async () => {
  const { failures } = await audit(await BALLOTS["a response plus one"][1]());
  assert.deepEqual(failures.map(({ place }) => place), ["event 2: ballot.answers.0.individual_proofs.0"]);
});

test("truncated anywhere, the archive is refused or is an earlier state of itself", { skip: skipped }, async () => {
  const bytes = archive({ tally: null });
  for (let length = 0; length < bytes.length; length += 509) {
    const cut = bytes.subarray(0, length);
    const { holds, failures, stage } = await audit(cut);
    assert.ok(holds ? stage === "open" : failures.length > 0, String(length));
    assert.ok(continues(cut, bytes));
  }
});

test("an archive that lost something does not go on from the earlier one", { skip: skipped }, () => {
  const [older, newer] = [archive({ tally: null }), archive({ tally: null, ballots: good.ballots.slice(1) })];
  assert.ok(continues(older, archive({})) && !continues(older, newer) && !continues(archive({}), older));
});

test("no answer that is not allowed is encrypted", { skip: skipped }, async () => {
  const attempts = [[[1, 1], [0, 1, 0]], [[0, 0], [0, 1, 0]], [[1, 0], [1, 1, 0]], [[1, 0], [0, 0, 0]], [[1, 0], [0, 1]], [[2, 0], [0, 1, 0]], [[1, 0]]];
  for (const values of attempts) await assert.rejects(encryptBallot(election, 5n, values, new Pace()), `${JSON.stringify(values)}`);
});

test("two ballots of the same answers share nothing", { skip: skipped }, async () => {
  const make = async () => JSON.parse((await boothBallot(election, office.credentials[2], [[1, 0], [0, 1, 0]])).text);
  const numbers = (value) => JSON.stringify(value).match(/\d{60,}/g);
  const [left, right] = [numbers((await make()).answers), numbers((await make()).answers)];
  assert.equal(new Set([...left, ...right]).size, left.length + right.length);
});
