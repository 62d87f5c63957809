// Every page in Persian and English, wide and narrow: right language and direction, no violation that axe knows of,
// nothing wider than the window, no broken policy, no other host.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startOffice } from "./office.mjs";
import { firstLink, signIn, soundAtBothWidths, startBrowser, visit } from "./visitor.mjs";

let office;
let browser;
before(async () => {
  [office, browser] = await Promise.all([startOffice(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await office?.stop();
});

const PUBLIC = ["/", "/sign-in", "/about", "/limits", "/help", "/verify", "/recovery", "/recovery/key", "/record", "/record/leaves", "/record/leaves/0", "/nowhere"];
const MEMBERS = ["/items", "/items/add", "/publish", "/circles", "/circles/new", "/members", "/members/new", "/outside-offices", "/key-holders", "/me", "/me/passphrase", "/me/passkey", "/me/code", "/me/travel"];

/** Pages of one circle, one item, one member. */
async function particular(page) {
  const circle = await firstLink(page, "/circles", /^\/circles\/[0-9a-f]{32}$/);
  const item = await firstLink(page, "/items", /^\/items\/[0-9a-f]{32}\/[0-9a-f]{32}$/);
  const member = await firstLink(page, "/members", /^\/members\/[0-9a-f]{32}$/);
  const [, , itsCircle, itself] = item.split("/");
  return [circle, `${circle}/add`, `/items?circle=${itsCircle}`, `/items?circle=${itsCircle}&text=nothing-has-this-name`, `/items/add?circle=${itsCircle}`, item, `${item}/erase`, `/publish?item=${itself}`, member];
}

const LANGUAGES = [["fa", "rtl"], ["en", "ltr"]];

describe("every page is sound, wide and narrow", { concurrency: LANGUAGES.length }, () => {
  for (const [language, direction] of LANGUAGES) {
    test(`in ${language}`, async () => {
      const { page, leave } = await visit(browser, office, { language });
      const look = async (path) => {
        await page.goto(path);
        assert.equal(await page.getAttribute("html", "lang"), language);
        assert.equal(await page.getAttribute("html", "dir"), direction);
        await soundAtBothWidths(page, path.replace(/[0-9a-f]{32}/g, "ID").replace(/[/?=&]/g, "_"));
      };
      for (const path of PUBLIC) await look(path);
      await signIn(page);
      for (const path of [...MEMBERS, ...await particular(page)]) await look(path);
      await leave();
    });
  }
});
