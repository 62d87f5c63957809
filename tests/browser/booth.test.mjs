// The booth, the trustee's page and the auditor's page in a real browser: from a folder and from the office, in Persian on
// a narrow screen and in English on a wide one, by keyboard alone; and how long a ballot takes.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";

import { closeElection, openElection, toolBallot } from "../js/belenios.mjs";
import { startOffice } from "./office.mjs";
import { picture, sound, startBrowser, visit, WAIT_MILLIS_MAX } from "./visitor.mjs";

/** Writes the pages into a folder. */
const PROGRAM = `${process.env.MAHZAR_PROGRAMS ?? new URL("../../target/debug", import.meta.url).pathname}/examples/booth`;
const QUESTIONS = [
  { answers: ["آری", "نه", "ممتنع"], min: 1, max: 1, question: "آیا با آیین‌نامهٔ داخلی موافقید؟" },
  { answers: ["مینا رستگار", "Jean-Luc Amir", "کریم آذر"], blank: true, min: 1, max: 2, question: "اعضای هیئت رئیسه" },
];
const LANGUAGES = [["fa", 360], ["en", 1280]];
const MILLISECONDS_MAX = 150;
const SLOW_MILLISECONDS_MAX = 1000;

let folder;
let browser;
const offices = [];
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "mahzar-booth-pages-"));
  execFileSync(PROGRAM, [folder]);
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  offices.forEach((office) => office.remove());
  rmSync(folder, { recursive: true, force: true });
});

const address = (name) => pathToFileURL(join(folder, `${name}.html`)).href;

function election(settings) {
  const office = openElection({ questions: QUESTIONS, weights: [1, 1, 2], ...settings });
  offices.push(office);
  return office;
}

/** A visitor of the saved pages; whatever they ask for beside the folder is a fault. */
async function visitFolder(language, width) {
  const context = await browser.newContext({ locale: language, viewport: { width, height: 900 }, acceptDownloads: true });
  context.setDefaultTimeout(3 * WAIT_MILLIS_MAX);
  const page = await context.newPage();
  const faults = [];
  page.on("request", (request) => { if (!/^(?:file|blob|data):/.test(request.url())) faults.push(`asked ${request.url()}`); });
  page.on("console", (message) => { if (message.type() === "error") faults.push(message.text()); });
  page.on("pageerror", (error) => faults.push(String(error)));
  // Whoever listens from the beginning misses no dialog.
  page.on("filechooser", () => {});
  const leave = async () => {
    await context.close();
    assert.deepEqual(faults, []);
  };
  return { page, context, leave };
}

async function look(page, name) {
  await sound(page, name);
  await picture(page, name);
}

/** Goes to an element by the Tab key alone. */
async function tabTo(page, selector) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  assert.fail(`the Tab key does not lead to ${selector}`);
}

async function press(page, selector, key = "Enter") {
  await tabTo(page, selector);
  await page.keyboard.press(key);
}

/** Opens the browser's own dialog from the keyboard and answers it. */
async function chooseByKey(page, selector, path) {
  await tabTo(page, selector);
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
  await chooser.setFiles(path);
}

async function saved(page, act) {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  return readFileSync(await download.path(), "utf8").trim();
}

