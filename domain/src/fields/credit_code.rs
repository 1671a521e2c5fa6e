//! 统一社会信用代码, GB 32100. Spec: Registration fields.

use super::Env;
use super::errors::please_fill;
use super::table::FieldId;

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The code in its normal form: without blanks, half-width, capital letters, with the right check digit.
///
/// # Errors
/// The sentence for beside the field.
pub fn check(typed: &str, env: &Env) -> Result<String, String> {
    let code = env.squeezed(typed).to_ascii_uppercase();
    if code.is_empty() {
        return Err(please_fill(FieldId::CreditCode));
    }
    let length = code.chars().count();
    if length != 18 {
        return Err(format!("统一社会信用代码是 18 位，现在是 {length} 位，请核对营业执照"));
    }
    if let Some(wrong) = code.chars().find(|letter| value(*letter).is_none()) {
        return Err(format!("统一社会信用代码里不会有「{wrong}」，请核对（没有 I、O、S、V、Z）"));
    }
    match check_character(&code) {
        Some(right) if code.ends_with(right) => Ok(code),
        _ => Err("统一社会信用代码的校验位不对，请逐位核对营业执照".to_owned()),
    }
}

/// The 18th character for the first 17: (31 − Σ value × 3^(i−1) mod 31) mod 31. `None` if there are fewer
/// or a foreign one is among them.
pub fn check_character(first: &str) -> Option<char> {
    let mut sum = 0;
    let mut weight = 1;
    let mut count = 0;
    for letter in first.chars().take(17) {
        sum = (sum + value(letter)? * weight) % 31;
        weight = weight * 3 % 31;
        count += 1;
    }
    (count == 17).then(|| char::from(ALPHABET[usize::try_from((31 - sum) % 31).unwrap_or(0)]))
}

fn value(letter: char) -> Option<u32> {
    ALPHABET.iter().zip(0..).find(|(known, _)| char::from(**known) == letter).map(|(_, value)| value)
}
