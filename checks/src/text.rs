//! Bytes as text, and places in it: line and column from 1, in characters.

use std::borrow::Cow;

use crate::finding::ExcerptLine;

/// Whether a character is invisible or turns the direction of writing: never in a name or an excerpt.
pub(crate) fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The text a browser would see: by byte-order mark, else UTF-8, else GB18030. Never fails.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(bytes).0,
    }
}

/// Whether the bytes are text at all: no NUL in the first 8 KB, or a UTF-16 mark.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    encoding_rs::Encoding::for_bom(bytes).is_some() || !bytes.iter().take(8192).any(|byte| *byte == 0)
}

/// Turns byte offsets, given in rising order, into line and column, in one walk over the text.
pub(crate) struct Places<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    column: u32,
    line_start: usize,
}

/// A place: line and column from 1, and where the line starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) line: u32,
    pub(crate) column: u32,
    line_start: usize,
    at: usize,
}

impl<'t> Places<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Places { text, at: 0, line: 1, column: 1, line_start: 0 }
    }

    /// The place of `offset`; offsets must not fall (one that does is answered as the last).
    pub(crate) fn spot(&mut self, offset: usize) -> Spot {
        let offset = floor_boundary(self.text, offset);
        let between = self.text.get(self.at..offset).unwrap_or_default();
        for c in between.chars() {
            self.at = self.at.saturating_add(c.len_utf8());
            if c == '\n' {
                self.line = self.line.saturating_add(1);
                self.column = 1;
                self.line_start = self.at;
            } else {
                self.column = self.column.saturating_add(1);
            }
        }
        Spot { line: self.line, column: self.column, line_start: self.line_start, at: self.at }
    }
}

/// The nearest character border at or before `offset`.
pub(crate) fn floor_boundary(text: &str, offset: usize) -> usize {
    text.floor_char_boundary(offset)
}

const LINE_CHARS: usize = 200;
/// Bytes of a long line that are shown before the place.
const BEFORE: usize = 60;

/// The line before, the line itself and the line after, each cut at 200 characters around the place.
/// What `masks` (sorted) cover is hidden, all but its first four characters.
pub(crate) fn excerpt(text: &str, spot: Spot, masks: &[std::ops::Range<usize>]) -> Vec<ExcerptLine> {
    let mut lines = Vec::new();
    if let Some(end) = spot.line_start.checked_sub(1) {
        let window = floor_boundary(text, end.saturating_sub(LINE_CHARS.saturating_mul(4)));
        let before = text.get(window..end).unwrap_or_default();
        let (start, whole) =
            before.rfind('\n').map_or((window, window == 0), |at| (window.saturating_add(at).saturating_add(1), true));
        if whole {
            lines.push(ExcerptLine { line: spot.line.saturating_sub(1), text: cut(text, start, end, masks) });
        }
    }
    let from = if spot.at.saturating_sub(spot.line_start) > LINE_CHARS.saturating_sub(BEFORE) {
        floor_boundary(text, spot.at.saturating_sub(BEFORE))
    } else {
        spot.line_start
    };
    let end = line_end(text, from);
    lines.push(ExcerptLine { line: spot.line, text: cut(text, from, end, masks) });
    if text.get(end..).is_some_and(|rest| rest.starts_with('\n')) {
        let start = end.saturating_add(1);
        let line = spot.line.saturating_add(1);
        lines.push(ExcerptLine { line, text: cut(text, start, line_end(text, start), masks) });
    }
    lines
}

fn line_end(text: &str, from: usize) -> usize {
    // No further than what is shown of a line.
    let most = floor_boundary(text, from.saturating_add(LINE_CHARS.saturating_mul(4)).saturating_add(8));
    text.get(from..most).and_then(|rest| rest.find('\n')).map_or(most, |at| from.saturating_add(at))
}

fn cut(text: &str, from: usize, to: usize, masks: &[std::ops::Range<usize>]) -> String {
    let line = text.get(from..to).unwrap_or_default();
    let mut out = String::new();
    for (at, c) in line.trim_end_matches('\r').char_indices().take(LINE_CHARS) {
        let at = from.saturating_add(at);
        // Ranges hardly overlap; of those that start before, the last two tell.
        let before = masks.partition_point(|mask| mask.start <= at);
        let near = masks.get(before.saturating_sub(2)..before).unwrap_or_default();
        let hide = near.iter().any(|mask| at >= mask.start.saturating_add(4) && at < mask.end);
        out.push(match (hide, hidden(c)) {
            (true, _) => '*',
            (false, true) => ' ',
            (false, false) => c,
        });
    }
    out
}

/// At most 100 characters, nothing hidden among them.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(100).map(|c| if hidden(c) { ' ' } else { c }).collect()
}
