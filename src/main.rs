//! The browser's program: the app in a page, the engine in a worker.
//!
//! One program, since the two share a third of their code; it arrives in parts (see `.ci/parts.mjs`).

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

fn main() {
    #[cfg(target_arch = "wasm32")]
    if web_sys::window().is_some() {
        pendopo::app::start();
    } else {
        pendopo::browser::worker::start();
    }
}
