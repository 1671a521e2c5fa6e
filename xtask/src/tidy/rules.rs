//! One function a rule; the longer ones have files of their own.

use super::Source;
use super::paths::paths_in_docs_exist;
use super::shown::tests_in_security_exist;

/// Reads the tree, says what is wrong, a line each.
type Rule = fn(&[Source]) -> Vec<String>;

/// All rules.
pub const ALL: &[Rule] = &[
    file_length,
    crate_direction,
    sqlx_only_in_the_store,
    states_compared_only_in_domain,
    server_functions_are_named,
    style_files_have_components,
    bindgen_versions_agree,
    dependencies_are_used,
    paths_in_docs_exist,
    tests_in_security_exist,
];

/// style.md, Finding things: stop at 400 lines.
const LONGEST: usize = 400;

/// Which of our crates a crate may use (design.md, Layout and direction). Arrows only down.
const ARROWS: &[(&str, &[&str])] = &[
    ("bench", &["engine"]),
    ("checks", &[]),
    ("checks-web", &["checks"]),
    ("dingtalk", &[]),
    ("domain", &[]),
    ("engine", &["checks", "dingtalk", "domain", "oidc"]),
    ("app", &["domain", "engine"]),
    ("frontend", &["app"]),
    ("fuzz", &["checks", "domain"]),
    ("irs", &["checks"]),
    ("oidc", &[]),
    ("server", &["app", "domain", "engine"]),
    ("xtask", &[]),
    ("xtask/front", &[]),
];

fn file_length(tree: &[Source]) -> Vec<String> {
    let code = |path: &str| [".rs", ".css", ".ts", ".sql"].iter().any(|end| path.ends_with(end));
    let long = |s: &&Source| code(&s.path) && s.text.lines().count() > LONGEST;
    tree.iter().filter(long).map(|s| format!("{}: more than {LONGEST} lines; split it by meaning", s.path)).collect()
}

fn crate_direction(tree: &[Source]) -> Vec<String> {
    let names: Vec<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let mut wrong = Vec::new();
    for manifest in tree.iter().filter(|s| s.path.ends_with("/Cargo.toml")) {
        let name = manifest.path.trim_end_matches("/Cargo.toml");
        let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| *known == name) else {
            wrong.push(format!(
                "{}: not in the list of crates and their arrows (xtask/src/tidy/rules.rs)",
                manifest.path
            ));
            continue;
        };
        let used = dependencies(&manifest.text);
        let back = used.iter().filter(|d| names.contains(&d.as_str()) && !allowed.contains(&d.as_str()));
        wrong.extend(back.map(|d| format!("{}: must not use {d}", manifest.path)));
    }
    wrong
}

/// style.md, engine: SQL lives in `store/<noun>.rs`; nothing else knows the driver.
fn sqlx_only_in_the_store(tree: &[Source]) -> Vec<String> {
    let outside = |s: &&Source| {
        s.path.ends_with(".rs") && !s.path.starts_with("engine/src/store/") && !s.path.starts_with("xtask/")
    };
    // The tests' world makes the databases of PostgreSQL.
    let knows = |s: &&Source| {
        s.path != "engine/src/world.rs" && (s.text.contains("sqlx::") || s.text.contains("sqlx_macros::"))
    };
    tree.iter().filter(outside).filter(knows).map(|s| format!("{}: only engine/src/store uses sqlx", s.path)).collect()
}

/// design.md: the table decides; no `if state ==` anywhere else.
fn states_compared_only_in_domain(tree: &[Source]) -> Vec<String> {
    let compares = |line: &str| {
        let ours = line.contains("== State::") || line.contains("!= State::");
        ours || (line.contains("matches!(") && line.contains("State::"))
    };
    let mut wrong = Vec::new();
    // The model of the tests reads the spec by itself.
    let ours = |s: &&Source| {
        ["app/", "engine/", "server/"].iter().any(|top| s.path.starts_with(top))
            && !s.path.starts_with("server/tests/lifecycle/")
    };
    for source in tree.iter().filter(ours) {
        let lines = source.text.lines().enumerate().filter(|(_, line)| compares(line));
        wrong.extend(lines.map(|(n, _)| format!("{}:{}: ask domain about the state", source.path, n + 1)));
    }
    wrong
}

