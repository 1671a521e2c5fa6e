//! The one binary: reads the settings, does what they say, ends in order.

use clap::Parser;
use server::settings::Settings;
use server::{commands, log};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let settings = Settings::parse();
    log::start(settings.log_format);
    match commands::run(&settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("server: {error}");
            ExitCode::FAILURE
        }
    }
}
