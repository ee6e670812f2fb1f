//! The engine: a web worker.

fn main() {
    #[cfg(target_arch = "wasm32")]
    pendopo::browser::worker::start();
}
