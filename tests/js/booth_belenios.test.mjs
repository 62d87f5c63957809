// The booth, the trustee's page and the auditor against belenios-tool: each accepts what the other made.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, test } from "node:test";

import { checkBallot, checkOpenings, readBallot } from "../../crates/web/assets/booth/ballot.js";
import { readCredential } from "../../crates/web/assets/booth/credential.js";
import { decryptPartly } from "../../crates/web/assets/booth/decryption.js";
import { LETTERS } from "../../crates/web/assets/booth/forms.js";
import { Pace } from "../../crates/web/assets/booth/pace.js";
import { dealPolynomial, finishKey, makeCertificate, openKeyShare } from "../../crates/web/assets/booth/pedersen.js";
import { makeTrusteeKey } from "../../crates/web/assets/booth/trustees.js";
import { closeElection, decrypt, finish, openElection, skipped, toolBallot } from "./belenios.mjs";
import { audit, boothBallot, electionOf, groupNamed } from "./booth.mjs";

const opened = [];
after(() => opened.forEach((office) => office.remove()));
const open = (settings) => {
  const office = openElection(settings);
  opened.push(office);
  return office;
};

const TEXTS = ["آری", "نه \"و\" \\نه", "ممتنع \u007f\u200c"];
const CHOICE = { answers: TEXTS, min: 1, max: 1, question: "؟" };
const APPROVAL = { answers: ["a", "b", "c"], min: 0, max: 3, question: "approval" };
const BLANK = { answers: ["a", "b", "c"], blank: true, min: 1, max: 2, question: "blank" };
const digest = (text) => createHash("sha256").update(text).digest("hex");

async function accepted(office, result) {
  assert.deepEqual(office.verify().status, 0, office.verify().said);
  const report = await audit(office.bytes(office.archive));
  assert.deepEqual(report.failures.map(String), []);
  assert.equal(report.stage, result === null ? "open" : "result");
  if (result !== null) assert.deepEqual(report.result, result);
  return report;
}

test("choice, approval and blank votes with weights, revotes and two trustees", { skip: skipped }, async () => {
  const office = open({ questions: [CHOICE, APPROVAL, BLANK], weights: [1, 2, 3, 1], trustees: 2 });
  const election = await electionOf(office);
  const votes = [
    [0, [[1, 0, 0], [0, 0, 0], [0, 1, 0, 0]]],
    [1, [[0, 1, 0], [1, 1, 1], [1, 0, 0, 0]]],
    [2, [[0, 0, 1], [1, 0, 1], [0, 1, 0, 1]]],
    [0, [[0, 0, 1], [0, 1, 0], [0, 0, 1, 1]]],
  ];
  const trackers = [];
  for (const [voter, values] of votes) {
    const ballot = await boothBallot(election, office.credentials[voter], values);
    const read = await readBallot(election, ballot.text);
    await checkBallot(election, read, new Pace());
    checkOpenings(election, read, ballot.openings);
    trackers.push(ballot.tracker);
    office.event("Ballot", ballot.text);
  }
  office.event("Ballot", toolBallot(office, 3, [[0, 1, 0], [0, 0, 0], [1, 0, 0, 0]]));
  await accepted(office, null);
  closeElection(office);
  office.names(".privkey").forEach((key, index) => decrypt(office, index + 1, key));
  finish(office);
  const report = await accepted(office, [[0, 3, 4], [5, 3, 5], [3, 3, 1, 4]]);
  assert.deepEqual(report.ballots.map(({ tracker, counts }) => [tracker, counts]).slice(0, 4), trackers.map((tracker, index) => [tracker, index !== 0]));
});

test("an election without a ballot", { skip: skipped }, async () => {
  const office = open({ questions: [CHOICE] });
  closeElection(office);
  decrypt(office, 1, office.names(".privkey")[0]);
  finish(office);
  await accepted(office, [[0, 0, 0]]);
});

