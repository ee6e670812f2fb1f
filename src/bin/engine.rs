//! The engine: a web worker.

fn main() {}
