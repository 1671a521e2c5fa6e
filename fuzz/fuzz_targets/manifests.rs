//! The readers of package.json, gbc.json and lock files: three parts of the bytes, each after a line of dashes.

#![no_main]

use checks::{
    Limits, Lock, Severities, Unwatched, builds, check_source, dependencies_of, from_one_registry, read_package,
};
use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write};
use zip::write::{SimpleFileOptions, ZipWriter};

const NAMES: [&str; 2] = ["package.json", "gbc.json"];

/// The third part is each of them.
const LOCKS: [(&str, Lock); 4] = [
    ("package-lock.json", Lock::Npm),
    ("pnpm-lock.yaml", Lock::Pnpm),
    ("yarn.lock", Lock::Yarn),
    ("yarn.lock", Lock::YarnBerry),
];

fuzz_target!(|bytes: &[u8]| {
    let parts = split(bytes);
    let _ = builds(parts[0]);
    if let Ok(lock) = std::str::from_utf8(parts[2]) {
        for (_, kind) in LOCKS {
            let found = dependencies_of(kind, lock);
            assert!(found.is_sorted() && found.iter().all(|of| of.name.chars().count() <= 214));
        }
        let here = from_one_registry(lock, "http://127.0.0.1:4873/");
        assert_eq!(here.lines().count(), lock.lines().count());
    }
    for (name, _) in LOCKS {
        checked(name, parts);
    }
});

fn checked(lock: &'static str, parts: [&[u8]; 3]) {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, part) in NAMES.iter().copied().chain([lock]).zip(parts) {
        zip.start_file(name, plain).unwrap();
        zip.write_all(part).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    if let Ok(mut package) = read_package(Cursor::new(zip), &Limits::default(), &mut Unwatched) {
        let _ = check_source(&mut package, &Severities::default(), &mut Unwatched);
    }
}

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
