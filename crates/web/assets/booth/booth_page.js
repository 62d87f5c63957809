// The voter's page: one step after the other, from the election's file to a ballot in a file.

import { auditArchive } from "./audit.js";
import { checkBallot, checkOpenings, readBallot } from "./ballot.js";
import { builtInEdwards } from "./curves.js";
import { encryptBallot, stepsOf } from "./encrypt.js";
import { readCredential, secretOf } from "./credential.js";
import { readElection } from "./election.js";
import { groupLookup } from "./groups.js";
import { Pace } from "./pace.js";
import { actions, begin, button, bytesOfFile, code, element, facts, field, fileBeside, filePlace, foreign, notice, number, progress, refusal, saveFile, sentence, show, summary } from "./page.js";
import { answersOf, answerShown, questionFields } from "./questions.js";

const groupNamed = groupLookup(builtInEdwards);
/** Everything the page knows. It is gone when the page is closed. */
const state = { election: null, report: null, secret: null, credential: "", values: [], ballot: null, isReviewing: false };

const title = (key, values) => sentence("h1", key, values);

function openStep(problem = null) {
  show(() => [
    title("title_booth"),
    sentence("p", "booth_lead", {}, { class: "lead" }),
    problem ? notice("wrong", ...refusal(problem)) : null,
    filePlace("election-file", "election_file", "election_file_hint", ([file]) => file && open(file)),
  ]);
}

async function open(file) {
  const bar = progress("working");
  show(() => [title("checking_file"), bar.content]);
  try {
    await readGiven(await bytesOfFile(file), new Pace(bar.tell));
    electionStep();
  } catch (error) {
    openStep(error);
  }
}

/** Takes an election's file, or an archive that holds one; an archive must pass the auditor's checks. */
async function readGiven(bytes, pace) {
  if (bytes[0] === 0x7b) {
    const end = bytes.at(-1) === 0x0a ? bytes.length - 1 : bytes.length;
    state.election = await readElection(bytes.subarray(0, end), groupNamed);
    state.report = null;
    return;
  }
  const report = await auditArchive(bytes, groupNamed, pace);
  if (!report.holds) throw report.failures[0];
  Object.assign(state, { election: report.election, report });
}

function electionStep(problems = []) {
  const { election, report } = state;
  const check = element("input", { type: "checkbox", id: "same" });
  const confirm = () => (check.checked ? credentialStep() : electionStep([["same", "must_compare"]]));
  show(() => [
    summary(problems),
    title("check_election"),
    facts([
      ["election_name", foreign(election.name)],
      election.description === "" ? null : ["election_description", foreign(election.description)],
      ["election_questions", number(election.questions.length)],
      report ? ["election_voters", number(report.weights.size)] : null,
      ["election_uuid", code(election.uuid)],
      ["election_group", code(election.group.name)],
    ]),
    element("h2", {}, sentence("span", "fingerprint")),
    element("p", { class: "secret" }, code(election.fingerprint)),
    sentence("p", "fingerprint_text"),
    report && report.stage !== "open" ? notice("care", sentence("p", "already_closed")) : null,
    report && report.weights.size < 10 ? notice("care", sentence("p", "small_electorate", { count: number(report.weights.size) })) : null,
    element("div", { class: problems.length > 0 ? "field bad" : "field" },
      problems.length > 0 ? sentence("p", "must_compare", {}, { class: "error", id: "same-error" }) : null,
      element("div", { class: "choice" }, check, element("label", { for: "same" }, sentence("span", "is_same")))),
    actions(button("continue", confirm), button("other_file", () => openStep(), "plain")),
  ]);
}

function credentialStep(problem = null) {
  const input = element("input", { type: "text", autocomplete: "off", spellcheck: "false", autocapitalize: "off", dir: "ltr", class: "typed", value: state.credential });
  input.addEventListener("input", () => { state.credential = input.value; });
  const form = element("form", { novalidate: true, autocomplete: "off" },
    field("credential", "credential", { hint: "credential_hint", problem, input }),
    actions(element("button", {}, sentence("span", "continue")), button("back", () => electionStep(), "plain")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    enter(input.value);
  });
  show(() => [summary(problem ? [["credential", problem]] : []), title("credential_title"), form]);
}

async function enter(typed) {
  const credential = readCredential(typed);
  if (credential === null) return credentialStep(typed.trim() === "" ? "credential_missing" : "credential_slip");
  const { election, report } = state;
  state.secret = await secretOf(credential, election);
  const known = report?.weights.has(election.group.write(election.group.generate(state.secret))) ?? true;
  return known ? questionStep(0) : credentialStep("credential_foreign");
}

