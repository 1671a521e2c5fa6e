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
    /// The lock file; of several, the one whose tool `packageManager` of `package.json` names, else npm's.
    pub lock: Option<Lock>,
    /// `packageManager` of `package.json`: `pnpm@9.15.9`.
    #[serde(default)]
    pub manager: Option<String>,
}

/// Which tool's lock file lies at the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lock {
    /// `package-lock.json` or `npm-shrinkwrap.json`.
    Npm,
    /// `pnpm-lock.yaml`.
    Pnpm,
    /// `yarn.lock` of the old yarn (1).
    Yarn,
    /// `yarn.lock` of yarn 2 and later.
    YarnBerry,
}

impl Lock {
    /// The tool that goes by it, as commands name it.
    pub const fn tool(self) -> &'static str {
        match self {
            Lock::Npm => "npm",
            Lock::Pnpm => "pnpm",
            Lock::Yarn | Lock::YarnBerry => "yarn",
        }
    }

    /// The file's name; npm's other one is `npm-shrinkwrap.json`.
    pub const fn file(self) -> &'static str {
        match self {
            Lock::Npm => "package-lock.json",
            Lock::Pnpm => "pnpm-lock.yaml",
            Lock::Yarn | Lock::YarnBerry => "yarn.lock",
        }
    }
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
    let package_json = manifest(package, "package.json")?;
    if !has_build(&package_json) {
        return if has_index { Ok(Shape::Static) } else { Err(no_shape("package.json 中的 scripts.build")) };
    }
    let output_path = match package.find("gbc.json") {
        Some(_) => output_path(&manifest(package, "gbc.json")?)?,
        None => None,
    };
    let manager = package_json.get("packageManager").and_then(|named| named.as_str());
    // What follows a `+` is a checksum.
    let manager =
        manager.map(|named| named.split('+').next().unwrap_or(named).chars().take(LONGEST_NAME).collect::<String>());
    Ok(Shape::Source(Source { output_path, lock: lock(package, manager.as_deref())?, manager }))
}

/// Of a manifest, which takes many times its length while it is looked at. Bytes.
const LONGEST: u64 = 1024 * 1024;

/// Characters of `packageManager`.
const LONGEST_NAME: usize = 40;

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
    if file.bytes > LONGEST {
        return Err(wrong("超过 1 MB".to_owned()));
    }
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

fn lock<R: Read + Seek>(package: &mut Package<R>, manager: Option<&str>) -> Result<Option<Lock>, BadPackage> {
    let mut found = Vec::new();
    for (name, lock) in [
        ("package-lock.json", Lock::Npm),
        ("npm-shrinkwrap.json", Lock::Npm),
        ("pnpm-lock.yaml", Lock::Pnpm),
        ("yarn.lock", Lock::Yarn),
    ] {
        if package.find(name).is_some() {
            found.push((name, lock));
        }
    }
    let named = manager.and_then(|manager| manager.split('@').next());
    let wanted = found.iter().find(|(_, lock)| Some(lock.tool()) == named).or(found.first());
    let Some((name, lock)) = wanted.copied() else { return Ok(None) };
    let Some(file) = package.find(name).filter(|_| lock == Lock::Yarn) else { return Ok(Some(lock)) };
    let bytes = package.read(&file)?;
    Ok(crate::locks::written_by(name, crate::text::decode(&bytes).as_ref()))
}
