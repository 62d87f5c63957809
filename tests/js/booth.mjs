// The booth's modules under Node, with the curve that the build would join in.

import { edwards } from "../../crates/web/node_modules/@noble/curves/abstract/edwards.js";
import { auditArchive } from "../../crates/web/assets/booth/audit.js";
import { readCredential, secretOf } from "../../crates/web/assets/booth/credential.js";
import { readElection } from "../../crates/web/assets/booth/election.js";
import { encryptBallot } from "../../crates/web/assets/booth/encrypt.js";
import { groupLookup } from "../../crates/web/assets/booth/groups.js";
import { Pace } from "../../crates/web/assets/booth/pace.js";

export const groupNamed = groupLookup(edwards);

export const audit = (bytes) => auditArchive(bytes, groupNamed, new Pace());

export const electionOf = (office) => readElection(office.bytes("election.json").subarray(0, -1), groupNamed);

/** A ballot of the booth: {text, tracker, openings}. */
export async function boothBallot(election, credential, values) {
  return encryptBallot(election, await secretOf(readCredential(credential), election), values, new Pace());
}

/** The faults of an archive, as their codes. */
export const codesOf = async (bytes) => (await audit(bytes)).failures.map(({ code }) => code);
