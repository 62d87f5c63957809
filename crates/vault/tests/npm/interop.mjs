// Speaks age for the vault's tests, by npm age-encryption: one request a line on stdin, one answer a line on stdout.
//   {"do":"generate","hybrid":bool}                       -> {"identity":…, "recipient":…}
//   {"do":"recipient","identity":…}                       -> {"recipient":…}
//   {"do":"encrypt","recipients":[…],"plaintext":base64}  -> {"file":base64}
//   {"do":"decrypt","identity":…,"file":base64}           -> {"plaintext":base64} or {"error":…}
import { createInterface } from "node:readline";
import { Decrypter, Encrypter, generateHybridIdentity, generateX25519Identity, identityToRecipient } from "age-encryption";

const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));

async function answer(request) {
  switch (request.do) {
    case "generate": {
      const identity = await (request.hybrid ? generateHybridIdentity() : generateX25519Identity());
      return { identity, recipient: await identityToRecipient(identity) };
    }
    case "recipient":
      return { recipient: await identityToRecipient(request.identity) };
    case "encrypt": {
      const encrypter = new Encrypter();
      for (const recipient of request.recipients) encrypter.addRecipient(recipient);
      return { file: base64(await encrypter.encrypt(bytes(request.plaintext))) };
    }
    case "decrypt": {
      const decrypter = new Decrypter();
      decrypter.addIdentity(request.identity);
      return { plaintext: base64(await decrypter.decrypt(bytes(request.file), "uint8array")) };
    }
    default:
      throw new Error("unknown request");
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply;
  try {
    reply = await answer(JSON.parse(line));
  } catch (error) {
    reply = { error: String(error.message ?? error) };
  }
  process.stdout.write(JSON.stringify(reply) + "\n");
}
