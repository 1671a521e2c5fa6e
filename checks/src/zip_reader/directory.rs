//! The zip's own directory, read and judged before anything else: it decides, and the `zip` crate,
//! which unpacks afterwards, must agree with it. Nothing is larger in memory than the limits allow.

use std::io::{Read, Seek, SeekFrom};

use super::names;
use crate::bad_package::{BadPackage, shown};
use crate::limits::{Limits, MB};
use crate::progress::{Progress, Watch};

/// One entry as the directory has it; checked.
pub(crate) struct Entry {
    /// The name, decoded; a folder's ends in a slash.
    pub(crate) name: String,
    raw_name: Vec<u8>,
    flags: u16,
    method: u16,
    packed: u64,
    /// Unpacked size, as the zip says.
    pub(crate) bytes: u64,
    /// Where its local header starts.
    pub(crate) header: u64,
}

struct End {
    entries: u64,
    start: u64,
    bytes: u64,
}

const END: &[u8] = b"PK\x05\x06";
const END_BYTES: u64 = 22;
const LOCATOR_BYTES: u64 = 20;
const CENTRAL_BYTES: usize = 46;
const LOCAL_BYTES: u64 = 30;
/// A name, an extra field and a comment of the directory are shorter than 64 KB by their format; this
/// is what an honest zip stays far below.
const DIRECTORY_BYTES_PER_ENTRY: u64 = 4096;

/// Reads the directory and checks every entry against the limits, the rules of names and its local
/// header.
pub(crate) fn read<R: Read + Seek>(
    reader: &mut R,
    limits: &Limits,
    watch: &mut impl Watch,
) -> Result<Vec<Entry>, BadPackage> {
    let size = reader.seek(SeekFrom::End(0)).map_err(unreadable)?;
    if size > limits.packed_bytes {
        return Err(BadPackage::TooLarge { bytes: size, limit: limits.packed_bytes });
    }
    let end = find_end(reader, size)?;
    if end.entries > u64::from(limits.entries) {
        return Err(BadPackage::TooManyEntries { entries: end.entries, limit: limits.entries });
    }
    if end.bytes > end.entries.saturating_mul(DIRECTORY_BYTES_PER_ENTRY) {
        return Err(damaged("目录大小"));
    }
    let directory = read_at(reader, end.start, usize::try_from(end.bytes).map_err(|_| damaged("目录大小"))?)?;
    let entries = parse(&directory, &end, limits)?;
    check_sizes(&entries, size, limits)?;
    check_local(reader, &entries, end.start, watch)?;
    Ok(entries)
}

/// The end record: it must end where the file ends, and the directory must end where it (or its zip64
/// brother) starts.
fn find_end<R: Read + Seek>(reader: &mut R, size: u64) -> Result<End, BadPackage> {
    let window = size.min(END_BYTES.saturating_add(u64::from(u16::MAX)));
    let from = size.saturating_sub(window);
    let tail = read_at(reader, from, usize::try_from(window).map_err(|_| BadPackage::NotAZip)?)?;
    let at = (0..tail.len())
        .rev()
        .find(|at| {
            let record = tail.get(*at..).unwrap_or_default();
            let comment = u16_at(record, 20).map(u64::from);
            record.starts_with(END) && comment.map(|n| n.saturating_add(END_BYTES)) == Some(record.len() as u64)
        })
        .ok_or(BadPackage::NotAZip)?;
    let record = tail.get(at..).unwrap_or_default();
    let number = |at| u16_at(record, at).ok_or(BadPackage::NotAZip);
    let long = |at| u32_at(record, at).ok_or(BadPackage::NotAZip);
    if number(4)? != 0 || number(6)? != 0 || number(8)? != number(10)? {
        return Err(damaged("分卷压缩"));
    }
    let end = End { entries: number(10)?.into(), start: long(16)?.into(), bytes: long(12)?.into() };
    let at = from.saturating_add(at as u64);
    let (end, ends) = zip64(reader, at, end)?;
    if end.start.saturating_add(end.bytes) != ends {
        return Err(damaged("目录位置"));
    }
    Ok(end)
}

