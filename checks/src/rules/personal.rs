//! Numbers of persons: telephones and identity cards. Start at [`numbers`].

use std::ops::Range;

use super::Rule;
use crate::collector::FileFindings;
use crate::finding::Found;

/// What a run of digits is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    /// 11 digits, 13 to 19.
    Mobile,
    /// Area code and number, written with a hyphen: 0571-12345678.
    Landline,
    /// 18 digits (the last may be X) with the right check digit.
    IdCard,
}

/// Identity cards and mobile numbers in any text file.
pub(crate) fn source(text: &str, out: &mut FileFindings) {
    for (number, range) in numbers(text) {
        let rule = match number {
            Number::Mobile => Rule::PhoneInSource,
            Number::IdCard => Rule::IdCard,
            Number::Landline => continue,
        };
        let shown = text.get(range.clone()).unwrap_or_default();
        out.push(Found::secret(rule, range, shown));
    }
}

/// Identity cards only: for files where 11 digits mean nothing.
pub(crate) fn id_cards(text: &str, out: &mut FileFindings) {
    for (number, range) in numbers(text) {
        if number == Number::IdCard {
            let shown = text.get(range.clone()).unwrap_or_default();
            out.push(Found::secret(Rule::IdCard, range, shown));
        }
    }
}

/// Numbers in the text that a page shows, outside links.
pub(crate) fn shown(text: &str, range: Range<usize>, out: &mut FileFindings) {
    let part = text.get(range.clone()).unwrap_or_default();
    for (number, found) in numbers(part) {
        let at = range.start.saturating_add(found.start)..range.start.saturating_add(found.end);
        match number {
            Number::Mobile | Number::Landline => {
                out.push(Found::secret(Rule::BarePhone, at, part.get(found).unwrap_or_default()));
            }
            Number::IdCard => {}
        }
    }
}

/// All numbers of persons in the text.
pub(crate) fn numbers(text: &str) -> impl Iterator<Item = (Number, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut at = 0_usize;
    std::iter::from_fn(move || {
        loop {
            let start = at.saturating_add(bytes.get(at..)?.iter().position(u8::is_ascii_digit)?);
            let mut end = start;
            while bytes.get(end).is_some_and(u8::is_ascii_digit) {
                end = end.saturating_add(1);
            }
            at = end;
            let free = start.checked_sub(1).and_then(|before| bytes.get(before)).is_none_or(|byte| free_before(*byte));
            if free && let Some((number, end)) = number(bytes, start, end) {
                at = end;
                return Some((number, start..end));
            }
        }
    })
}

fn free_before(byte: u8) -> bool {
    !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'#' | b'%' | b'/' | b'='))
}

fn free_after(bytes: &[u8], end: usize) -> bool {
    let next = bytes.get(end).copied();
    let after = bytes.get(end.saturating_add(1)).copied();
    match next {
        Some(b'.') => !after.is_some_and(|byte| byte.is_ascii_digit()),
        Some(b'-' | b'_') => false,
        Some(byte) => !byte.is_ascii_alphanumeric(),
        None => true,
    }
}

fn number(bytes: &[u8], start: usize, end: usize) -> Option<(Number, usize)> {
    let digits = bytes.get(start..end)?;
    match digits {
        [b'1', b'3'..=b'9', ..] if digits.len() == 11 && free_after(bytes, end) => Some((Number::Mobile, end)),
        [b'0', ..] if (3..=4).contains(&digits.len()) && bytes.get(end) == Some(&b'-') => {
            let from = end.saturating_add(1);
            let rest = bytes.get(from..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let end = from.saturating_add(rest);
            ((7..=8).contains(&rest) && free_after(bytes, end)).then_some((Number::Landline, end))
        }
        _ if digits.len() == 18 && free_after(bytes, end) && id_card(digits) => Some((Number::IdCard, end)),
        _ if digits.len() == 17 && matches!(bytes.get(end), Some(b'X' | b'x')) => {
            let end = end.saturating_add(1);
            (free_after(bytes, end) && id_card(bytes.get(start..end)?)).then_some((Number::IdCard, end))
        }
        _ => None,
    }
}

/// GB 11643: a province, a possible birthday, and the check digit of ISO 7064 MOD 11-2.
fn id_card(card: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let digit = |at: usize| card.get(at).map(|byte| u32::from(byte.wrapping_sub(b'0'))).unwrap_or_default();
    let pair = |at: usize| digit(at).saturating_mul(10).saturating_add(digit(at.saturating_add(1)));
    let plausible = (11..=82).contains(&pair(0))
        && (19..=20).contains(&pair(6))
        && (1..=12).contains(&pair(10))
        && (1..=31).contains(&pair(12));
    let sum = WEIGHTS
        .iter()
        .enumerate()
        .fold(0_u32, |sum, (at, weight)| sum.saturating_add(weight.saturating_mul(digit(at))));
    let check = CHECKS.get(usize::try_from(sum.checked_rem(11).unwrap_or_default()).unwrap_or_default());
    plausible && card.get(17).map(u8::to_ascii_uppercase).as_ref() == check
}
