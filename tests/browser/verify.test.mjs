// The third verifier as visitors have it: the page that the office serves, and the same page saved as a file, opened from
// the disk of a machine without a network.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { CIRCLE, startOffice } from "./office.mjs";
import { picture, signIn, sound, startBrowser, visit, WAIT_MILLIS_MAX } from "./visitor.mjs";

let office;
let browser;
const given = {};

const file = (name, buffer) => ({ name, mimeType: "application/octet-stream", buffer });

/** The same bytes with one bit of a content turned: what the letter says is altered, its form is not. */
function altered(bundle) {
  const copy = Buffer.from(bundle);
  copy[copy.indexOf("An invented author")] ^= 1;
  return copy;
}

before(async () => {
  [office, browser] = await Promise.all([startOffice(), startBrowser()]);
  const items = office.mahzar("list", "--circle", CIRCLE).filter((line) => line.item);
  const letter = items.find((line) => JSON.stringify(line).includes("letter.pdf"));
  const path = (name) => join(office.folder, name);
  office.mahzar("publish", letter.item, "--title", "An invented letter", "--to", path("bundle.mahzar"), "--yes");
  given.bundle = readFileSync(path("bundle.mahzar"));
  given.content = readFileSync(path("material/letter.pdf"));
  const { page, context, leave } = await visit(browser, office, { scripts: false });
  const policy = await context.request.get("/record/policy");
  given.policy = await policy.body();
  await signIn(page);
  await page.goto("/items?text=letter");
  await page.click("main tbody a");
  const [proof] = await Promise.all([page.waitForEvent("download"), page.click("text=Proof of entry")]);
  given.proof = readFileSync(await proof.path());
  await page.goto("/verify");
  const [saved] = await Promise.all([page.waitForEvent("download"), page.click("text=Save the page for offline use")]);
  await saved.saveAs(path(saved.suggestedFilename()));
  given.saved = pathToFileURL(path(saved.suggestedFilename())).href;
  await leave();
});
after(async () => {
  await browser?.close();
  await office?.stop();
});

/** Somebody on the served page, in a language. */
async function served(language = "en", width = 1280) {
  const visitor = await visit(browser, office, { language, width });
  await visitor.page.goto("/verify");
  return visitor;
}

/** Somebody with the saved page, without a network. */
async function saved() {
  const context = await browser.newContext({ offline: true });
  context.setDefaultTimeout(WAIT_MILLIS_MAX);
  const page = await context.newPage();
  const faults = [];
  page.on("request", (request) => { if (request.url() !== given.saved) faults.push(`asked ${request.url()}`); });
  page.on("console", (message) => { if (message.type() === "error") faults.push(message.text()); });
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(given.saved);
  const leave = async () => {
    await context.close();
    assert.deepEqual(faults, []);
  };
  return { page, leave };
}

/** What the page says of these files, as the box that it shows in the end. */
async function verdict(page, files, policy = given.policy) {
  await page.setInputFiles("#verify-files", files);
  await page.setInputFiles("#verify-policy", policy ? file("policy", policy) : []);
  await page.click("#verify-form button");
  const box = page.locator("#verify-result .notice.good, #verify-result .notice.wrong");
  await box.waitFor();
  const kind = await box.getAttribute("class");
  const said = (await box.innerText()).replaceAll(/[\u2066-\u2069]/g, "");
  await page.evaluate(() => document.getElementById("verify-result").replaceChildren());
  return { kind, said };
}

async function drop(page, files) {
  const transfer = await page.evaluateHandle((all) => {
    const made = new DataTransfer();
    for (const [name, bytes] of all) made.items.add(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], name));
    return made;
  }, files.map(({ name, buffer }) => [name, buffer.toString("base64")]));
  await page.dispatchEvent(".drop p", "drop", { dataTransfer: transfer });
}

for (const [place, open] of [["the served page", served], ["the saved page, without a network", saved]]) {
  test(`${place}: a bundle holds, does not hold, or cannot be read`, async () => {
    const { page, leave } = await open();
    const whole = await verdict(page, file("bundle.mahzar", given.bundle));
    assert.match(whole.kind, /good/, whole.said);
    assert.match(whole.said, /Unaltered since it was entered/);
    assert.match(whole.said, /An invented letter/);
    assert.match(whole.said, /countersigned by an outside office of your policy: north-archive/);
    assert.match(whole.said, /This does not show/);
    const turned = await verdict(page, file("bundle.mahzar", altered(given.bundle)));
    assert.match(turned.kind, /wrong/);
    assert.match(turned.said, /Does not hold[^]*A file was altered/);
    const cut = await verdict(page, file("bundle.mahzar", given.bundle.subarray(0, 3_000)));
    assert.match(cut.said, /Cannot be read/);
    assert.match((await verdict(page, file("bundle.mahzar", given.bundle), Buffer.from("log no"))).said, /The policy cannot be read/);
    assert.match((await verdict(page, file("bundle.mahzar", given.bundle), null)).said, /Choose the policy file/);
    await leave();
  });

  test(`${place}: a file with its proof holds, another file does not`, async () => {
    const { page, leave } = await open();
    const proof = file("letter.tlog-proof", given.proof);
    const right = await verdict(page, [file("letter.pdf", given.content), proof]);
    assert.match(right.said, /This file: unaltered since entry number/);
    const other = await verdict(page, [file("letter.pdf", Buffer.concat([given.content, Buffer.from("\n")])), proof]);
    assert.match(other.said, /The file is not the one that the proof is about/);
    const torn = await verdict(page, [file("letter.pdf", given.content), file("letter.tlog-proof", given.proof.subarray(0, 200))]);
    assert.match(torn.said, /Cannot be read/);
    assert.match((await verdict(page, [proof])).said, /Choose a bundle, or a file and its proof/);
    await leave();
  });

  test(`${place}: bundle and policy can be dropped`, async () => {
    const { page, leave } = await open();
    await drop(page, [file("bundle.mahzar", given.bundle), file("policy", given.policy)]);
    await page.click("#verify-form button");
    await page.locator("#verify-result .notice.good").waitFor();
    await leave();
  });
}

test("the answer is said in the page's language, is accessible, and fits a telephone", async () => {
  for (const [language, width] of [["fa", 360], ["en", 1280]]) {
    const { page, leave } = await served(language, width);
    await page.setInputFiles("#verify-files", file("bundle.mahzar", given.bundle));
    await page.setInputFiles("#verify-policy", file("policy", given.policy));
    await page.click("#verify-form button");
    await page.locator("#verify-result .notice.good").waitFor();
    await sound(page, `the verdict in ${language}`);
    await picture(page, `${language}-${width}_verdict`);
    await leave();
  }
});

test("without scripts the page says which programs verify", async () => {
  const { page, leave } = await visit(browser, office, { scripts: false });
  await page.goto("/verify");
  await page.locator("noscript .notice", { hasText: "mahzar-verify" }).waitFor();
  assert.equal(await page.locator("#verify-form").isVisible(), false);
  await leave();
});
