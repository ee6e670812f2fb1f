//! The app: the browser's main thread.

fn main() {}