test("ranks, shuffled twice, beside a choice", { skip: skipped }, async () => {
  const ranks = { type: "NonHomomorphic", value: { answers: TEXTS, question: "ranks" } };
  const office = open({ group: "RFC-3526-2048", questions: [ranks, { ...CHOICE, answers: ["a", "b"] }], trustees: 2 });
  const election = await electionOf(office);
  for (const [voter, values] of [[0, [[1, 2, 3], [1, 0]]], [1, [[255, 0, 7], [0, 1]]]]) {
    const ballot = await boothBallot(election, office.credentials[voter], values);
    checkOpenings(election, await readBallot(election, ballot.text), ballot.openings);
    office.event("Ballot", ballot.text);
  }
  office.event("Ballot", toolBallot(office, 2, [[3, 3, 1], [1, 0]]));
  closeElection(office);
  for (const trustee of [1, 2]) office.event("Shuffle", ...office.tool(["election", "shuffle", `--trustee-id=${trustee}`]).trimEnd().split("\n"));
  office.event("EndShuffles");
  office.names(".privkey").forEach((key, index) => decrypt(office, index + 1, key));
  finish(office);
  assert.equal(office.verify().status, 0);
  const report = await audit(office.bytes(office.archive));
  assert.deepEqual(report.failures.map(String), []);
  const [lists, counts] = report.result;
  assert.deepEqual([...lists].sort(), [[1, 2, 3], [255, 0, 7], [3, 3, 1]].sort());
  assert.deepEqual(counts, [2, 1]);
});

/** Three rounds between trustees on three devices; the office only carries messages. */
async function sharedKey(group, size, threshold) {
  const members = [];
  for (let index = 1; index <= size; index += 1) members.push(await makeCertificate(group, { size, threshold, index }));
  const certificates = members.map(({ certificate }) => certificate).join("\n");
  const dealt = [];
  for (const { seed } of members) dealt.push(JSON.parse(await dealPolynomial(group, seed, certificates)));
  const input = (own) => JSON.stringify({
    polynomial: dealt[own].polynomial,
    secrets: dealt.map(({ secrets }) => secrets[own]),
    coefexps: dealt.map(({ coefexps }) => coefexps),
    signatures: dealt.map(({ signature }) => signature),
  });
  const outputs = [];
  for (const [own, { seed }] of members.entries()) outputs.push(JSON.parse(await finishKey(group, seed, certificates, input(own))));
  const parameters = {
    threshold,
    certs: members.map(({ certificate }) => JSON.parse(certificate)),
    coefexps: dealt.map(({ coefexps }) => coefexps),
    signatures: dealt.map(({ signature }) => signature),
    verification_keys: outputs.map((output) => output.public_key),
  };
  return { members, certificates, outputs, parameters, input };
}

test("a key of three trustees, two of whom open the result, all of it in the browser's code", { skip: skipped }, async () => {
  const group = groupNamed("BELENIOS-2048");
  const shared = await sharedKey(group, 3, 2);
  const office = open({
    questions: [CHOICE],
    trustees: 0,
    prepare: (folder) => folder.write("threshold.json", JSON.stringify(shared.parameters)),
    // Release 2.0 leaves out what it does not know: the signatures of the later releases.
    published: (folder) => folder.write("trustees.json", JSON.stringify([["Pedersen", shared.parameters]])),
  });
  const election = await electionOf(office);
  office.event("Ballot", (await boothBallot(election, office.credentials[0], [[0, 1, 0]])).text);
  office.event("Ballot", toolBallot(office, 1, [[0, 1, 0]]));
  closeElection(office);
  const before = await audit(office.bytes(office.archive));
  for (const own of [0, 2]) {
    const secret = await openKeyShare(group, shared.members[own].seed, shared.outputs[own].private_key);
    const text = await decryptPartly(election, before.lists, secret, new Pace());
    office.event("PartialDecryption", text, JSON.stringify({ owner: own + 1, payload: digest(text) }));
  }
  finish(office);
  await accepted(office, [[0, 2, 0]]);
});

