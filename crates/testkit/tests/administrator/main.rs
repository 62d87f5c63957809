//! An administrator who has the unlock secret and may write to every file of an office adds readers, dates back, drops, reorders, exchanges.
//! Each attempt rewrites the real files with the real keys, sums included; each is found by `fsck`, or refused by members' programs, or both.

mod attacker;
mod readers;
mod scene;
mod writers;
