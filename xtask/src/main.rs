//! `cargo xtask`: the two commands of the README, and what automates development.
//!
//! No dependencies, so that its first line appears in seconds. Start reading at [`main`].

mod audit;
mod bench;
mod ci;
mod front;
mod fuzz;
mod paths;
mod postgres;
mod run;
mod shell;
mod system;
mod test;
mod tidy;
mod wasm;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask run [--watch] [--listen ADDRESS]   build, migrate, seed demo data, serve
cargo xtask test [--quick]                     all tests; --quick leaves the browser out
cargo xtask tidy                               the house rules that no compiler checks
cargo xtask audit                              licences, sources and known holes of what we depend on
cargo xtask front                              the front end as users get it, for browser tests by hand
cargo xtask sizes                              bytes of the front end, file by file
cargo xtask bench [--rows N,N | --orders N,N | --packages | --screens | --operations]
                  [--postgres URL] [--events N] [--gigabytes N] [--seconds S] [--only NAME]
                                               figures of the product, beside yardsticks (docs/benchmarks.md)
cargo xtask fuzz [--seconds S]                 the fuzz targets, each for 60 seconds
cargo xtask ci                                 formatting, clippy, tidy, audit, all tests, fuzz

Tools are kept in one folder (IRS_TOOLS, or irs-tools in the user's cache); emptying it only costs time.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| args.iter().any(|a| a == flag);
    let value = |flag: &str| args.iter().position(|a| a == flag).and_then(|at| args.get(at + 1)).cloned();
    let flags: &[&str] = match args.first().map(String::as_str) {
        Some("run") => &["--watch", "--listen"],
        Some("test") => &["--quick"],
        Some("fuzz") => &["--seconds"],
        Some("bench") => &[
            "--rows",
            "--orders",
            "--packages",
            "--screens",
            "--operations",
            "--postgres",
            "--events",
            "--gigabytes",
            "--seconds",
            "--only",
        ],
        _ => &[],
    };
    // An unknown flag must not start a build of minutes.
    if has("--help") || args.iter().any(|a| a.starts_with('-') && !flags.contains(&a.as_str())) {
        println!("{HELP}");
        return if has("--help") { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let done = match args.first().map(String::as_str) {
        Some("run") => run::run(has("--watch"), value("--listen")),
        Some("test") => test::test(has("--quick")),
        Some("tidy") => tidy::tidy(),
        Some("audit") => audit::audit(),
        Some("front") => front::build(front::Make::Release),
        Some("sizes") => front::sizes(),
        Some("bench") => bench::bench(&bench::Wanted {
            rows: value("--rows"),
            orders: value("--orders"),
            packages: has("--packages"),
            screens: has("--screens"),
            operations: has("--operations"),
            postgres: value("--postgres"),
            events: value("--events"),
            gigabytes: value("--gigabytes"),
            only: value("--only"),
            seconds: value("--seconds"),
        }),
        Some("fuzz") => {
            fuzz::fuzz(value("--seconds").and_then(|seconds| seconds.parse().ok()).unwrap_or(fuzz::SECONDS))
        }
        Some("ci") => ci::ci(),
        _ => {
            println!("{HELP}");
            return if args.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\nxtask: {why}");
            ExitCode::FAILURE
        }
    }
}
