// Writes the age vectors of npm cctv-age to stdout, one JSON object a line: name, fields of the vector's head (lists), file (base64).
import * as vectors from "cctv-age";
import { inflateSync } from "node:zlib";

for (const [name, bytes] of Object.entries(vectors)) {
  const vector = Buffer.from(bytes);
  const end = vector.indexOf("\n\n");
  const fields = {};
  for (const line of vector.subarray(0, end).toString("utf8").split("\n")) {
    const at = line.indexOf(": ");
    (fields[line.slice(0, at)] ??= []).push(line.slice(at + 2));
  }
  let file = vector.subarray(end + 2);
  if (fields.compressed) file = inflateSync(file);
  process.stdout.write(JSON.stringify({ name, fields, file: file.toString("base64") }) + "\n");
}
