// The auditor's page: an archive is dropped, and everything about it is checked here, on this device.

import { auditArchive, continues } from "./audit.js";
import { counted } from "./counting.js";
import { builtInEdwards } from "./curves.js";
import { groupLookup } from "./groups.js";
import { Pace } from "./pace.js";
import { actions, begin, button, bytesOfFile, code, element, facts, field, fileBeside, filePlace, foreign, notice, number, progress, reason, say, sentence, show } from "./page.js";

const groupNamed = groupLookup(builtInEdwards);
const state = { name: "", bytes: null, earlier: null, report: null, goesOn: null };

function firstStep() {
  show(() => [
    sentence("h1", "title_auditor"),
    sentence("p", "auditor_lead", {}, { class: "lead" }),
    filePlace("archive", "archive_file", "archive_file_hint", ([file]) => file && take(file)),
  ]);
}

async function take(file) {
  state.name = file.name;
  state.bytes = await bytesOfFile(file);
  state.earlier = null;
  await check();
}

async function check() {
  const bar = progress("working");
  show(() => [sentence("h1", "checking_archive"), bar.content, sentence("p", "checking_text")]);
  state.report = await auditArchive(state.bytes, groupNamed, new Pace(bar.tell));
  resultStep();
}

async function compareEarlier(file) {
  state.earlier = file.name;
  state.goesOn = continues(await bytesOfFile(file), state.bytes);
  resultStep();
}

function verdict({ holds, failures }) {
  if (holds) return notice("good", sentence("h2", "archive_holds"), sentence("p", "archive_holds_text"));
  return notice("wrong", sentence("h2", "archive_fails"), sentence("p", "archive_fails_text", { count: number(failures.length) }));
}

function failureList(failures) {
  if (failures.length === 0) return [];
  const lines = failures.map((one) => element("li", {}, reason(one.code), element("br"), code([one.place, one.code, one.detail].filter(Boolean).join(" · "))));
  return [element("h2", {}, sentence("span", "faults")), element("ol", { class: "faults" }, ...lines)];
}

function provedList(proved) {
  if (proved.length === 0) return [];
  const lines = proved.map(({ what, count }) => sentence("li", `proved_${what}`, { count: count === null ? "" : number(count) }));
  return [element("h2", {}, sentence("span", "proved")), element("ul", { class: "proved" }, ...lines)];
}

function choiceResult(question, counts) {
  const names = question.blank ? [null, ...question.answers] : question.answers;
  const most = Math.max(1, ...counts);
  const rows = counts.map((count, index) => element("tr", {},
    element("th", { scope: "row" }, names[index] === null ? sentence("span", "blank") : foreign(names[index])),
    element("td", { class: "number" }, number(count)),
    element("td", { class: "bar", "aria-hidden": "true" }, element("span", { style: null, class: `share share-${Math.round((20 * count) / most)}` }))));
  const heads = ["answer", "votes"].map((key) => element("th", { scope: "col", class: key === "votes" ? "number" : null }, sentence("span", key)));
  return element("table", {}, element("caption", {}, foreign(question.question)),
    element("thead", {}, element("tr", {}, ...heads, element("td", { "aria-hidden": "true" }))), element("tbody", {}, ...rows));
}

function numbersResult(question, lists) {
  const heads = question.answers.map((answer) => element("th", { scope: "col", class: "number" }, foreign(answer)));
  const rows = lists.map((list) => element("tr", {}, ...list.map((value) => element("td", { class: "number" }, number(value)))));
  return element("div", { class: "wide", tabindex: "0", role: "region", "aria-label": question.question },
    element("table", {}, element("caption", {}, foreign(question.question)), element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows)));
}

/** What happened in each stage of a count by transfers. */
function stageTable(question, { stages }) {
  const head = (content) => element("th", { scope: "col", class: "number" }, content);
  const heads = [...question.answers.map((answer) => head(foreign(answer))), head(sentence("span", "to_nobody"))];
  const named = (answer) => (answer === null ? null : foreign(question.answers[answer]));
  const rows = stages.map(({ surplus_of: surplus, excluded, votes, non_transferable: nobodys }) => element("tr", {},
    element("th", { scope: "row" }, sentence("span", surplus !== null ? "surplus_of" : excluded !== null ? "excluded" : "first_preferences", { name: named(surplus ?? excluded) })),
    ...[...votes, nobodys].map((value) => element("td", { class: "number" }, code(value)))));
  return element("div", { class: "wide", tabindex: "0", role: "region", "aria-label": say("stages") },
    element("table", {}, element("caption", {}, sentence("span", "stages")), element("thead", {}, element("tr", {}, element("td", {}), ...heads)), element("tbody", {}, ...rows)));
}

