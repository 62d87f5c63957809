//! mahzar-verify
fn main() {}
