// What the three pages share: words in two languages, one step shown at a time, files that come and go, progress. Nothing
// is kept: no storage, no request but for files beside the page.

import { Refused } from "./forms.js";
import { wordsEn } from "./words_en.js";
import { wordsFa } from "./words_fa.js";

const LANGUAGES = {
  fa: { words: wordsFa, direction: "rtl", numerals: "fa-u-nu-arabext", name: "فارسی" },
  en: { words: wordsEn, direction: "ltr", numerals: "en", name: "English" },
};

let language = "en";

export const currentLanguage = () => language;

export const say = (key) => LANGUAGES[language].words[key] ?? LANGUAGES.en.words[key] ?? key;

export const shownNumber = (value) => new Intl.NumberFormat(LANGUAGES[language].numerals).format(value);

/** An element with attributes and content; `null` content is left out. */
export function element(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (attribute.startsWith("on")) made.addEventListener(attribute.slice(2), value);
    else if (value === true) made.setAttribute(attribute, "");
    else if (value !== false && value !== null) made.setAttribute(attribute, value);
  }
  made.append(...content.filter((one) => one !== null));
  return made;
}

/** A name or text from an election, which may run in either direction. */
export const foreign = (text) => element("bdi", { dir: "auto" }, text);

/** A hash, a file name, a place: always left to right. */
export const code = (text) => element("bdi", { dir: "ltr", class: "code" }, text);

export const number = (value) => element("bdi", {}, shownNumber(value));

/** A sentence with values in the places of %name%. */
export function sentence(name, key, values = {}, attributes = {}) {
  const parts = say(key).split(/%([a-z]+)%/);
  return element(name, attributes, ...parts.map((part, place) => (place % 2 === 1 ? values[part] ?? part : part)));
}

export const plainSentence = (key, values = {}) => sentence("span", key, values).textContent;

export const notice = (kind, ...content) => element("div", { class: `notice ${kind}` }, ...content);

export const button = (key, act, kind = "") => element("button", { type: "button", class: kind || null, onclick: act }, say(key));

export const actions = (...content) => element("div", { class: "actions" }, ...content);

/** Name and value, one under the other. */
export function facts(rows) {
  const parts = rows.filter((row) => row !== null).flatMap(([key, ...value]) => [element("dt", {}, say(key)), element("dd", {}, ...value)]);
  return element("dl", { class: "facts" }, ...parts);
}

/** A labelled field; `problem` is the key of an error under the label. */
export function field(id, key, { hint = null, problem = null, input, className = "field" }) {
  const described = [hint ? `${id}-hint` : null, problem ? `${id}-error` : null].filter(Boolean).join(" ");
  input.id = id;
  if (described) input.setAttribute("aria-describedby", described);
  if (problem) input.setAttribute("aria-invalid", "true");
  return element("div", { class: problem ? `${className} bad` : className },
    element("label", { for: id }, say(key)),
    hint ? hintOf(id, hint) : null,
    problem ? element("p", { class: "error", id: `${id}-error` }, say(problem)) : null,
    input);
}

/** Names of files and a voter code as examples: they run left to right in every language. */
const EXAMPLES = { json: "election.json", bel: ".bel", privkey: ".privkey", key: ".key", dkey: ".dkey", vinput: ".vinput", example: "9RX-Jjg-6TH-cBk-9jE" };

const hintOf = (id, key) => sentence("p", key, Object.fromEntries(Object.entries(EXAMPLES).map(([name, text]) => [name, code(text)])), { class: "hint", id: `${id}-hint` });

/** The errors of a page, at its top, each with a link to its field. `problems`: [[field id, key]]. */
export function summary(problems) {
  if (problems.length === 0) return null;
  const lines = problems.map(([id, key]) => element("li", {}, element("a", { href: `#${id}`, onclick: (event) => {
    event.preventDefault();
    document.getElementById(id)?.focus();
  } }, say(key))));
  return element("div", { class: "summary", role: "alert", tabindex: "-1", id: "summary" }, element("h2", {}, say("summary")), element("ul", {}, ...lines));
}

const main = () => document.getElementById("main");

let shown = null;

/** Shows a step: `make` gives its content and is called again when the language changes. */
export function show(make) {
  shown = make;
  main().replaceChildren(...make().filter((one) => one !== null));
  const target = document.getElementById("summary") ?? main().querySelector("h1");
  target?.setAttribute("tabindex", "-1");
  target?.focus();
  window.scrollTo(0, 0);
}

