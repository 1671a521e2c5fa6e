//! The output of a terminal as lines of coloured spans: of all escape sequences only colours (SGR) are understood, and none is
//! shown.

/// How a span looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Bold.
    pub bold: bool,
    /// Faint.
    pub dim: bool,
    /// 1 red, 2 green, 3 yellow, 4 blue, 5 magenta, 6 cyan; others are the text's own.
    pub color: Option<u8>,
}

/// A piece of a line in one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// How it looks.
    pub look: Look,
    /// Its text.
    pub text: String,
}

/// One line, without its end.
pub type Line = Vec<Span>;

/// Reads output as it comes. The look goes on from one piece to the next, as does a line that has not ended.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    look: Look,
    /// The line that has not ended.
    rest: Line,
    /// A sequence that has not ended: what stands between the bracket and its last letter.
    sequence: Option<String>,
    /// The last letter was ESC.
    escape: bool,
}

/// Longer is no sequence of colours.
const SEQUENCE: usize = 32;

impl Reader {
    /// The lines that end in this piece.
    pub fn read(&mut self, piece: &str) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut text = String::new();
        for letter in piece.chars() {
            if let Some(sequence) = &mut self.sequence {
                if (letter.is_ascii_digit() || letter == ';') && sequence.len() < SEQUENCE {
                    sequence.push(letter);
                    continue;
                }
                let sequence = self.sequence.take().unwrap_or_default();
                if letter == 'm' {
                    self.flush(&mut text);
                    self.look = self.look.after(&sequence);
                }
                // What was cut in its middle is no sequence; what follows is text, but for a letter that ends one.
                if !matches!(letter, '\n' | '\u{1b}') {
                    continue;
                }
            }
            match letter {
                '\u{1b}' => self.escape = true,
                '[' if self.escape => (self.escape, self.sequence) = (false, Some(String::new())),
                '\n' => {
                    self.escape = false;
                    self.flush(&mut text);
                    lines.push(std::mem::take(&mut self.rest));
                }
                letter => {
                    self.escape = false;
                    text.push(letter);
                }
            }
        }
        self.flush(&mut text);
        lines
    }

    /// The line that has not ended yet.
    pub fn rest(&self) -> &Line {
        &self.rest
    }

    fn flush(&mut self, text: &mut String) {
        if !text.is_empty() {
            self.rest.push(Span { look: self.look, text: std::mem::take(text) });
        }
    }
}

impl Look {
    /// The look after a sequence: numbers with semicolons between; none is a reset.
    fn after(self, sequence: &str) -> Look {
        let mut look = self;
        let mut numbers = sequence.split(';').map(|number| number.parse::<u8>().unwrap_or(0));
        while let Some(number) = numbers.next() {
            match number {
                0 => look = Look::default(),
                1 => look.bold = true,
                2 => look.dim = true,
                22 => (look.bold, look.dim) = (false, false),
                31..=36 => look.color = Some(number - 30),
                91..=96 => look.color = Some(number - 90),
                30 | 90 => (look.color, look.dim) = (None, true),
                37 | 39 | 97 => look.color = None,
                // Colours of a palette: their numbers are not ours.
                38 | 48 => {
                    let more = if numbers.next() == Some(2) { 3 } else { 1 };
                    numbers.by_ref().take(more).for_each(drop);
                }
                _ => {}
            }
        }
        look
    }
}

#[cfg(test)]
mod tests {
    use super::{Look, Reader};

    fn plain(lines: &[super::Line]) -> Vec<String> {
        lines.iter().map(|line| line.iter().map(|span| span.text.as_str()).collect()).collect()
    }

    #[test]
    fn colours_go_on_over_pieces_and_lines() {
        let mut reader = Reader::default();
        let first = reader.read("plain \u{1b}[1;31mred");
        assert!(first.is_empty());
        assert_eq!(reader.rest().len(), 2);
        let lines = reader.read(" on\nand on\u{1b}[0m off\n\u{1b}[3");
        assert_eq!(plain(&lines), ["plain red on", "and on off"]);
        let red = Look { bold: true, dim: false, color: Some(1) };
        assert!(lines[0][1..].iter().all(|span| span.look == red));
        assert_eq!((lines[1][0].look, lines[1][1].look), (red, Look::default()));
        let lines = reader.read("2mgreen\n");
        assert_eq!((plain(&lines), lines[0][0].look.color), (vec!["green".to_owned()], Some(2)));
    }

    #[test]
    fn other_sequences_are_not_shown_and_what_is_cut_harms_nothing() {
        let mut reader = Reader::default();
        let lines =
            reader.read("a\u{1b}[2Kb\u{1b}[38;5;196mc\u{1b}[38;2;1;2;3md\u{1b}[mf\u{1b}[3\nnext\u{1b}\u{1b}[32mg\n");
        assert_eq!(plain(&lines), ["abcdf", "nextg"]);
        assert_eq!(lines[0].last().map(|span| span.look), Some(Look::default()));
        assert_eq!(lines[1].last().and_then(|span| span.look.color), Some(2));
    }
}
