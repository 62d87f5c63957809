// Opens what an office keeps, from docs/spec/vault.md and none of the office's code: the house with the unlock secret, a member
// with the passphrase, an epoch with the member, an object and an entry with the epoch. One JSON object on stdin (bytes in
// base64), one on stdout.
import { readFileSync } from "node:fs";
import { Decrypter } from "age-encryption";
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { argon2id } from "@noble/hashes/argon2.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bech32 } from "@scure/base";

const given = JSON.parse(readFileSync(0, "utf8"));
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const base64 = (data) => Buffer.from(data).toString("base64");
const ascii = (text) => new Uint8Array(Buffer.from(text, "latin1"));
const hex = (text) => new Uint8Array(Buffer.from(text, "hex"));
const join = (...parts) => new Uint8Array(Buffer.concat(parts));
const number = (data, at) => Buffer.from(data).readUInt32BE(at);
const u64 = (value) => {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(value));
  return new Uint8Array(out);
};
const text16 = (text) => {
  const data = Buffer.from(text, "utf8");
  return join(new Uint8Array([data.length >> 8, data.length & 255]), data);
};
const derive = (ikm, salt, info) => hkdf(sha256, ikm, ascii(salt), info, 32);

// Section 1.
function openRow(key, place, row) {
  if (row[0] !== 1) throw new Error("not a row");
  return xchacha20poly1305(key, row.slice(1, 25), place).decrypt(row.slice(25));
}

// Section 4; the passphrases given here are folded already.
function stretch(passphrase, kdf) {
  const cost = { m: number(kdf, 0), t: number(kdf, 4), p: number(kdf, 8), version: 0x13, dkLen: 32 };
  return argon2id(new TextEncoder().encode(passphrase), kdf.slice(12, 28), cost);
}

const office = text16(given.office);
const member = hex(given.member);
const circle = hex(given.circle);

// Section 5.
const label = ascii("mahzar/v1/house\0");
const file = bytes(given.house);
const kdf = file.slice(label.length, label.length + 28);
const root = openRow(stretch(given.unlock, kdf), join(label, office, kdf), file.slice(label.length + 28));
const houseKey = (name) => derive(root, "mahzar/v1/house\0", ascii(name));
const cabinetName = hmac(sha256, houseKey("cabinet names\0"), new TextEncoder().encode(given.cabinet_name));
const cabinetRow = given.cabinet[Buffer.from(cabinetName).toString("hex")];
const memberRow = openRow(houseKey("cabinet rows\0"), join(ascii("mahzar/v1/cabinet\0"), office, cabinetName), bytes(cabinetRow));

// Section 6.
const outer = join(ascii("mahzar/v1/member-house\0"), office, member, ascii("passphrase\0"));
const inner = openRow(houseKey("member keys\0"), outer, memberRow);
const place = join(ascii("mahzar/v1/member-passphrase\0"), office, member);
const keys = openRow(stretch(given.passphrase, inner.slice(0, 28)), place, inner.slice(28));
const identity = bech32.encodeFromBytes("AGE-SECRET-KEY-", keys.slice(32)).toUpperCase();

async function age(identity, file) {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(file, "uint8array");
}

// Section 7: the current epoch, and the one before it.
const identityIn = (file) => Buffer.from(file).toString().split("\n").find((line) => line.startsWith("AGE-SECRET-KEY-1"));
const current = identityIn(await age(identity, bytes(given.wrap)));
const earlier = identityIn(await age(current, bytes(given.previous)));

// Section 3.
const object = (await age(earlier, join(bytes(given.header), bytes(given.payload)))).slice(0, given.size);

// Section 8.
const entryPlace = join(office, circle, u64(given.seq), hex(given.id));
const lock = derive(bech32.decodeToBytes(current).bytes, "mahzar/v1/lock\0", join(office, circle, u64(given.epoch)));
const entryKey = openRow(lock, join(ascii("mahzar/v1/entry-key\0"), entryPlace, u64(given.epoch)), bytes(given.entry_wrap));
const content = openRow(entryKey, join(ascii("mahzar/v1/entry\0"), entryPlace), bytes(given.entry_row));
const salts = content[0] === 1 ? 1 + 32 + 32 + 8 : 1 + 32;
const length = number(content, salts + 32);
const envelope = content.slice(salts + 36, salts + 36 + length);
const houseLock = houseKey("lock 0\0");
const houseEntryKey = openRow(houseLock, join(ascii("mahzar/v1/entry-key\0"), entryPlace, u64(0)), bytes(given.house_wrap));

process.stdout.write(JSON.stringify({ object: base64(object), envelope: base64(envelope), same_key: base64(entryKey) === base64(houseEntryKey) }));
