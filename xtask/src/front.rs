//! The front end: one wasm module, split by page, with style and public files, ready to serve.

use crate::paths;
use crate::shell::{Done, run_step};
use crate::{system, wasm};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

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
    let npm = system::front_tools()?;
    let (profile, folder) = match make {
        Make::Release => ("wasm-release", "wasm-release"),
        Make::Dev => ("dev", "debug"),
    };
    let compile = |package: &str, name: &str, small: bool| {
        run_step(name, compiler.build(small).args(["--package", package, "--lib", "--profile", profile]))
    };
    // One after the other: together, what they share would have the features of both.
    for (package, name) in [("frontend", "front end"), ("checks-web", "checks for the browser")] {
        // The standard library's own parts may not be to be had: then with the one that came with the compiler.
        compile(package, &format!("{name}: compile ({profile})"), make == Make::Release).or_else(
            |first| match make {
                Make::Release => {
                    compile(package, &format!("{name}: compile with the compiler's standard library (larger)"), false)
                }
                Make::Dev => Err(first),
            },
        )?;
    }
    let (root, module, site) = (paths::root(), wasm::module(folder, "frontend"), paths::site());
    let (checks, worker) = (wasm::module(folder, "checks_web"), root.join("checks-web/worker.js"));
    // Beside the site, not in it: it is nobody's business.
    let lock = npm.join(".package-lock.json");
    let (stamp, inputs) = (site.with_extension("made-from"), made_from(&[&builder, &lock, &module, &checks, &worker]));
    if is_there(&site) && std::fs::read_to_string(&stamp).is_ok_and(|before| before == inputs) {
        return Ok(());
    }
    let mut pack = Command::new(builder);
    pack.arg("--wasm").arg(module).args(["--name", "irs"]);
    pack.arg("--checks").arg(checks).arg("--worker").arg(worker);
    pack.arg("--style").arg(root.join("style/main.css")).arg("--public").arg(root.join("public"));
    pack.arg("--out").arg(&site).arg("--npm").arg(npm);
    if make == Make::Release {
        pack.arg("--small");
    }
    run_step("front end: split, bind, optimise, compress", &mut pack)?;
    std::fs::write(&stamp, inputs).map_err(|e| format!("{}: {e}", stamp.display()))
}

/// Whether the site has the build that it names.
fn is_there(site: &Path) -> bool {
    std::fs::read_to_string(site.join("pkg-dir")).is_ok_and(|pkg| site.join(pkg).is_dir())
}

/// What the site is made from: each file with its size and the time of its last change.
fn made_from(first: &[&Path]) -> String {
    let root = paths::root();
    let mut files: Vec<PathBuf> = first.iter().map(|file| file.to_path_buf()).collect();
    for folder in ["style", "style/ui", "style/parts", "style/pages", "public"] {
        let entries = std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
        let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
        found.sort();
        files.append(&mut found);
    }
    let line = |file: &PathBuf| {
        let known = file.metadata().ok();
        let changed = known.as_ref().and_then(|m| m.modified().ok()?.duration_since(UNIX_EPOCH).ok());
        format!("{} {:?} {:?}\n", file.display(), known.map(|m| m.len()), changed)
    };
    files.iter().map(line).collect()
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
