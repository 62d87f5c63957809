// The auditor: checks a whole archive and says what is proved, and each fault with its place. It goes on after a fault as
// far as there is sense in it; it never says a bare no.

import { Archive } from "./archive.js";
import { checkBallot, readBallot } from "./ballot.js";
import { readCredentials } from "./credentials.js";
import { checkResult, checkShare, opened } from "./decryption.js";
import { bytesOfText, demand, Refused } from "./forms.js";
import { readElection } from "./election.js";
import { demandFields, demandHash, parseCanonical } from "./json.js";
import { checkShuffle } from "./shuffle.js";
import { encryptedTally, lastBallots, readOwned, readSized, writeTally } from "./tally.js";
import { readTrustees } from "./trustees.js";

/** What may follow each type of event. */
const FOLLOWERS = {
  Setup: ["Ballot", "EndBallots"],
  Ballot: ["Ballot", "EndBallots"],
  EndBallots: ["EncryptedTally"],
  EncryptedTally: ["Shuffle", "EndShuffles", "PartialDecryption", "Result"],
  Shuffle: ["Shuffle", "EndShuffles"],
  EndShuffles: ["PartialDecryption", "Result"],
  PartialDecryption: ["PartialDecryption", "Result"],
  Result: [],
};

/** One run over one archive. */
class Audit {
  failures = [];
  proved = [];
  election = null;
  ballots = [];
  shares = [];
  mixers = new Set();
  lists = null;
  result = null;
  isClosed = false;

  constructor(archive, groupNamed, pace) {
    Object.assign(this, { archive, groupNamed, pace });
  }

  fail(error) {
    if (!(error instanceof Refused)) throw error;
    this.failures.push(error);
  }

  /** What `work` gives, or null if it is refused, which is noted. */
  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  prove(what, count = null) {
    this.proved.push({ what, count });
  }

  take(event, digest, place, fromEnd) {
    return this.archive.take(event, digest, place, fromEnd);
  }

  /** Whether the events come in an order that an election has. */
  order() {
    const { events } = this.archive;
    if (events[0]?.type !== "Setup") throw new Refused("no_setup", "event 0");
    events.slice(1).forEach((event, index) => {
      const previous = events[index].type;
      if (!FOLLOWERS[previous].includes(event.type)) this.failures.push(new Refused("event_order", event.place, `${previous} → ${event.type}`));
    });
  }

  async setup(event) {
    const place = `${event.place}: setup`;
    const setup = parseCanonical(this.take(event, event.payload, place), place);
    demandFields(setup, "election trustees credentials", place);
    for (const name of ["election", "trustees", "credentials"]) demandHash(setup[name], `${place}.${name}`);
    const electionBytes = bytesOfText(this.take(event, setup.election, `${place}.election`, 4));
    this.election = await readElection(electionBytes, this.groupNamed, `${event.place}: election`);
    const trusteesText = this.take(event, setup.trustees, `${place}.trustees`, 3);
    const credentialsText = this.take(event, setup.credentials, `${place}.credentials`, 2);
    await this.pace.step(0);
    this.trustees = await this.attempt(() => readTrustees(this.election, trusteesText, `${event.place}: trustees`));
    if (this.trustees) this.prove("trustees", this.trustees.reduce((sum, item) => sum + item.keys.length, 0));
    this.weights = await this.attempt(() => readCredentials(this.election, credentialsText, this.pace, `${event.place}: public_creds`));
    if (this.weights) this.prove("credentials", this.weights.size);
  }

  async ballot(event) {
    const place = `${event.place}: ballot`;
    const ballot = await readBallot(this.election, this.take(event, event.payload, place), place);
    demand(this.weights?.has(ballot.credentialText), "credential_unknown", `${place}.credential`);
    await checkBallot(this.election, ballot, this.pace, place);
    this.ballots.push(ballot);
  }

  closeBallots() {
    if (this.isClosed) return;
    this.isClosed = true;
    this.counted = lastBallots(this.ballots);
    this.prove("ballots", this.ballots.length);
    if (this.ballots.length > this.counted.length) this.prove("replaced", this.ballots.length - this.counted.length);
  }

  async tally(event) {
    const place = `${event.place}: tally`;
    const sized = readSized(this.take(event, event.payload, place), place);
    const text = this.take(event, sized.digest, `${place}.encrypted_tally`, 2);
    this.closeBallots();
    this.lists = await encryptedTally(this.election, this.counted, this.weights, this.pace);
    const faults = this.failures.length;
    const weight = this.counted.reduce((sum, ballot) => sum + this.weights.get(ballot.credentialText), 0);
    await this.attempt(() => demand(sized.count === this.counted.length, "num_tallied", `${place}.num_tallied`, `${sized.count} / ${this.counted.length}`));
    await this.attempt(() => demand(sized.weight === weight, "total_weight", `${place}.total_weight`, `${sized.weight} / ${weight}`));
    await this.attempt(() => demand(writeTally(this.election.group, this.lists) === text, "tally", `${place}.encrypted_tally`));
    if (this.failures.length === faults) this.prove("tally", this.counted.length);
  }

