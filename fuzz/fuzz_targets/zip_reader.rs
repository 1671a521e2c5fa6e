//! The zip reader: whatever the bytes are, it answers, and what it hands out keeps its limits.

#![no_main]

use checks::{Limits, Unwatched, read_package};
use libfuzzer_sys::fuzz_target;
use std::io::Cursor;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { unpacked_bytes: 1 << 20, file_bytes: 1 << 18, entries: 200, ..Limits::default() };
    let Ok(mut package) = read_package(Cursor::new(bytes), &limits, &mut Unwatched) else { return };
    let files = package.files().to_vec();
    let mut sum = 0_u64;
    for file in &files {
        assert!(!file.path.is_empty() && !file.path.starts_with('/') && !file.path.contains('\\'));
        assert!(file.path.split('/').all(|part| !matches!(part, "" | "." | "..")), "{}", file.path);
        if let Ok(content) = package.read(file) {
            assert!(content.len() as u64 <= limits.file_bytes);
            sum += content.len() as u64;
        }
    }
    assert!(sum <= limits.unpacked_bytes);
});
