//! The front-end builder: takes the compiled wasm module, the style sheets and `public/`, and leaves a site folder that the
//! server can serve: `pkg/<hash of all>/…` (immutable, precompressed) and `pkg-dir`, which names the current one.
//!
//! It must never know what the product does. Start reading at [`build`].

mod publish;
mod style;
mod wasm;

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

fn main() -> Result<()> {
    build(&Plan::from_args(std::env::args().skip(1))?)
}

/// What to build, from the command line (`--name value` pairs, and `--small`; xtask is the only caller).
struct Plan {
    /// The module that cargo built.
    wasm: PathBuf,
    /// The module of the checks, and the worker in which it runs.
    checks: PathBuf,
    worker: PathBuf,
    /// Base name of the files: `NAME.js`, `NAME_bg.wasm`, `NAME.css`.
    name: String,
    /// The style sheet that imports all others.
    style: PathBuf,
    /// Files that are served as they are, from the root.
    public: PathBuf,
    /// The site folder.
    out: PathBuf,
    /// The folder of npm's packages: package.json says which.
    npm: PathBuf,
    /// Optimised and compressed; else quick (the warm loop).
    small: bool,
}

/// The whole build, in order. The old site stays until the last step.
fn build(plan: &Plan) -> Result<()> {
    let stage = plan.out.join("pkg/.new");
    publish::empty_dir(&stage)?;
    wasm::split_and_bind(plan, &stage)?;
    wasm::bind_checks(plan, &stage)?;
    if plan.small {
        wasm::optimise(plan, &stage)?;
    }
    style::bundle(plan, &stage.join(format!("{}.css", plan.name)))?;
    publish::copy_public(&plan.public, &plan.out)?;
    if plan.small {
        publish::compress_dir(&stage)?;
    }
    publish::switch_to(&plan.out, &stage)
}

/// Does the work for each file, on as many threads as there are cores; ends with the first error of each.
fn on_all_cores(files: &[PathBuf], work: impl Fn(&Path) -> Result<()> + Sync) -> Result<()> {
    let next = AtomicUsize::new(0);
    let one = || {
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(file)?;
        }
        Ok(())
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
        let outcomes = running.into_iter().map(|thread| thread.join().unwrap_or_else(|_| bail!("a thread panicked")));
        outcomes.collect::<Vec<_>>().into_iter().collect()
    })
}

impl Plan {
    fn from_args(args: impl Iterator<Item = String>) -> Result<Self> {
        let args: Vec<String> = args.collect();
        let value = |flag: &str| {
            let at = args.iter().position(|a| a == flag)?;
            args.get(at + 1).cloned()
        };
        let need = |flag: &str| value(flag).with_context(|| format!("front: {flag} is missing"));
        let plan = Self {
            wasm: need("--wasm")?.into(),
            checks: need("--checks")?.into(),
            worker: need("--worker")?.into(),
            name: need("--name")?,
            style: need("--style")?.into(),
            public: need("--public")?.into(),
            out: need("--out")?.into(),
            npm: need("--npm")?.into(),
            small: args.iter().any(|a| a == "--small"),
        };
        if !Path::new(&plan.wasm).is_file() {
            bail!("front: {} is not there", plan.wasm.display());
        }
        Ok(plan)
    }
}