  get numbered() {
    return this.election.questions.flatMap((question, index) => (question.kind === "numbered" ? [index] : []));
  }

  async shuffle(event) {
    const place = `${event.place}: shuffle`;
    const owned = readOwned(this.take(event, event.payload, place), this.trusteeCount, place);
    const text = this.take(event, owned.digest, `${place}.payload`, 2);
    demand(this.numbered.length > 0, "event_order", event.place, "Shuffle");
    demand(this.lists !== null, "tally_missing", place);
    demand(!this.mixers.has(owned.owner), "duplicate", `${place}.owner`);
    this.mixers.add(owned.owner);
    const after = await checkShuffle(this.election, this.numbered.map((index) => this.lists[index]), text, this.pace, place);
    this.numbered.forEach((index, number) => { this.lists[index] = after[number]; });
  }

  endShuffles(event) {
    demand(this.numbered.length > 0, "event_order", event.place, "EndShuffles");
    this.shufflesEnded = true;
    demand(this.mixers.size > 0, "no_shuffle", event.place);
    this.prove("shuffles", this.mixers.size);
  }

  get trusteeCount() {
    return (this.trustees ?? []).reduce((sum, item) => sum + item.keys.length, 0);
  }

  async share(event) {
    const place = `${event.place}: decryption`;
    const owned = readOwned(this.take(event, event.payload, place), this.trusteeCount, place);
    const text = this.take(event, owned.digest, `${place}.payload`, 2);
    demand(this.lists !== null, "tally_missing", place);
    demand(this.numbered.length === 0 || this.shufflesEnded, "event_order", event.place, "PartialDecryption");
    demand(!this.shares.some(({ owner }) => owner === owned.owner), "duplicate", `${place}.owner`);
    const key = this.trustees.flatMap((item) => item.keys)[owned.owner - 1];
    this.shares.push({ owner: owned.owner, factors: await checkShare(this.election, this.lists, text, key, this.pace, place) });
  }

  async conclude(event) {
    const place = `${event.place}: result`;
    const text = this.take(event, event.payload, place);
    demand(this.lists !== null, "tally_missing", place);
    const values = opened(this.election, this.trustees, this.lists, this.shares, place);
    this.result = checkResult(this.election, values, text, place);
    this.prove("shares", this.shares.length);
    this.prove("result");
  }

  async handle(event) {
    const work = {
      Ballot: () => this.ballot(event),
      EndBallots: () => this.closeBallots(),
      EncryptedTally: () => this.tally(event),
      Shuffle: () => this.shuffle(event),
      EndShuffles: () => this.endShuffles(event),
      PartialDecryption: () => this.share(event),
      Result: () => this.conclude(event),
      Setup: () => { throw new Refused("event_order", event.place, "Setup"); },
    }[event.type];
    await this.attempt(work);
    await this.pace.step();
  }

  async run() {
    this.order();
    this.prove("chain", this.archive.events.length);
    const [first, ...rest] = this.archive.events;
    await this.setup(first);
    if (this.trustees && this.weights) {
      for (const event of rest) await this.handle(event);
      this.closeBallots();
      for (const place of this.archive.strangers) this.failures.push(new Refused("record_foreign", place));
    }
  }
}

function stageOf(audit) {
  if (audit.result) return "result";
  if (audit.lists) return "tally";
  return audit.archive?.events.some(({ type }) => type === "EndBallots") ? "closed" : "open";
}

/**
 * Checks an archive. Gives {holds, stage, proved: [{what, count}], failures: [Refused], election, result, weights,
 * ballots: [{tracker, weight, counts}], lists, trustees, shares, isShuffling: whether shuffles are still to come}.
 */
export async function auditArchive(bytes, groupNamed, pace) {
  const audit = new Audit(null, groupNamed, pace);
  await audit.attempt(async () => {
    audit.archive = await Archive.read(bytes, pace);
    pace.total = audit.archive.events.length;
    await audit.run();
  });
  const isShuffling = audit.election !== null && audit.numbered.length > 0 && !audit.shufflesEnded;
  const counted = new Set((audit.counted ?? []).map(({ tracker }) => tracker));
  const ballots = audit.ballots.map(({ tracker, credentialText }) => ({ tracker, weight: audit.weights.get(credentialText), counts: counted.has(tracker) }));
  const { failures, proved, election, result, lists, trustees, shares, weights = null } = audit;
  return { holds: failures.length === 0, stage: stageOf(audit), proved, failures, election, result, ballots, lists, trustees, shares, weights, isShuffling };
}

/** Whether `newer` is `older` with something appended: nothing that was published has gone. */
export const continues = (older, newer) => older.length <= newer.length && older.every((byte, index) => byte === newer[index]);