for (const [language, width] of LANGUAGES) {
  test(`a vote by keyboard from a folder, in ${language} at ${width} px`, async () => {
    const office = election();
    const { page, leave } = await visitFolder(language, width);
    const shot = (name) => look(page, `booth-${language}-${width}-${name}`);
    await page.goto(address("booth"));
    assert.equal(await page.getAttribute("html", "dir"), language === "fa" ? "rtl" : "ltr");
    await shot("1-open");
    await chooseByKey(page, "#election-file", office.path(office.archive));
    await page.waitForSelector("#same");
    await press(page, "main .actions button");
    assert.equal(await page.evaluate(() => document.activeElement.id), "summary", "the error has the focus");
    await shot("2-not-compared");
    await press(page, "#same", "Space");
    await press(page, "main .actions button");
    await page.waitForSelector("#credential");
    await tabTo(page, "#credential");
    await page.keyboard.type(office.credentials[0].slice(1));
    await page.keyboard.press("Enter");
    await shot("3-slip");
    await tabTo(page, "#credential");
    await page.keyboard.press("Control+A");
    await page.keyboard.type(office.credentials[0]);
    await page.keyboard.press("Enter");
    await page.waitForSelector("#answer-2");
    await press(page, "#answer-0", "ArrowDown");
    await shot("4-choice");
    await press(page, "main .actions button");
    await page.waitForSelector("#answer-blank");
    await press(page, "#answer-0", "Space");
    await press(page, "#answer-blank", "Space");
    await press(page, "main .actions button");
    await shot("5-blank-alone");
    await press(page, "#answer-blank", "Space");
    await press(page, "main .actions button");
    await page.waitForSelector(".answered");
    await shot("6-review");
    await press(page, "main .actions button");
    await page.waitForSelector("#tracker");
    await shot("7-tracker");
    await press(page, "main .actions .plain");
    await page.waitForSelector(".notice.good");
    await shot("8-audit");
    const spoiled = await page.textContent("#tracker");
    await press(page, "main .actions button");
    await page.waitForFunction((old) => (document.getElementById("tracker")?.textContent ?? old) !== old, spoiled);
    const tracker = await page.textContent("#tracker");
    await tabTo(page, "main .actions button");
    const ballot = await saved(page, () => page.keyboard.press("Enter"));
    await shot("9-saved");
    assert.equal(createHash("sha256").update(ballot).digest("base64").replace(/=+$/, ""), tracker);
    office.event("Ballot", ballot);
    assert.equal(office.verify().status, 0, office.verify().said);
    assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
    await leave();
  });

  test(`a key, an opened sum and an audit from a folder, in ${language} at ${width} px`, async () => {
    const { page, leave } = await visitFolder(language, width);
    const shot = (name) => look(page, `others-${language}-${width}-${name}`);
    await page.goto(address("trustee"));
    await shot("1-tasks");
    await press(page, ".tasks button");
    await shot("2-key");
    await press(page, "main .actions button");
    await page.waitForSelector(".files");
    await shot("3-files");
    const privateKey = await saved(page, () => page.click(".files li:nth-child(1) button"));
    const publicKey = await saved(page, () => page.click(".files li:nth-child(2) button"));
    const office = election({ trustees: 0, prepare: (made) => made.write("public_keys.jsons", `${publicKey}\n`) });
    office.write("own.privkey", privateKey);
    for (const voter of [0, 2]) office.event("Ballot", toolBallot(office, voter, [[0, 1, 0], [0, 1, 0, 1]]));
    closeElection(office);
    await page.click("main > .actions button");
    await page.click(".tasks li:nth-child(2) button");
    await chooseByKey(page, "#archive", office.path(office.archive));
    await page.waitForSelector("#same");
    await shot("4-confirm");
    await press(page, "#same", "Space");
    await press(page, "main .actions button");
    await chooseByKey(page, "#secret", office.path("own.privkey"));
    await shot("5-secret");
    await press(page, "main .actions button");
    await page.waitForSelector(".facts");
    await shot("6-opened");
    const share = await saved(page, () => page.click("main > .actions button"));
    office.event("PartialDecryption", share, JSON.stringify({ owner: 1, payload: createHash("sha256").update(share).digest("hex") }));
    office.event("Result", office.tool(["election", "compute-result"]));
    assert.equal(office.verify().status, 0, office.verify().said);
    await page.goto(address("auditor"));
    await shot("7-auditor");
    await chooseByKey(page, "#archive", office.path(office.archive));
    await page.waitForSelector(".notice.good");
    await page.fill("#tracker-search", "nothing");
    await page.keyboard.press("Enter");
    await page.waitForSelector("form .notice.wrong");
    await shot("8-holds");
    const bytes = office.bytes(office.archive);
    bytes[bytes.length - 600] ^= 1;
    office.write("altered.bel", bytes);
    await page.click("main > .actions .plain:last-child");
    await page.setInputFiles("#archive", office.path("altered.bel"));
    await page.waitForSelector(".faults");
    await shot("9-altered");
    await leave();
  });
}

