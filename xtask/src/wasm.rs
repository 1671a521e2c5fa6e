//! The compiler for the browser's side: rustc with a standard library for wasm32-unknown-unknown.
//!
//! In this order: it is there; `rustup target add`; Debian's Rust, with the standard library built once into the tool folder.
//! That compiler makes the wasm module only (and its own macros, in a target folder of its own); the rest of the build stays
//! with the toolchain that runs xtask. Start reading at [`find`].

use crate::paths;
use crate::shell::{Done, cargo, output, run_step, step, succeeds_within};
use crate::system;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const TARGET: &str = "wasm32-unknown-unknown";

/// Without a network that rustup knows, it would try for minutes.
const RUSTUP_PATIENCE: Duration = Duration::from_secs(20);

const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_LINKER: &str = "wasm-ld-22";

/// How to call cargo for wasm.
pub enum Compiler {
    /// The toolchain that runs xtask has the target.
    Ours {
        /// It has the standard library's source, too.
        has_source: bool,
    },
    /// Debian's, with this sysroot for wasm.
    Debian {
        /// Holds `lib/rustlib/wasm32-unknown-unknown`.
        sysroot: PathBuf,
    },
}

/// Finds the compiler, or makes it.
pub fn find() -> Done<Compiler> {
    if has_target() {
        return ours();
    }
    if let Some(sysroot) = finished_sysroot() {
        return Ok(Compiler::Debian { sysroot });
    }
    let added = step("rustup target add wasm32-unknown-unknown (at most 20 s)", || {
        Ok(succeeds_within(RUSTUP_PATIENCE, Command::new("rustup").args(["target", "add", TARGET])))
    })?;
    if added && has_target() {
        return ours();
    }
    system::need(system::WASM_COMPILER)?;
    build_standard_library()?;
    let sysroot = finished_sysroot().ok_or("the standard library for wasm was built, but is not where it should be")?;
    Ok(Compiler::Debian { sysroot })
}

/// Ours, with the standard library's source where rustup can add it.
fn ours() -> Done<Compiler> {
    if !has_source() {
        step("rustup component add rust-src (at most 20 s)", || {
            Ok(succeeds_within(RUSTUP_PATIENCE, Command::new("rustup").args(["component", "add", "rust-src"])))
        })?;
    }
    Ok(Compiler::Ours { has_source: has_source() })
}

/// What makes the module smaller (docs/benchmarks.md, First page): a standard library of its own, built for size, which stops without
/// words, and neither places in the source nor Debug. A build for the warm loop keeps all of it.
const SMALL: &str = " -Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";

impl Compiler {
    /// `cargo build --target wasm32-unknown-unknown`, in a target folder of its own; `small` for those who load it over a network.
    pub fn build(&self, small: bool) -> Command {
        // The splitter follows the relocations. Views without their types: as .cargo/config.toml has it for the server, which must
        // draw the same.
        let mut flags = "-Clink-args=--emit-relocs --cfg erase_components".to_owned();
        let own_std = small && matches!(self, Self::Ours { has_source: true });
        if own_std {
            flags.push_str(SMALL);
        }
        let mut command = match self {
            Self::Ours { .. } => cargo(),
            Self::Debian { sysroot } => {
                flags.push_str(&format!(" --sysroot {}", sysroot.display()));
                debian_cargo()
            }
        };
        command
            .current_dir(paths::root())
            .env("RUSTFLAGS", flags)
            .args(["build", "--target", TARGET, "--target-dir"])
            .arg(target_dir());
        if own_std {
            // The compiler is a stable one; the flags are not.
            command.env("RUSTC_BOOTSTRAP", "1");
            command.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
        }
        command
    }
}

/// Where cargo leaves the module of a profile (`debug` for dev).
pub fn module(profile_dir: &str, name: &str) -> PathBuf {
    target_dir().join(TARGET).join(profile_dir).join(name).with_extension("wasm")
}

fn target_dir() -> PathBuf {
    paths::target().join("wasm")
}

fn rustc() -> Command {
    Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

fn has_source() -> bool {
    output(rustc().args(["--print", "sysroot"]))
        .is_some_and(|root| Path::new(root.trim()).join("lib/rustlib/src/rust/library/std").exists())
}

fn has_target() -> bool {
    output(rustc().args(["--print", "target-libdir", "--target", TARGET])).is_some_and(|dir| holds_std(Path::new(&dir)))
}

fn holds_std(lib: &Path) -> bool {
    let Ok(files) = std::fs::read_dir(lib) else {
        return false;
    };
    files.flatten().any(|f| f.file_name().to_string_lossy().starts_with("libstd-"))
}

/// Keyed by the compiler's version: another compiler can't read this library.
fn sysroot() -> Option<PathBuf> {
    let version = output(Command::new(DEBIAN_RUSTC).arg("--version"))?;
    let key: String = version.split_whitespace().take(2).collect::<Vec<_>>().join("-");
    Some(paths::tools().join(format!("wasm-std-{key}")))
}

fn lib_of(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

fn finished_sysroot() -> Option<PathBuf> {
    sysroot().filter(|root| holds_std(&lib_of(root)) && Path::new("/usr/bin").join(DEBIAN_LINKER).exists())
}

fn debian_cargo() -> Command {
    let mut command = Command::new(DEBIAN_CARGO);
    for theirs in
        ["RUSTUP_TOOLCHAIN", "CARGO", "RUSTDOC", "RUSTC_WRAPPER", "CARGO_ENCODED_RUSTFLAGS", "LD_LIBRARY_PATH"]
    {
        command.env_remove(theirs);
    }
    command.env("RUSTC", DEBIAN_RUSTC).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER);
    command
}

/// Builds std with an empty package around it. The libraries are moved into place as the last step.
fn build_standard_library() -> Done {
    let sysroot = sysroot().ok_or("Debian's rustc does not run")?;
    let work = paths::tools().join("wasm-std-build");
    let io = |e: std::io::Error| format!("{}: {e}", work.display());
    std::fs::create_dir_all(work.join("src")).map_err(io)?;
    std::fs::write(work.join("Cargo.toml"), EMPTY_PACKAGE).map_err(io)?;
    std::fs::write(work.join("src/lib.rs"), "").map_err(io)?;
    // Without bitcode in the libraries the front end's LTO fails later.
    let mut build = debian_cargo();
    build
        .current_dir(&work)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", work.join("target"))
        .args(["build", "-Zbuild-std=std,panic_abort", "--release", "--target", TARGET]);
    run_step("standard library for wasm", &mut build)?;
    let unfinished = work.join("sysroot");
    let lib = lib_of(&unfinished);
    std::fs::create_dir_all(&lib).map_err(io)?;
    for file in std::fs::read_dir(work.join("target").join(TARGET).join("release/deps")).map_err(io)?.flatten() {
        if file.path().extension().is_some_and(|e| e == "rlib") {
            std::fs::copy(file.path(), lib.join(file.file_name())).map_err(io)?;
        }
    }
    if sysroot.exists() {
        std::fs::remove_dir_all(&sysroot).map_err(io)?;
    }
    std::fs::rename(&unfinished, &sysroot).map_err(io)?;
    std::fs::remove_dir_all(&work).map_err(io)
}

const EMPTY_PACKAGE: &str = r#"[package]
name = "wasm-std"
version = "0.0.0"
edition = "2024"
[lib]
crate-type = ["cdylib"]
[workspace]
"#;
