// The curve arithmetic of @noble/curves. The build puts it before the joined modules under the name `nobleEdwards`; where
// a module is loaded by itself, as the tests do, it is handed in by whoever asks for groups.

export const builtInEdwards = typeof nobleEdwards === "undefined" ? null : nobleEdwards;
