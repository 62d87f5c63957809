// The election as everybody gets it: questions, key, group; and its fingerprint.

import { bytesOfText, demand, fingerprintOf, textOfBytes } from "./forms.js";
import { demandArray, demandFields, demandInteger, demandText, parseCanonical } from "./json.js";

/** Large enough for a hundred questions in four languages. */
export const ELECTION_BYTES_MAX = 1024 * 1024;
const QUESTIONS_MAX = 100;
const ANSWERS_MAX = 1000;
const TEXT_BYTES_MAX = 64 * 1024;
const EXTRA_BYTES_MAX = 4096;
const UUID = /^[1-9A-HJ-NP-Za-km-z]{14,64}$/;

/** A text that a person wrote. */
function demandWriting(value, place) {
  demand(bytesOfText(demandText(value, place)).length <= TEXT_BYTES_MAX, "size", place);
}

function readHomomorphic(value, place) {
  demandFields(value, "answers blank? min max question", place);
  demand(!("blank" in value) || value.blank === true, "blank", place);
  const { answers, blank = false, min, max, question } = value;
  demandInteger(min, `${place}.min`);
  demandInteger(max, `${place}.max`);
  demand(min <= max && max <= answers.length, "bounds", place);
  return { kind: "homomorphic", answers, blank, min, max, question };
}

function readNumbered(value, place) {
  demandFields(value, "type value extra?", place);
  demand(value.type === "NonHomomorphic", "question_type", place);
  demandFields(value.value, "answers question", `${place}.value`);
  return { kind: "numbered", answers: value.value.answers, question: value.value.question, extra: value.extra ?? null };
}

function readQuestion(value, group, place) {
  const isNumbered = value !== null && typeof value === "object" && "type" in value;
  const answers = isNumbered ? value.value?.answers : value?.answers;
  demandArray(answers, `${place}.answers`, 1, ANSWERS_MAX).forEach((answer, index) => demandWriting(answer, `${place}.answers.${index}`));
  const question = isNumbered ? readNumbered(value, place) : readHomomorphic(value, place);
  demandWriting(question.question, `${place}.question`);
  demand(!isNumbered || answers.length <= (group.embedding?.integersMax ?? 0), "group_for_numbers", place);
  demand(bytesOfText(JSON.stringify(question.extra ?? null)).length <= EXTRA_BYTES_MAX, "size", place);
  return question;
}

/** An election that has been read. Its key's tables are made when they are first wanted. */
export class Election {
  #keyTable = null;

  constructor(fields) {
    Object.assign(this, fields);
  }

  /** The election's key to an exponent. */
  keyPower(exponent) {
    this.#keyTable ??= this.group.fixed(this.publicKey);
    return this.#keyTable.power(exponent);
  }

  /** Makes the tables now, so that a person waits here and not later. */
  prepare() {
    this.group.generate(1n);
    this.keyPower(1n);
  }

  get hasNumbered() { return this.questions.some((question) => question.kind === "numbered"); }
}

/** The election that these bytes describe. `groupNamed` gives a group for a name, or null. */
export async function readElection(bytes, groupNamed, place = "election") {
  demand(bytes.length <= ELECTION_BYTES_MAX, "size", place);
  const text = textOfBytes(bytes, place);
  const value = parseCanonical(text, place);
  demandFields(value, "version description name group public_key questions uuid administrator? credential_authority?", place);
  demand(value.version === 1, "version", place);
  for (const name of ["description", "name", "group"]) demandWriting(value[name], `${place}.${name}`);
  for (const name of ["administrator", "credential_authority"]) if (name in value) demandWriting(value[name], `${place}.${name}`);
  demand(typeof value.uuid === "string" && UUID.test(value.uuid), "uuid", `${place}.uuid`);
  const group = groupNamed(value.group);
  demand(group !== null, "group", `${place}.group`, value.group.slice(0, 40));
  const questions = demandArray(value.questions, `${place}.questions`, 1, QUESTIONS_MAX)
    .map((question, index) => readQuestion(question, group, `${place}.questions.${index}`));
  const { uuid, name, description, administrator = null, credential_authority: authority = null } = value;
  const publicKey = group.read(value.public_key, `${place}.public_key`);
  demand(!group.areEqual(publicKey, group.one), "key_one", `${place}.public_key`);
  return new Election({ text, fingerprint: await fingerprintOf(text), group, publicKey, questions, uuid, name, description, administrator, authority });
}
