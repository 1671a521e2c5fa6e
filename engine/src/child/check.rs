//! The checks, inside the child: a large stack, little of everything else.

use super::limits::{NO_ONE, give_up};
use checks::{AllowList, Settings, Unwatched, check_package};
use nix::sys::resource::Resource;
use serde::Deserialize;
use std::ffi::OsString;
use std::fs::File;
use std::io::{BufReader, Read};
use std::os::fd::AsFd;
use std::process::ExitCode;

/// Scripts that are nested deep are parsed deep. Bytes.
const STACK: usize = 512 * 1024 * 1024;

/// Memory, the stack counted in. Bytes.
pub(super) const MEMORY: u64 = 3 * 1024 * 1024 * 1024;

/// Seconds of the processor.
const SECONDS: u64 = 150;

/// Longest path and content that are taken.
const PATH_MOST: u64 = 4096;
pub(super) const CONTENT_MOST: u64 = 1 << 30;

/// 源码检测: the zip is our standard input, a file.
pub(super) fn source(arguments: &[OsString]) -> ExitCode {
    let Some(settings) = settings::<Settings>(arguments) else { return ExitCode::from(2) };
    apart(move || {
        let zip = File::from(std::io::stdin().as_fd().try_clone_to_owned().ok()?);
        serde_json::to_string(&check_package(BufReader::new(zip), &settings, &mut Unwatched)).ok()
    })
}

/// 外链检查: paths and contents come in, each after its length.
pub(super) fn links(arguments: &[OsString]) -> ExitCode {
    let Some(allowed) = settings::<AllowList>(arguments) else { return ExitCode::from(2) };
    apart(move || {
        let mut input = BufReader::new(std::io::stdin().lock());
        let mut check = checks::links::Check::default();
        while let Some(length) = length(&mut input)? {
            let path = String::from_utf8(take(&mut input, length, PATH_MOST)?).ok()?;
            let length = length_of(&mut input)?;
            check.file(&path, &take(&mut input, length, CONTENT_MOST)?);
        }
        serde_json::to_string(&check.finish(&allowed)).ok()
    })
}

fn settings<T: for<'d> Deserialize<'d>>(arguments: &[OsString]) -> Option<T> {
    serde_json::from_str(arguments.first()?.to_str()?).ok()
}

/// Runs it with the limits, on a thread with a large stack, and prints what it says.
fn apart(work: impl FnOnce() -> Option<String> + Send + 'static) -> ExitCode {
    let limits = [
        (Resource::RLIMIT_AS, MEMORY),
        (Resource::RLIMIT_CPU, SECONDS),
        (Resource::RLIMIT_CORE, 0),
        (Resource::RLIMIT_FSIZE, 0),
    ];
    if give_up(NO_ONE, &limits).is_err() {
        return ExitCode::from(3);
    }
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work);
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(Some(said))) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        _ => ExitCode::FAILURE,
    }
}

/// The next length; inner `None` at the end of the input.
pub(super) fn length(input: &mut impl Read) -> Option<Option<u64>> {
    let mut first = [0; 1];
    match input.read(&mut first).ok()? {
        0 => Some(None),
        _ => {
            let mut rest = [0; 7];
            input.read_exact(&mut rest).ok()?;
            let bytes: Vec<u8> = first.into_iter().chain(rest).collect();
            Some(bytes.first_chunk().map(|bytes| u64::from_be_bytes(*bytes)))
        }
    }
}

fn length_of(input: &mut impl Read) -> Option<u64> {
    length(input)?
}

pub(super) fn take(input: &mut impl Read, length: u64, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    (length <= most).then_some(())?;
    input.take(length).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 == length).then_some(bytes)
}
