//! mahzar
fn main() {}