/// The zip64 end record, where there is one: it must agree with the plain one wherever that is not
/// saturated. Answers also where the directory must end.
fn zip64<R: Read + Seek>(reader: &mut R, end_at: u64, end: End) -> Result<(End, u64), BadPackage> {
    let lies = || damaged("zip64 目录");
    let saturated =
        end.entries == u64::from(u16::MAX) || end.start == u64::from(u32::MAX) || end.bytes == u64::from(u32::MAX);
    let locator = match end_at.checked_sub(LOCATOR_BYTES) {
        Some(at) => read_at(reader, at, 20)?,
        None => Vec::new(),
    };
    if !locator.starts_with(b"PK\x06\x07") {
        return if saturated { Err(lies()) } else { Ok((end, end_at)) };
    }
    let at = u64_at(&locator, 8).ok_or_else(lies)?;
    if at.saturating_add(56) > end_at {
        return Err(lies());
    }
    let record = read_at(reader, at, 56)?;
    let long = |at| u64_at(&record, at).ok_or_else(lies);
    if !record.starts_with(b"PK\x06\x06")
        || at.saturating_add(long(4)?).saturating_add(12).saturating_add(LOCATOR_BYTES) != end_at
    {
        return Err(lies());
    }
    let big = End { entries: long(32)?, start: long(48)?, bytes: long(40)? };
    let agrees = |small: u64, most: u64, big: u64| small == most || small == big;
    if long(24)? != big.entries
        || !agrees(end.entries, u16::MAX.into(), big.entries)
        || !agrees(end.start, u32::MAX.into(), big.start)
        || !agrees(end.bytes, u32::MAX.into(), big.bytes)
    {
        return Err(lies());
    }
    Ok((big, at))
}

fn parse(directory: &[u8], end: &End, limits: &Limits) -> Result<Vec<Entry>, BadPackage> {
    let mut entries = Vec::new();
    let mut seen = names::Seen::default();
    let mut rest = directory;
    while !rest.is_empty() {
        let (entry, used) = central(rest, limits)?;
        seen.add(&entry.name)?;
        entries.push(entry);
        rest = rest.get(used..).ok_or_else(|| damaged("目录"))?;
    }
    if entries.len() as u64 == end.entries { Ok(entries) } else { Err(damaged("条目数量")) }
}

/// One record of the directory, and its length.
fn central(record: &[u8], limits: &Limits) -> Result<(Entry, usize), BadPackage> {
    let cut = || damaged("目录");
    if !record.starts_with(b"PK\x01\x02") {
        return Err(cut());
    }
    let number = |at| u16_at(record, at).ok_or_else(cut);
    let long = |at| u32_at(record, at).ok_or_else(cut);
    let (name_bytes, extra_bytes) = (usize::from(number(28)?), usize::from(number(30)?));
    let name_end = CENTRAL_BYTES.saturating_add(name_bytes);
    let extra_end = name_end.saturating_add(extra_bytes);
    let raw_name = record.get(CENTRAL_BYTES..name_end).ok_or_else(cut)?;
    let extra = record.get(name_end..extra_end).ok_or_else(cut)?;
    let flags = number(8)?;
    let name = names::decode(raw_name, flags & 0x0800 != 0)?;
    names::check(&name, limits)?;
    let shown_name = || shown(&name);
    if flags & 0x2041 != 0 {
        return Err(BadPackage::Encrypted { entry: shown_name() });
    }
    let method = number(10)?;
    if !matches!(method, 0 | 8) {
        return Err(BadPackage::Method { entry: shown_name(), method });
    }
    match (long(38)? >> 28, name.ends_with('/')) {
        (0, _) | (0o10, false) | (0o4, true) => {}
        _ => return Err(BadPackage::NotAFile { entry: shown_name() }),
    }
    let mut wide = zip64_extra(extra);
    let mut widen = |short: u32| match short {
        u32::MAX => wide.next().ok_or_else(|| BadPackage::Lies { entry: shown_name() }),
        short => Ok(u64::from(short)),
    };
    let bytes = widen(long(24)?)?;
    let packed = widen(long(20)?)?;
    let header = widen(long(42)?)?;
    let used = extra_end.saturating_add(usize::from(number(32)?));
    Ok((Entry { raw_name: raw_name.to_owned(), name, flags, method, packed, bytes, header }, used))
}

/// The 64-bit numbers of the zip64 extra field, in order.
fn zip64_extra(extra: &[u8]) -> impl Iterator<Item = u64> {
    let mut rest = extra;
    let mut found: &[u8] = &[];
    while let (Some(id), Some(len)) = (u16_at(rest, 0), u16_at(rest, 2)) {
        let end = usize::from(len).saturating_add(4);
        if id == 1 {
            found = rest.get(4..end).unwrap_or_default();
            break;
        }
        rest = rest.get(end..).unwrap_or_default();
    }
    found.chunks_exact(8).filter_map(|chunk| u64_at(chunk, 0))
}