test("the rounds of a shared key have sound pages, and refuse what is wrong in words", async () => {
  const { page, leave } = await visitFolder("fa", 360);
  await page.goto(address("trustee"));
  for (const round of [1, 2, 3]) {
    await page.click(`.tasks >> nth=1 >> li:nth-child(${round}) button`);
    await page.click("main .actions button");
    await page.waitForSelector(".notice.wrong");
    await look(page, `round-${round}`);
    if (round > 1) {
      await page.click("main .actions .plain");
      continue;
    }
    for (const [name, value] of [["size", "۳"], ["threshold", "۲"], ["index", "1"]]) await page.fill(`#${name}`, value);
    await page.click("main .actions button");
    await page.waitForSelector(".files");
    await look(page, "round-1-made");
    const certificate = JSON.parse(await saved(page, () => page.click(".files li:nth-child(2) button")));
    assert.deepEqual(JSON.parse(certificate.message).context, { group: "BELENIOS-2048", size: 3, threshold: 2, index: 1 });
    await page.click("main > .actions button");
  }
  await leave();
});

test("the office serves the pages under its own rules, and only these", async () => {
  const office = await startOffice();
  for (const [language, width] of LANGUAGES) {
    const { page, leave } = await visit(browser, office, { language, width });
    for (const path of ["/booth", "/booth/trustee", "/booth/auditor"]) {
      await page.goto(path);
      await page.waitForSelector("main h1");
      await look(page, `served-${language}${path.replaceAll("/", "-")}`);
      assert.equal(await page.evaluate(() => document.fonts.check("16px Vazirmatn")), true);
    }
    await leave();
  }
  const { page, leave } = await visit(browser, office, { scripts: false });
  await page.goto("/booth");
  assert.equal(await page.locator("noscript").count(), 1);
  await leave();
  await office.stop();
});

/** Milliseconds of each encryption: the first makes the tables, the others find them. */
async function measured(page, office, rounds) {
  await page.goto(address("booth"));
  await page.setInputFiles("#election-file", office.path("election.json"));
  await page.check("#same");
  await page.click("main .actions button");
  await page.fill("#credential", office.credentials[0]);
  await page.keyboard.press("Enter");
  await page.check("#answer-1");
  await page.click("main .actions button");
  await page.waitForSelector(".answered");
  for (let round = 0; round < rounds; round += 1) {
    await page.click("main .actions button");
    await page.waitForSelector("main .actions .plain");
    if (round + 1 === rounds) break;
    await page.click("main .actions .plain");
    await page.waitForSelector(".notice.good");
  }
  return page.evaluate(() => performance.getEntriesByName("encrypt ballot").map(({ duration }) => Math.round(duration)));
}

for (const [rate, limit] of [[1, MILLISECONDS_MAX], [6, SLOW_MILLISECONDS_MAX]]) {
  test(`a ballot of three answers takes less than ${limit} ms at 1/${rate} of the processor`, async (context) => {
    const office = election({ questions: [QUESTIONS[0]] });
    const visitor = await visitFolder("en", 1280);
    const session = await visitor.context.newCDPSession(visitor.page);
    await session.send("Emulation.setCPUThrottlingRate", { rate });
    const times = await measured(visitor.page, office, 5);
    context.diagnostic(`with tables ${times[0]} ms, then ${times.slice(1).join(", ")} ms`);
    // Other work on the machine makes single runs longer; the code is as fast as the fastest.
    assert.ok(Math.min(...times) < limit, String(times));
    await visitor.leave();
  });
}