test("a trustee who deals wrongly, or another's message, is found out", async () => {
  const group = groupNamed("Ed25519");
  const { members, certificates, input } = await sharedKey(group, 3, 2);
  const other = await sharedKey(group, 3, 2);
  const value = JSON.parse(input(0));
  const altered = (change) => finishKey(group, members[0].seed, certificates, JSON.stringify({ ...value, ...change }));
  await assert.rejects(altered({ secrets: [...value.secrets.slice(0, 2), JSON.parse(input(1)).secrets[2]] }), { code: "message_tag" });
  await assert.rejects(altered({ secrets: [value.secrets[0], value.secrets[2], value.secrets[1]] }), { code: "message_signature" });
  await assert.rejects(altered({ coefexps: JSON.parse(other.input(0)).coefexps }), { code: "message_signature" });
  await assert.rejects(altered({ signatures: [...value.signatures].reverse() }), { code: "message_signature" });
  await assert.rejects(finishKey(group, members[0].seed, other.certificates, input(0)), { code: "not_a_trustee" });
  await assert.rejects(finishKey(group, members[0].seed, certificates.split("\n").reverse().join("\n"), input(0)), { code: "certificate_context" });
  assert.ok(await altered({}));
});

test("a share that release 2.0 made for a trustee is opened", { skip: skipped }, async () => {
  const office = open({ questions: [CHOICE] });
  const steps = (step, ...rest) => ["setup", "generate-trustee-key-threshold", "--group=BELENIOS-2048", `--step=${step}`, ...rest];
  office.tool(steps(1));
  const [id] = office.names(".cert").map((name) => name.slice(0, -5));
  office.write("certs.jsons", office.read(`${id}.cert`));
  const together = ["--certs=certs.jsons", "--threshold=1"];
  office.write("polynomials.jsons", office.tool(steps(3, ...together, `--key=${id}.key`)));
  office.tool(steps(4, ...together, "--polynomials=polynomials.jsons"));
  const output = office.tool(steps(5, ...together, `--key=${id}.key`), office.read(`${id}.vinput`));
  office.tool(steps(6, ...together, "--polynomials=polynomials.jsons"), output);
  const group = groupNamed("BELENIOS-2048");
  const secret = await openKeyShare(group, office.read(`${id}.key`), office.read(`${id}.dkey`));
  assert.equal(group.write(group.generate(secret)), JSON.parse(output).public_key.public_key);
  const altered = JSON.parse(office.read(`${id}.dkey`));
  altered.data = altered.data.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
  await assert.rejects(openKeyShare(group, office.read(`${id}.key`), JSON.stringify(altered)), { code: "message_tag" });
});

test("a trustee's key made in the browser opens what the tool added up", { skip: skipped }, async () => {
  const made = await makeTrusteeKey(groupNamed("BELENIOS-2048"));
  const office = open({ questions: [CHOICE], trustees: 0, prepare: (folder) => {
    folder.write("public_keys.jsons", `${made.publicKey}\n`);
    folder.write("own.privkey", made.privateKey);
  } });
  office.event("Ballot", toolBallot(office, 0, [[1, 0, 0]]));
  closeElection(office);
  decrypt(office, 1, "own.privkey");
  finish(office);
  await accepted(office, [[1, 0, 0]]);
});

test("a slip in a voter code is found", { skip: skipped }, () => {
  const office = open({ questions: [CHOICE], weights: Array(20).fill(1) });
  for (const credential of office.credentials) {
    assert.equal(readCredential(` ${credential.replaceAll("-", " ")} `), credential);
    const swapped = credential[1] + credential[0] + credential.slice(2);
    // The last letter is a sum modulo 53 over an alphabet of 58: letters that lie 53 apart can be exchanged unseen.
    if ((LETTERS.indexOf(credential[0]) - LETTERS.indexOf(credential[1])) % 53 !== 0) assert.equal(readCredential(swapped), null);
    assert.equal(readCredential(credential.slice(1)), null);
  }
  for (const typed of ["", "0OIl-aaa", "a".repeat(16), "ا".repeat(15)]) assert.equal(readCredential(typed), null);
  assert.equal(readCredential("VwNEf2nQw44m3rt9Po4Lig"), "VwNEf-2nQw44-m3rt9-Po4Lig");
});