fn check_sizes(entries: &[Entry], size: u64, limits: &Limits) -> Result<(), BadPackage> {
    let mut all = 0_u64;
    for entry in entries {
        let name = || shown(&entry.name);
        if entry.bytes > limits.file_bytes {
            return Err(BadPackage::FileTooLarge { entry: name(), limit: limits.file_bytes });
        }
        if entry.packed > size || (entry.method == 0 && entry.packed != entry.bytes) {
            return Err(BadPackage::Lies { entry: name() });
        }
        if entry.name.ends_with('/') && entry.bytes != 0 {
            return Err(BadPackage::Lies { entry: name() });
        }
        if entry.bytes > MB && entry.bytes > entry.packed.saturating_mul(limits.ratio.into()) {
            return Err(BadPackage::Bomb { entry: name(), limit: limits.ratio });
        }
        all = all.saturating_add(entry.bytes);
        if all > limits.unpacked_bytes {
            return Err(BadPackage::UnpackedTooLarge { limit: limits.unpacked_bytes });
        }
    }
    if all > MB && all > size.saturating_mul(limits.ratio.into()) {
        return Err(BadPackage::Bomb { entry: "整个压缩包".to_owned(), limit: limits.ratio });
    }
    Ok(())
}

/// Every local header says what the directory says, and no two entries share a byte.
fn check_local<R: Read + Seek>(
    reader: &mut R,
    entries: &[Entry],
    directory: u64,
    watch: &mut impl Watch,
) -> Result<(), BadPackage> {
    let mut order: Vec<&Entry> = entries.iter().collect();
    order.sort_by_key(|entry| entry.header);
    let of_files = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let mut free = 0_u64;
    for (entry, files) in order.into_iter().zip(1_u32..) {
        let lies = || BadPackage::Lies { entry: shown(&entry.name) };
        if entry.header < free || entry.header.saturating_add(LOCAL_BYTES) > directory {
            return Err(lies());
        }
        free = local_end(reader, entry)?.ok_or_else(lies)?;
        if free > directory {
            return Err(lies());
        }
        if watch.step(Progress { files, of_files, ..Progress::default() }).is_break() {
            return Err(BadPackage::Cancelled);
        }
    }
    Ok(())
}

/// Where the entry's content ends; nothing if its header does not say what the directory says.
fn local_end<R: Read + Seek>(reader: &mut R, entry: &Entry) -> Result<Option<u64>, BadPackage> {
    let name_bytes = entry.raw_name.len();
    let head = read_at(reader, entry.header, name_bytes.saturating_add(30))?;
    let same = head.starts_with(b"PK\x03\x04")
        && u16_at(&head, 6) == Some(entry.flags)
        && u16_at(&head, 8) == Some(entry.method)
        && u16_at(&head, 26).map(usize::from) == Some(name_bytes)
        && head.get(30..) == Some(entry.raw_name.as_slice());
    let size = |at, is: u64| {
        let says = u32_at(&head, at);
        says == u32::try_from(is).ok() || says == Some(u32::MAX) || (entry.flags & 8 != 0 && says == Some(0))
    };
    if !same || !size(18, entry.packed) || !size(22, entry.bytes) {
        return Ok(None);
    }
    let extra = u16_at(&head, 28).map(u64::from).unwrap_or_default();
    let start = entry.header.saturating_add(LOCAL_BYTES).saturating_add(name_bytes as u64).saturating_add(extra);
    Ok(Some(start.saturating_add(entry.packed)))
}

fn read_at<R: Read + Seek>(reader: &mut R, at: u64, bytes: usize) -> Result<Vec<u8>, BadPackage> {
    reader.seek(SeekFrom::Start(at)).map_err(unreadable)?;
    let mut out = vec![0; bytes];
    reader.read_exact(&mut out).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::UnexpectedEof => damaged("内容不完整"),
        _ => BadPackage::Unreadable,
    })?;
    Ok(out)
}

fn damaged(what: &str) -> BadPackage {
    BadPackage::Damaged { what: what.to_owned() }
}

fn unreadable(_: std::io::Error) -> BadPackage {
    BadPackage::Unreadable
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().copied().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().copied().map(u64::from_le_bytes)
}
