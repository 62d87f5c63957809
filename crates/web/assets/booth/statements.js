// What each proof is about, as the text that is hashed; docs/spec/ballot.md lists them.

/** Election and voter: every proof of a ballot is bound to both. */
export const voterContext = (election, credential) => `${election.fingerprint}|${credential}`;

/** The voter's context and all ciphertexts of an answer. */
export const answerContext = (context, choices) => `${context}|${choices.map(({ alpha, beta }) => `${alpha},${beta}`).join()}`;

export const intervalOpening = (context, { alpha, beta }) => `prove|${context}|${alpha},${beta}|`;

export const blankOpening = (context) => `bproof0|${context}|`;

export const blankOverallOpening = (context) => `bproof1|${context}|`;

export const numbersStatement = (election, context, { alpha, beta }) => (
  ([commitment]) => `raweg|${context}|${election.group.write(election.publicKey)},${alpha},${beta}|${commitment}`
);

export const signatureStatement = (hash) => ([commitment]) => `sig|${hash}|${commitment}`;

export const knowledgeStatement = (group, publicKey) => ([commitment]) => `pok|${group.name}|${publicKey}|${commitment}`;

export const messageStatement = (message) => ([commitment]) => `sigmsg|${message}|${commitment}`;

export const decryptionStatement = (election, publicKey) => (commitments) => `decrypt|${election.fingerprint}|${publicKey}|${commitments.join()}`;
