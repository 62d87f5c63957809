// What people do with the pages, with and without scripts: take in, open, publish, erase, sign in with a passkey, lose a
// line, come back after the office was started anew.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { CIRCLE, MEMBER, OTHER, startOffice } from "./office.mjs";
import { picture, signIn, signOut, sound, soundAtBothWidths, startBrowser, visit } from "./visitor.mjs";

let office;
let browser;
before(async () => {
  [office, browser] = await Promise.all([startOffice(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  // Asked to end, the program ends by itself and says that all is well.
  const end = await office?.stop();
  assert.deepEqual(end, { code: 0, signal: null });
});

const text = (name, content) => ({ name, mimeType: "text/plain", buffer: Buffer.from(content) });

async function chooseCircle(page) {
  await page.goto("/items/add");
  await page.selectOption("#circle", { label: CIRCLE });
  await page.click("main form button");
}

async function takeIn(page, files) {
  await chooseCircle(page);
  await page.setInputFiles("#files", files);
  await page.click("#add-form button");
}

test("without scripts a file is taken in, opened under a purpose, and its opening stands on its page", async () => {
  const { page, leave } = await visit(browser, office, { scripts: false });
  await signIn(page);
  await chooseCircle(page);
  await page.getByText("مینا").waitFor();
  await page.click("#add-form button");
  await page.locator(".summary a[href='#files']").waitFor();
  await takeIn(page, [text("یادداشت.txt", "without scripts")]);
  await page.click("main table a");
  await page.click("main form button");
  assert.equal(await page.locator(".summary").count(), 1, "no purpose was stated");
  await page.fill("#purpose", "test of the form");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("main form button")]);
  assert.equal(download.suggestedFilename(), "یادداشت.txt");
  assert.equal(readFileSync(await download.path(), "utf8"), "without scripts");
  await page.reload();
  await page.locator("#accesses ~ .table", { hasText: "test of the form" }).waitFor();
  await leave();
});

test("the same file a second time is said to be here already", async () => {
  const { page, leave } = await visit(browser, office, { scripts: false });
  await signIn(page);
  await takeIn(page, [text("one.txt", "twice the same"), text("two.txt", "twice the same")]);
  await page.locator("tr", { hasText: "two.txt" }).getByText("Identical copy already here").waitFor();
  await leave();
});

test("with scripts the files are shown once more, and a lost line costs one piece", async () => {
  const { page, leave } = await visit(browser, office, { width: 360, meant: /ERR_INTERNET_DISCONNECTED/ });
  await signIn(page);
  let pieces = 0;
  await page.route("**/uploads/*?at=*", (route) => {
    pieces += 1;
    return pieces === 2 ? route.abort("internetdisconnected") : route.continue();
  });
  await takeIn(page, { name: "film.bin", mimeType: "video/mp4", buffer: Buffer.alloc(3_000_000, 7) });
  await page.locator("#add-check", { hasText: "film.bin" }).waitFor();
  await sound(page, "the files, once more");
  await picture(page, "en-360_add_check");
  await page.click("[data-change]");
  assert.ok(await page.isVisible("#files"), "back to the form");
  await page.click("#add-form button");
  await page.click("[data-sure]");
  await page.locator("#add-progress li a").waitFor();
  assert.equal(pieces, 7, "six pieces, one of them twice");
  await page.click("#add-progress li a");
  await page.locator(".facts", { hasText: /3\W* MB/ }).waitFor();
  await leave();
});

test("a server that never moves on is given up", async () => {
  const { page, leave } = await visit(browser, office);
  await signIn(page);
  let pieces = 0;
  await page.route("**/uploads/*?at=*", (route) => {
    pieces += 1;
    return route.fulfill({ status: 409, contentType: "application/json", body: '{"received":0}' });
  });
  await takeIn(page, [text("stuck.txt", "stuck")]);
  await page.click("[data-sure]");
  await page.locator("#add-progress li", { hasText: "not received" }).waitFor();
  assert.ok(pieces < 10, `${pieces} pieces`);
  await leave();
});

test("what is to be published is planned first, and the bundle comes", async () => {
  const { page, leave } = await visit(browser, office, { scripts: false });
  await signIn(page);
  await page.goto("/items?text=letter");
  await page.check("td.pick input");
  await page.click("text=Publish what is chosen");
  await page.click("main form button");
  assert.equal(await page.getAttribute(".summary a", "href"), "#title");
  await page.fill("#title", "An invented letter");
  await page.click("main form button");
  await page.locator("tr", { hasText: "exhibits/00001.pdf" }).getByText("Somebody’s name").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("button.grave")]);
  assert.equal(download.suggestedFilename(), "bundle.mahzar");
  const bundle = readFileSync(await download.path());
  assert.ok(bundle.includes("exhibits/00001.pdf") && bundle.includes("An invented author") && !bundle.includes("letter.pdf"));
  await leave();
});

