//! The gateway of the tests as a program, for browser tests: `dingtalk-fake --port 4010 --people people.json`.
//!
//! It prints its address, one line, and serves on loopback until it is ended. What a test tells it: `dingtalk/src/fake/control.rs`.

use dingtalk::SignEncoding;
use dingtalk::fake::{Fake, Person, Setup};
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

const HELP: &str = "\
dingtalk-fake [--port 0] [--people JSON_OR_FILE] [--app-key test-key] [--app-secret test-secret]
              [--tenant-id 196729] [--client-id test_dingoa] [--sign-encoding raw|urlencoded]

people: [{\"account_id\":100135,\"name\":\"王建国\",\"mobile\":\"13800000001\"}]; a file holds the same";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!("{wrong}\n\n{HELP}");
            ExitCode::from(2)
        }
    }
}

async fn run() -> Result<(), String> {
    let (setup, port) = asked(std::env::args().skip(1))?;
    let at = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let fake = Fake::start(setup, now, at).await.map_err(|error| format!("port {port}: {error}"))?;
    let mut out = std::io::stdout();
    // Whoever reads it waits for the line.
    writeln!(out, "{}", fake.address()).and_then(|()| out.flush()).map_err(|error| error.to_string())?;
    tokio::signal::ctrl_c().await.map_err(|error| error.to_string())
}

/// What the command line says, with defaults for the rest.
fn asked(mut args: impl Iterator<Item = String>) -> Result<(Setup, u16), String> {
    let (mut setup, mut port) = (Setup::default(), 0);
    while let Some(name) = args.next() {
        let value = args.next().ok_or_else(|| format!("{name} has no value"))?;
        match name.as_str() {
            "--port" => port = value.parse().map_err(|_| format!("{value} is no port"))?,
            "--people" => setup.people = people(&value)?,
            "--app-key" => setup.app_key = value,
            "--app-secret" => setup.app_secret = value,
            "--tenant-id" => setup.tenant_id = value,
            "--client-id" => setup.client_id = value,
            "--sign-encoding" => setup.sign_encoding = value.parse::<SignEncoding>().map_err(|e| e.to_string())?,
            _ => return Err(format!("{name} is unknown")),
        }
    }
    Ok((setup, port))
}

fn people(given: &str) -> Result<Vec<Person>, String> {
    let text = if given.trim_start().starts_with('[') {
        given.to_owned()
    } else {
        std::fs::read_to_string(given).map_err(|error| format!("{given}: {error}"))?
    };
    serde_json::from_str(&text).map_err(|error| format!("the people can't be read: {error}"))
}

/// UTC milliseconds.
#[expect(clippy::disallowed_methods, reason = "a program of its own, without an engine")]
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
