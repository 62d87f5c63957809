// Elections made and judged by Debian's belenios-tool 2.0, the other writer of the format. Where it is missing, tests
// fail: an oracle that is not asked proves nothing.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TOOL = process.env.BELENIOS_TOOL ?? "belenios-tool";
const environment = { ...process.env, BELENIOS_USE_URANDOM: "1" };
export const UUID = "9AwbqnZgUDiRGe";

const isMissing = () => spawnSync(TOOL, ["--version"]).error !== undefined;

/** Says why the tests of this file cannot run; false where they can. In CI they run, and fail. */
export const skipped = isMissing() && process.env.CI !== "true" ? "belenios-tool is not installed: apt-get install belenios-tool" : false;

/** A folder in which the tool works on one election. */
export class Office {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "mahzar-booth-"));
  }

  path(name) { return join(this.folder, name); }

  read(name) { return readFileSync(this.path(name), "utf8"); }

  bytes(name) { return new Uint8Array(readFileSync(this.path(name))); }

  write(name, content) { writeFileSync(this.path(name), content); }

  names(ending) { return readdirSync(this.folder).filter((name) => name.endsWith(ending)).sort(); }

  tool(args, input = "") {
    return execFileSync(TOOL, args, { cwd: this.folder, env: environment, input, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] });
  }

  /** The tool's verdict: its exit code, and what it said. */
  verify() {
    const { status, stdout, stderr } = spawnSync(TOOL, ["election", "verify"], { cwd: this.folder, env: environment, encoding: "utf8" });
    return { status, said: stdout + stderr };
  }

  event(type, ...payloads) {
    this.tool(["archive", "add-event", `--type=${type}`], payloads.map((payload) => `${payload.trimEnd()}\n`).join(""));
  }

  remove() { rmSync(this.folder, { recursive: true, force: true }); }
}

/** A line for each voter in 2.0, one JSON object from 2.1 on. */
function privateCredentials(text) {
  return text.startsWith("{") ? Object.values(JSON.parse(text)) : text.trim().split("\n").map((line) => line.split(" ").at(-1));
}

/** An election that is open: credentials for each of `weights`, one trustee who comes alone for each of `trustees`. */
export function openElection({ group = "BELENIOS-2048", questions, weights = [1, 1, 1], trustees = 1, name = "رأی‌گیری آزمایشی", prepare = () => {}, published = () => {} }) {
  const office = new Office();
  const voters = weights.map((weight, index) => `voter${index}@example.org,,${weight}`);
  office.write("voters.txt", voters.map((voter) => `${voter}\n`).join(""));
  office.tool(["setup", "generate-credentials", `--uuid=${UUID}`, "--file=voters.txt", `--group=${group}`]);
  office.credentials = privateCredentials(office.read(office.names(".privcreds")[0]));
  // The tool's list for the administrator names the voters; what is published does not.
  const credentials = JSON.parse(office.read(office.names(".pubcreds")[0])).map((entry) => entry.split(",").slice(0, 2).filter(Boolean).join());
  office.write("public_creds.json", JSON.stringify(credentials));
  for (let trustee = 0; trustee < trustees; trustee += 1) office.tool(["setup", "generate-trustee-key", `--group=${group}`]);
  office.write("public_keys.jsons", office.names(".pubkey").map((file) => office.read(file)).join(""));
  prepare(office);
  office.write("template.json", JSON.stringify({ description: "آزمون", name, questions }));
  office.tool(["setup", "make-trustees"]);
  office.tool(["setup", "make-election", `--uuid=${UUID}`, `--group=${group}`, "--template=template.json"]);
  published(office);
  office.tool(["archive", "init"]);
  office.archive = `${UUID}.bel`;
  return office;
}

/** A ballot made by the tool. */
export function toolBallot(office, voter, choices) {
  office.write("privcred", office.credentials[voter]);
  office.write("choices.json", JSON.stringify(choices));
  return office.tool(["election", "generate-ballot", "--privcred=privcred", "--ballot=choices.json"]).trimEnd();
}

export function closeElection(office) {
  office.event("EndBallots");
  const lines = office.tool(["election", "compute-encrypted-tally"]).trimEnd().split("\n");
  office.event("EncryptedTally", ...lines);
}

/** What the tool's own trustee says: partial decryption and its owner's line. */
export function decrypt(office, number, privateKey) {
  const lines = office.tool(["election", "decrypt", `--privkey=${privateKey}`, `--trustee-id=${number}`]).trimEnd().split("\n");
  office.event("PartialDecryption", ...lines);
}

export function finish(office) {
  office.event("Result", office.tool(["election", "compute-result"]));
}
