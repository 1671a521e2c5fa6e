//! Phone numbers. Spec: Registration fields (开发商联系方式), approval form (联系电话).

use super::Env;

/// A mobile number as 11 digits, 1[3-9]…: half-width; blanks, dashes and +86 are taken off.
///
/// # Errors
/// The sentence for beside the field.
pub fn mobile(typed: &str, env: &Env) -> Result<String, String> {
    let bare = bare(typed, env);
    let number = bare.strip_prefix("+86").unwrap_or(&bare);
    if number.is_empty() {
        return Err("请填写手机号".to_owned());
    }
    let begins = number.starts_with('1') && matches!(number.as_bytes().get(1), Some(b'3'..=b'9'));
    if number.len() == 11 && begins && all_digits(number) {
        Ok(number.to_owned())
    } else {
        Err("手机号要是 11 位数字，以 13 至 19 开头，请核对".to_owned())
    }
}

/// A number that people can call: a mobile one, or a landline with its area code, as `0571-87654321`
/// (an extension may follow after another dash).
///
/// # Errors
/// The sentence for beside the field.
pub fn callable(typed: &str, env: &Env) -> Result<String, String> {
    if let Ok(number) = mobile(typed, env) {
        return Ok(number);
    }
    let number = dashes(&env.squeezed(typed));
    let mut parts = number.split('-');
    let area = parts.next().unwrap_or_default();
    let local = parts.next().unwrap_or_default();
    let extension = parts.next();
    let area_ok = area.starts_with('0') && (3..=4).contains(&area.len()) && all_digits(area);
    let local_ok = (7..=8).contains(&local.len()) && all_digits(local) && !local.starts_with('0');
    let extension_ok = extension.is_none_or(|digits| (1..=6).contains(&digits.len()) && all_digits(digits));
    if area_ok && local_ok && extension_ok && parts.next().is_none() {
        Ok(number)
    } else {
        Err("联系电话要是 11 位手机号，或带区号的座机号（如 0571-87654321），请核对".to_owned())
    }
}

fn bare(typed: &str, env: &Env) -> String {
    dashes(&env.squeezed(typed)).replace('-', "")
}

/// All dashes that people type, as one.
fn dashes(text: &str) -> String {
    text.chars().map(|letter| if matches!(letter, '‐'..='―' | '−' | '－' | 'ー') { '-' } else { letter }).collect()
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
