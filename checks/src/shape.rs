//! Source or static. packages.md: What a package is.

use std::io::{Read, Seek};

use serde::{Deserialize, Serialize};

use crate::bad_package::BadPackage;
use crate::zip_reader::Package;

/// What a package is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Shape {
    /// `index.html` at the top: passes through.
    Static,
    /// `package.json` with `scripts.build`.
    Source(Source),
}

/// How a source package is built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// `outputPath` of `gbc.json`, if there is one: then no other folder is looked at.
    pub output_path: Option<String>,
    /// The lock file.
    pub lock: Option<Lock>,
}

/// Which tool's lock file lies at the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lock {
    /// `package-lock.json` or `npm-shrinkwrap.json`.
    Npm,
    /// `pnpm-lock.yaml`.
    Pnpm,
    /// `yarn.lock`.
    Yarn,
}

impl Source {
    /// Where the build's result is looked for, in this order; also the failure's list.
    pub fn looked_for(&self) -> Vec<&str> {
        self.output_path.as_deref().map_or_else(|| vec!["build", "dist"], |path| vec![path])
    }
}

/// Finds out the shape of a package. A source package usually has `index.html` too, so that is asked
/// first.
pub(crate) fn find<R: Read + Seek>(package: &mut Package<R>) -> Result<Shape, BadPackage> {
    let has_index = package.find("index.html").is_some();
    if package.find("package.json").is_none() {
        return if has_index { Ok(Shape::Static) } else { Err(no_shape("index.html 或 package.json")) };
    }
    if !has_build(&manifest(package, "package.json")?) {
        return if has_index { Ok(Shape::Static) } else { Err(no_shape("package.json 中的 scripts.build")) };
    }
    let output_path = match package.find("gbc.json") {
        Some(_) => output_path(&manifest(package, "gbc.json")?)?,
        None => None,
    };
    Ok(Shape::Source(Source { output_path, lock: lock(package) }))
}

/// Whether a `package.json` is that of a source package.
pub fn builds(package_json: &[u8]) -> bool {
    serde_json::from_str(crate::text::decode(package_json).as_ref()).is_ok_and(|manifest| has_build(&manifest))
}

fn has_build(manifest: &serde_json::Value) -> bool {
    manifest.pointer("/scripts/build").and_then(|build| build.as_str()).is_some_and(|build| !build.trim().is_empty())
}

fn no_shape(looked_for: &str) -> BadPackage {
    BadPackage::NoShape { looked_for: looked_for.to_owned() }
}

fn manifest<R: Read + Seek>(package: &mut Package<R>, path: &str) -> Result<serde_json::Value, BadPackage> {
    let wrong = |what: String| BadPackage::Manifest { entry: path.to_owned(), what };
    let file = package.find(path).ok_or_else(|| wrong("找不到文件".to_owned()))?;
    let bytes = package.read(&file)?;
    let value: serde_json::Value = serde_json::from_str(crate::text::decode(&bytes).as_ref())
        .map_err(|cause| wrong(format!("第 {} 行第 {} 列不是合法的 JSON", cause.line(), cause.column())))?;
    if value.is_object() { Ok(value) } else { Err(wrong("最外层应当是对象".to_owned())) }
}

/// `outputPath`, as a plain relative path.
fn output_path(gbc: &serde_json::Value) -> Result<Option<String>, BadPackage> {
    let wrong = |what: &str| BadPackage::Manifest { entry: "gbc.json".to_owned(), what: what.to_owned() };
    let Some(path) = gbc.get("outputPath") else { return Ok(None) };
    let path = path.as_str().ok_or_else(|| wrong("outputPath 应当是文字"))?;
    let path = path.trim_start_matches("./").trim_end_matches('/');
    let plain = !path.is_empty()
        && !path.starts_with('/')
        && !path.contains(['\\', ':'])
        && !path.chars().any(crate::text::hidden)
        && path.chars().count() <= 200
        && path.split('/').all(|part| !matches!(part, "" | "." | ".." | "node_modules" | ".git"));
    if plain {
        Ok(Some(path.to_owned()))
    } else {
        Err(wrong("outputPath 应当是项目内的相对路径，例如 dist"))
    }
}

fn lock<R>(package: &Package<R>) -> Option<Lock> {
    let has = |path| package.find(path).is_some();
    if has("package-lock.json") || has("npm-shrinkwrap.json") {
        Some(Lock::Npm)
    } else if has("pnpm-lock.yaml") {
        Some(Lock::Pnpm)
    } else if has("yarn.lock") {
        Some(Lock::Yarn)
    } else {
        None
    }
}
