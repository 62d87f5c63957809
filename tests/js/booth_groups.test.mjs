// The groups, by their published parameters and against Node's own arithmetic; and what they must refuse to read.

import assert from "node:assert/strict";
import { checkPrimeSync, createDiffieHellman, createHash } from "node:crypto";
import { test } from "node:test";

import { Refused } from "../../crates/web/assets/booth/forms.js";
import { digitsOf, inverse, modulo, randomBelow, squareSymbol } from "../../crates/web/assets/booth/numbers.js";
import { groupNamed } from "./booth.mjs";

const NAMES = ["BELENIOS-2048", "RFC-3526-2048", "Ed25519"];

const hex = (value) => {
  const digits = value.toString(16);
  return digits.length % 2 === 0 ? digits : `0${digits}`;
};

/** Node's own modular power, through OpenSSL's Diffie-Hellman. */
function powerByNode(base, exponent, modulus) {
  const party = createDiffieHellman(hex(modulus), "hex", hex(base), "hex");
  party.setPrivateKey(hex(exponent), "hex");
  return BigInt(`0x${party.generateKeys("hex")}`);
}

for (const name of ["BELENIOS-2048", "RFC-3526-2048"]) {
  test(`${name} has a prime modulus and a generator of prime order`, () => {
    const group = groupNamed(name);
    assert.ok(checkPrimeSync(group.modulus) && checkPrimeSync(group.order));
    assert.equal((group.modulus - 1n) % group.order, 0n);
    assert.equal(powerByNode(group.generator, group.order, group.modulus), 1n);
  });

  test(`${name}: powers are those of another library`, () => {
    const group = groupNamed(name);
    for (let round = 0; round < 3; round += 1) {
      const exponent = randomBelow(group.order - 2n) + 2n;
      const base = group.generate(randomBelow(group.order - 1n) + 1n);
      const expected = powerByNode(base, exponent, group.modulus);
      assert.equal(group.shared(base).power(exponent), expected);
      assert.equal(group.fixed(base).power(exponent), expected);
    }
  });

  test(`${name} refuses what is outside it, and numbers that are written in another way`, () => {
    const group = groupNamed(name);
    const element = group.generate(12345n);
    const cases = [
      ["element_group", group.write(group.modulus - element)], ["element_group", String(group.modulus - 1n)],
      ["element_range", String(group.modulus)], ["element_range", String(element + group.modulus)],
      ["element_form", "0"], ["element_form", `0${element}`], ["element_form", `+${element}`], ["element_form", ` ${element}`], ["element_form", "-1"],
      ["element_form", ""], ["element_form", "۱۲"], ["element_form", "1e3"], ["element_form", 1], ["element_form", null], ["element_form", "9".repeat(1_000_000)],
    ];
    for (const [code, text] of cases) assert.throws(() => group.read(text, "x"), { code, place: "x" }, String(text).slice(0, 30));
    assert.equal(group.read(group.write(element), "x"), element);
  });
}

test("small subgroups of BELENIOS-2048 are refused: its cofactor is not 2", () => {
  const group = groupNamed("BELENIOS-2048");
  const cofactor = (group.modulus - 1n) / group.order;
  let found = 0;
  for (let factor = 2n; factor < 2000n; factor += 1n) {
    if (cofactor % factor !== 0n) continue;
    const small = powerByNode(5n, (group.modulus - 1n) / factor, group.modulus);
    if (small === 1n) continue;
    found += 1;
    const hidden = group.multiply(group.generate(77n), small);
    for (const value of [small, hidden]) assert.throws(() => group.read(group.write(value), "x"), { code: "element_group" });
  }
  assert.ok(found > 0, "the cofactor has small factors");
});

test("Ed25519 refuses points outside the group and other forms of a point", () => {
  const group = groupNamed("Ed25519");
  const element = group.write(group.generate(99n));
  // The points of small order, and numbers that are no point or not the one form of it, highest digit first.
  const small = ["00".repeat(31) + "00", "7f" + "ff".repeat(30) + "ec", "7a" + "03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7"];
  const nobody = ["7f" + "ff".repeat(30) + "ed", "7f" + "ff".repeat(30) + "ee", "ff".repeat(32), "80" + "00".repeat(30) + "01", "00".repeat(31) + "02"];
  for (const text of small) assert.throws(() => group.read(text, "x"), { code: "element_group" }, text);
  for (const text of nobody) assert.throws(() => group.read(text, "x"), { code: "element_range" }, text);
  for (const text of [element.toUpperCase(), element.slice(2), `0x${element.slice(2)}`, "", 5]) assert.throws(() => group.read(text, "x"), Refused);
  assert.equal(group.write(group.read(element, "x")), element);
});

test("the public key of the first vector of RFC 8032 is a point of Ed25519 here", () => {
  const group = groupNamed("Ed25519");
  // RFC 8032, test 1.
  const key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
  const secret = createHash("sha512").update(Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex")).digest().subarray(0, 32);
  secret[0] &= 248;
  secret[31] = (secret[31] & 127) | 64;
  const exponent = BigInt(`0x${Buffer.from(secret).reverse().toString("hex")}`) % group.order;
  assert.equal(group.write(group.generate(exponent)), Buffer.from(key, "hex").reverse().toString("hex"));
});

for (const name of NAMES) {
  test(`${name} keeps the laws of a group, and small numbers come back`, () => {
    const group = groupNamed(name);
    const [left, right] = [randomBelow(group.order), randomBelow(group.order)];
    const product = group.multiply(group.generate(left), group.generate(right));
    assert.ok(group.areEqual(product, group.generate(modulo(left + right, group.order))));
    assert.ok(group.areEqual(group.multiply(product, group.invert(product)), group.one));
    assert.ok(group.areEqual(group.generate(0n), group.one) && group.areEqual(group.shared(product).power(0n), group.one));
    if (group.embedding === null) return;
    for (const numbers of [[0], [0, 0, 0], [255, 0, 1], [1, 2, 3, 4, 5]]) {
      const element = group.encode(numbers);
      assert.deepEqual(group.decode(element, numbers.length), numbers);
      assert.ok(group.read(group.write(element), "x"));
    }
  });
}

test("numbers: inverses, digits, squares, uniform draws", () => {
  const prime = 1009n;
  for (let value = 1n; value < prime; value += 1n) {
    assert.equal((value * inverse(value, prime)) % prime, 1n);
    const expected = [...Array(1009).keys()].some((root) => (BigInt(root) ** 2n) % prime === value) ? 1 : -1;
    if (value < 60n) assert.equal(squareSymbol(value, prime), expected, String(value));
  }
  assert.equal(squareSymbol(0n, prime), 0);
  assert.deepEqual(digitsOf(0b1_0110_0011n, 4), [3, 6, 1]);
  const seen = new Set();
  for (let round = 0; round < 400; round += 1) seen.add(randomBelow(5n));
  assert.deepEqual([...seen].sort(), [0n, 1n, 2n, 3n, 4n]);
});
