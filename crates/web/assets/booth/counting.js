// What follows from decrypted ranks and scores: Schulze, single transferable vote, majority judgement. The rules, and what is
// invalid, stand in docs/spec/ballot.md, section 5; the vectors are those of the program.

import { transfers } from "./transfers.js";

const GRADES_MAX = 255;

const places = (count) => Array.from({ length: count }, (_, place) => place);

/** The rule that a question names, or null. */
export function methodOf(extra) {
  const isGiven = extra !== null && typeof extra === "object" && !Array.isArray(extra);
  if (!isGiven) return null;
  const blank = extra.blank === true;
  if (extra.method === "Schulze") return { name: "Schulze", blank };
  if (extra.method === "STV" && Number.isSafeInteger(extra.seats) && extra.seats > 0) return { name: "STV", seats: extra.seats };
  const grades = Array.isArray(extra.grades) ? extra.grades.length : 0;
  if (extra.method === "MajorityJudgment" && grades >= 1 && grades <= GRADES_MAX) return { name: "MajorityJudgment", grades, blank };
  return null;
}

/** Whether the numbers that are not 0 are 1, 2, 3 and so on, each once. */
const isOrder = (ballot) => ballot.filter((rank) => rank > 0).sort((a, b) => a - b).every((rank, index) => rank === index + 1);

function reading(method, ballot) {
  const isEmpty = ballot.every((value) => value === 0);
  if (isEmpty && (method.blank || method.name === "STV")) return "blank";
  if (method.name === "Schulze") return "valid";
  const isValid = method.name === "STV" ? isOrder(ballot) : ballot.every((grade) => grade >= 1 && grade <= method.grades);
  return isValid ? "valid" : "invalid";
}

/** Whether one strength is more than another: more votes for, then fewer against. */
const isStronger = ([winning, losing], [other, against]) => winning > other || (winning === other && losing < against);

function strongestPaths(preferred, all) {
  const duel = (a, b) => (preferred[a][b] > preferred[b][a] ? [preferred[a][b], preferred[b][a]] : [0, 0]);
  const paths = all.map((a) => all.map((b) => duel(a, b)));
  for (const over of all) for (const from of all) for (const to of all) {
    if (from === over || to === from || to === over) continue;
    const [one, other] = [paths[from][over], paths[over][to]];
    const weaker = isStronger(one, other) ? other : one;
    if (isStronger(weaker, paths[from][to])) paths[from][to] = weaker;
  }
  return paths;
}

function schulze(count, ballots) {
  const all = places(count);
  const rank = (value) => (value === 0 ? Infinity : value);
  const preferred = all.map((a) => all.map((b) => ballots.filter((ballot) => rank(ballot[a]) < rank(ballot[b])).length));
  const paths = strongestPaths(preferred, all);
  const ranking = [];
  for (let rest = all; rest.length > 0;) {
    const best = rest.filter((a) => rest.every((b) => !isStronger(paths[b][a], paths[a][b])));
    ranking.push(best);
    rest = rest.filter((a) => !best.includes(a));
  }
  const winner = all.find((a) => all.every((b) => a === b || preferred[a][b] > preferred[b][a]));
  return { preferred, wins_all_duels: winner ?? null, paths, ranking };
}

/** Grades in the order in which median voters are taken away: of two in the middle the worse first. */
function takenAway(given, voters) {
  const sorted = given.flatMap((times, grade) => new Array(times).fill(grade));
  const middle = Math.floor(voters / 2);
  return places(voters).map((step) => {
    const distance = Math.ceil(step / 2);
    return sorted[(step % 2 === 1) === (voters % 2 === 0) ? middle - distance : middle + distance];
  });
}

function judgement(count, grades, ballots) {
  const given = places(count).map((answer) => places(grades).map((grade) => ballots.filter((ballot) => ballot[answer] === grade + 1).length));
  const taken = given.map((counts) => takenAway(counts, ballots.length));
  const compare = (a, b) => {
    const differing = taken[a].findIndex((grade, index) => grade !== taken[b][index]);
    return differing === -1 ? 0 : taken[a][differing] - taken[b][differing];
  };
  const ranking = [];
  for (const answer of places(count).sort(compare)) {
    const last = ranking.at(-1);
    if (last && compare(last[0], answer) === 0) last.push(answer);
    else ranking.push([answer]);
  }
  return { given, medians: taken.map((all) => all[0] ?? null), ranking };
}

/** What follows from the ballots of a question, or null if it names no rule; `lot` is an order of the answers drawn by lot. */
export function counted(question, ballots, lot = []) {
  const method = question.kind === "numbered" ? methodOf(question.extra) : null;
  if (method === null) return null;
  const count = question.answers.length;
  const read = { valid: [], blank: [], invalid: [] };
  for (const ballot of ballots) read[reading(method, ballot)].push(ballot);
  const found = {
    Schulze: () => schulze(count, read.valid),
    MajorityJudgment: () => judgement(count, method.grades, read.valid),
    STV: () => transfers(count, method.seats, read.valid, lot),
  }[method.name]();
  return { ...found, method: method.name, valid: read.valid.length, blank: read.blank.length, invalid: read.invalid.length };
}
