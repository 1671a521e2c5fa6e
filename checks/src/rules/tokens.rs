//! The shapes of known tokens. A shape is a beginning, the characters after it and how many; what has
//! too little entropy is an example, not a token.

use std::ops::Range;

/// A shape of token.
struct Shape {
    start: &'static str,
    /// Characters after the beginning, at least.
    least: usize,
    most: usize,
    /// May characters be `-` and `_`, too?
    dashes: bool,
}

const fn shape(start: &'static str, least: usize, most: usize, dashes: bool) -> Shape {
    Shape { start, least, most, dashes }
}

/// Alibaba Cloud, Tencent Cloud, AWS, GitHub, GitLab, npm, Google, Slack, Stripe, JWT.
#[rustfmt::skip]
const SHAPES: &[Shape] = &[
    shape("LTAI",        12, 28, false),
    shape("AKID",        28, 36, false),
    shape("AKIA",        16, 16, false),
    shape("ASIA",        16, 16, false),
    shape("ghp_",        36, 36, false),
    shape("gho_",        36, 36, false),
    shape("ghu_",        36, 36, false),
    shape("ghs_",        36, 36, false),
    shape("github_pat_", 40, 90, true),
    shape("glpat-",      20, 40, true),
    shape("npm_",        36, 36, false),
    shape("AIza",        35, 35, true),
    shape("xoxb-",       20, 90, true),
    shape("xoxp-",       20, 90, true),
    shape("sk_live_",    20, 120, false),
    shape("rk_live_",    20, 120, false),
];

/// Bits a character, at least.
const ENTROPY: f64 = 2.8;

/// The tokens in the text.
pub(crate) fn find(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = word_end(bytes, at);
        if end == at {
            at = at.saturating_add(1);
            continue;
        }
        if let Some(word) = text.get(at..end)
            && (is_token(word) || is_jwt(bytes, word, end))
        {
            found.push(at..end);
        }
        at = end;
    }
    found
}

/// Words are runs of letters, digits, `-` and `_`.
fn word_end(bytes: &[u8], from: usize) -> usize {
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    from.saturating_add(bytes.get(from..).unwrap_or_default().iter().take_while(|byte| word(byte)).count())
}

fn is_token(word: &str) -> bool {
    SHAPES.iter().any(|shape| {
        word.strip_prefix(shape.start).is_some_and(|rest| {
            (shape.least..=shape.most).contains(&rest.len())
                && (shape.dashes || rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
                && rest.bytes().any(|byte| byte.is_ascii_digit())
                && entropy(rest) >= ENTROPY
        })
    })
}

/// Three parts with dots between, of which the first two are JSON objects in base64.
fn is_jwt(bytes: &[u8], word: &str, end: usize) -> bool {
    if !word.starts_with("eyJ") || word.len() < 15 || bytes.get(end) != Some(&b'.') {
        return false;
    }
    let second = end.saturating_add(1);
    let second_end = word_end(bytes, second);
    let third = second_end.saturating_add(1);
    bytes.get(second..second_end).is_some_and(|part| part.starts_with(b"eyJ"))
        && bytes.get(second_end) == Some(&b'.')
        && word_end(bytes, third).saturating_sub(third) >= 20
        && entropy(word) >= ENTROPY
}

/// Shannon's, over the characters of the word. Bits a character.
pub(crate) fn entropy(word: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in word.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count = count.saturating_add(1);
        }
    }
    let all = f64::from(u32::try_from(word.len()).unwrap_or(u32::MAX));
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / all)
        .map(|share| -share * share.log2())
        .sum()
}
