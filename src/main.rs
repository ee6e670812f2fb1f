//! The app: the browser's main thread.

fn main() {
    #[cfg(target_arch = "wasm32")]
    pendopo::app::start();
}
