import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { signIn, sound, startBrowser, startOffice, visit } from "./office.mjs";

let office;
let browser;
before(async () => {
  office = await startOffice();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  office?.stop();
});

const PUBLIC = ["/", "/sign-in", "/about", "/limits", "/help", "/verify", "/recovery", "/recovery/key", "/record", "/record/leaves", "/record/leaves/0", "/nowhere"];
const MEMBERS = ["/items", "/items/add", "/circles", "/circles/new", "/members", "/members/new", "/me", "/me/passphrase", "/me/passkey", "/me/code", "/me/travel"];

async function firstLink(page, from, pattern) {
  await page.goto(from);
  const links = await page.locator("main a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  return links.find((link) => pattern.test(link));
}

for (const language of ["fa", "en"]) {
  for (const width of [1280, 360]) {
    test(`every page is sound in ${language} at ${width} px`, async () => {
      const { page, context, clean } = await visit(browser, office, { language, width });
      for (const path of PUBLIC) {
        await page.goto(path);
        assert.equal(await page.getAttribute("html", "lang"), language);
        assert.equal(await page.getAttribute("html", "dir"), language === "fa" ? "rtl" : "ltr");
        await sound(page, path);
        if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${language}-${width}${path.replaceAll("/", "_")}.png`, fullPage: true });
      }
      await signIn(page, office);
      const circle = await firstLink(page, "/circles", /^\/circles\/[0-9a-f]{32}$/);
      const item = await firstLink(page, "/items", /^\/items\/[0-9a-f]{32}\/[0-9a-f]{32}$/);
      const member = await firstLink(page, "/members", /^\/members\/[0-9a-f]{32}$/);
      for (const path of [...MEMBERS, circle, item, member, `/items?circle=${circle.split("/")[2]}`, `${circle}/add`]) {
        await page.goto(path);
        await sound(page, path);
        if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${language}-${width}${path.replace(/[0-9a-f]{32}/g, "ID").replace(/[/?=]/g, "_")}.png`, fullPage: true });
      }
      clean();
      await context.close();
    });
  }
}

test("without scripts a file is taken in, opened under a purpose, and its opening stands on its page", async () => {
  const { page, context, clean } = await visit(browser, office, { scripts: false });
  await signIn(page, office);
  await page.goto("/items/add");
  await page.setInputFiles("#files", { name: "یادداشت.txt", mimeType: "text/plain", buffer: Buffer.from("without scripts") });
  await page.click("main form button");
  await page.click("main table a");
  await page.click("main form button");
  assert.equal(await page.locator(".summary").count(), 1, "no purpose was stated");
  await page.fill("#purpose", "test of the form");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("main form button")]);
  assert.equal(download.suggestedFilename(), "یادداشت.txt");
  await page.reload();
  await page.locator("#accesses ~ .table", { hasText: "test of the form" }).waitFor();
  clean();
  await context.close();
});

test("the same file a second time is said to be here already", async () => {
  const { page, context } = await visit(browser, office, { scripts: false });
  await signIn(page, office);
  await page.goto("/items/add");
  const file = (name) => ({ name, mimeType: "text/plain", buffer: Buffer.from("twice the same") });
  await page.setInputFiles("#files", [file("one.txt"), file("two.txt")]);
  await page.click("main form button");
  await page.locator("tr", { hasText: "two.txt" }).getByText("Identical copy already here").waitFor();
  await context.close();
});

test("with scripts a large file goes in pieces, and a lost line does not lose it", async () => {
  const { page, context, faults } = await visit(browser, office);
  await signIn(page, office);
  await page.goto("/items/add");
  let pieces = 0;
  page.on("request", async (request) => {
    if (!request.url().includes("?at=") || (pieces += 1) !== 2) return;
    await context.setOffline(true);
    setTimeout(() => context.setOffline(false), 300);
  });
  await page.setInputFiles("#files", { name: "film.bin", mimeType: "video/mp4", buffer: Buffer.alloc(3_000_000, 7) });
  await page.click("main form button");
  await page.locator("#add-progress li a").waitFor();
  assert.ok(pieces >= 6, `${pieces} pieces`);
  await page.click("#add-progress li a");
  await page.locator(".facts", { hasText: "3 MB" }).waitFor();
  assert.deepEqual(faults.filter((fault) => !fault.includes("ERR_INTERNET_DISCONNECTED") && !fault.includes("ERR_FAILED")), []);
  await context.close();
});

test("a passkey is added and then asked for at sign-in", async () => {
  const { page, context, clean } = await visit(browser, office);
  const client = await context.newCDPSession(page);
  await client.send("WebAuthn.enable");
  await client.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await signIn(page, office, "Jean");
  await page.goto("/me/passkey");
  await page.fill("#name", "blue key");
  await page.click("main form button");
  await page.locator(".notice.good").waitFor();
  await page.click(".who button");
  await signIn(page, office, "Jean");
  await page.locator("#passkey-form").waitFor();
  await page.goto("/items");
  assert.match(page.url(), /sign-in/, "the passphrase alone opens nothing");
  await page.goto("/sign-in/second");
  await page.click("#passkey-form button");
  await page.waitForURL(/\/items/);
  clean();
  await context.close();
});

test("what was typed is kept and the fault is linked", async () => {
  const { page, context } = await visit(browser, office, { scripts: false });
  await page.goto("/sign-in");
  await page.fill("#name", "Nobody");
  await page.click("main form button");
  assert.equal(await page.inputValue("#name"), "Nobody");
  assert.equal(await page.getAttribute(".summary a", "href"), "#passphrase");
  await sound(page, "sign-in with a fault");
  await context.close();
});

test("the language is changed by a link, without scripts, and stays", async () => {
  const { page, context } = await visit(browser, office, { scripts: false });
  await page.goto("/limits");
  await page.click("a[hreflang=ar]");
  assert.equal(await page.getAttribute("html", "lang"), "ar");
  assert.match(page.url(), /\/limits$/);
  await page.goto("/about");
  assert.equal(await page.getAttribute("html", "dir"), "rtl");
  await context.close();
});
