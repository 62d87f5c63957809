// The groups that this program knows, by the names that elections use.

import { curveGroup } from "./group_ed25519.js";
import { modularGroup } from "./group_modp.js";

/** A lookup of groups by name; each has its tables for as long as the lookup lives. `edwards` is that of @noble/curves. */
export function groupLookup(edwards) {
  const made = new Map();
  return (name) => {
    if (!made.has(name)) made.set(name, modularGroup(name) ?? curveGroup(name, edwards));
    return made.get(name);
  };
}