test("an item is erased in two steps, and what stays is said", async () => {
  const { page, leave } = await visit(browser, office, { scripts: false });
  await signIn(page);
  await page.goto("/items?text=report-12");
  await page.click("main tbody a");
  await page.click("text=Erase this");
  await page.click("main form button");
  assert.equal(await page.getAttribute(".summary a", "href"), "#reason");
  await page.fill("#reason", "entered by mistake");
  await page.click("main form button");
  await page.locator("dd", { hasText: "report-12 (final).txt" }).waitFor();
  await page.click("text=Erase for good");
  await page.locator(".notice.good").waitFor();
  await page.click("text=What stays");
  await page.locator(".notice.care", { hasText: "entered by mistake" }).waitFor();
  await leave();
});

test("what is looked at once more before it is done is sound", async () => {
  const { page, leave } = await visit(browser, office, { language: "fa" });
  await signIn(page);
  await page.goto("/items?text=letter");
  const item = await page.locator("main tbody a").getAttribute("href");
  await page.goto(`/publish?item=${item.split("/")[3]}`);
  await page.fill("#title", "نامه‌ای ساختگی");
  await page.click("main form button");
  await page.locator("button.grave").waitFor();
  await soundAtBothWidths(page, "_plan");
  await page.goto(`${item}/erase`);
  await page.fill("#reason", "به اشتباه");
  await page.click("main form button");
  await page.locator("button.grave").waitFor();
  await soundAtBothWidths(page, "_erase_check");
  await page.emulateMedia({ media: "print" });
  await page.goto(item);
  assert.equal(await page.locator(".places, .languages, .actions:visible").first().isVisible(), false, "in print only the content is left");
  await picture(page, "fa-print");
  await leave();
});

async function authenticator(context, page) {
  const client = await context.newCDPSession(page);
  await client.send("WebAuthn.enable");
  await client.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
}

test("a passkey is added and then asked for at sign-in", async () => {
  const { page, context, leave } = await visit(browser, office);
  await authenticator(context, page);
  await signIn(page, MEMBER);
  await page.goto("/me/passkey");
  await page.fill("#name", "blue key");
  await page.click("main form button");
  await page.locator(".notice.good").waitFor();
  await signOut(page);
  await signIn(page, MEMBER);
  await page.locator("#passkey-form").waitFor();
  await sound(page, "the second step");
  await page.goto("/items");
  assert.match(page.url(), /sign-in/, "the passphrase alone opens nothing");
  await page.goto("/sign-in/second");
  await page.click("#passkey-form button");
  await page.waitForURL(/\/items/);
  await leave();
});

test("whoever travels opens nothing any more", async () => {
  const { page, leave } = await visit(browser, office, { scripts: false, language: "fa" });
  await signIn(page, OTHER);
  await page.goto("/me/travel");
  await page.click("main form button");
  await page.locator(".notice.good").waitFor();
  await page.goto("/items");
  assert.match(page.url(), /sign-in/);
  await leave();
});

test("what was typed is kept, and the fault is linked and has the focus", async () => {
  const { page, leave } = await visit(browser, office);
  await page.goto("/sign-in");
  await page.fill("#name", "Nobody");
  await page.click("main form button");
  await page.locator("#summary").waitFor();
  assert.equal(await page.inputValue("#name"), "Nobody");
  assert.equal(await page.getAttribute(".summary a", "href"), "#passphrase");
  assert.equal(await page.evaluate(() => document.activeElement.id), "summary");
  await sound(page, "sign-in with a fault");
  await leave();
});

test("the language is changed by a link, without scripts, and stays", async () => {
  const { page, leave } = await visit(browser, office, { scripts: false });
  await page.goto("/limits");
  await page.click("a[hreflang=ar]");
  assert.equal(await page.getAttribute("html", "lang"), "ar");
  assert.match(page.url(), /\/limits$/);
  await page.goto("/about");
  assert.equal(await page.getAttribute("html", "dir"), "rtl");
  await leave();
});

test("keyboard alone suffices to sign in and find an item", async () => {
  const { page, leave } = await visit(browser, office);
  await page.goto("/");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL(/sign-in/);
  await leave();
});

// The last one: it kills the program.
test("an office that is started anew says what was not received, and knows what was", async () => {
  const { page, leave } = await visit(browser, office, { meant: /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/ });
  await signIn(page);
  let pieces = 0;
  await page.route("**/uploads/*?at=*", async (route) => {
    pieces += 1;
    if (pieces === 2) await office.restart();
    await route.continue();
  });
  await takeIn(page, [text("first.txt", "safe before the end"), { name: "second.bin", mimeType: "video/mp4", buffer: Buffer.alloc(1_000_000, 3) }]);
  await page.click("[data-sure]");
  const second = page.locator("#add-progress li", { hasText: "second.bin" });
  await second.getByText("the office was started anew").waitFor();
  await page.locator("#add-progress li", { hasText: "first.txt" }).getByText("Taken in").waitFor();
  await second.getByText("Sign in again").click();
  await page.waitForURL(/sign-in/);
  await signIn(page);
  await takeIn(page, [text("first.txt", "safe before the end")]);
  await page.click("[data-sure]");
  await page.locator("#add-progress li", { hasText: "Identical copy already here" }).waitFor();
  await leave();
});