const answerGroup = (question, group) => group.flatMap((answer, place) => (place > 0 ? [" = ", foreign(question.answers[answer])] : [foreign(question.answers[answer])]));

/** What follows from ranks or scores by the rule that the archive names. */
function countedResult(question, lists) {
  const found = counted(question, lists);
  if (found === null) return [];
  const { method, valid, blank, invalid, elected, ranking, lot_between: lot = [] } = found;
  const groups = ranking ?? elected.map((answer) => [answer]);
  return [
    sentence("p", ranking ? "counted_by" : "elected_by", { rule: code(method) }),
    element("ol", { class: "counted" }, ...groups.map((group) => element("li", {}, ...answerGroup(question, group)))),
    lot.length > 0 ? notice("care", sentence("p", "lot_needed", { names: element("span", {}, ...answerGroup(question, lot)) })) : null,
    sentence("p", "counted_ballots", { valid: number(valid), blank: number(blank), invalid: number(invalid) }),
    elected ? stageTable(question, found) : null,
  ];
}

function questionResult(question, result) {
  return question.kind === "numbered" ? [numbersResult(question, result), ...countedResult(question, result)] : [choiceResult(question, result)];
}

function resultTables({ election, result }) {
  if (!result) return [];
  return [element("h2", {}, sentence("span", "the_result")), ...election.questions.flatMap((question, index) => questionResult(question, result[index]))];
}

/** What is known of the tracker that somebody typed. */
function found(tracker, ballots) {
  const matching = ballots.filter((one) => one.tracker === tracker.trim().replace(/=+$/, ""));
  if (matching.length === 0) return notice("wrong", sentence("p", "tracker_absent"));
  const last = matching.at(-1);
  return notice(last.counts ? "good" : "care", sentence("p", last.counts ? "tracker_counts" : "tracker_replaced", { weight: number(last.weight) }));
}

function trackerSearch({ ballots }) {
  const input = element("input", { type: "text", dir: "ltr", autocomplete: "off", spellcheck: "false", class: "typed" });
  const answer = element("div", { role: "status" });
  const form = element("form", { novalidate: true }, field("tracker-search", "tracker_search", { hint: "tracker_search_hint", input }), actions(element("button", {}, sentence("span", "look"))), answer);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer.replaceChildren(found(input.value, ballots));
  });
  return form;
}

function electionFacts({ election, stage, weights, ballots }) {
  if (!election) return null;
  return facts([
    ["election_name", foreign(election.name)],
    ["election_uuid", code(election.uuid)],
    ["fingerprint", code(election.fingerprint)],
    ["election_group", code(election.group.name)],
    ["stage", sentence("span", `stage_${stage}`)],
    weights ? ["election_voters", number(weights.size)] : null,
    ["ballots", number(ballots.length)],
  ]);
}

function ballotList({ ballots }) {
  if (ballots.length === 0) return null;
  const lines = ballots.map((one) => element("li", { class: one.counts ? null : "replaced" }, code(one.tracker), one.counts ? null : " – ", one.counts ? null : sentence("span", "was_replaced")));
  return element("details", {}, element("summary", {}, sentence("span", "all_trackers")), element("ol", { class: "trackers" }, ...lines));
}

function resultStep() {
  const { report } = state;
  show(() => [
    sentence("h1", "audit_of"),
    element("p", {}, code(state.name)),
    verdict(report),
    ...failureList(report.failures),
    electionFacts(report),
    ...provedList(report.proved),
    ...resultTables(report),
    ...(report.ballots.length > 0 ? [element("h2", {}, sentence("span", "your_ballot")), trackerSearch(report), ballotList(report)] : []),
    element("h2", {}, sentence("span", "earlier_title")),
    state.earlier === null ? null : notice(state.goesOn ? "good" : "wrong", sentence("p", state.goesOn ? "goes_on" : "goes_not_on", { name: code(state.earlier) })),
    filePlace("earlier", "earlier_file", "earlier_file_hint", ([file]) => file && compareEarlier(file)),
    element("h2", {}, sentence("span", "not_proved")),
    element("ul", {}, ...[1, 2, 3, 4].map((place) => sentence("li", `not_proved_${place}`))),
    actions(button("print", () => window.print(), "plain"), button("other_file", firstStep, "plain")),
  ]);
}

begin("auditor", async () => {
  firstStep();
  const beside = await fileBeside("election.bel");
  if (beside === null || state.bytes !== null) return;
  Object.assign(state, { name: "election.bel", bytes: beside });
  await check();
});
