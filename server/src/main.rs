//! The one binary: reads the settings, does what they say, ends in order.

use server::settings::{ReadError, Settings};
use server::{commands, log};
use std::process::ExitCode;

/// Rendering a page is a thousand small allocations: docs/benchmarks.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Before anything else: a child must not even read the settings.
    engine::child::main(std::env::args_os().skip(1)).unwrap_or_else(run)
}

fn run() -> ExitCode {
    let settings = match Settings::read(std::env::args_os()) {
        Ok(settings) => settings,
        Err(ReadError::Arguments(error)) => error.exit(),
        Err(error) => {
            eprintln!("server: {error}");
            return ExitCode::FAILURE;
        }
    };
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())));
    let unknown = Settings::unknown_variables(variables);
    for name in &unknown {
        eprintln!("server: {name} is set, and there is no such setting: `server --help` lists all");
    }
    if !unknown.is_empty() {
        return ExitCode::FAILURE;
    }
    let _log = match log::start(&settings) {
        Ok(log) => log,
        Err(error) => {
            eprintln!("server: {error}");
            return ExitCode::FAILURE;
        }
    };
    match obeyed(&settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("server: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn obeyed(settings: &Settings) -> Result<(), commands::CommandError> {
    commands::run(settings).await
}
