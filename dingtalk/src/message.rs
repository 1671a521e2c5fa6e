//! The text of a work notification: a card with a title, a text and a link, cut so that it fits (identity.md, Work notifications).
//!
//! Pure; start at [`ActionCard::fitted`].

#[cfg(test)]
mod tests;

use serde::Serialize;
use std::borrow::Cow;
use thiserror::Error;

/// A message has no more. Bytes of its JSON, not letters.
pub const MSG_MOST: usize = 2_048;

/// What the card's link is called.
pub const SINGLE_TITLE: &str = "查看详情";

/// Stands for what was cut.
const CUT: char = '…';

/// A message that fits, as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Msg(String);

impl Msg {
    /// At most [`MSG_MOST`] bytes.
    pub fn as_json(&self) -> &str {
        &self.0
    }
}

/// A card that is opened as a whole.
///
/// The same text reaches the same person once a day: what is to come again says so at its beginning ("第 2 次催办 14:05"), because
/// the end may be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionCard<'a> {
    /// Seen in the list of conversations and in the phone's notification. Half of the room at most.
    pub title: &'a str,
    /// Plain text. It travels under the name `markdown`, as published ("目前不支持markdown，只能传纯文本").
    pub text: &'a str,
    /// Where the phone goes.
    pub single_url: &'a str,
    /// Where the desk goes.
    pub single_pc_url: &'a str,
}

/// The addresses leave no room for words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("without its words the message has {bytes} bytes already; 2,048 fit")]
pub struct TooLong {
    /// Of the message with no title and no text.
    pub bytes: usize,
}

#[derive(Serialize)]
struct Frame<'a> {
    msgtype: &'a str,
    action_card: Card<'a>,
}

#[derive(Serialize)]
struct Card<'a> {
    title: &'a str,
    markdown: &'a str,
    single_title: &'a str,
    single_url: &'a str,
    single_pc_url: &'a str,
}

impl ActionCard<'_> {
    /// The message, its title and text cut between letters so that the whole JSON has [`MSG_MOST`] bytes at most; what is cut ends
    /// with "…".
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn fitted(&self) -> Result<Msg, TooLong> {
        let bytes = self.json("", "").len();
        // Each of the two has at least room for the sign of the cut.
        let room = MSG_MOST.checked_sub(bytes).filter(|room| *room >= 2 * CUT.len_utf8()).ok_or(TooLong { bytes })?;
        let title = cut(self.title, room / 2);
        let text = cut(self.text, room - written(&title));
        Ok(Msg(self.json(&title, &text)))
    }

    fn json(&self, title: &str, text: &str) -> String {
        let Self { single_url, single_pc_url, .. } = *self;
        let action_card = Card { title, markdown: text, single_title: SINGLE_TITLE, single_url, single_pc_url };
        // Texts only: it can't fail.
        serde_json::to_string(&Frame { msgtype: "action_card", action_card }).unwrap_or_default()
    }
}

/// What fits into so many bytes of JSON.
fn cut(text: &str, room: usize) -> Cow<'_, str> {
    if written(text) <= room {
        return Cow::Borrowed(text);
    }
    let mut left = room - CUT.len_utf8();
    let fits = |letter: &char| {
        let rest = left.checked_sub(bytes_of(*letter));
        left = rest.unwrap_or(left);
        rest.is_some()
    };
    let mut kept: String = text.chars().take_while(fits).collect();
    kept.push(CUT);
    Cow::Owned(kept)
}

/// Bytes of a text within JSON.
fn written(text: &str) -> usize {
    text.chars().map(bytes_of).sum()
}

/// Bytes of a letter within JSON, as `serde_json` escapes it.
fn bytes_of(letter: char) -> usize {
    match letter {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        letter if letter < ' ' => 6,
        letter => letter.len_utf8(),
    }
}
