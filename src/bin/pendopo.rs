//! The native program. It only wires the rooms of `cli` to the command line.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// One front door to the services that Indonesia's regions already run.
#[derive(Parser)]
#[command(name = "pendopo", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

// `sandbox`, `publish` and `pack` join here with their rooms: a variant with their `Args`, and a
// line below that calls their `run`.
#[derive(Subcommand)]
enum Command {
    /// Serve the app, the published catalogue, and the way to the regions' systems.
    Serve(pendopo::cli::edge::ServeArgs),
}

fn main() -> ExitCode {
    let level = EnvFilter::try_from_env("PENDOPO_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(level)
        .with_writer(std::io::stderr)
        .init();
    let result = match Arguments::parse().command {
        Command::Serve(args) => pendopo::cli::edge::run(&args).map_err(|error| error.to_string()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pendopo: {error}");
            ExitCode::FAILURE
        }
    }
}
