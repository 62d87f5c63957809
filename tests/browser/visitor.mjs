// A browser, and somebody who looks through it. What must be so on every page is held here: nothing is asked of any other
// host, no policy is broken, no error is thrown.

import assert from "node:assert/strict";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { FOUNDER, PASSPHRASE } from "./office.mjs";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export const startBrowser = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });

/** As long as anything may take on a busy machine. */
export const WAIT_MILLIS_MAX = 20_000;

/** What the browser says of an answer that a test means to get. */
const MEANT = /status of (403|404|409|422)/;

/** A visitor: `scripts` or none, a language, a width. `meant` excuses further errors. */
export async function visit(browser, office, { scripts = true, language = "en", width = 1280, meant = MEANT } = {}) {
  const context = await browser.newContext({ baseURL: office.url, javaScriptEnabled: scripts, locale: language, viewport: { width, height: 900 } });
  context.setDefaultTimeout(WAIT_MILLIS_MAX);
  const page = await context.newPage();
  const faults = [];
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (origin !== office.url && protocol !== "data:") faults.push(`asked ${request.url()}`);
  });
  // A broken content security policy is an error of the console.
  page.on("console", (message) => {
    if (message.type() === "error" && !MEANT.test(message.text()) && !meant.test(message.text())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  const leave = async () => {
    await context.close();
    assert.deepEqual(faults, []);
  };
  return { page, context, leave };
}

export async function signIn(page, name = FOUNDER) {
  await page.goto("/sign-in");
  await page.fill("#name", name);
  await page.fill("#passphrase", PASSPHRASE);
  await page.click("main form button");
  await page.locator(".who form").or(page.locator("#passkey-form, #code")).first().waitFor();
}

export async function signOut(page) {
  await page.click(".who button");
  await page.waitForURL(/\/sign-in/);
}

/** Rules of axe whose answer changes with the width of the window; all others look at the document alone. */
const BY_WIDTH = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"];

/** No violation that axe knows of (of `rules`, or of all), and nothing wider than the window. */
export async function sound(page, name, rules = null) {
  const all = new AxeBuilder({ page }).setLegacyMode(true).options({ rules: { "target-size": { enabled: true } } });
  const { violations } = await (rules ? all.withRules(rules) : all).analyze();
  const told = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" ")}`);
  assert.deepEqual(told, [], name);
  await fits(page, name);
}

/** Nothing is wider than the window, or runs over the edge of the content. */
async function fits(page, name) {
  const over = await page.evaluate(() => {
    const edge = document.documentElement.clientWidth;
    const boxes = [...document.querySelectorAll("main *")].map((one) => one.getBoundingClientRect());
    const out = boxes.filter((box) => box.width > 1 && (box.right > edge + 1 || box.left < -1)).length;
    return out + Math.max(0, document.documentElement.scrollWidth - edge);
  });
  assert.equal(over, 0, `${name} is too wide`);
}

/** Sound in a wide window and in a narrow one; in one between them it fits. */
export async function soundAtBothWidths(page, name) {
  for (const [width, rules] of [[1280, null], [360, BY_WIDTH]]) {
    await page.setViewportSize({ width, height: 900 });
    await sound(page, `${name} at ${width} px`, rules);
    await picture(page, `${await page.getAttribute("html", "lang")}-${width}${name}`);
  }
  await page.setViewportSize({ width: 820, height: 900 });
  await fits(page, `${name} at 820 px`);
}

/** Keeps a picture of the page where SHOTS names a folder. */
export async function picture(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
}

/** The first link of a page that fits. */
export async function firstLink(page, from, pattern) {
  await page.goto(from);
  const links = await page.locator("main a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  return links.find((link) => pattern.test(link));
}