/** What was refused, in words, with its place. */
export function refusal(error) {
  if (!(error instanceof Refused)) return [element("p", {}, say("refused_unknown")), element("p", {}, code(String(error?.message ?? error)))];
  return [element("p", {}, reason(error.code)), element("p", {}, code([error.place, error.code, error.detail].filter(Boolean).join(" · ")))];
}

export function reason(codeName) {
  const key = `refused_${codeName}`;
  return say(key) === key ? say("refused_form") : say(key);
}

/** A progress bar that screen readers can follow; `tell(done, total)` moves it. */
export function progress(key) {
  const bar = element("progress", { max: "1", value: "0", "aria-label": say(key) });
  const text = element("p", { class: "hint", role: "status" }, "");
  let lastTenth = -1;
  const tell = (done, total) => {
    const part = total > 0 ? done / total : 0;
    bar.value = part;
    const tenth = Math.floor(part * 10);
    // A screen reader is told every tenth, not every step.
    if (tenth !== lastTenth) text.textContent = plainSentence("progress", { percent: shownNumber(tenth * 10) });
    lastTenth = tenth;
  };
  return { content: element("div", { class: "working" }, bar, text), tell };
}

/** A place for files: choosing and dropping do the same. `take(files)` gets an array; `chosen` is a name to show. */
export function filePlace(id, key, hint, take, { chosen = null } = {}) {
  const name = element("bdi", { dir: "ltr", class: "code" }, chosen ?? "");
  const use = (files) => {
    if (files.length > 0) name.textContent = files[0].name;
    take(files);
  };
  const input = element("input", { type: "file", id, class: "file", "aria-labelledby": `${id}-label`, "aria-describedby": `${id}-hint`, onchange: () => use([...input.files]) });
  const made = element("div", { class: "field drop" },
    element("p", { class: "drop-title", id: `${id}-label` }, say(key)),
    hintOf(id, hint),
    element("p", { class: "picker" }, input, element("label", { for: id, class: "button plain" }, say("choose_file")), " ", element("span", { role: "status" }, name)));
  const over = (on) => (event) => {
    event.preventDefault();
    made.classList.toggle("over", on);
  };
  made.addEventListener("dragover", over(true));
  made.addEventListener("dragleave", over(false));
  made.addEventListener("drop", (event) => {
    over(false)(event);
    use([...event.dataTransfer.files]);
  });
  return made;
}

export const bytesOfFile = async (file) => new Uint8Array(await file.arrayBuffer());

/** Gives the person a file to keep. */
export function saveFile(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  const link = element("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A file beside the page, or null: from a folder browsers give none, and on a server there may be none. */
export async function fileBeside(name) {
  if (!location.protocol.startsWith("http")) return null;
  try {
    const answer = await fetch(name, { cache: "no-store" });
    return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
  } catch {
    return null;
  }
}

function limitsBox(pageName) {
  const lines = LANGUAGES[language].words[`limits_${pageName}`].map((line) => element("li", {}, line));
  return element("details", {}, element("summary", {}, say("limits")), element("ul", {}, ...lines));
}

function dress(pageName) {
  const { direction } = LANGUAGES[language];
  Object.assign(document.documentElement, { lang: language, dir: direction });
  document.title = say(`title_${pageName}`);
  document.getElementById("skip").textContent = say("skip");
  document.getElementById("office").textContent = say(`title_${pageName}`);
  document.getElementById("limits").replaceChildren(limitsBox(pageName));
  const list = document.getElementById("languages");
  list.parentElement.setAttribute("aria-label", say("languages"));
  list.replaceChildren(...Object.entries(LANGUAGES).map(([tag, one]) => element("li", {}, tag === language
    ? element("span", { "aria-current": "true", lang: tag, dir: one.direction }, one.name)
    : element("button", { type: "button", lang: tag, dir: one.direction, onclick: () => speak(tag, pageName) }, one.name))));
}

function speak(tag, pageName) {
  language = tag;
  // In the address, so that a link can be sent in one's language; nothing is stored.
  history.replaceState(null, "", `#${tag}`);
  dress(pageName);
  if (shown) show(shown);
}

/** Whether the browser has what a page needs; a page on a plain http address has not. */
const isAble = () => typeof BigInt === "function" && globalThis.crypto?.subtle !== undefined && typeof "".isWellFormed === "function";

/** Starts a page in the visitor's language, with its first step. */
export function begin(pageName, first) {
  document.documentElement.classList.add("script");
  const asked = location.hash.slice(1);
  language = asked in LANGUAGES ? asked : (navigator.language.startsWith("fa") ? "fa" : "en");
  dress(pageName);
  if (isAble()) first();
  else show(() => [element("h1", {}, say(`title_${pageName}`)), notice("wrong", element("p", {}, say("unable")))]);
}
