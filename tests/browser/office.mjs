// A real office behind the real program, worked by the command line as an operator would: four members, two circles, some
// invented material, an outside office that countersigns, a key-holder. Its passphrases are the test's.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = `${process.env.MAHZAR_PROGRAMS ?? new URL("../../target/debug", import.meta.url).pathname}/mahzar`;
const UNLOCK = "the unlock secret of the pages' tests";
export const PASSPHRASE = "five words that nobody says together";

/** Its administrator, a steward for recoveries, and two members. */
export const [FOUNDER, STEWARD, MEMBER, OTHER] = ["سرپرست", "مینا", "Jean", "Layla"];
export const CIRCLE = "دریافت روایت‌ها";

/** A PDF that names its author, for the plan of a publication to find. */
const LETTER = "%PDF-1.4\n1 0 obj<</Author(An invented author)/CreationDate(D:20260101)>>endobj\ntrailer<</Info 1 0 R>>\n%%EOF\n";

const environment = () => ({ PATH: process.env.PATH, HOME: process.env.HOME, LANG: "C.UTF-8", MAHZAR_UNLOCK: UNLOCK, MAHZAR_PASSPHRASE: PASSPHRASE, MAHZAR_NEW_PASSPHRASE: PASSPHRASE });
const lines = (text) => text.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));

function command(folder, words) {
  return ["--office", join(folder, "office"), "--json", "--cheap-passphrases-for-tests", "--as", FOUNDER, ...words];
}

function mahzar(folder, ...words) {
  const done = spawnSync(PROGRAM, command(folder, words), { env: environment(), encoding: "utf8" });
  if (done.status !== 0) throw new Error(`mahzar ${words.join(" ")}: exit ${done.status}, ${done.error ?? ""}\n${done.stdout}${done.stderr}`);
  return lines(done.stdout);
}

/** Starts what serves; its first line of JSON. */
async function serving(folder, ...words) {
  const child = spawn(PROGRAM, command(folder, words), { env: environment(), stdio: ["ignore", "pipe", "inherit"] });
  const told = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value } = await Promise.race([told.next(), new Promise((_, fail) => child.once("exit", (code) => fail(new Error(`mahzar ${words[0]} ended with ${code}`))))]);
  const ended = new Promise((done) => child.once("exit", (code, signal) => done({ code, signal })));
  return { first: JSON.parse(value), child, ended };
}

function material(folder) {
  const place = join(folder, "material");
  mkdirSync(place);
  for (let number = 1; number <= 12; number += 1) {
    const name = number % 3 === 0 ? `report-${number} (final).txt` : `روایت ${number}.txt`;
    writeFileSync(join(place, name), `این متن را برای آزمون ساخته‌اند؛ شمارهٔ ${number}\n`.repeat(number * 40));
  }
  writeFileSync(join(place, "letter.pdf"), LETTER);
  return place;
}

async function witness(folder) {
  const [{ policy }] = mahzar(folder, "record", "policy");
  const log = policy.match(/^log (.*)$/m)[1];
  const served = await serving(folder, "witness", "serve", "--state", join(folder, "witness"), "--name", "outside.invalid/witness", "--log", log, "--listen", "127.0.0.1:0");
  mahzar(folder, "witness", "add", "north-archive", "--vkey", served.first.vkey, "--url", served.first.url);
  return served;
}

/** The office's address; `restart` starts its pages anew, as after a power cut; `stop` ends everything. */
export async function startOffice() {
  const folder = mkdtempSync(join(tmpdir(), "mahzar-pages-"));
  mahzar(folder, "init", "--name", "دبیرخانهٔ ثبت", "--founder", FOUNDER, "--recovery-stewards", "1", "--recovery-delay", "0");
  mahzar(folder, "member", "add", STEWARD, "--duty", "steward");
  mahzar(folder, "member", "add", MEMBER);
  mahzar(folder, "member", "add", OTHER);
  mahzar(folder, "circle", "create", CIRCLE);
  mahzar(folder, "circle", "add", CIRCLE, STEWARD);
  mahzar(folder, "circle", "create", "Committee on documents");
  mahzar(folder, "circle", "add", "Committee on documents", MEMBER);
  mahzar(folder, "add", material(folder), "--circle", CIRCLE, "--basis", "own", "--identifies", "no", "--strangers", "no");
  const [key] = mahzar(folder, "keyholder", "keygen", "--to", join(folder, "key"));
  mahzar(folder, "keyholder", "add", "An invented judge", "--recipient", key.recipient, "--jurisdiction", "Nowhere");
  const outside = await witness(folder);
  let pages = await serving(folder, "serve", "--listen", "127.0.0.1:0");
  const port = new URL(pages.first.url).port;
  return {
    // Passkeys work under a name only.
    url: `http://localhost:${port}`,
    folder,
    mahzar: (...words) => mahzar(folder, ...words),
    async restart() {
      pages.child.kill("SIGKILL");
      await pages.ended;
      pages = await serving(folder, "serve", "--listen", `127.0.0.1:${port}`);
    },
    async stop() {
      pages.child.kill("SIGTERM");
      const end = await pages.ended;
      outside.child.kill("SIGTERM");
      await outside.ended;
      rmSync(folder, { recursive: true });
      return end;
    },
  };
}
