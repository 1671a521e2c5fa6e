//! The walkers of HTML, CSS and JavaScript, through the checks that use them: the first byte says what the rest is.

#![no_main]

use checks::{AllowList, ServedFile, Settings, Severities, Unwatched, check_links, check_package};
use libfuzzer_sys::fuzz_target;
use std::convert::Infallible;
use std::io::{Cursor, Write};
use zip::write::{SimpleFileOptions, ZipWriter};

const NAMES: [&str; 8] = ["index.html", "a.css", "a.js", "a.ts", "a.vue", "a.svg", "a.mjs", "a.jsx"];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, content)) = bytes.split_first() else { return };
    let name = NAMES[usize::from(*first) % NAMES.len()];
    let served = ServedFile { path: name.to_owned(), bytes: content.to_vec() };
    let Ok(report) = check_links([Ok::<_, Infallible>(served)].into_iter(), &AllowList::default());
    let lines = content.iter().filter(|byte| **byte == b'\n').count()
        + content.iter().filter(|byte| **byte == b'\r').count()
        + 1;
    for place in report.hosts.iter().flat_map(|host| &host.places) {
        assert!(place.line >= 1 && place.column >= 1 && place.line as usize <= lines, "{place:?}");
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let files: [(&str, &[u8]); 2] = [("index.html", b"<!doctype html><title>x</title>"), (name, content)];
    // One index.html: ours, unless the content is it.
    for (path, content) in files.into_iter().skip(usize::from(name == "index.html")) {
        zip.start_file(path, plain).unwrap();
        zip.write_all(content).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    let settings = Settings { limits: Default::default(), severities: Severities::default() };
    if let Ok(report) = check_package(Cursor::new(zip), &settings, &mut Unwatched) {
        let kept = report.findings.len() as u32;
        assert_eq!(report.blocks + report.warnings, kept + report.not_kept());
    }
});
