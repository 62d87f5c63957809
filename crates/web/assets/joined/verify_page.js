// The page Verify: takes what was chosen or dropped, tells a bundle from a file with its proof, and says what was found.
// Written to be joined behind the verifier's modules; it loads nothing and sends nothing.
const form = document.getElementById("verify-form");
const result = document.getElementById("verify-result");
const words = JSON.parse(form.dataset.words);
const language = form.dataset.language;
const say = (key) => words[`verify-${key}`] ?? key;
const numerals = { fa: "fa-u-nu-arabext", ar: "ar-u-nu-arab", en: "en", fr: "fr" };
const number = (value) => new Intl.NumberFormat(numerals[language] ?? "en").format(value);
document.documentElement.classList.add("script");

function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

/** A value that stands in a sentence without disturbing its direction. */
function value(text, isCode = false) {
  const made = element("bdi", String(text));
  if (isCode) Object.assign(made, { className: "code", dir: "ltr" });
  return made;
}

/** A sentence with values in the places of %name%. */
function sentence(name, key, values = {}) {
  const parts = say(key).split(/%([a-z]+)%/);
  return element(name, ...parts.map((part, place) => (place % 2 === 1 ? values[part] ?? part : part)));
}

function show(kind, title, ...content) {
  const box = element("div", element("h2", title), ...content);
  box.className = `notice ${kind}`;
  result.replaceChildren(box);
  result.focus();
  return box;
}

function limits() {
  const list = element("ul", ...[1, 2, 3, 4, 5].map((place) => sentence("li", `not-shown-${place}`)));
  return [element("h3", say("not-shown")), list];
}

function countersigned(report) {
  if (report.countersigned.length === 0) return [sentence("p", "nobody")];
  const lines = report.countersigned.map((one) => sentence("li", "countersigned", { name: value(one.name), key: value(one.key_name, true), time: value(one.at, true) }));
  const first = report.countersigned.reduce((earliest, one) => (one.at < earliest.at ? one : earliest));
  return [element("ul", ...lines), sentence("p", "countersigning-means", { name: value(first.name), time: value(first.at, true) })];
}

function signed(report) {
  const values = { office: value(report.office, true), size: value(number(report.record_size)), root: value(report.root, true) };
  return [sentence("p", "signed", values), ...countersigned(report)];
}

function unaltered(report, file, index) {
  const values = { file, index: value(number(index)), office: value(report.office, true), size: value(number(report.record_size)) };
  return sentence("p", "unaltered", values);
}

function bundleReport(report) {
  const values = { title: value(report.title), day: value(report.day, true), publication: value(number(report.publication)), admission: value(number(report.admission)) };
  const exhibits = report.exhibits.map((exhibit) => element("li", unaltered(report, value(exhibit.path, true), exhibit.index), value(exhibit.sha256, true)));
  return [sentence("p", "published", values), element("ol", ...exhibits), ...signed(report)];
}

function proofReport(report) {
  const file = say(report.circle === "public" ? "the-public-entry" : "the-file");
  return [unaltered(report, file, report.index), element("p", value(report.sha256, true)), ...signed(report)];
}

function tell(outcome) {
  const { result: found, reason, detail, report } = outcome;
  if (found === "holds") {
    const facts = report.exhibits ? bundleReport(report) : proofReport(report);
    return show("good", say("holds"), ...facts, ...limits());
  }
  const why = sentence("p", `reason-${reason.replaceAll("_", "-")}`);
  const more = detail ? [element("p", value(detail, true))] : [];
  if (found === "does_not_hold") return show("wrong", say("fails"), why, ...more, sentence("p", "does-not-hold-advice"));
  const advice = reason === "policy" ? "policy-advice" : "malformed-advice";
  return show("wrong", say("malformed"), why, ...more, sentence("p", advice));
}

const startOf = async (file, length) => new TextDecoder("latin1").decode(await file.slice(0, length).arrayBuffer());

/** What a file is, by its first bytes: a bundle, a proof, a policy, or anything else. */
async function kindOf(file) {
  const start = await startOf(file, 512);
  if (start.slice(257, 262) === "ustar") return "bundle";
  if (start.startsWith("c2sp.org/tlog-proof@v1\n")) return "proof";
  if (/^(?:#[^\n]*\n|\s)*(?:log|witness|group|quorum) /.test(start) && file.size <= 65536) return "policy";
  return "content";
}

async function sorted(files) {
  const found = {};
  for (const file of files) {
    const kind = await kindOf(file);
    found[kind in found ? "content" : kind] = file;
  }
  return found;
}

async function check() {
  const found = await sorted(form.querySelector("#verify-files").files);
  const policy = form.querySelector("#verify-policy").files[0] ?? found.policy;
  const whole = found.bundle && !found.proof;
  if (!whole && !(found.proof && (found.content || found.bundle))) return show("wrong", say("choose"));
  if (!policy) return show("wrong", say("choose-policy"));
  show("", say("working"));
  return tell(whole ? await verifyBundle(found.bundle, policy) : await verifyProof(found.proof, found.content ?? found.bundle, policy));
}

// A dropped file counts wherever on the field it lands; without this the browser would leave the page to show it.
const field = form.querySelector(".drop");
const over = (on) => (event) => {
  event.preventDefault();
  field.classList.toggle("over", on);
};
field.addEventListener("dragover", over(true));
field.addEventListener("dragleave", over(false));
field.addEventListener("drop", (event) => {
  over(false)(event);
  form.querySelector("#verify-files").files = event.dataTransfer.files;
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  check().catch((error) => show("wrong", say("error"), element("p", value(error.message, true))));
});
