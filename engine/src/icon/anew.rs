//! Decodes a picture and writes its pixels anew: pure, for the fuzzer as well.

use domain::fields::files::FileKind;
use image::{ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// Memory that decoding may take. Bytes.
const DECODE_MOST: u64 = 8 * 1024 * 1024;

/// The pixels as PNG. `None`: it can't be decoded, or something follows the picture.
pub(crate) fn encoded(bytes: &[u8], kind: FileKind) -> Option<Vec<u8>> {
    let (format, end): (_, &[u8]) = match kind {
        FileKind::Png => (ImageFormat::Png, b"IEND\xaeB`\x82"),
        FileKind::Jpg => (ImageFormat::Jpeg, b"\xff\xd9"),
        FileKind::Pdf => return None,
    };
    if !bytes.ends_with(end) {
        return None;
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODE_MOST);
    reader.limits(limits);
    let picture = reader.decode().ok()?;
    let mut png = Vec::new();
    picture.to_rgba8().write_to(&mut Cursor::new(&mut png), ImageFormat::Png).ok()?;
    Some(png)
}
