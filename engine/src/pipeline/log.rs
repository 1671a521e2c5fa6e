//! A stage's log: pieces as they come, at most 5 MB, the middle cut (packages.md, Stages). What is cut is not silent: while the stage runs the
//! newest lines pass by, and in the end the kept end takes their place.

use super::lease::Lease;
use crate::Engine;
use crate::error::Result;
use crate::store::{job, stage};
use domain::Stage;
use domain::view::version::LogPiece;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// Bytes that are kept of the beginning, and as many of the end.
const HALF: usize = 2_500_000;

/// Longest piece. Bytes.
const PIECE: usize = 128 * 1024;

/// Of what a flush finds beyond the beginning, so much of the newest passes by. Bytes: a reader's browser keeps all that it is shown.
const NEWEST: usize = 16 * 1024;

/// So many of these are kept at once, for whoever comes later.
const PASSING: i64 = 20;

/// Longest sequence of colours. Letters.
const SEQUENCE: usize = 32;

/// Of a tool's output, so much of the end is looked at for the cause of its failure. Bytes.
const RECENT: usize = 64 * 1024;

/// Where a stage writes. Cheap to clone.
#[derive(Clone)]
pub(super) struct StageLog {
    version: Uuid,
    stage: Stage,
    buffer: Arc<Mutex<Buffer>>,
}

#[derive(Default)]
struct Buffer {
    /// To be written with the next flush.
    pending: String,
    /// The number of the next piece.
    next: i64,
    /// How much of the beginning there is.
    head: usize,
    /// The newest beyond the beginning since the last flush, and how many such pieces there were.
    newest: String,
    passed: i64,
    /// What takes their place when no more comes.
    end: String,
    /// The end, once the beginning is full.
    tail: VecDeque<String>,
    tail_bytes: usize,
    /// Bytes that fell out of the middle.
    cut: u64,
    /// Of a tool's output: bytes of a letter that is not whole yet, and where we are in an escape sequence, with what stands in it.
    half_letter: Vec<u8>,
    escape: Escape,
    sequence: String,
    /// The end of what the present tool wrote.
    recent: String,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Escape {
    #[default]
    Outside,
    Begun,
    Inside,
}

impl StageLog {
    pub(super) fn new(version: Uuid, stage: Stage) -> Self {
        Self { version, stage, buffer: Arc::default() }
    }

    /// A line of ours.
    pub(super) fn line(&self, text: &str) {
        let mut buffer = self.lock();
        buffer.push(text);
        buffer.push("\n");
    }

    /// What a tool wrote, as it came.
    pub(super) fn bytes(&self, bytes: &[u8]) {
        let mut buffer = self.lock();
        let text = buffer.decode(bytes);
        buffer.push(&text);
        buffer.recent.push_str(&plain(&text));
        if buffer.recent.len() > 2 * RECENT {
            let from = boundary(&buffer.recent, buffer.recent.len() - RECENT);
            buffer.recent.drain(..from);
        }
    }

    /// A tool begins: the command, as it is called.
    pub(super) fn tool(&self, command: &str) {
        self.line(&format!("$ {command}"));
        // Causes are told by who said them.
        self.lock().recent = format!("$ {command}\n");
    }

    /// The end of what the last tool wrote.
    pub(super) fn recent(&self) -> String {
        self.lock().recent.clone()
    }

    /// The beginning is full: what comes now mostly falls out of the middle.
    pub(super) fn is_full(&self) -> bool {
        self.lock().head >= HALF
    }

    /// Something is not taken to be written yet.
    #[cfg(test)]
    pub(super) fn waits(&self) -> bool {
        !self.lock().pending.is_empty()
    }

    /// No more comes: the end follows the beginning.
    pub(super) fn close(&self) {
        let mut buffer = self.lock();
        if buffer.cut > 0 {
            buffer.end = format!("\n……（中间省略 {} 字节）……\n", buffer.cut);
        }
        let tail: String = buffer.tail.drain(..).collect();
        buffer.end.push_str(&tail);
        buffer.newest.clear();
    }

    /// Writes what waits.
    pub(super) async fn flush(&self, engine: &Engine, lease: &Lease) -> Result<()> {
        let due = self.lock().take();
        if due.pieces.is_empty() {
            return Ok(());
        }
        let (version, which) = (self.version, self.stage);
        let write = engine.db().write((lease.renewed(), due), move |conn, s| {
            Box::pin(async move {
                let (key, holder, until) = s.0;
                job::hold(conn, key, holder, until).await?;
                stage::forget_log(conn, version, which, LogPiece::MIDDLE, s.1.forget_below).await?;
                for (number, body) in &s.1.pieces {
                    stage::append_log(conn, version, which, *number, body).await?;
                }
                Ok(())
            })
        });
        Ok(write.await?)
    }

    fn lock(&self) -> MutexGuard<'_, Buffer> {
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a flush writes.
struct Due {
    /// With their numbers.
    pieces: Vec<(i64, String)>,
    /// Pieces of the middle below this number have passed.
    forget_below: i64,
}

impl Buffer {
    fn take(&mut self) -> Due {
        let mut all: Vec<(i64, String)> = (self.next..).zip(pieces(&std::mem::take(&mut self.pending))).collect();
        self.next += i64::try_from(all.len()).unwrap_or_default();
        if !self.newest.is_empty() {
            all.push((LogPiece::MIDDLE + self.passed, std::mem::take(&mut self.newest)));
            self.passed += 1;
        }
        let end = pieces(&std::mem::take(&mut self.end));
        let forget_below =
            if end.is_empty() { LogPiece::MIDDLE + (self.passed - PASSING).max(0) } else { LogPiece::END };
        all.extend((LogPiece::END..).zip(end));
        Due { pieces: all, forget_below }
    }

