// What documenters do with the desk, with and without scripts: enter a person, an event, an act and a case; find; two people
// change one thing; review. And each page of the desk in Persian and English, wide and narrow.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CIRCLE, FOUNDER, STEWARD, startOffice } from "./office.mjs";
import { picture, signIn, sound, soundAtBothWidths, startBrowser, visit } from "./visitor.mjs";

let office;
let browser;
before(async () => {
  [office, browser] = await Promise.all([startOffice(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await office?.stop();
});

/** The desk of the first circle, as its address. */
async function deskOf(page) {
  await page.goto("/desk");
  return page.locator("main .cards a", { hasText: CIRCLE }).getAttribute("href");
}

/** Goes on to the answers, and enters them. */
async function enter(page) {
  await page.click("button[name=check]");
  await page.click("main form button:not(.plain)");
  await page.locator(".notice.good").waitFor();
  return new URL(page.url()).pathname;
}

/** Goes through the parts of a form until a field is there. */
async function reach(page, selector) {
  while ((await page.locator(selector).count()) === 0) await page.click("main .actions button[name=part]:not(.plain)");
}

async function choose(page, field, words) {
  await reach(page, `[name=q-${field}]`);
  await page.fill(`[name=q-${field}]`, words);
  await page.click(`button[name=find][value=${field}]`);
  await page.check(`#f-${field}`);
}

async function addPerson(page, desk, name) {
  await page.goto(`${desk}/new/person`);
  await page.fill("#f-name", name);
  return enter(page);
}

test("without scripts a person is entered, corrected, found, and stands on a sheet", async () => {
  const { page, leave } = await visit(browser, office, { scripts: false });
  await signIn(page);
  const desk = await deskOf(page);
  await page.goto(desk);
  await page.click("summary:has-text('Add')");
  await page.click("a[href$='/new/person']");
  await page.fill("#f-name", "زهرا ساختگی");
  await page.click("button[name=more][value=name]");
  assert.equal(await page.inputValue("#f-name"), "زهرا ساختگی", "what was typed is kept");
  await page.fill("#f-name-2", "Zahra Invented");
  await page.fill("#f-born", "the year of the flood");
  await page.click("button[name=check]");
  assert.equal(await page.getAttribute(".summary a", "href"), "#f-born");
  assert.equal(await page.locator("#f-name").count(), 0, "only what is to be corrected is shown");
  await page.fill("#f-born", "۱۳۶۰/۵/۱۰");
  const sheet = await enter(page);
  await page.locator("h1", { hasText: "زهرا ساختگی" }).waitFor();
  await page.locator("dd", { hasText: "1 August 1981" }).waitFor();
  // Enter in the box of words searches; the same name is found in another script.
  await page.goto("/desk");
  await page.fill("#text", "zahra");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("main .hits a").first().getAttribute("href"), sheet);
  await leave();
});

test("without scripts an act is tied to an event and a person that were found by words, and the case tells of it", async () => {
  const { page, leave } = await visit(browser, office, { scripts: false });
  await signIn(page);
  const desk = await deskOf(page);
  await addPerson(page, desk, "Nader Invented");
  await page.goto(`${desk}/new/case`);
  await page.fill("#f-title", "The square");
  await page.locator("#f-state").selectOption({ index: 1 });
  const theCase = await enter(page);
  await page.goto(`${desk}/new/event`);
  await page.fill("#f-title", "Gathering in the square");
  await page.fill("#f-date", "1401-06-30");
  await choose(page, "case", "square");
  const event = await enter(page);
  await page.click("summary:has-text('Add something that points here')");
  await page.locator(`a[href*='/new/act?event=']`).click();
  await page.locator("#f-violation").selectOption({ index: 3 });
  await choose(page, "victim", "nader");
  const act = await enter(page);
  assert.notEqual(act, event);
  await page.goto(theCase);
  await page.locator("#acts ~ .table a", { hasText: "Nader Invented" }).waitFor();
  await page.locator("#gaps + ul").first().waitFor();
  await leave();
});

test("two people who change one thing are both kept, and the sheet shows both", async () => {
  const [one, other] = [await visit(browser, office, { scripts: false }), await visit(browser, office)];
  await signIn(one.page, FOUNDER);
  await signIn(other.page, STEWARD);
  const sheet = await addPerson(one.page, await deskOf(one.page), "Contested Invented");
  await Promise.all([one.page.goto(`${sheet}/edit`), other.page.goto(`${sheet}/edit`)]);
  for (const [{ page }, born] of [[one, "1980"], [other, "1981"]]) {
    await page.fill("#f-born", born);
    await page.click("button[name=check]");
    if (page === other.page) await page.locator(".notice.care", { hasText: "While you were writing" }).waitFor();
    await page.click("main form button:not(.plain)");
    await page.locator(".notice.good").waitFor();
  }
  await other.page.locator(".notice.good", { hasText: "both are kept" }).waitFor();
  await other.page.locator(".notice.care a[href='#s-born']").waitFor();
  const both = await other.page.locator("#s-born + dd").innerText();
  assert.match(both, /1980[^]*1981/);
  await sound(other.page, "a sheet on which people disagree");
  await picture(other.page, "en-1280_desk_contested");
  await other.page.goto(`${sheet}/edit`);
  await sound(other.page, "a form on which people disagree");
  await picture(other.page, "en-1280_desk_contested_form");
  // Nobody reviews their own words.
  await other.page.goto(`${sheet}#review`);
  assert.equal(await other.page.locator("button[value=reviewed]").count(), 0);
  await one.leave();
  await other.leave();
});

test("keyboard alone suffices to enter a person", async () => {
  const { page, leave } = await visit(browser, office);
  await signIn(page);
  await page.goto(`${await deskOf(page)}/new/person`);
  await page.focus("#f-name");
  await page.keyboard.type("Typed Invented");
  // Enter goes on, part by part, to the answers.
  while ((await page.locator("[name=sure]").count()) === 0) {
    await page.locator("main form input[type=text]").first().focus();
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  }
  await page.locator("main form button:not(.plain)").focus();
  await page.keyboard.press("Enter");
  await page.locator("h1", { hasText: "Typed Invented" }).waitFor();
  await leave();
});

const LANGUAGES = ["fa", "en"];

describe("every page of the desk is sound, wide and narrow", { concurrency: LANGUAGES.length }, () => {
  for (const language of LANGUAGES) {
    test(`in ${language}`, async () => {
      const { page, leave } = await visit(browser, office, { language });
      await signIn(page);
      const desk = await deskOf(page);
      const look = async (path, name) => {
        await page.goto(path);
        assert.equal(await page.getAttribute("html", "lang"), language);
        await soundAtBothWidths(page, `_desk_${name}`);
      };
      const person = await addPerson(page, desk, language === "fa" ? "محمد علی‌پور" : "Mohammad Alipour");
      await look(`${desk}/new/act?victim=${person.split("/").pop()}`, "form_act");
      await page.locator("#f-violation").selectOption({ index: 1 });
      await page.click("main .actions button[name=part]:not(.plain)");
      await soundAtBothWidths(page, "_desk_form_act_2");
      await page.click("button[name=check]");
      await soundAtBothWidths(page, "_desk_check");
      await page.click("main form button:not(.plain)");
      await page.locator(".notice.good").waitFor();
      await soundAtBothWidths(page, "_desk_sheet_act");
      await look("/desk", "home");
      await look("/desk?text=ali", "home_found");
      await look("/desk?text=nothing-has-this-name", "home_none");
      await look(desk, "search");
      await look(`${desk}?type=person&as=table&text=ali`, "table");
      await look(`${desk}?type=act&refers=victim:${person.split("/").pop()}`, "refers");
      await look(`${desk}?from=nonsense`, "wrong");
      await look(`${desk}/new/person`, "form_person");
      await page.click("button[name=check]");
      await page.locator(".summary").waitFor();
      await soundAtBothWidths(page, "_desk_form_wrong");
      await look(`${desk}/new/account`, "form_account");
      await look(`${desk}/new/case`, "form_case");
      await look(person, "sheet_person");
      await look(`${person}/edit`, "edit_person");
      const theCase = await page.request.get(`${desk}?type=case`);
      const found = /href="(\/desk\/[0-9a-f]{32}\/[0-9a-f]{32})"/.exec(await theCase.text());
      if (found) await look(found[1], "sheet_case");
      const item = await page.request.get(`/items?circle=${desk.split("/").pop()}`);
      const itself = /href="(\/items\/[0-9a-f]{32}\/[0-9a-f]{32})"/.exec(await item.text());
      await look(itself[1], "item");
      await leave();
    });
  }
});
