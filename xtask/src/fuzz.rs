//! The fuzz targets of `fuzz/`, built with coverage by the ordinary compiler: libFuzzer comes as a crate (design.md, Toolchain).

use crate::paths;
use crate::shell::{Done, cargo, output, quietly, run_step, step};
use std::path::Path;
use std::process::Command;

/// How long each runs, unless asked for longer.
pub const SECONDS: u32 = 60;

/// The targets, two at a time: a core each.
const TARGETS: [[&str; 2]; 2] = [["zip_reader", "walkers"], ["icon", "manifests"]];

/// As cargo-fuzz gives them, without a sanitizer.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Each target for so long. What it finds lies in `target/fuzz/found`.
pub fn fuzz(seconds: u32) -> Done {
    let host = output(Command::new("rustc").arg("-vV")).unwrap_or_default();
    let host =
        host.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc does not say what it builds for")?;
    let target = paths::target().join("fuzz");
    // With a target named, the flags are not those of build scripts and macros.
    let mut build = cargo();
    build
        .args(["build", "--release", "--manifest-path", "fuzz/Cargo.toml", "--target", host, "--target-dir"])
        .arg(&target);
    run_step("fuzz targets: compile", build.env("RUSTFLAGS", FLAGS))?;
    let programs = target.join(host).join("release");
    for pair in TARGETS {
        step(&format!("fuzz: {} for {seconds} s each", pair.join(", ")), || {
            let started = pair.map(|name| {
                let mut run = run(&programs, &target, name, seconds)?;
                Ok(std::thread::spawn(move || quietly(&format!("fuzz {name}"), &mut run)))
            });
            // All are waited for, whichever failed.
            let broke = || "a fuzz target broke off".to_owned();
            let ended = started.map(|one: Done<std::thread::JoinHandle<Done>>| one?.join().map_err(|_| broke())?);
            ended.into_iter().collect::<Done<()>>()
        })?;
    }
    Ok(())
}

fn run(programs: &Path, target: &Path, name: &str, seconds: u32) -> Done<Command> {
    let (corpus, found) = (target.join("corpus").join(name), target.join("found"));
    for folder in [&corpus, &found] {
        std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    // The server checks on a large stack, too: scripts that are nested deep are parsed deep.
    let mut run = Command::new("sh");
    run.args(["-c", "ulimit -s 500000; exec \"$@\"", "sh"]).arg(programs.join(name));
    run.args([format!("-max_total_time={seconds}"), "-timeout=20".to_owned(), "-rss_limit_mb=6000".to_owned()]);
    run.args(["-max_len=65536".to_owned(), format!("-artifact_prefix={}/{name}-", found.display())]);
    run.arg(corpus).arg(paths::root().join("fuzz/seeds").join(name));
    Ok(run)
}
