//! The one binary: reads the settings, starts the server, stops it in order.
//!
//! Start reading at [`main`]; the routes are in [`router`].

mod log;
mod policy;
mod router;
mod serve;
mod settings;
mod site;

use clap::Parser;
use settings::Settings;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let settings = Settings::parse();
    log::start(settings.log_format);
    match serve::run(settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = %error, "the server did not start");
            eprintln!("server: {error}");
            ExitCode::FAILURE
        }
    }
}
