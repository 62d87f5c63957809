// Ed25519, strictly (docs/spec/entry.md, section 3). What browsers differ on is settled here, before they are asked:
// S < L, canonical encodings, no points of small order. The equation itself is WebCrypto's where it knows Ed25519,
// and computed here where it does not. Everything here is public, so nothing needs constant time.

const FIELD_P = 2n ** 255n - 19n;
const GROUP_L = 2n ** 252n + 27742317777372353535851937790883648493n;
const SIGN_BIT = 1n << 255n;
const CURVE_D = moduloP(-121665n * powerP(121666n, FIELD_P - 2n));
const ROOT_OF_MINUS_ONE = powerP(2n, (FIELD_P - 1n) / 4n);
const IDENTITY_POINT = [0n, 1n, 1n, 0n];
const BASE_POINT = decodePoint(littleEndianBytes(moduloP(4n * powerP(5n, FIELD_P - 2n))));

function moduloP(value) {
  const rest = value % FIELD_P;
  return rest < 0n ? rest + FIELD_P : rest;
}

function powerP(base, exponent) {
  let result = 1n;
  for (let square = base; exponent > 0n; exponent >>= 1n, square = moduloP(square * square)) {
    if (exponent & 1n) result = moduloP(result * square);
  }
  return result;
}

function littleEndian(bytes) {
  let hex = "0x";
  for (let place = bytes.length - 1; place >= 0; place -= 1) hex += bytes[place].toString(16).padStart(2, "0");
  return BigInt(hex);
}

function littleEndianBytes(value) {
  return Uint8Array.from({ length: 32 }, (_, place) => Number((value >> BigInt(8 * place)) & 255n));
}

/** The point of a canonical encoding in extended coordinates, or null. */
function decodePoint(bytes) {
  const encoding = littleEndian(bytes);
  const isOdd = encoding >= SIGN_BIT;
  const y = isOdd ? encoding - SIGN_BIT : encoding;
  if (y >= FIELD_P) return null;
  const u = moduloP(y * y - 1n);
  const v = moduloP(CURVE_D * y * y + 1n);
  let x = moduloP(u * v * v * v * powerP(moduloP(u * v ** 7n), (FIELD_P - 5n) / 8n));
  if (moduloP(v * x * x + u) === 0n) x = moduloP(x * ROOT_OF_MINUS_ONE);
  if (moduloP(v * x * x - u) !== 0n || (x === 0n && isOdd)) return null;
  if ((x & 1n) === 1n !== isOdd) x = FIELD_P - x;
  return [x, y, 1n, moduloP(x * y)];
}

function addPoints(p, q) {
  const a = moduloP((p[1] - p[0]) * (q[1] - q[0]));
  const b = moduloP((p[1] + p[0]) * (q[1] + q[0]));
  const c = moduloP(2n * CURVE_D * p[3] * q[3]);
  const d = moduloP(2n * p[2] * q[2]);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [moduloP(e * f), moduloP(g * h), moduloP(f * g), moduloP(e * h)];
}

function arePointsEqual(p, q) {
  return moduloP(p[0] * q[2] - q[0] * p[2]) === 0n && moduloP(p[1] * q[2] - q[1] * p[2]) === 0n;
}

function isSmallPoint(point) {
  let multiple = point;
  for (let doubling = 0; doubling < 3; doubling += 1) multiple = addPoints(multiple, multiple);
  return arePointsEqual(multiple, IDENTITY_POINT);
}

function multiplyPoint(scalar, point) {
  let result = IDENTITY_POINT;
  for (let bit = 255n; bit >= 0n; bit -= 1n) {
    result = addPoints(result, result);
    if ((scalar >> bit) & 1n) result = addPoints(result, point);
  }
  return result;
}

async function equationHolds(key, message, signature) {
  const hashed = new Uint8Array(64 + message.length);
  hashed.set(signature.subarray(0, 32));
  hashed.set(key, 32);
  hashed.set(message, 64);
  const k = littleEndian(new Uint8Array(await crypto.subtle.digest("SHA-512", hashed))) % GROUP_L;
  const left = multiplyPoint(littleEndian(signature.subarray(32)), BASE_POINT);
  return arePointsEqual(left, addPoints(decodePoint(signature.subarray(0, 32)), multiplyPoint(k, decodePoint(key))));
}

async function webCryptoHolds(key, message, signature) {
  const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
}

/** Whether 64 bytes are a signature under 32 bytes of key. `own` computes the equation here, whatever the browser knows. */
export async function verifies(key, message, signature, { own = false } = {}) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const points = [decodePoint(key), decodePoint(signature.subarray(0, 32))];
  if (littleEndian(signature.subarray(32)) >= GROUP_L) return false;
  if (points.some((point) => point === null || isSmallPoint(point))) return false;
  if (own) return equationHolds(key, message, signature);
  try {
    return await webCryptoHolds(key, message, signature);
  } catch (error) {
    if (error.name !== "NotSupportedError") throw error;
    return equationHolds(key, message, signature);
  }
}
