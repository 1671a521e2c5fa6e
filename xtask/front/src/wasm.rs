//! Split by lazy route, bind to JavaScript, optimise.

use crate::Plan;
use crate::on_all_cores;
use anyhow::{Context, Result, anyhow, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

/// Cuts the module at its lazy routes, then binds the main part. The names are those that `HydrationScripts` expects.
pub fn split_and_bind(plan: &Plan, stage: &Path) -> Result<()> {
    let input = std::fs::read(&plan.wasm)?;
    let main = plan.wasm.with_extension("main.wasm");
    let main_module = format!("./{}.js", plan.name);
    let mut options = wasm_split_cli_support::Options::new(&input);
    options.output_dir = stage;
    options.main_out_path = &main;
    options.main_module = &main_module;
    options.link_name = "./__wasm_split.______________________.js";
    let split = wasm_split_cli_support::transform(options).map_err(|e| anyhow!("splitting the module: {e:#}"))?;
    let prefetch = serde_json::to_vec(&split.prefetch_map)?;
    std::fs::write(stage.join("__wasm_split_manifest.json"), prefetch)?;
    bind(&main, &plan.name, stage)
}

/// Writes `NAME.js` and `NAME_bg.wasm`, with all that the lazy parts link against.
fn bind(wasm: &Path, name: &str, stage: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .out_name(name)
        .typescript(false)
        .keep_lld_exports(true)
        .demangle(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(stage)
        .context("wasm-bindgen")
}

/// `wasm-opt -Oz` over every module, with the features that browsers have: `--all-features` makes files that they refuse.
pub fn optimise(plan: &Plan, stage: &Path) -> Result<()> {
    let Some(tool) = &plan.wasm_opt else { return Ok(()) };
    let entries = std::fs::read_dir(stage)?.collect::<std::io::Result<Vec<_>>>()?;
    let modules: Vec<PathBuf> = entries
        .iter()
        .map(std::fs::DirEntry::path)
        .filter(|file| file.extension().is_some_and(|e| e == "wasm"))
        .collect();
    on_all_cores(&modules, |file| {
        let status = Command::new(tool)
            .args(["-Oz", "--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--enable-sign-ext"])
            .args(["--enable-mutable-globals", "--enable-reference-types", "--enable-multivalue"])
            .arg(file)
            .arg("-o")
            .arg(file)
            .status()
            .with_context(|| format!("starting {}", tool.display()))?;
        if !status.success() {
            bail!("wasm-opt failed on {}", file.display());
        }
        Ok(())
    })
}
