//! The vault against outside programs, published vectors, and itself.

mod cast;
mod circles;
mod entries;
mod histories;
mod keys;
mod objects;
mod outside;
mod passphrases;
mod programs;
mod shares;
mod stranger;
mod vectors;
mod world;
