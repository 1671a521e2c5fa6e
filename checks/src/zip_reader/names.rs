//! What a name in a zip may be. packages.md: Bad input, second row.

use std::collections::HashMap;

use crate::bad_package::{BadPackage, NameFlaw, shown};
use crate::limits::Limits;

/// The name as text: UTF-8, else GB18030 (as Windows tools write it).
pub(crate) fn decode(raw: &[u8], says_utf8: bool) -> Result<String, BadPackage> {
    if let Ok(name) = std::str::from_utf8(raw) {
        return Ok(name.to_owned());
    }
    let wrong = || BadPackage::Name { entry: shown(&String::from_utf8_lossy(raw)), flaw: NameFlaw::Encoding };
    if says_utf8 {
        return Err(wrong());
    }
    encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(raw)
        .map(|name| name.into_owned())
        .ok_or_else(wrong)
}

/// Whether the name is one that every system can have, below the folder it is unpacked to.
pub(crate) fn check(name: &str, limits: &Limits) -> Result<(), BadPackage> {
    if let Some(flaw) = flaw(name) {
        return Err(BadPackage::Name { entry: shown(name), flaw });
    }
    if name.chars().count() > limits.path_chars as usize {
        return Err(BadPackage::PathTooLong { entry: shown(name), limit: limits.path_chars });
    }
    if name.trim_end_matches('/').split('/').count() > limits.path_levels as usize {
        return Err(BadPackage::PathTooDeep { entry: shown(name), limit: limits.path_levels });
    }
    Ok(())
}

fn flaw(name: &str) -> Option<NameFlaw> {
    if name.contains('\0') {
        return Some(NameFlaw::Nul);
    }
    if name.contains('\\') {
        return Some(NameFlaw::Backslash);
    }
    if name.starts_with('/') {
        return Some(NameFlaw::Absolute);
    }
    if name.contains(':') {
        return Some(NameFlaw::Drive);
    }
    if name.chars().any(crate::text::hidden) {
        return Some(NameFlaw::Control);
    }
    name.strip_suffix('/').unwrap_or(name).split('/').find_map(part_flaw)
}

fn part_flaw(part: &str) -> Option<NameFlaw> {
    if part.is_empty() {
        return Some(NameFlaw::Empty);
    }
    if part == "." || part == ".." {
        return Some(NameFlaw::DotDot);
    }
    if part.ends_with(['.', ' ']) || part.contains(['<', '>', '"', '|', '?', '*']) {
        return Some(NameFlaw::Windows);
    }
    let stem = part.split('.').next().unwrap_or(part).trim_end();
    reserved(stem).then_some(NameFlaw::Reserved)
}

/// The device names of Windows, with any extension.
fn reserved(stem: &str) -> bool {
    let stem = stem.to_ascii_lowercase();
    if matches!(stem.as_str(), "con" | "prn" | "aux" | "nul" | "conin$" | "conout$") {
        return true;
    }
    let Some(rest) = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt")) else { return false };
    let mut chars = rest.chars();
    matches!((chars.next(), chars.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
}

/// Names that were seen: no two the same, none that differ in case only, no file where another entry
/// needs a folder.
#[derive(Default)]
pub(crate) struct Seen {
    /// Folded path to (path as first seen, is it a folder, was there an entry for it).
    paths: HashMap<String, Node>,
}

struct Node {
    path: String,
    folder: bool,
    entry: bool,
}

impl Seen {
    /// Takes one more name; a folder's ends in a slash.
    pub(crate) fn add(&mut self, name: &str) -> Result<(), BadPackage> {
        let (path, folder) = name.strip_suffix('/').map_or((name, false), |path| (path, true));
        for (at, _) in path.match_indices('/') {
            self.node(path.get(..at).unwrap_or_default(), true, false)?;
        }
        self.node(path, folder, true)
    }

    fn node(&mut self, path: &str, folder: bool, entry: bool) -> Result<(), BadPackage> {
        let Some(seen) = self.paths.get_mut(&fold(path)) else {
            self.paths.insert(fold(path), Node { path: path.to_owned(), folder, entry });
            return Ok(());
        };
        if seen.path != path {
            return Err(BadPackage::CaseCollision { entry: shown(path), other: shown(&seen.path) });
        }
        if seen.folder != folder || (seen.entry && entry) {
            return Err(BadPackage::Duplicate { entry: shown(path) });
        }
        seen.entry |= entry;
        Ok(())
    }
}

/// Upper, then lower: folds what file systems fold (`ß`, `ſ` and Kelvin among them).
fn fold(path: &str) -> String {
    path.to_uppercase().to_lowercase()
}
