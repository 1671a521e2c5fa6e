//! Compression at deploy and later, inside the child: what its encoders took is the system's again when it ends.

use super::check::{CONTENT_MOST, MEMORY, length, take};
use super::limits::{NO_ONE, give_up};
use flate2::write::GzEncoder;
use nix::sys::resource::Resource;
use std::ffi::OsString;
use std::io::{BufReader, Write};
use std::process::ExitCode;

const GZIP: u32 = 6;

/// Seconds of the processor, for all that it is given.
const SECONDS: u64 = 600;

/// A content comes in after its length; in gzip, and in brotli of the level that the argument names, it goes out again, each after its
/// length. Until the input ends.
pub(super) fn files(arguments: &[OsString]) -> ExitCode {
    let level = arguments.first().and_then(|level| level.to_str()?.parse().ok());
    let Some(level @ 0..=11) = level else { return ExitCode::from(2) };
    let limits = [
        (Resource::RLIMIT_AS, MEMORY),
        (Resource::RLIMIT_CPU, SECONDS),
        (Resource::RLIMIT_CORE, 0),
        (Resource::RLIMIT_FSIZE, 0),
    ];
    if give_up(NO_ONE, &limits).is_err() {
        return ExitCode::from(3);
    }
    match one_after_another(level) {
        Some(()) => ExitCode::SUCCESS,
        None => ExitCode::FAILURE,
    }
}

fn one_after_another(level: i32) -> Option<()> {
    let (mut input, mut output) = (BufReader::new(std::io::stdin().lock()), std::io::stdout().lock());
    while let Some(length) = length(&mut input)? {
        let content = take(&mut input, length, CONTENT_MOST)?;
        for variant in [gzip(&content), brotli(&content, level)] {
            let variant = variant.ok()?;
            output.write_all(&(variant.len() as u64).to_be_bytes()).ok()?;
            output.write_all(&variant).ok()?;
        }
        output.flush().ok()?;
    }
    Some(())
}

fn gzip(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::new(GZIP));
    gzip.write_all(content)?;
    gzip.finish()
}

fn brotli(content: &[u8], quality: i32) -> std::io::Result<Vec<u8>> {
    let mut compressed = Vec::new();
    // With the default window each small file would take megabytes; below 18 the encoder takes tens of them.
    let lgwin = i32::try_from(usize::BITS - content.len().leading_zeros()).unwrap_or_default().clamp(18, 22);
    let parameters =
        brotli::enc::BrotliEncoderParams { quality, lgwin, size_hint: content.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)?;
    Ok(compressed)
}
