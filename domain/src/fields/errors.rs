//! What is wrong with a form: all of it, by field, in Chinese.

use serde::{Deserialize, Serialize};

use super::table::{FieldId, Limit};
use crate::text;

/// One error, shown beside its field and in the summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field.
    pub field: FieldId,
    /// The entry of a list (contacts, batches, attachments), counted from 0.
    pub item: Option<u16>,
    /// What is wrong and what to do.
    pub text: String,
}

/// All errors of a form, in the order in which they were found: the form's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// None yet.
    pub const fn new() -> FieldErrors {
        FieldErrors(Vec::new())
    }

    /// One more, of a field as a whole. The engine adds what only it knows (name taken, number unknown).
    pub fn add(&mut self, field: FieldId, text: impl Into<String>) {
        self.0.push(FieldError { field, item: None, text: text.into() });
    }

    /// One more, of an entry of a list, counted from 0.
    pub fn add_item(&mut self, field: FieldId, item: usize, text: impl Into<String>) {
        self.0.push(FieldError { field, item: u16::try_from(item).ok(), text: text.into() });
    }

    /// What is known of one field is replaced by what `from` knows of it: the person has left the field.
    pub fn take_over(&mut self, field: FieldId, from: &FieldErrors) {
        self.0.retain(|error| error.field != field);
        self.0.extend(from.of(field).cloned());
        self.sort();
    }

    /// Those of another reading of the same form as well.
    pub fn join(&mut self, other: FieldErrors) {
        self.0.extend(other.0);
        self.sort();
    }

    /// Forgets those for which `still` is false.
    pub fn retain(&mut self, still: impl FnMut(&FieldError) -> bool) {
        self.0.retain(still);
    }

    /// Into the order of the form, when errors of two readings came together.
    pub fn sort(&mut self) {
        self.0.sort_by_key(|error| error.field);
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// None.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All, in order.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }

    /// Those of one field.
    pub fn of(&self, field: FieldId) -> impl Iterator<Item = &FieldError> {
        self.0.iter().filter(move |error| error.field == field)
    }

    /// The value, if there is no error.
    pub(super) fn or<T>(self, value: Option<T>) -> Result<T, FieldErrors> {
        match value {
            Some(value) if self.is_empty() => Ok(value),
            _ => Err(self),
        }
    }

    /// The value, or `None` with the error noted.
    pub(super) fn keep<T>(&mut self, field: FieldId, result: Result<T, String>) -> Option<T> {
        result.map_err(|text| self.add(field, text)).ok()
    }
}

/// A required text that is blank.
pub(super) fn please_fill(field: FieldId) -> String {
    format!("请填写{}", field.label())
}

/// A required choice that was not made.
pub(super) fn please_choose(field: FieldId) -> String {
    format!("请选择{}", field.label())
}

/// A name that is taken: the engine's error, from the database's constraint. screens.md, Words.
pub const NAME_TAKEN: &str = "服务名称已被使用，请换一个";

/// A text within the field's limit, trimmed, without control characters (line breaks and tabs are taken).
pub(crate) fn within(field: FieldId, typed: &str) -> Result<String, String> {
    let text = typed.trim().replace("\r\n", "\n");
    let label = field.label();
    if text.chars().any(|letter| letter.is_control() && letter != '\n' && letter != '\t') {
        return Err(format!("{label}含有看不见的控制字符，请删除后重新填写"));
    }
    match field.field().limit {
        Limit::Width(most) if text::width(&text) > u32::from(most) => {
            Err(format!("{label}最多 {} 个汉字的长度，现在是 {} 个，请缩短", most / 2, text::han_width(&text)))
        }
        Limit::Chars(most) if text.chars().count() > usize::from(most) => {
            Err(format!("{label}最多 {most} 个字，现在是 {} 个，请缩短", text.chars().count()))
        }
        _ => Ok(text),
    }
}

/// As [`within`], and not blank.
pub(super) fn filled(field: FieldId, typed: &str) -> Result<String, String> {
    let text = within(field, typed)?;
    if text.is_empty() { Err(please_fill(field)) } else { Ok(text) }
}
