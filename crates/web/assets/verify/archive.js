// The archive: POSIX ustar, narrowed so that a name and a size have one header (docs/spec/bundle.md, section 1).

import { areEqual, bytesOf, is, need, octets } from "./forms.js";
import { Sha256 } from "./sha256.js";

const BLOCK_BYTES = 512;
const ARCHIVE_UNIT = 10240;
/** What WebCrypto is given at once; larger files are hashed here, piece by piece. */
const WHOLE_BYTES_MAX = 128 * 1024 * 1024;
const PIECE_BYTES = 4 * 1024 * 1024;

/** The one header that a file of this name and size can have. */
function headerBytes(name, size) {
  const header = new Uint8Array(BLOCK_BYTES);
  const put = (text, place) => header.set(bytesOf(text), place);
  put(name, 0);
  put(`0000644\0${"0000000\0".repeat(2)}${size.toString(8).padStart(11, "0")}\0${"0".repeat(11)}\0`, 100);
  put("        0", 148);
  put("ustar\x0000", 257);
  put("0000000\0".repeat(2), 329);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

const isZero = (bytes) => bytes.every((byte) => byte === 0);

/** SHA-256 of a blob, in memory that does not grow with it; `progress` is told the bytes done. */
export async function digestOf(blob, progress = () => {}) {
  if (blob.size <= WHOLE_BYTES_MAX) {
    const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
    progress(blob.size);
    return new Uint8Array(digest);
  }
  const digest = new Sha256();
  for (let place = 0; place < blob.size; place += PIECE_BYTES) {
    const piece = blob.slice(place, Math.min(place + PIECE_BYTES, blob.size));
    digest.update(new Uint8Array(await piece.arrayBuffer()));
    progress(piece.size);
  }
  return digest.finish();
}

/** An archive in a blob, read front to back. */
export class Archive {
  #blob;
  #position = 0;

  constructor(blob) {
    this.#blob = blob;
  }

  #take(length) {
    need(this.#position + length <= this.#blob.size, "archive", "it ends too early");
    this.#position += length;
    return this.#blob.slice(this.#position - length, this.#position);
  }

  async #read(length) {
    return new Uint8Array(await this.#take(length).arrayBuffer());
  }

  /** {name, size}, or null at the end. */
  async #nextHeader() {
    const block = await this.#read(BLOCK_BYTES);
    if (isZero(block)) return null;
    const name = octets(block.subarray(0, 100)).replace(/\0+$/, "");
    const digits = octets(block.subarray(124, 135));
    need(is.path(name), "archive", "a name that is not allowed");
    need(/^[0-7]{11}$/.test(digits), "archive", "a header is out of form");
    const size = Number.parseInt(digits, 8);
    need(areEqual(block, headerBytes(name, size)), "archive", "a header is out of form");
    return { name, size };
  }

  /** Goes to the next file, which must have this path; its size. */
  async enter(path) {
    const header = await this.#nextHeader();
    need(header !== null && header.name === path, "files", `${path} is not where it belongs`);
    return header.size;
  }

  /** The file just entered, as a blob, once its padding is checked. */
  async file(size, sizeMax = Number.MAX_SAFE_INTEGER) {
    need(size <= sizeMax, "limit", `${size} bytes where at most ${sizeMax} are allowed`);
    const file = this.#take(size);
    need(isZero(await this.#read((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES)), "archive", "padding that is not zero");
    return file;
  }

  /** Checks that no file follows, and the archive ends as it must. */
  async finish() {
    need((await this.#nextHeader()) === null, "files", "a file that the manifest does not name");
    const end = Math.ceil((this.#position + BLOCK_BYTES) / ARCHIVE_UNIT) * ARCHIVE_UNIT;
    need(this.#blob.size === end && isZero(await this.#read(end - this.#position)), "archive", "the end is out of form");
  }
}
