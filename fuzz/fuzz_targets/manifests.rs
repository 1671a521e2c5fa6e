//! The readers of package.json, gbc.json and package-lock.json: three parts of the bytes, each after a line of dashes.

#![no_main]

use checks::{Limits, Unwatched, builds, dependencies, read_package};
use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write};
use zip::write::{SimpleFileOptions, ZipWriter};

const NAMES: [&str; 3] = ["package.json", "gbc.json", "package-lock.json"];

fuzz_target!(|bytes: &[u8]| {
    let parts = split(bytes);
    let _ = builds(parts[0]);
    if let Ok(lock) = std::str::from_utf8(parts[2]) {
        let found = dependencies(lock);
        assert!(found.is_sorted() && found.iter().all(|of| of.name.chars().count() <= 214));
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, part) in NAMES.iter().zip(parts) {
        zip.start_file(*name, plain).unwrap();
        zip.write_all(part).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    if let Ok(package) = read_package(Cursor::new(zip), &Limits::default(), &mut Unwatched) {
        let _ = package.shape();
    }
});

/// Three parts, of which the last ones may be empty.
fn split(bytes: &[u8]) -> [&[u8]; 3] {
    const BETWEEN: &[u8] = b"\n---\n";
    let cut = |bytes: &'_ [u8]| bytes.windows(BETWEEN.len()).position(|at| at == BETWEEN);
    let Some(first) = cut(bytes) else { return [bytes, b"{}", b"{}"] };
    let rest = &bytes[first + BETWEEN.len()..];
    match cut(rest) {
        None => [&bytes[..first], rest, b"{}"],
        Some(second) => [&bytes[..first], &rest[..second], &rest[second + BETWEEN.len()..]],
    }
}
