//! Icons and attachments: sizes and first bytes, the same in the browser and on the server. Decoding for
//! real is the engine's. Spec: Registration fields (图标), approval form (attachments).

use serde::{Deserialize, Serialize};

/// An icon has at most so many bytes.
pub const ICON_MAX_BYTES: usize = 122_880;
/// An icon is so many pixels wide and high.
pub const ICON_SIDE_PX: u32 = 180;
/// An attachment has at most so many bytes.
pub const ATTACHMENT_MAX_BYTES: u64 = 10_485_760;
/// An approval form has at most so many attachments.
pub const ATTACHMENTS_MAX: usize = 5;

/// What a picture or attachment is, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// PNG.
    Png,
    /// JPG.
    Jpg,
    /// PDF.
    Pdf,
}

/// Checks an icon's size, signature and dimensions. `jpg` allows JPG, too: stock linking, and later changes
/// of a linked one.
///
/// # Errors
/// The sentence for beside the field.
pub fn check_icon(bytes: &[u8], jpg: bool) -> Result<FileKind, String> {
    let formats = if jpg { "PNG 或 JPG" } else { "PNG" };
    if bytes.len() > ICON_MAX_BYTES {
        return Err(format!("图标不能超过 120 KB，当前 {} KB，请压缩后再传", bytes.len().div_ceil(1024)));
    }
    let (kind, size) = match sniff(bytes) {
        Some(FileKind::Png) => (FileKind::Png, png_size(bytes)),
        Some(FileKind::Jpg) if jpg => (FileKind::Jpg, jpg_size(bytes)),
        _ => return Err(format!("图标要是 {formats} 图片，请换一个文件（只改扩展名没有用）")),
    };
    match size {
        Some((ICON_SIDE_PX, ICON_SIDE_PX)) => Ok(kind),
        Some((width, height)) => Err(format!("图标当前 {width}×{height}，需要 180×180，请调整后再传")),
        None => Err("图标文件不完整或已损坏，请换一个文件".to_owned()),
    }
}

/// What the first bytes say.
pub fn sniff(bytes: &[u8]) -> Option<FileKind> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(FileKind::Png)
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some(FileKind::Jpg)
    } else if bytes.starts_with(b"%PDF-") {
        Some(FileKind::Pdf)
    } else {
        None
    }
}

/// Width and height from IHDR, which is the first chunk.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let chunk = bytes.get(8..24)?;
    let at = |from: usize| Some(u32::from_be_bytes(chunk.get(from..from + 4)?.try_into().ok()?));
    (at(0)? == 13 && &chunk[4..8] == b"IHDR").then_some(())?;
    Some((at(8)?, at(12)?))
}

/// Width and height from the first frame header.
fn jpg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let marker = match bytes.get(at..at + 2)? {
            [0xff, 0xff] => {
                at += 1;
                continue;
            }
            [0xff, marker] => *marker,
            _ => return None,
        };
        let word = |from: usize| Some(u16::from_be_bytes(bytes.get(from..from + 2)?.try_into().ok()?));
        let frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        if frame {
            return Some((u32::from(word(at + 7)?), u32::from(word(at + 5)?)));
        }
        at += 2 + usize::from(word(at + 2)?.max(2));
    }
}
