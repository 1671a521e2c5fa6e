//! Why a call came to nothing.

use std::time::Duration;
use thiserror::Error;

/// What the gateway said is quoted up to so many letters.
const QUOTE: usize = 160;

/// A code is quoted up to so many letters.
const CODE: usize = 40;

/// Why a call came to nothing. None of it holds a secret, a token, a code, or a whole phone number.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// No connection. The gateway knows nothing of the call.
    #[error("the gateway can't be reached: {0}")]
    Unreachable(String),
    /// No whole answer within the time for a call. The gateway may have done what it was asked.
    #[error("the gateway did not answer within {} ms", .0.as_millis())]
    Timeout(Duration),
    /// The connection ended before the whole answer was there. The gateway may have done what it was asked.
    #[error("the connection to the gateway broke: {0}")]
    Broken(String),
    /// An HTTP status that is no success, and nothing readable with it.
    #[error("the gateway answered HTTP {0}")]
    Status(u16),
    /// An answer that is not the gateway's, or not to what was asked; what is wrong with it.
    #[error("the gateway's answer makes no sense: {0}")]
    Nonsense(&'static str),
    /// No, in so many words.
    #[error("{} refused: {} {}", .0.by.word(), .0.code, .0.message)]
    Refused(Refusal),
    /// 240133, after a new token was asked for; or for the asking itself.
    #[error("the gateway takes no access token of this application (240133)")]
    TokenExpired,
    /// Not sent at all: a notification has 1 to [`RECEIVERS_MOST`](crate::RECEIVERS_MOST) receivers, not so many.
    #[error("a notification has 1 to 1,000 receivers, not {0}")]
    Receivers(usize),
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which of the two flags said so.
    pub by: By,
    /// `responseCode`, or what stands for it; at most 40 letters; perhaps empty.
    pub code: String,
    /// `responseMessage`, or what stands for it: one line, at most 160 letters.
    pub message: String,
}

/// Who refused: the envelope has two flags, and both count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The outer flag: signature, time, nonce, permission, throttling. The service behind was not asked.
    Gateway,
    /// The inner flag: what was asked can't be.
    Service,
}

impl Error {
    /// The same call may succeed later. What the service refused stays refused, unless it says that it is busy; what the gateway
    /// itself refused may be a matter of clocks, limits or settings, which somebody puts right.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Timeout(_) | Self::Broken(_) | Self::Nonsense(_) | Self::TokenExpired => true,
            // What is not understood will not be the next time. All else, as a proxy that wants a sign-in, passes.
            Self::Status(status) => !matches!(status, 400 | 413),
            Self::Refused(refusal) => refusal.by == By::Gateway || refusal.says_busy(),
            Self::Receivers(_) => false,
        }
    }
}

impl Refusal {
    /// What was said, fit for a screen and a log; `hide` are the values that must not be shown.
    pub(crate) fn new(by: By, code: &str, message: &str, hide: &[&str]) -> Self {
        Self { by, code: quoted(code, hide, CODE), message: quoted(message, hide, QUOTE) }
    }

    fn says_busy(&self) -> bool {
        ["繁忙", "稍后", "频繁", "限流", "超时"].iter().any(|word| self.message.contains(word))
    }
}

impl By {
    fn word(self) -> &'static str {
        match self {
            Self::Gateway => "the gateway",
            Self::Service => "the service",
        }
    }
}

/// One line, short, without what must be hidden and without whole phone or identity numbers.
pub(crate) fn quoted(said: &str, hide: &[&str], most: usize) -> String {
    let mut said = said.to_owned();
    for secret in hide.iter().filter(|secret| !secret.is_empty()) {
        said = said.replace(secret, "…");
    }
    let mut text = String::new();
    let mut digits = String::new();
    for letter in said.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).chain([' ']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        text.push_str(&masked(&std::mem::take(&mut digits)));
        text.push(letter);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(most).collect()
}

/// 138****1234; of what is longer only the ends, too.
fn masked(digits: &str) -> String {
    if digits.len() < 11 {
        return digits.to_owned();
    }
    format!("{}****{}", &digits[..3], &digits[digits.len() - 4..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_one_short_line_without_secrets_and_numbers() {
        let hide = ["test-secret", "app_t", "6512345", ""];
        let said = "bad\r\n app_t of  13812341234,\t8613812341234 or 6512345; key test-secret";
        assert_eq!(quoted(said, &hide, QUOTE), "bad … of 138****1234, 861****1234 or …; key …");
        assert_eq!(quoted(&"长".repeat(1_000), &[], QUOTE).chars().count(), 160);
        assert_eq!(quoted("330106199001011234", &[], QUOTE), "330****1234");
        assert_eq!(quoted("", &[], QUOTE), "");
    }

    #[test]
    fn what_passes_is_tried_again() {
        let refused = |by, message: &str| Error::Refused(Refusal::new(by, "1", message, &[]));
        for passing in [
            Error::Unreachable(String::new()),
            Error::Timeout(Duration::from_secs(1)),
            Error::Broken(String::new()),
            Error::Nonsense("no JSON"),
            Error::Status(302),
            Error::Status(429),
            Error::Status(500),
            Error::TokenExpired,
            refused(By::Gateway, "签名不对"),
            refused(By::Service, "系统繁忙，请稍后再试"),
        ] {
            assert!(passing.is_retryable(), "{passing}");
        }
        for last in
            [Error::Status(400), Error::Status(413), Error::Receivers(0), refused(By::Service, "该手机号不存在")]
        {
            assert!(!last.is_retryable(), "{last}");
        }
    }

    #[test]
    fn a_refusal_says_who_refused() {
        let error = Error::Refused(Refusal::new(By::Service, "210116", "该手机号不存在", &[]));
        assert_eq!(error.to_string(), "the service refused: 210116 该手机号不存在");
    }
}
