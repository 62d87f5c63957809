// The single transferable vote by the rules for Scotland's local elections (SSI 2007/42, schedule 1, rules 45 to 52): the
// weighted inclusive Gregory method. Votes are counted in whole hundred-thousandths, as BigInt.

const UNIT = 100000n;

const decimal = (units) => `${units / UNIT}.${String(units % UNIT).padStart(5, "0")}`;

/** The answers of a ballot from the first preference on. */
const orderOf = (ballot) => ballot.map((rank, answer) => ({ rank, answer })).filter(({ rank }) => rank > 0).sort((a, b) => a.rank - b.rank).map(({ answer }) => answer);

/** One count. */
class Count {
  stages = [];
  elected = [];
  lotBetween = [];

  constructor(answers, seats, ballots, lot) {
    Object.assign(this, { lot, seats: Math.min(answers, seats) });
    this.quota = BigInt(Math.floor(ballots.length / (seats + 1)) + 1);
    this.total = BigInt(ballots.length) * UNIT;
    this.standings = new Array(answers).fill("continuing");
    this.votes = new Array(answers).fill(0n);
    this.papers = this.votes.map(() => []);
    for (const ballot of ballots) this.give({ order: orderOf(ballot), value: UNIT });
  }

  ofStanding(standing) {
    return this.standings.flatMap((one, answer) => (one === standing ? [answer] : []));
  }

  /** Gives a ballot to the first continuing answer of its order. */
  give({ order, value }) {
    const to = order.find((answer) => this.standings[answer] === "continuing");
    if (to === undefined) return;
    this.votes[to] += value;
    this.papers[to].push({ order, value });
  }

  passOn(from, newValue) {
    const papers = this.papers[from];
    this.papers[from] = [];
    for (const { order, value } of papers) this.give({ order, value: newValue(value) });
  }

  elect(answers) {
    answers.sort((a, b) => (this.votes[a] === this.votes[b] ? a - b : this.votes[a] < this.votes[b] ? 1 : -1));
    for (const answer of answers) this.standings[answer] = "elected";
    this.elected.push(...answers);
    this.stages.at(-1).elected.push(...answers);
  }

  endStage(stage) {
    const votes = [...this.votes];
    const nobodys = this.total - votes.reduce((sum, one) => sum + one, 0n);
    this.stages.push({ surplus_of: null, excluded: null, ...stage, votes, non_transferable: nobodys, elected: [] });
    this.elect(this.ofStanding("continuing").filter((answer) => votes[answer] >= this.quota * UNIT));
  }

  /** Which of several: by the votes now, then at the latest stage at which they differed, then by lot; undefined without one. */
  decide(among, isMost) {
    let left = among;
    for (const { votes } of [...this.stages].reverse()) {
      const best = left.map((answer) => votes[answer]).reduce((one, other) => ((one > other) === isMost ? one : other));
      left = left.filter((answer) => votes[answer] === best);
    }
    if (left.length === 1) return left[0];
    const drawn = this.lot.filter((answer) => left.includes(answer));
    if (!left.every((answer) => drawn.includes(answer))) this.lotBetween = left;
    else return isMost ? drawn[0] : drawn.at(-1);
    return undefined;
  }

  transferSurplus(from) {
    const [surplus, votes] = [this.votes[from] - this.quota * UNIT, this.votes[from]];
    this.passOn(from, (value) => (surplus * value) / votes);
    this.votes[from] = this.quota * UNIT;
    this.endStage({ surplus_of: from });
  }

  exclude(from) {
    this.standings[from] = "excluded";
    this.passOn(from, (value) => value);
    this.votes[from] = 0n;
    this.endStage({ excluded: from });
  }

  run() {
    this.endStage({});
    while (this.elected.length < this.seats) {
      const continuing = this.ofStanding("continuing");
      if (continuing.length <= this.seats - this.elected.length) return this.elect(continuing);
      const over = this.ofStanding("elected").filter((answer) => this.votes[answer] > this.quota * UNIT);
      const from = this.decide(over.length > 0 ? over : continuing, over.length > 0);
      if (from === undefined) return undefined;
      if (over.length > 0) this.transferSurplus(from);
      else this.exclude(from);
    }
    return undefined;
  }
}

/** Counts ballots whose numbers are 1, 2, 3 and so on, each once, and otherwise 0. */
export function transfers(answers, seats, ballots, lot) {
  const count = new Count(answers, seats, ballots, lot);
  count.run();
  const stages = count.stages.map((stage) => ({ ...stage, votes: stage.votes.map(decimal), non_transferable: decimal(stage.non_transferable) }));
  return { rules: "SSI 2007/42", seats, quota: Number(count.quota), stages, elected: count.elected, lot_between: count.lotBetween };
}