/// style.md, app: the default address contains a hash of the build folder. What reads is also asked by open pages that nobody sits at:
/// its client says so, or the session goes on (identity.md, Sign-in).
fn server_functions_are_named(tree: &[Source]) -> Vec<String> {
    // An argument may have a default.
    let attribute = |text: &str| {
        text.contains("#[server") && !text.contains("#[server(endpoint = \"") && !text.contains("#[server(default)]")
    };
    let keeps_signed_in =
        |text: &str| text.contains("#[server(endpoint") && text.contains("GetUrl") && !text.contains("client = Asking");
    let mut wrong = Vec::new();
    for source in tree.iter().filter(|s| s.path.ends_with(".rs") && s.path.starts_with("app/")) {
        let lines = source.text.lines().enumerate().filter(|(_, line)| attribute(line));
        wrong.extend(lines.map(|(n, _)| format!("{}:{}: name the endpoint first", source.path, n + 1)));
        let silent = source.text.lines().enumerate().filter(|(_, line)| keeps_signed_in(line));
        wrong.extend(silent.map(|(n, _)| format!("{}:{}: what reads has client = Asking", source.path, n + 1)));
        if source.text.contains("#[server") && !source.path.starts_with("app/src/api/") {
            wrong.push(format!("{}: server functions live in app/src/api", source.path));
        }
    }
    wrong
}

/// A component's CSS is in a file of its name; a file in `style/ui|parts|pages` belongs to a class of that name which is used.
fn style_files_have_components(tree: &[Source]) -> Vec<String> {
    let folders = ["style/ui/", "style/parts/", "style/pages/"];
    let code: String = tree.iter().filter(|s| s.path.starts_with("app/src/")).map(|s| s.text.as_str()).collect();
    let mut wrong = Vec::new();
    for sheet in tree.iter().filter(|s| folders.iter().any(|f| s.path.starts_with(f))) {
        let file = sheet.path.rsplit('/').next().unwrap_or_default();
        let class = file.trim_end_matches(".css").replace('_', "-");
        if !sheet.text.contains(&format!(".{class}")) {
            wrong.push(format!("{}: has no class .{class}", sheet.path));
        }
        if !code.contains(&class) {
            wrong.push(format!("{}: no component uses .{class}", sheet.path));
        }
    }
    wrong
}

/// The library that writes the JavaScript must be of the version that the module was compiled with.
fn bindgen_versions_agree(tree: &[Source]) -> Vec<String> {
    let version = |path: &str, name: &str| {
        let text = &tree.iter().find(|s| s.path == path)?.text;
        let line = text.lines().find(|l| l.split(['=', ' ']).next() == Some(name))?;
        line.split('"').find(|part| part.starts_with('=')).map(str::to_owned)
    };
    let ours = version("Cargo.toml", "wasm-bindgen");
    let theirs = version("xtask/front/Cargo.toml", "wasm-bindgen-cli-support");
    if ours.is_some() && ours == theirs {
        return Vec::new();
    }
    vec![format!("wasm-bindgen is {ours:?} in Cargo.toml and {theirs:?} in xtask/front/Cargo.toml; pin both alike")]
}

/// A dependency that no source file of its crate names is left over.
fn dependencies_are_used(tree: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for manifest in tree.iter().filter(|s| s.path.ends_with("/Cargo.toml")) {
        let folder = manifest.path.trim_end_matches("Cargo.toml");
        let own = |s: &&Source| s.path.starts_with(folder) && s.path.ends_with(".rs");
        let code: String = tree.iter().filter(own).map(|s| s.text.as_str()).collect();
        let unused = dependencies(&manifest.text).into_iter().filter(|d| !code.contains(&d.replace('-', "_")));
        wrong.extend(unused.map(|d| format!("{}: {d} is not used", manifest.path)));
    }
    wrong
}

/// The names in the dependency tables of a manifest.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut inside = false;
    let mut names = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.contains("dependencies]");
        } else if inside && !line.starts_with('#') {
            let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
            if !name.is_empty() {
                names.push(name.to_owned());
            }
        }
    }
    names
}
