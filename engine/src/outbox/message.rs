//! A message: as it is kept, as it goes out, and why it did not.

use crate::store::outbox::Asked;
use domain::UtcMillis;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a peer said is quoted up to so many letters.
const QUOTE: usize = 160;

/// As it is kept: worded when it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    /// The sentence.
    pub(super) title: String,
    /// Who is told, by name.
    pub(super) people: Vec<String>,
    /// Where it leads, below the product's address.
    pub(super) path: String,
    /// What it asks for: once that is done, it is not sent any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) asked: Option<Asked>,
    /// What a work notification begins with.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) lead: String,
}

impl Message {
    pub(super) fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }

    pub(super) fn of_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

/// On its way.
pub(super) struct Outgoing<'a> {
    /// For whoever takes it: the same at every attempt.
    pub(super) id: Uuid,
    pub(super) message: Message,
    /// Where it leads, whole.
    pub(super) url: String,
    /// The same for an app that signs people in by itself.
    pub(super) entrance: String,
    /// It withdraws the message with this id.
    pub(super) revokes: Option<Uuid>,
    /// To which address; none to a group.
    pub(super) address: Option<&'a str>,
    /// When it happened.
    pub(super) at: UtcMillis,
    pub(super) now: UtcMillis,
}

/// Why it did not go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// For the administrator. No secrets.
    pub(super) sentence: String,
    /// For the log, where the sentence says less.
    pub(super) cause: Option<String>,
    /// Trying again would not help.
    pub(super) is_last: bool,
}

impl Failure {
    /// It may go the next time.
    pub(super) fn passing(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), cause: None, is_last: false }
    }

    /// It never will.
    pub(super) fn last(sentence: impl Into<String>) -> Self {
        Self { is_last: true, ..Self::passing(sentence) }
    }

    pub(super) fn because(self, cause: String) -> Self {
        Self { cause: Some(cause), ..self }
    }
}

/// What a peer said, fit for a screen and a log: one line, short, without whole phone numbers and mail addresses.
pub(super) fn quoted(said: &str) -> String {
    let mut text = String::new();
    let mut digits = String::new();
    for letter in said.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).chain([' ']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        let number = std::mem::take(&mut digits);
        text.push_str(&if number.len() >= 11 { domain::text::mask_phone(&number) } else { number });
        text.push(letter);
    }
    let masked = |word: &str| if word.contains('@') { "…@…".to_owned() } else { word.to_owned() };
    let words = text.split_whitespace().map(masked).collect::<Vec<_>>().join(" ");
    words.chars().take(QUOTE).collect()
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_a_peer_says_is_one_short_line_without_numbers() {
        assert_eq!(quoted("550\r\n no such  user 13812341234"), "550 no such user 138****1234");
        assert_eq!(quoted("550 <zhao@example.gov.cn> no such user"), "550 …@… no such user");
        assert_eq!(quoted(&"长".repeat(1_000)).chars().count(), 160);
        assert_eq!(quoted(""), "");
    }
}
