//! 包结构: rules over paths and the first bytes of files.

use super::Rule;
use crate::collector::FileFindings;
use crate::file_kind::{extension, file_name};
use crate::finding::Found;
use crate::shape::Shape;

/// The forbidden folder that the path lies in, if any: `node_modules` and `.git` anywhere, `build` and
/// `dist` at the top of a source package.
pub(crate) fn forbidden_folder<'p>(path: &'p str, shape: &Shape) -> Option<&'p str> {
    left_out_of(path, matches!(shape, Shape::Source(_)))
}

/// The same for whoever packs, who leaves it out; `source`: it is built on the platform.
pub fn left_out_of(path: &str, source: bool) -> Option<&str> {
    let (folders, _) = path.rsplit_once('/')?;
    let mut end = 0_usize;
    for (level, part) in folders.split('/').enumerate() {
        end = end.saturating_add(part.len()).saturating_add(usize::from(level > 0));
        let lower = part.to_ascii_lowercase();
        let built = level == 0 && source && matches!(lower.as_str(), "build" | "dist");
        if built || matches!(lower.as_str(), "node_modules" | ".git") {
            return path.get(..end);
        }
    }
    None
}

/// Checks name and first bytes of one file.
pub(crate) fn file(path: &str, bytes: &[u8], shape: &Shape, out: &mut FileFindings) {
    if is_executable(bytes) || EXECUTABLES.contains(&extension(path).as_str()) {
        out.push(Found::file(Rule::Executable, file_name(path)));
    }
    if has_double_extension(path) {
        out.push(Found::file(Rule::DoubleExtension, file_name(path)));
    }
    if *shape == Shape::Static {
        if is_server_script(path, bytes) {
            out.push(Found::file(Rule::ServerScript, file_name(path)));
        }
        let first = path.split('/').next().unwrap_or(path);
        if path == "app-env.js" || first.starts_with("__") {
            out.push(Found::file(Rule::ReservedName, first));
        }
    }
    let inline = bytes.windows(27).any(|window| window == b"sourceMappingURL=data:appli");
    if (extension(path) == "map" && bytes.windows(10).take(4_000_000).any(|window| window == b"\"mappings\"")) || inline
    {
        out.push(Found::file(Rule::SourceMap, file_name(path)));
    }
}

const EXECUTABLES: &[&str] = &["exe", "dll", "msi", "com", "scr", "so", "dylib", "class", "dex", "elf"];
const SCRIPTS: &[&str] =
    &["sh", "bash", "bat", "cmd", "ps1", "vbs", "wsf", "php", "jsp", "jspx", "asp", "aspx", "cgi", "pl", "py", "rb"];
const HARMLESS: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "bmp", "webp", "svg", "ico", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx",
    "txt", "mp3", "mp4",
];
const DISGUISED: &[&str] = &["html", "htm", "hta", "jar", "apk", "lnk"];

/// PE, ELF, Mach-O, Java and Dalvik classes, by their content.
fn is_executable(bytes: &[u8]) -> bool {
    let pe = bytes.starts_with(b"MZ")
        && bytes.get(60..64).and_then(|at| at.first_chunk().copied()).map(u32::from_le_bytes).is_some_and(|at| {
            let rest = usize::try_from(at).ok().and_then(|at| bytes.get(at..));
            rest.is_some_and(|rest| rest.starts_with(b"PE\0\0"))
        });
    let magics: [&[u8]; 7] = [
        b"\x7fELF",
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
        b"dex\n0",
    ];
    pe || magics.iter().any(|magic| bytes.starts_with(magic))
}

fn is_server_script(path: &str, bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(512)).unwrap_or_default();
    let has = |what: &[u8]| start.windows(what.len()).any(|window| window == what);
    SCRIPTS.contains(&extension(path).as_str()) || start.starts_with(b"#!") || has(b"<?php") || has(b"<%@")
}

/// An image or a document by its name, and then something that runs.
fn has_double_extension(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    let Some((stem, last)) = name.rsplit_once('.') else { return false };
    let Some((_, inner)) = stem.rsplit_once('.') else { return false };
    let last = last.trim();
    HARMLESS.contains(&inner.trim())
        && (EXECUTABLES.contains(&last) || SCRIPTS.contains(&last) || DISGUISED.contains(&last))
}