    /// From the beginning of a line on, if there is one.
    fn passes(&mut self, text: &str) {
        self.newest.push_str(text);
        if self.newest.len() > 2 * NEWEST {
            let from = boundary(&self.newest, self.newest.len() - NEWEST);
            let line = self.newest[from..].find('\n').map_or(from, |end| from + end + 1);
            self.newest.drain(..line);
        }
    }

    fn push(&mut self, text: &str) {
        let room = HALF.saturating_sub(self.head);
        let (head, rest) = text.split_at(boundary(text, room));
        self.pending.push_str(head);
        self.head += head.len();
        if rest.is_empty() {
            return;
        }
        // Nothing goes to the beginning any more, not even a shorter text.
        self.head = HALF;
        self.passes(rest);
        for piece in pieces(rest) {
            self.tail_bytes += piece.len();
            self.tail.push_back(piece);
        }
        while self.tail_bytes > HALF
            && let Some(oldest) = self.tail.pop_front()
        {
            self.tail_bytes -= oldest.len();
            self.cut += oldest.len() as u64;
        }
    }

    /// Text with colours (SGR), without other escape sequences, carriage returns and what no database takes.
    fn decode(&mut self, bytes: &[u8]) -> String {
        self.half_letter.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.half_letter) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.half_letter.len(),
        };
        let rest = self.half_letter.split_off(whole);
        let text = String::from_utf8_lossy(&std::mem::replace(&mut self.half_letter, rest)).into_owned();
        let mut plain = String::with_capacity(text.len());
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match (self.escape, letter) {
                (Escape::Outside, '\u{1b}') => self.escape = Escape::Begun,
                (Escape::Begun, '[') => self.escape = Escape::Inside,
                (Escape::Begun, _) => self.escape = Escape::Outside,
                (Escape::Inside, '@'..='~') => {
                    self.escape = Escape::Outside;
                    let sequence = std::mem::take(&mut self.sequence);
                    if letter == 'm' && sequence.len() <= SEQUENCE {
                        plain.push_str(&format!("\u{1b}[{sequence}m"));
                    }
                }
                (Escape::Inside, '0'..='9' | ';') if self.sequence.len() <= SEQUENCE => self.sequence.push(letter),
                (Escape::Inside, _) => {}
                (Escape::Outside, '\r') if letters.peek() != Some(&'\n') => plain.push('\n'),
                (Escape::Outside, '\n' | '\t') => plain.push(letter),
                (Escape::Outside, letter) if letter.is_control() => {}
                (Escape::Outside, letter) => plain.push(letter),
            }
        }
        plain
    }
}

/// Without colours: what [`Buffer::decode`] made has no other sequences.
fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| part.split_once('m').map_or(part, |(_, after)| after));
    std::iter::once(first).chain(rest).collect()
}

/// The last place at or before `at` where the text can be cut.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn pieces(text: &str) -> Vec<String> {
    let mut rest = text;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let (piece, more) = rest.split_at(boundary(rest, PIECE));
        pieces.push(piece.to_owned());
        rest = more;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Buffer, HALF, LogPiece, NEWEST, PASSING, plain};

    #[test]
    fn colours_stay_and_broken_letters_are_taken_out() {
        let mut buffer = Buffer::default();
        let mut seen = String::new();
        for bytes in [
            "\u{1b}[2K\u{1b}[32m公\u{1b}[0".as_bytes(),
            b"m",
            &"交".as_bytes()[..2],
            &"交".as_bytes()[2..],
            b"\0\r\n50%\r100%\n\xff",
        ] {
            seen.push_str(&buffer.decode(bytes));
        }
        assert_eq!(seen, "\u{1b}[32m公\u{1b}[0m交\n50%\n100%\n\u{fffd}");
        assert_eq!(plain(&seen), "公交\n50%\n100%\n\u{fffd}");
    }

    #[test]
    fn the_middle_is_cut() {
        let mut buffer = Buffer::default();
        buffer.push(&"a".repeat(HALF));
        for _ in 0..10 {
            buffer.push(&"b".repeat(HALF));
        }
        buffer.push("the end");
        assert_eq!(buffer.pending.len(), HALF);
        assert!(buffer.tail_bytes <= HALF && buffer.cut > 0);
        assert_eq!(buffer.tail.back().map(String::as_str), Some("the end"));
        // Meanwhile the newest passes by, and not all of it.
        let due = buffer.take();
        let (number, newest) = due.pieces.last().unwrap();
        assert!(*number == LogPiece::MIDDLE && newest.ends_with("the end") && newest.len() <= 2 * NEWEST);
        assert!(buffer.take().pieces.is_empty());
        for n in 1..100 {
            buffer.push(&format!("line {n}\n"));
            let due = buffer.take();
            assert_eq!(due.pieces, [(LogPiece::MIDDLE + n, format!("line {n}\n"))]);
            assert!(due.forget_below <= LogPiece::MIDDLE + n && due.forget_below >= LogPiece::MIDDLE + n - PASSING);
        }
    }
}
