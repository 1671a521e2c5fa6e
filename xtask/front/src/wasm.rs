//! Split by lazy route, bind to JavaScript, optimise.

use crate::Plan;
use anyhow::{Context, Result, anyhow, bail};
use std::collections::HashMap;
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

/// The checks as a module of their own, `checks.js`, beside the worker that loads them, `checks_worker.js`.
pub fn bind_checks(plan: &Plan, stage: &Path) -> Result<()> {
    bind(&plan.checks, "checks", stage)?;
    std::fs::copy(&plan.worker, stage.join("checks_worker.js"))?;
    Ok(())
}

/// Writes `NAME.js` and `NAME_bg.wasm`, with all that the lazy parts link against.
fn bind(wasm: &Path, name: &str, stage: &Path) -> Result<()> {
    let mut bound = Bindgen::new();
    bound
        .input_path(wasm)
        .web(true)?
        .out_name(name)
        .typescript(false)
        .keep_lld_exports(true)
        .demangle(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    let mut output = bound.generate_output().context("wasm-bindgen")?;
    // Each import's name ends in a hash, which stands in the module and in the script: 6 KB that no compression takes away.
    let mut short = HashMap::new();
    for import in output.wasm_mut().imports.iter_mut().filter(|import| ends_in_hash(&import.name)) {
        let next = format!("i{}", short.len());
        import.name = short.entry(import.name.clone()).or_insert(next).clone();
    }
    without_relocations(output.wasm_mut());
    let streams = without_streams(output.wasm_mut());
    output.emit(stage).context("wasm-bindgen")?;
    let script = stage.join(format!("{name}.js"));
    let mut text = with_names(&std::fs::read_to_string(&script)?, &short);
    if streams {
        text = without_classes(&text);
    }
    std::fs::write(script, without_comments(&text))?;
    Ok(())
}

/// What only the splitter reads.
fn without_relocations(module: &mut walrus::Module) {
    let relocations: Vec<_> = module
        .customs
        .iter()
        .filter(|(_, it)| it.name().starts_with("reloc.") || it.name() == "linking")
        .map(|(id, _)| id)
        .collect();
    relocations.into_iter().for_each(|id| drop(module.customs.delete(id)));
}

/// The classes by which streams of Rust become streams of the browser begin so. They are exported, so no linker drops them; where the
/// module makes none of them, nobody ever calls them.
const STREAM: &str = "intounderlying";

/// Takes them out of what the module exports, so that the optimiser drops them; false: they are in use.
fn without_streams(module: &mut walrus::Module) -> bool {
    if module.imports.iter().any(|import| import.name.contains(STREAM)) {
        return false;
    }
    let unused: Vec<_> = module.exports.iter().filter(|it| it.name.contains(STREAM)).map(walrus::Export::id).collect();
    unused.into_iter().for_each(|id| module.exports.delete(id));
    true
}

/// The script without its comments and its margin: both stand in lines of their own.
fn without_comments(script: &str) -> String {
    let lines = script.lines().map(str::trim_start);
    let says = |line: &&str| {
        !matches!(*line, "" | "*") && !["/**", "* ", "*/", "//"].iter().any(|mark| line.starts_with(mark))
    };
    lines.filter(says).map(|line| format!("{line}\n")).collect()
}

/// The script without the classes that called them.
fn without_classes(script: &str) -> String {
    let (mut text, mut until) = (String::with_capacity(script.len()), None);
    for line in script.lines() {
        match until {
            Some(end) => {
                let over = if end == "}" { line == end } else { line.ends_with(end) };
                if over {
                    until = None;
                }
            }
            None if line.starts_with("export class IntoUnderlying") => until = Some("}"),
            None if line.starts_with("const IntoUnderlying") => until = Some(";"),
            None if line.starts_with("if (Symbol.dispose) IntoUnderlying") => {}
            None => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    text
}

/// `__wbg_then_0123456789abcdef`.
fn ends_in_hash(name: &str) -> bool {
    let hash = name.strip_prefix("__wb").and_then(|rest| rest.rsplit_once('_')).map(|(_, hash)| hash);
    hash.is_some_and(|hash| hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The script with these identifiers in place of others.
fn with_names(script: &str, short: &HashMap<String, String>) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let mut text = String::with_capacity(script.len());
    let mut rest = script;
    while !rest.is_empty() {
        let word = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(word);
        text.push_str(short.get(name).map_or(name, String::as_str));
        let between = after.find(is_part).unwrap_or(after.len());
        text.push_str(&after[..between]);
        rest = &after[between..];
    }
    text
}

/// Binaryen, for size, over every module, on all cores. As `wasm-opt` it would be loaded and warmed up anew for each of some sixty.
pub fn optimise(plan: &Plan, stage: &Path) -> Result<()> {
    let is_module = |file: &PathBuf| file.extension().is_some_and(|e| e == "wasm");
    let mut modules: Vec<PathBuf> = std::fs::read_dir(stage)?.flatten().map(|e| e.path()).filter(is_module).collect();
    let size = |file: &PathBuf| std::fs::metadata(file).map_or(0, |known| known.len());
    modules.sort_by_cached_key(|file| std::cmp::Reverse(size(file)));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    // Each process has its share of the large ones.
    let shares: Vec<Vec<&PathBuf>> =
        (0..threads).map(|first| modules.iter().skip(first).step_by(threads).collect()).collect();
    let start = |share: &Vec<&PathBuf>| {
        let mut node = Command::new("node");
        node.args(["--input-type=module", "-e", OPTIMISE]).arg(plan.npm.join("binaryen/index.js")).args(share);
        node.spawn().context("starting node for Binaryen")
    };
    let running = shares.iter().map(start).collect::<Result<Vec<_>>>()?;
    for mut node in running {
        let status = node.wait()?;
        if !status.success() {
            bail!("Binaryen failed ({status})");
        }
    }
    Ok(())
}

/// Laid out anew once it is small: 1 % less. Nothing of ours lives below address 1024 (the stack ends there). The features are
/// those that browsers have: with all of them it makes files that they refuse.
const OPTIMISE: &str = r#"
import { pathToFileURL } from "node:url";
import { readFileSync, writeFileSync } from "node:fs";
const [library, ...modules] = process.argv.slice(1);
const binaryen = (await import(pathToFileURL(library))).default;
const has = binaryen.Features;
const features = has.BulkMemory | has.BulkMemoryOpt | has.NontrappingFPToInt | has.SignExt | has.MutableGlobals | has.ReferenceTypes | has.Multivalue;
binaryen.setLowMemoryUnused(true);
binaryen.setGenerateStackIR(true);
binaryen.setOptimizeStackIR(true);
binaryen.setOptimizeLevel(2);
for (const file of modules) {
    const module = binaryen.readBinary(readFileSync(file));
    module.setFeatures(features);
    binaryen.setShrinkLevel(2);
    module.optimize();
    binaryen.setShrinkLevel(1);
    module.runPasses(["flatten", "rereloop"]);
    module.optimize();
    // Of 28 files of a page, two sections that nobody reads.
    module.runPasses(["strip-producers", "strip-target-features"]);
    writeFileSync(file, module.emitBinary());
    module.dispose();
}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_streams_go_and_nothing_else_does() {
        let script = "export class IntoUnderlyingSink {\n    free() {\n    }\n}\nif (Symbol.dispose) IntoUnderlyingSink.x = 1;\n\
            const IntoUnderlyingSinkFinalization = (typeof F === 'undefined')\n    ? {}\n    : new F(ptr => free(ptr, 1));\n\
            export class Other {\n}\nconst a = 1;\n";
        assert_eq!(without_classes(script), "export class Other {\n}\nconst a = 1;\n");
        let said = "/**\n *\n * @returns {number}\n */\nfunction f() {\n    // why\n    return 2 * 3;\n}\n";
        assert_eq!(without_comments(said), "function f() {\nreturn 2 * 3;\n}\n");
    }

    #[test]
    fn names_with_a_hash_are_shortened_and_nothing_else_is() {
        assert!(ends_in_hash("__wbg_then_0123456789abcdef") && !ends_in_hash("__wbindgen_throw"));
        let short = HashMap::from([("__wbg_then_0123456789abcdef".to_owned(), "i0".to_owned())]);
        let script = "const 名 = {__wbg_then_0123456789abcdef: f, a__wbg_then_0123456789abcdef: 1};\n";
        assert_eq!(with_names(script, &short), "const 名 = {i0: f, a__wbg_then_0123456789abcdef: 1};\n");
    }
}
