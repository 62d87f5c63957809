// How a question looks, and what was answered: one of several, several, a blank vote, or numbers.

import { isAllowed } from "./encrypt.js";
import { element, foreign, plainSentence, say, sentence, shownNumber } from "./page.js";

const isSingle = (question) => question.kind === "homomorphic" && question.min === 1 && question.max === 1;

/** What is asked for, as a sentence under the question. */
function instruction(question) {
  if (question.kind === "numbered") return say("give_numbers");
  if (isSingle(question)) return say("choose_one");
  const values = { least: shownNumber(question.min), most: shownNumber(question.max) };
  if (question.min === question.max) return plainSentence("choose_exactly", values);
  if (question.min === 0 && question.max === question.answers.length) return say("choose_any");
  return plainSentence(question.min === 0 ? "choose_up_to" : "choose_between", values);
}

function choice(kind, id, name, value, isChecked, content) {
  const input = element("input", { type: kind, id, name, value, checked: isChecked });
  return element("div", { class: "choice" }, input, element("label", { for: id }, content));
}

function choiceFields(question, chosen) {
  const kind = isSingle(question) ? "radio" : "checkbox";
  const offset = question.blank ? 1 : 0;
  const lines = question.answers.map((answer, index) => choice(kind, `answer-${index}`, "answer", String(index), chosen?.[index + offset] === 1, foreign(answer)));
  if (question.blank) {
    lines.push(element("p", { class: "hint or" }, say("or")), choice(kind, "answer-blank", kind === "radio" ? "answer" : "blank", "blank", chosen?.[0] === 1, say("blank")));
  }
  return lines;
}

function numberFields(question, given) {
  return question.answers.map((answer, index) => element("div", { class: "numbered" },
    element("label", { for: `answer-${index}` }, foreign(answer)),
    element("input", { type: "text", inputmode: "numeric", maxlength: "3", autocomplete: "off", id: `answer-${index}`, name: `number-${index}`, class: "narrow", value: given?.[index] ?? "" })));
}

/** The fields of a question, with what was answered before. */
export function questionFields(question, given, problem) {
  const fields = question.kind === "numbered" ? numberFields(question, given) : choiceFields(question, given);
  return element("fieldset", { "aria-describedby": problem ? "answer-hint answer-error" : "answer-hint", class: problem ? "field bad" : "field" },
    element("legend", { class: "question" }, foreign(question.question)),
    element("p", { class: "hint", id: "answer-hint" }, instruction(question)),
    problem ? element("p", { class: "error", id: "answer-error" }, say(problem)) : null,
    ...fields);
}

/** Digits of any of the three sets, as a number; NaN for anything else. */
export function readDigits(text) {
  const plain = text.trim().replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x6f0).replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x660);
  return /^[0-9]{1,3}$/.test(plain) ? Number(plain) : Number.NaN;
}

/** {values, problem}: what the form says, and the key of what is wrong with it. */
export function answersOf(question, form) {
  const given = new FormData(form);
  if (question.kind === "numbered") {
    const texts = question.answers.map((_, index) => String(given.get(`number-${index}`) ?? ""));
    const values = texts.map(readDigits);
    return isAllowed(question, values) ? { values, problem: null } : { values: texts, problem: "numbers_wrong" };
  }
  const chosen = given.getAll("answer");
  const isBlank = chosen.includes("blank") || given.has("blank");
  const picked = question.answers.map((_, index) => Number(chosen.includes(String(index))));
  const values = question.blank ? [Number(isBlank), ...picked] : picked;
  if (isAllowed(question, values)) return { values, problem: null };
  if (isBlank) return { values, problem: "blank_alone" };
  return { values, problem: isSingle(question) ? "choose_one_wrong" : "choose_wrong" };
}

/** What was answered, to be read before it is encrypted. */
export function answerShown(question, values) {
  if (question.kind === "numbered") {
    return element("ul", {}, ...question.answers.map((answer, index) => sentence("li", "number_given", { answer: foreign(answer), number: shownNumber(values[index]) })));
  }
  if (question.blank && values[0] === 1) return element("p", { class: "given" }, say("blank"));
  const offset = question.blank ? 1 : 0;
  const chosen = question.answers.filter((_, index) => values[index + offset] === 1);
  return chosen.length === 0 ? element("p", { class: "given" }, say("nothing_chosen")) : element("ul", { class: "given" }, ...chosen.map((answer) => element("li", {}, foreign(answer))));
}
