//! 服务名称. Spec: Registration fields.

use super::Env;
use super::errors::filled;
use super::table::FieldId;
use crate::text::is_han;

/// The name after NFKC: starts with a Han character or a letter, then these, digits and `_`; at most 40
/// wide. Uniqueness is the database's, by [`key`].
///
/// # Errors
/// The sentence for beside the field.
pub fn check(typed: &str, env: &Env) -> Result<String, String> {
    let name = env.clean(typed);
    filled(FieldId::Name, &name)?;
    if let Some(wrong) = name.chars().find(|letter| !may_follow(*letter)) {
        let shown = if wrong.is_whitespace() { "空格".to_owned() } else { format!("「{wrong}」") };
        return Err(format!("服务名称只能有汉字、英文字母、数字和下划线，请去掉{shown}"));
    }
    if name.chars().next().is_some_and(may_begin) {
        Ok(name)
    } else {
        Err("服务名称要以汉字或英文字母开头，请改开头的字".to_owned())
    }
}

/// The name without regard to case.
pub fn key(name: &str) -> String {
    name.to_ascii_lowercase()
}

fn may_begin(letter: char) -> bool {
    letter.is_ascii_alphabetic() || is_han(letter)
}

fn may_follow(letter: char) -> bool {
    may_begin(letter) || letter.is_ascii_digit() || letter == '_'
}
