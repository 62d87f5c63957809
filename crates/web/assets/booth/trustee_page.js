// The trustee's page: makes a key on this device, and later opens the sum, and nothing but the sum.

import { auditArchive } from "./audit.js";
import { builtInEdwards } from "./curves.js";
import { decryptPartly } from "./decryption.js";
import { bytesOfText, fingerprintOf, Refused, textOfBytes } from "./forms.js";
import { groupLookup } from "./groups.js";
import { readScalar } from "./json.js";
import { Pace } from "./pace.js";
import { actions, begin, button, bytesOfFile, code, element, facts, field, filePlace, foreign, notice, number, progress, refusal, saveFile, sentence, show, summary } from "./page.js";
import { dealPolynomial, finishKey, makeCertificate, openKeyShare, readSeed } from "./pedersen.js";
import { readDigits } from "./questions.js";
import { makeTrusteeKey } from "./trustees.js";

const groupNamed = groupLookup(builtInEdwards);
const GROUPS = ["BELENIOS-2048", "RFC-3526-2048", "Ed25519"].filter((name) => groupNamed(name) !== null);
const state = { report: null, privateText: null, shareText: null, group: GROUPS[0], counts: {}, fileNames: {} };

const TASKS = [["task_key", keyStep], ["task_decrypt", archiveStep], ["task_certificate", certificateStep], ["task_polynomial", polynomialStep], ["task_finish", finishStep]];

function homeStep() {
  Object.assign(state, { report: null, privateText: null, shareText: null, certificates: null, input: null, fileNames: {} });
  const task = ([key, step]) => element("li", {}, element("button", { type: "button", class: "plain", onclick: () => step() }, sentence("span", key)), sentence("p", `${key}_text`, {}, { class: "hint" }));
  show(() => [
    sentence("h1", "title_trustee"),
    sentence("p", "trustee_lead", {}, { class: "lead" }),
    element("h2", {}, sentence("span", "tasks_alone")),
    element("ul", { class: "tasks" }, ...TASKS.slice(0, 2).map(task)),
    element("h2", {}, sentence("span", "tasks_together")),
    sentence("p", "tasks_together_text"),
    element("ul", { class: "tasks" }, ...TASKS.slice(2).map(task)),
  ]);
}

const backHome = () => button("back", homeStep, "plain");

function groupField() {
  const select = element("select", { onchange: () => { state.group = select.value; } }, ...GROUPS.map((name) => element("option", { value: name, selected: name === state.group }, name)));
  return field("group", "group", { hint: "group_hint", input: select });
}

function keyStep() {
  show(() => [sentence("h1", "task_key"), sentence("p", "key_text"), groupField(), actions(button("make_key", makeKey), backHome())]);
}

async function makeKey() {
  const made = await makeTrusteeKey(groupNamed(state.group));
  const fingerprint = await fingerprintOf(made.publicKey);
  const [secretName, publicName] = [`${made.id}.privkey`, `${made.id}.pubkey`];
  keysShown("key_made", [[secretName, made.privateKey, "save_secret"], [publicName, `${made.publicKey}\n`, "save_public"]], fingerprint);
}

/** Files that were made: the secret one first, then the one to send. */
function keysShown(key, files, fingerprint) {
  show(() => [
    sentence("h1", key),
    notice("care", sentence("p", "secret_care")),
    element("ol", { class: "files" }, ...files.map(([name, text, label]) => element("li", {},
      element("p", {}, sentence("span", `${label}_text`), " ", code(name)), actions(button(label, () => saveFile(name, text)))))),
    fingerprint ? element("h2", {}, sentence("span", "public_fingerprint")) : null,
    fingerprint ? element("p", { class: "secret" }, code(fingerprint)) : null,
    fingerprint ? sentence("p", "public_fingerprint_text") : null,
    actions(backHome()),
  ]);
}

function archiveStep(problem = null) {
  show(() => [
    sentence("h1", "task_decrypt"),
    sentence("p", "decrypt_lead", {}, { class: "lead" }),
    problem ? notice("wrong", ...refusal(problem)) : null,
    filePlace("archive", "archive_file", "archive_file_hint", ([file]) => file && openArchive(file)),
    actions(backHome()),
  ]);
}

async function openArchive(file) {
  const bar = progress("working");
  show(() => [sentence("h1", "checking_archive"), bar.content, sentence("p", "checking_text")]);
  const report = await auditArchive(await bytesOfFile(file), groupNamed, new Pace(bar.tell));
  state.report = report;
  if (!report.holds) return archiveStep(report.failures[0]);
  if (report.lists === null || report.isShuffling) return archiveStep(new Refused("tally_missing", file.name));
  return confirmStep();
}

function confirmStep(problems = []) {
  const { election, ballots } = state.report;
  const check = element("input", { type: "checkbox", id: "same" });
  const next = () => (check.checked ? secretStep() : confirmStep([["same", "must_compare"]]));
  const counted = ballots.filter((one) => one.counts).length;
  show(() => [
    summary(problems),
    sentence("h1", "confirm_decrypt"),
    notice("good", sentence("p", "sum_is_right", { count: number(counted) })),
    counted < 10 ? notice("care", sentence("p", "small_tally", { count: number(counted) })) : null,
    facts([["election_name", foreign(election.name)], ["election_uuid", code(election.uuid)], ["ballots_counted", number(counted)]]),
    element("h2", {}, sentence("span", "fingerprint")),
    element("p", { class: "secret" }, code(election.fingerprint)),
    element("div", { class: problems.length > 0 ? "field bad" : "field" },
      problems.length > 0 ? sentence("p", "must_compare", {}, { class: "error", id: "same-error" }) : null,
      element("div", { class: "choice" }, check, element("label", { for: "same" }, sentence("span", "is_same_trustee")))),
    actions(button("continue", next), backHome()),
  ]);
}

