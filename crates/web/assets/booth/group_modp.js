// The two groups of numbers modulo a prime that the protocol knows. An element is a BigInt, written in base 10.

import { demand } from "./forms.js";
import { bitLength, inverse, modulo, squareSymbol } from "./numbers.js";
import { FixedBase, SharedPowers } from "./powers.js";

const fromLines = (...lines) => BigInt(lines.join(""));

const BELENIOS_2048 = {
  name: "BELENIOS-2048",
  p: fromLines(
    "20694785691422546401013643657505008064922989295751104097100884787057374219242717401922237254497684338129066633138",
    "07895840496005438963628979639303877390572280360597374942767137677761889858987273586504908116709931053586778098003",
    "07904916540637771737641986785272734744763418356000356983051931442845617019110007867373073335641239717328979132404",
    "74578834468260652327974647951137672658693582180046317922073668860052627186363386088796882120769432366149491002923",
    "44434637322214588410058642105024212036543356120132048111885240873107701415166620016231317716937218924807850771182",
    "7842317498073276598828825169183103125680162072880719",
  ),
  g: fromLines(
    "24023526775018522092276877035323999327122876573783649165100753187876632741463532193202856761552696787996946682987",
    "49389095083896573425601900601068477164491735474137283104610458681314511781646755400527402889846139864532661215055",
    "79709716201616827031288643245666383486363578210615491841998253431518974065818686865115135857641013888221539601604",
    "32288436039309893336627728484065931384060102316750957637779826651036068224066350766977640253462537730851331734951",
    "94248967754052573659049492477631475991575198775177711481490920456600205478127054728238140972518639858334115700568",
    "353695553423781475582491896050296680037745308460627",
  ),
  q: fromLines("78571733251071885079927659812671450121821421258408794611510081919805623223441"),
  embedding: null,
};

const RFC_3526_2048 = {
  name: "RFC-3526-2048",
  p: fromLines(
    "32317006071311007300338913926423828248817941241140239112842009751400741706634354222619689417363569347117901737909",
    "70419175460587320919502885375898618562215321217541251490177452027023579607823624888424618947758764110592864609941",
    "17232454266225221932305409190376805242355191256797158701170010580558776510388618472802579760549035697325615261670",
    "81339361799541336476559160368317896729073178384589680639671900977202194168647225871031411336429319536193471636533",
    "20971707744822798858856536920864529663607725026895550592836275112117409697299806841055435958486658329164213621823",
    "1078990999448652468262416972035911852507045361090559",
  ),
  g: 2n,
  q: null,
  // As many numbers as fit below the modulus with the padding.
  embedding: { padding: 8n, bitsPerInteger: 8n, integersMax: 253 },
};
RFC_3526_2048.q = (RFC_3526_2048.p - 1n) / 2n;

const DECIMAL = /^[1-9][0-9]*$/;

/** A group of squares, or of q-th roots of one, modulo p. */
class ModularGroup {
  #p;
  #generator = null;
  #width;
  #isSafePrime;
  #digitsMax;

  constructor({ name, p, g, q, embedding }) {
    Object.assign(this, { name, order: q, generator: g, embedding, one: 1n, orderBits: bitLength(q) });
    this.#p = p;
    this.#isSafePrime = p === 2n * q + 1n;
    // Digits of six bits: 30 ms of tables for a short order; a long order wants a smaller table.
    this.#width = this.orderBits > 512 ? 5 : 6;
    this.#digitsMax = p.toString().length;
  }

  get modulus() { return this.#p; }

  multiply(left, right) { return (left * right) % this.#p; }

  square(value) { return (value * value) % this.#p; }

  invert(value) { return inverse(value, this.#p); }

  areEqual(left, right) { return left === right; }

  /** The order in which ciphertexts are sorted: as numbers. */
  isBefore(left, right) { return left < right; }

  /** Tables for a base that is used many times. */
  fixed(base) { return new FixedBase(this, base, this.#width); }

  /** Shared squarings for a base that is used a few times. */
  shared(base) { return new SharedPowers(this, base); }

  /** The generator to `exponent`. */
  generate(exponent) {
    this.#generator ??= this.fixed(this.generator);
    return this.#generator.power(exponent);
  }

  /** Whether a number from 1 to p - 1 lies in the group. */
  holds(value) {
    return this.#isSafePrime ? squareSymbol(value, this.#p) === 1 : this.shared(value).power(this.order) === 1n;
  }

  /** The element that a text writes, without the test of membership, which is dear. */
  parse(text, place) {
    demand(typeof text === "string" && text.length <= this.#digitsMax && DECIMAL.test(text), "element_form", place);
    const value = BigInt(text);
    demand(value < this.#p, "element_range", place);
    return value;
  }

  /** The element that a text writes. */
  read(text, place) {
    const value = this.parse(text, place);
    demand(this.holds(value), "element_group", place);
    return value;
  }

  write(value) { return value.toString(); }

  /** A generator that nobody knows the logarithm of, from a digest read as a number. */
  derive(number) { return this.shared(modulo(number, this.#p)).power((this.#p - 1n) / this.order); }

  /** Small whole numbers as one element: the first padding that lands in the group. */
  encode(numbers) {
    const { padding, bitsPerInteger } = this.embedding;
    const packed = numbers.reduce((all, one) => (all << bitsPerInteger) + BigInt(one), 0n) << padding;
    for (let rest = 0n; rest < 1n << padding; rest += 1n) {
      if (packed + rest > 0n && this.holds(packed + rest)) return packed + rest;
    }
    throw new RangeError("no padding lands in the group");
  }

  /** The `count` whole numbers of an element, first to last. */
  decode(value, count) {
    const { padding, bitsPerInteger } = this.embedding;
    const numbers = [];
    for (let rest = value >> padding; numbers.length < count; rest >>= bitsPerInteger) numbers.unshift(Number(rest & ((1n << bitsPerInteger) - 1n)));
    return numbers;
  }
}

/** The group of that name, or null. A new one has no tables yet. */
export function modularGroup(name) {
  const known = [BELENIOS_2048, RFC_3526_2048].find((one) => one.name === name);
  return known ? new ModularGroup(known) : null;
}
