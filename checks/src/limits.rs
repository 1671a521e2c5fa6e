//! Every limit on an upload. packages.md: What a package is. All of them are settings.

use serde::{Deserialize, Serialize};

/// What a package may be at most. The defaults are the spec's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Bytes of the zip itself.
    pub packed_bytes: u64,
    /// Bytes of all files together, unpacked.
    pub unpacked_bytes: u64,
    /// Entries in the zip, folders included.
    pub entries: u32,
    /// Characters of a path, the enclosing folder included.
    pub path_chars: u32,
    /// Levels of a path, the enclosing folder and the file name included.
    pub path_levels: u32,
    /// Bytes of one file, unpacked.
    pub file_bytes: u64,
    /// Unpacked size to packed size, of a file over 1 MB and of the whole.
    pub ratio: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            packed_bytes: 100 * MB,
            unpacked_bytes: 500 * MB,
            entries: 20_000,
            path_chars: 200,
            path_levels: 12,
            file_bytes: 20 * MB,
            ratio: 200,
        }
    }
}

/// A megabyte, as the spec counts: 1024 × 1024 bytes.
pub const MB: u64 = 1024 * 1024;

/// Code files over this are not parsed (the syntax tree takes some 15 times the text); the finding
/// `code/not-checked` says so. Bytes.
pub const PARSED_BYTES: usize = 8 * 1024 * 1024;

/// Findings a report keeps; the rest is counted.
pub const FINDINGS_KEPT: usize = 500;

/// Places that are kept for one host of 外链检查; the rest is counted.
pub const PLACES_KEPT: usize = 50;
