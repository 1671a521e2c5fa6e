//! Tests read as packages: a builder with good defaults, and what each test adds to it.

mod bad_input;
mod hostile;
mod links;
mod packages;
mod reports;
mod rules_code;
mod rules_text;

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use crate::*;

/// A package in the making.
#[derive(Clone)]
pub(crate) struct Zip {
    files: Vec<(String, Vec<u8>)>,
}

pub(crate) const GOOD_PAGE: &str = "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width\">\n<title>公交</title>\n</head>\n<body><p>好</p></body>\n</html>\n";

/// A good static package: nothing is found in it.
pub(crate) fn static_zip() -> Zip {
    Zip { files: Vec::new() }.with("index.html", GOOD_PAGE).with("main.js", "console.log('hello');\n")
}

/// A good source package: nothing is found in it.
pub(crate) fn source_zip() -> Zip {
    Zip { files: Vec::new() }
        .with("package.json", r#"{"name":"a","scripts":{"build":"vite build"}}"#)
        .with("package-lock.json", r#"{"lockfileVersion":3,"packages":{"":{"name":"a"}}}"#)
        .with("index.html", GOOD_PAGE)
        .with("src/main.ts", "export const a: number = 1;\n")
}

impl Zip {
    pub(crate) fn with(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.files.retain(|(known, _)| known != path);
        self.files.push((path.to_owned(), content.as_ref().to_vec()));
        self
    }

    pub(crate) fn without(mut self, path: &str) -> Self {
        self.files.retain(|(known, _)| known != path);
        self
    }

    pub(crate) fn below(mut self, folder: &str) -> Self {
        for (path, _) in &mut self.files {
            *path = format!("{folder}/{path}");
        }
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (path, content) in &self.files {
            let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
            zip.start_file(path.as_str(), options).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    pub(crate) fn read(&self) -> Result<Package<Cursor<Vec<u8>>>, BadPackage> {
        read(self.bytes())
    }

    pub(crate) fn report(&self) -> Report {
        self.report_with(&Severities::default())
    }

    pub(crate) fn report_with(&self, severities: &Severities) -> Report {
        check_source(&mut self.read().unwrap(), severities, &mut Unwatched).unwrap()
    }
}

pub(crate) fn read(bytes: Vec<u8>) -> Result<Package<Cursor<Vec<u8>>>, BadPackage> {
    read_package(Cursor::new(bytes), &Limits::default(), &mut Unwatched)
}

/// Reads the package and every file in it.
pub(crate) fn read_all(bytes: Vec<u8>, limits: &Limits) -> Result<u64, BadPackage> {
    let mut package = read_package(Cursor::new(bytes), limits, &mut Unwatched)?;
    let mut sum = 0;
    for file in package.files().to_vec() {
        sum += package.read(&file)?.len() as u64;
    }
    Ok(sum)
}

/// The rules that find something in one file of a static package, with line and column.
pub(crate) fn found(path: &str, content: &str) -> Vec<String> {
    let report = static_zip().with(path, content).report();
    report
        .findings
        .iter()
        .map(|f| match (f.line, f.column) {
            (Some(line), Some(column)) => format!("{} {line}:{column} {}", f.rule.id(), f.subject),
            _ => format!("{} {}", f.rule.id(), f.subject),
        })
        .collect()
}

/// A zip written by hand, so that it can lie. Stored, not deflated, unless told.
#[derive(Clone)]
pub(crate) struct Raw {
    pub name: Vec<u8>,
    pub local_name: Option<Vec<u8>>,
    pub data: Vec<u8>,
    pub flags: u16,
    pub method: u16,
    pub mode: u32,
    /// What the directory and the header say of the unpacked size, if not the truth.
    pub says_bytes: Option<u32>,
    pub says_packed: Option<u32>,
    pub says_header: Option<u32>,
    pub extra: Vec<u8>,
}

pub(crate) fn raw(name: impl AsRef<[u8]>) -> Raw {
    Raw {
        name: name.as_ref().to_vec(),
        local_name: None,
        data: b"x".to_vec(),
        flags: 0,
        method: 0,
        mode: 0,
        says_bytes: None,
        says_packed: None,
        says_header: None,
        extra: Vec::new(),
    }
}

pub(crate) fn raw_zip(entries: &[Raw]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let header = entry.says_header.unwrap_or(out.len() as u32);
        let bytes = entry.says_bytes.unwrap_or(entry.data.len() as u32);
        let packed = entry.says_packed.unwrap_or(entry.data.len() as u32);
        let crc = crc32fast::hash(&entry.data);
        let local = entry.local_name.as_ref().unwrap_or(&entry.name);
        out.extend(b"PK\x03\x04\x14\x00");
        for number in [entry.flags, entry.method, 0, 0x21] {
            out.extend(number.to_le_bytes());
        }
        for number in [crc, packed, bytes] {
            out.extend(number.to_le_bytes());
        }
        out.extend((local.len() as u16).to_le_bytes());
        out.extend([0, 0]);
        out.extend(local);
        out.extend(&entry.data);
        directory.extend(b"PK\x01\x02\x14\x03\x14\x00");
        for number in [entry.flags, entry.method, 0, 0x21] {
            directory.extend(number.to_le_bytes());
        }
        for number in [crc, packed, bytes] {
            directory.extend(number.to_le_bytes());
        }
        directory.extend((entry.name.len() as u16).to_le_bytes());
        directory.extend((entry.extra.len() as u16).to_le_bytes());
        directory.extend([0; 6]);
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(header.to_le_bytes());
        directory.extend(&entry.name);
        directory.extend(&entry.extra);
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((entries.len() as u16).to_le_bytes());
    out.extend((entries.len() as u16).to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}
