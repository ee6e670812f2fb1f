//! The native program. It only wires the rooms of `cli` to the command line.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use pendopo::cli::{check, edge, new_backend, pack, publish, sandbox};
use tracing_subscriber::EnvFilter;

/// One front door to the services that Indonesia's regions already run.
#[derive(Parser)]
#[command(name = "pendopo", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the app, the published catalogue, and the way to the regions' systems.
    Serve(edge::ServeArgs),
    /// Print what stands around `serve`: nginx before several machines, a systemd unit.
    #[command(subcommand)]
    Edge(edge::Around),
    /// Ask every backend for its catalogue and forms, and write them as static files.
    Publish(publish::PublishArgs),
    /// Look at a profile, or at a system through its adapter: what works, and what a citizen cannot do.
    Check(check::CheckArgs),
    /// Write a first profile for a system that has no adapter, from its OpenAPI document or saved answers.
    NewBackend(new_backend::NewBackendArgs),
    /// Make a build ready to be served; Trunk's hook.
    Pack(pack::PackArgs),
    /// Run the demonstration backends.
    Sandbox(sandbox::SandboxArgs),
}

fn main() -> ExitCode {
    let level = EnvFilter::try_from_env("PENDOPO_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(level)
        .with_writer(std::io::stderr)
        .init();
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("pendopo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Box<dyn std::error::Error>> {
    match command {
        Command::Serve(args) => edge::run(&args)?,
        Command::Edge(around) => print!("{}", edge::around(&around)?),
        Command::Publish(args) => {
            let report = runtime()?.block_on(publish::run(&args, &edge::transport::Transport::new()))?;
            print!("{report}");
            return Ok(report.exit_code());
        }
        Command::Check(args) => {
            let report = runtime()?.block_on(check::run(&args, &edge::transport::Transport::new()))?;
            match args.json {
                true => println!("{}", report.json()),
                false => print!("{report}"),
            }
            return Ok(report.exit_code());
        }
        Command::NewBackend(args) => print!("{}", new_backend::run(&args)?),
        Command::Pack(args) => print!("{}", pack::run(&args)?),
        Command::Sandbox(args) => runtime()?.block_on(sandbox::run(args))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}