function questionStep(index, problem = null) {
  const { election } = state;
  const question = election.questions[index];
  const back = () => (index === 0 ? credentialStep() : questionStep(index - 1));
  const form = element("form", { novalidate: true, autocomplete: "off" },
    questionFields(question, state.values[index], problem),
    actions(element("button", {}, sentence("span", "continue")), button("back", back, "plain")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { values, problem: found } = answersOf(question, form);
    state.values[index] = values;
    if (found) return questionStep(index, found);
    return index + 1 < election.questions.length && !state.isReviewing ? questionStep(index + 1) : reviewStep();
  });
  show(() => [
    summary(problem ? [["answer-0", problem]] : []),
    title("question_of", { index: number(index + 1), total: number(election.questions.length) }),
    form,
  ]);
}

function reviewStep() {
  state.isReviewing = true;
  show(() => [
    title("review_title"),
    ...state.election.questions.map((question, index) => element("section", { class: "answered" },
      element("h2", {}, foreign(question.question)),
      answerShown(question, state.values[index]),
      element("p", {}, element("button", { type: "button", class: "plain", onclick: () => questionStep(index) },
        sentence("span", "change"), element("span", { class: "unseen" }, ` ${question.question}`))))),
    sentence("p", "review_text"),
    actions(button("encrypt", encrypt)),
  ]);
}

async function encrypt() {
  const bar = progress("encrypting");
  show(() => [title("encrypting"), bar.content, sentence("p", "encrypting_text")]);
  const pace = new Pace(bar.tell, stepsOf(state.election));
  const start = performance.now();
  state.ballot = await encryptBallot(state.election, state.secret, state.values, pace);
  // Seen in the browser's own tools, and by the test of the figure.
  performance.measure("encrypt ballot", { start });
  trackerStep();
}

const trackerShown = () => element("p", { class: "secret", id: "tracker" }, code(state.ballot.tracker));

function trackerStep() {
  show(() => [
    title("tracker_title"),
    sentence("p", "tracker_lead", {}, { class: "lead" }),
    trackerShown(),
    sentence("p", "tracker_text"),
    element("h2", {}, sentence("span", "cast_or_audit")),
    sentence("p", "cast_or_audit_text"),
    actions(button("cast", cast), button("audit_instead", auditBallot, "plain")),
  ]);
}

const ballotName = () => `ballot-${state.ballot.tracker.replace(/[^A-Za-z0-9]/g, "").slice(0, 8)}.json`;

function cast() {
  saveFile(ballotName(), `${state.ballot.text}\n`);
  // From here on neither the credential nor what was chosen is needed.
  Object.assign(state, { secret: null, credential: "", values: [] });
  delete state.ballot.openings;
  show(() => [
    title("cast_title"),
    sentence("p", "cast_lead", { name: code(ballotName()) }, { class: "lead" }),
    trackerShown(),
    element("ol", {}, ...[1, 2, 3].map((place) => sentence("li", `cast_next_${place}`))),
    actions(button("save_again", () => saveFile(ballotName(), `${state.ballot.text}\n`)), button("print", () => window.print(), "plain")),
  ]);
}

function openingRows() {
  return state.election.questions.map((question, index) => element("section", { class: "answered" },
    element("h2", {}, foreign(question.question)),
    answerShown(question, state.values[index]),
    element("details", {}, element("summary", {}, sentence("span", "randomness")),
      element("ol", {}, ...state.ballot.openings[index].map(({ value, randomness }) => element("li", {}, code(`${JSON.stringify(value)} · ${randomness}`)))))));
}

async function auditBallot() {
  const { election, ballot } = state;
  const bar = progress("working");
  show(() => [title("auditing"), bar.content]);
  let problem = null;
  try {
    const read = await readBallot(election, ballot.text);
    await checkBallot(election, read, new Pace(bar.tell, stepsOf(election)));
    checkOpenings(election, read, ballot.openings);
  } catch (error) {
    problem = error;
  }
  const file = JSON.stringify({ ballot: JSON.parse(ballot.text), tracker: ballot.tracker, openings: ballot.openings });
  show(() => [
    title("audit_title"),
    problem ? notice("wrong", ...refusal(problem)) : notice("good", sentence("p", "audit_good")),
    trackerShown(),
    ...openingRows(),
    notice("care", sentence("p", "audit_spoiled")),
    actions(button("encrypt_again", encrypt), button("save_audit", () => saveFile(`audit-${ballotName()}`, file), "plain")),
  ]);
}

begin("booth", async () => {
  openStep();
  const beside = await fileBeside("election.json");
  if (beside === null || state.election !== null) return;
  try {
    await readGiven(beside, new Pace());
    electionStep();
  } catch (error) {
    openStep(error);
  }
});
