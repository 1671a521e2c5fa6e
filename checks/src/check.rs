//! 源码检测, whole: one file at a time, all rules on it, then the next.

use std::io::{Read, Seek};

use crate::bad_package::BadPackage;
use crate::collector::{Collector, FileFindings};
use crate::file_kind::{FileKind, extension, file_name, kind};
use crate::finding::Found;
use crate::limits::Limits;
use crate::locks;
use crate::progress::{Progress, Watch};
use crate::report::{Report, sum};
use crate::rules::{RULE_SET, Rule, Severities, Severity, code, licences, listing, markup, package, personal, secrets};
use crate::shape::Shape;
use crate::walk::document::{self, Part};
use crate::zip_reader::{Package, read_package};
use serde::{Deserialize, Serialize};

/// What 源码检测 goes by: given out by the server, to its own child and to browsers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// What a package may be at most.
    pub limits: Limits,
    /// What the rules weigh.
    pub severities: Severities,
}

/// Reads a zip and checks it: the same bytes and settings give the same answer, on the server and in a browser.
///
/// # Errors
/// What is wrong with the package as such, in a sentence.
pub fn check_package<R: Read + Seek>(zip: R, settings: &Settings, watch: &mut impl Watch) -> Result<Report, String> {
    let checked = read_package(zip, &settings.limits, watch)
        .and_then(|mut package| check_source(&mut package, &settings.severities, watch));
    checked.map_err(|bad| bad.to_string())
}

/// Runs every rule that is not off over every file. Nothing is kept of a file but its findings.
///
/// # Errors
/// The content of a file is not what the zip says of it, or it is an archive, or `watch` stopped it.
pub fn check_source<R: Read + Seek>(
    package: &mut Package<R>,
    severities: &Severities,
    watch: &mut impl Watch,
) -> Result<Report, BadPackage> {
    let shape = package.shape().clone();
    let files = package.files().to_vec();
    let of_files = u32::try_from(files.len()).unwrap_or(u32::MAX);
    let of_bytes = files.iter().fold(0_u64, |sum, file| sum.saturating_add(file.bytes));
    let mut collector = Collector::new(severities);
    no_lock(&shape, &mut collector);
    let mut progress = Progress { of_files, of_bytes, ..Progress::default() };
    let mut forbidden: Option<String> = None;
    for file in &files {
        let folder = package::forbidden_folder(&file.path, &shape);
        let bytes = package.read(file)?;
        match folder {
            // One finding for the folder, none for what is in it.
            Some(folder) if forbidden.as_deref() == Some(folder) => {}
            Some(folder) => {
                let mut findings = FileFindings::default();
                findings.push(Found::file(Rule::ForbiddenFolder, folder));
                collector.file(folder, "", findings);
                forbidden = Some(folder.to_owned());
            }
            None => check_file(&file.path, &bytes, &shape, severities, &mut collector),
        }
        progress.files = progress.files.saturating_add(1);
        progress.bytes = progress.bytes.saturating_add(file.bytes);
        if watch.step(progress).is_break() {
            return Err(BadPackage::Cancelled);
        }
    }
    let enclosing = package.enclosing().map(str::to_owned);
    Ok(report(collector, severities, shape, enclosing, of_files, of_bytes))
}

/// 源码检测 of what a build put out, as of a static package, as far as a rule is about what a file is: its sources were searched, and its
/// scripts are the work of tools. One file at a time.
pub struct OutputCheck<'s> {
    severities: &'s Severities,
    collector: Collector<'s>,
    files: u32,
    bytes: u64,
}

impl<'s> OutputCheck<'s> {
    /// Nothing was looked at yet.
    pub fn new(severities: &'s Severities) -> Self {
        Self { severities, collector: Collector::new(severities), files: 0, bytes: 0 }
    }

    /// One more file.
    pub fn file(&mut self, path: &str, bytes: &[u8]) {
        let mut out = FileFindings::default();
        package::file(path, bytes, &Shape::Static, &mut out);
        secrets::name(path, &mut out);
        self.collector.file(path, "", out);
        self.files = self.files.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
    }

    /// What was found.
    pub fn finish(self) -> Report {
        report(self.collector, self.severities, Shape::Static, None, self.files, self.bytes)
    }
}

fn report(
    collector: Collector<'_>,
    severities: &Severities,
    shape: Shape,
    enclosing: Option<String>,
    files: u32,
    bytes: u64,
) -> Report {
    let (findings, counts) = collector.finish();
    let blocks = sum(&counts, severities, Severity::Block);
    let warnings = sum(&counts, severities, Severity::Warn);
    Report { rule_set: RULE_SET.to_owned(), shape, enclosing, files, bytes, findings, counts, blocks, warnings }
}

fn no_lock(shape: &Shape, collector: &mut Collector<'_>) {
    if matches!(shape, Shape::Source(source) if source.lock.is_none()) {
        let mut findings = FileFindings::default();
        findings.push(Found::file(Rule::NoLock, "package-lock.json"));
        collector.file("package.json", "", findings);
    }
}

fn check_file(path: &str, bytes: &[u8], shape: &Shape, severities: &Severities, collector: &mut Collector<'_>) {
    let mut out = FileFindings::default();
    package::file(path, bytes, shape, &mut out);
    let kind = kind(path);
    if kind == FileKind::Other && !crate::text::is_text(bytes) {
        return collector.file(path, "", out);
    }
    let text = crate::text::decode(bytes);
    secrets::text(path, &text, &mut out);
    let lock = matches!(file_name(path), "package-lock.json" | "npm-shrinkwrap.json");
    let other_lock = locks::written_by(file_name(path), &text);
    match kind {
        _ if let Some(lock) = other_lock => licences::other_lock(lock, &text, severities, &mut out),
        _ if lock => licences::lock(&text, severities, &mut out),
        FileKind::Script(_) | FileKind::Vue | FileKind::Html => personal::source(&text, &mut out),
        FileKind::Json if extension(path) == "json" => personal::source(&text, &mut out),
        FileKind::Json | FileKind::Css | FileKind::Svg | FileKind::Other => personal::id_cards(&text, &mut out),
    }
    let mut page = markup::Page::default();
    let mut phones = listing::Phones::default();
    document::read(&text, kind, &mut |part| {
        page.part(&part, &text, kind, &mut out);
        phones.part(&part, &text, &mut out);
        match part {
            Part::Script { range, dialect } => {
                let script = text.get(range.clone()).unwrap_or_default();
                code::script(script, range.start, dialect, &mut out);
            }
            Part::Broken => out.push(Found::at(Rule::Syntax, 0..0, "")),
            Part::Tag(_) | Part::Text { .. } | Part::Style(_) => {}
        }
    });
    if kind == FileKind::Html {
        page.finish(&mut out);
    }
    collector.file(path, &text, out);
}
