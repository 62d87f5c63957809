// Starts a throwaway office and a browser, and holds what is so on every page: nothing is loaded from elsewhere, no
// policy is broken, no error is thrown.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import AxeBuilder from "@axe-core/playwright";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** The office's address and passphrase; `stop` ends it. */
export async function startOffice() {
  const program = process.env.MAHZAR_TEST_OFFICE ?? new URL("../../target/debug/examples/office", import.meta.url).pathname;
  const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await Promise.race([
    createInterface({ input: child.stdout })[Symbol.asyncIterator]().next().then(({ value }) => [value]),
    new Promise((_, fail) => child.once("error", fail)),
  ]);
  return { ...JSON.parse(line), stop: () => child.stdin.end() };
}

export const startBrowser = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });

/** A visitor: `scripts` or none, a language, a width. */
export async function visit(browser, office, { scripts = true, language = "en", width = 1280 } = {}) {
  const context = await browser.newContext({ baseURL: office.url, javaScriptEnabled: scripts, locale: language, viewport: { width, height: 900 } });
  const page = await context.newPage();
  const faults = [];
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== office.url && !request.url().startsWith("data:")) faults.push(`asked ${request.url()}`);
  });
  page.on("console", (message) => { if (message.type() === "error" && !/status of (404|422|403)/.test(message.text())) faults.push(message.text()); });
  page.on("pageerror", (error) => faults.push(String(error)));
  return { page, context, faults, clean: () => assert.deepEqual(faults, []) };
}

export async function signIn(page, office, name = "سرپرست") {
  await page.goto("/sign-in");
  await page.fill("#name", name);
  await page.fill("#passphrase", office.passphrase);
  await page.click("main form button");
}

/** No violation that axe knows of, and nothing wider than the window. */
export async function sound(page, name) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" ")}`);
  assert.deepEqual(told, [], name);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${name} is ${over} px too wide`);
}
