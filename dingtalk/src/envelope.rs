//! The envelope of an answer: `{"success":…,"errorMsg"?,"content":{"success":…,"responseCode","responseMessage","data":…}}`
//! (identity.md, Signing of 专有钉钉 calls). Pure; start at [`data`].
//!
//! Published answers differ: `content` may be a string of JSON, the inner flag may be missing, and the answer to a work notification
//! has a further `content` in place of `data`. All of that is read; a flag that says no counts wherever it stands.

#[cfg(test)]
mod tests;

use crate::error::{By, Error, Refusal};
use serde_json::{Map, Value};

/// The access token is none, or none any more.
pub(crate) const EXPIRED: &str = "240133";

/// What is inside is inside no more than so many others.
const DEEPEST: usize = 3;

/// Where a code stands, the most telling first.
const CODES: [&str; 6] = ["responseCode", "errorCode", "bizErrorCode", "code", "Code", "errcode"];

/// Where its words stand.
const MESSAGES: [&str; 6] = ["responseMessage", "errorMsg", "message", "Message", "errmsg", "msg"];

/// What was asked for; `null` if there is nothing. `hide` are the values that must not be shown.
pub(crate) fn data(status: u16, body: &[u8], hide: &[&str]) -> Result<Value, Error> {
    let is_success = (200..300).contains(&status);
    let nonsense = |what| if is_success { Error::Nonsense(what) } else { Error::Status(status) };
    let answer: Value = serde_json::from_slice(body).map_err(|_| nonsense("it is not JSON"))?;
    let Value::Object(answer) = answer else { return Err(nonsense("it is no object")) };
    if flag(&answer).is_none() {
        return Err(nonsense("it has no flag"));
    }
    let data = inside(answer, By::Gateway, hide, 0)?;
    if is_success { Ok(data) } else { Err(Error::Status(status)) }
}

fn inside(mut answer: Map<String, Value>, by: By, hide: &[&str], depth: usize) -> Result<Value, Error> {
    if says_no(&answer) {
        return Err(refusal(&answer, by, hide));
    }
    let content = answer.remove("content").filter(|_| depth < DEEPEST).map(unfolded);
    match (content, answer.remove("data")) {
        (Some(Value::Object(content)), _) => inside(content, By::Service, hide, depth + 1),
        (Some(content), _) => Ok(content),
        (None, Some(data)) => Ok(unfolded(data)),
        (None, None) if depth == 0 => Ok(Value::Null),
        (None, None) => Ok(Value::Object(answer)),
    }
}

/// A flag that says no; where there is none, a code that is not 0.
fn says_no(answer: &Map<String, Value>) -> bool {
    flag(answer).map_or_else(
        || text(answer, &["responseCode"]).is_some_and(|code| code != "0" && !code.is_empty()),
        |is_success| !is_success,
    )
}

fn flag(answer: &Map<String, Value>) -> Option<bool> {
    match answer.get("success")? {
        Value::Bool(flag) => Some(*flag),
        Value::String(word) => word.parse().ok(),
        _ => None,
    }
}

/// The inner code and words tell more than the outer ones.
fn refusal(answer: &Map<String, Value>, by: By, hide: &[&str]) -> Error {
    let content = answer.get("content").cloned().map(unfolded);
    let inner = content.as_ref().and_then(Value::as_object);
    // A code of 0 is none.
    let code = |map| text(map, &CODES).filter(|code| code != "0");
    let code = inner.and_then(code).or_else(|| code(answer)).unwrap_or_default();
    if code == EXPIRED {
        return Error::TokenExpired;
    }
    let said = content.as_ref().and_then(Value::as_str).map(str::to_owned);
    let message = inner.and_then(|map| text(map, &MESSAGES)).or_else(|| text(answer, &MESSAGES)).or(said);
    Error::Refused(Refusal::new(by, &code, &message.unwrap_or_default(), hide))
}

/// The first of these that is there; a number is as good as a text.
fn text(map: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match map.get(*name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// A text that holds JSON is that JSON.
fn unfolded(value: Value) -> Value {
    match &value {
        Value::String(text) if text.starts_with(['{', '[']) => serde_json::from_str(text).unwrap_or(value),
        _ => value,
    }
}
