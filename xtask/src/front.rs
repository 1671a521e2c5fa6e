//! The front end: one wasm module, split by page, with style and public files, ready to serve.

use crate::paths;
use crate::shell::{Done, run_step};
use crate::{system, wasm};
use std::process::Command;

/// How the front end is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Make {
    /// Small: for users, tests and measurements.
    Release,
    /// Quick: for the warm loop.
    Dev,
}

/// Builds it into [`paths::site`]. Does little when nothing changed.
pub fn build(make: Make) -> Done {
    let compiler = wasm::find()?;
    let builder = system::front_builder()?;
    let wasm_opt = system::wasm_opt()?;
    let (profile, folder) = match make {
        Make::Release => ("wasm-release", "wasm-release"),
        Make::Dev => ("dev", "debug"),
    };
    run_step(
        &format!("front end: compile ({profile})"),
        compiler.build().args(["--package", "frontend", "--lib", "--profile", profile]),
    )?;
    let root = paths::root();
    let mut pack = Command::new(builder);
    pack.arg("--wasm").arg(wasm::module(folder)).args(["--name", "irs"]);
    pack.arg("--style").arg(root.join("style/main.css")).arg("--public").arg(root.join("public"));
    pack.arg("--out").arg(paths::site());
    if make == Make::Release {
        pack.arg("--wasm-opt").arg(wasm_opt);
    }
    run_step("front end: split, bind, optimise, compress", &mut pack)
}

/// Prints the bytes of each file of the current build, as sent (brotli).
pub fn sizes() -> Done {
    let site = paths::site();
    let read = |e: std::io::Error| format!("{}: {e}: build it first with `cargo xtask run`", site.display());
    let dir = site.join(std::fs::read_to_string(site.join("pkg-dir")).map_err(read)?);
    let mut rows: Vec<(u64, String)> = std::fs::read_dir(dir)
        .map_err(read)?
        .flatten()
        .filter_map(|f| {
            Some((f.metadata().ok()?.len(), f.file_name().to_string_lossy().strip_suffix(".br")?.to_owned()))
        })
        .collect();
    rows.sort_by(|a, b| b.cmp(a));
    for (bytes, name) in rows {
        println!("{bytes:>9}  {name}");
    }
    Ok(())
}