const isTogether = () => state.report.trustees.some((item) => item.kind === "Pedersen");

function chosenFile(id, key, hint, slot) {
  return filePlace(id, key, hint, async ([file]) => {
    if (!file) return;
    state[slot] = textOfBytes(await bytesOfFile(file), file.name).trim();
    state.fileNames[slot] = file.name;
  }, { chosen: state.fileNames[slot] ?? null });
}

function secretStep(problem = null) {
  show(() => [
    sentence("h1", "secret_title"),
    sentence("p", "secret_lead"),
    problem ? notice("wrong", ...refusal(problem)) : null,
    chosenFile("secret", "secret_file", "secret_file_hint", "privateText"),
    isTogether() ? chosenFile("share", "share_file", "share_file_hint", "shareText") : null,
    actions(button("decrypt", decrypt), backHome()),
  ]);
}

/** The exponent that a trustee's files hold: a key of one's own, or a seed with the share that was made for it. */
async function secretExponent(group) {
  if (state.privateText === null) throw new Refused("secret_missing", "privkey");
  const seed = readSeed(state.privateText);
  if (seed === null) return readScalar(group, state.privateText.replace(/^"|"$/g, ""), "privkey");
  if (state.shareText === null) throw new Refused("share_missing", "dkey");
  return openKeyShare(group, seed, state.shareText);
}

async function decrypt() {
  const { election, trustees, lists } = state.report;
  const { group } = election;
  try {
    const secret = await secretExponent(group);
    const owner = 1 + trustees.flatMap((item) => item.keys).findIndex((key) => group.areEqual(key, group.generate(secret)));
    if (owner === 0) throw new Refused("not_a_trustee", "privkey");
    const bar = progress("working");
    show(() => [sentence("h1", "decrypting"), bar.content]);
    const total = lists.reduce((sum, list) => sum + list.length, 0);
    const text = await decryptPartly(election, lists, secret, new Pace(bar.tell, total));
    const fingerprint = await fingerprintOf(bytesOfText(text));
    Object.assign(state, { privateText: null, shareText: null });
    sharesShown(owner, text, fingerprint);
  } catch (error) {
    secretStep(error);
  }
}

function sharesShown(owner, text, fingerprint) {
  const name = `partial_decryption_${owner}.json`;
  show(() => [
    sentence("h1", "decrypted_title"),
    sentence("p", "decrypted_lead", { owner: number(owner), name: code(name) }, { class: "lead" }),
    actions(button("save_decryption", () => saveFile(name, `${text}\n`))),
    facts([["decryption_fingerprint", code(fingerprint)]]),
    sentence("p", "decrypted_next"),
    actions(backHome()),
  ]);
}

function countField(name) {
  const input = element("input", { type: "text", inputmode: "numeric", autocomplete: "off", maxlength: "3", class: "narrow", value: state.counts[name] ?? "", oninput: () => { state.counts[name] = input.value; } });
  return field(name, name, { hint: `${name}_hint`, input });
}

function certificateStep(problem = null) {
  show(() => [
    sentence("h1", "task_certificate"),
    sentence("p", "certificate_text"),
    problem ? notice("wrong", ...refusal(problem)) : null,
    groupField(),
    ...["size", "threshold", "index"].map(countField),
    actions(button("make_certificate", makeSeed), backHome()),
  ]);
}

async function makeSeed() {
  try {
    const context = Object.fromEntries(["size", "threshold", "index"].map((name) => [name, readDigits(state.counts[name] ?? "")]));
    const made = await makeCertificate(groupNamed(state.group), context);
    keysShown("certificate_made", [[`${made.id}.key`, `${made.seed}\n`, "save_secret"], [`${made.id}.cert`, `${made.certificate}\n`, "save_public"]], await fingerprintOf(made.certificate));
  } catch (error) {
    certificateStep(error);
  }
}

function filesForm(key, slots, act, problem) {
  show(() => [
    sentence("h1", key),
    sentence("p", `${key}_text`),
    problem ? notice("wrong", ...refusal(problem)) : null,
    groupField(),
    ...slots.map(([slot, label]) => chosenFile(slot, label, `${label}_hint`, slot)),
    actions(button(`${key}_button`, act), backHome()),
  ]);
}

const given = (slot) => {
  if (typeof state[slot] !== "string") throw new Refused("secret_missing", slot);
  return state[slot];
};

function polynomialStep(problem = null) {
  filesForm("task_polynomial", [["privateText", "seed_file"], ["certificates", "certificates_file"]], async () => {
    try {
      const text = await dealPolynomial(groupNamed(state.group), given("privateText"), given("certificates"));
      keysShown("polynomial_made", [["polynomial.json", `${text}\n`, "save_public"]], null);
    } catch (error) {
      polynomialStep(error);
    }
  }, problem);
}

function finishStep(problem = null) {
  filesForm("task_finish", [["privateText", "seed_file"], ["certificates", "certificates_file"], ["input", "input_file"]], async () => {
    try {
      const text = await finishKey(groupNamed(state.group), given("privateText"), given("certificates"), given("input"));
      keysShown("finish_made", [["voutput.json", `${text}\n`, "save_public"]], await fingerprintOf(JSON.stringify(JSON.parse(text).public_key)));
    } catch (error) {
      finishStep(error);
    }
  }, problem);
}

begin("trustee", homeStep);
