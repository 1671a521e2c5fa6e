//! Small rules of text: width in Han characters, masked numbers, service ids. Spec: Registration fields.

mod han;

pub use han::is_han;

/// The width as the spec counts it: a Han character is 2, anything else 1.
pub fn width(text: &str) -> u32 {
    text.chars().map(|letter| if is_han(letter) { 2 } else { 1 }).sum()
}

/// The width in Han characters as a counter shows it, rounded up: `12` of "12/20".
pub fn han_width(text: &str) -> u32 {
    width(text).div_ceil(2)
}

/// A mobile number for screens and logs: 138****1234. Anything else is hidden whole. identity.md, Audit.
pub fn mask_phone(number: &str) -> String {
    if number.len() == 11 && number.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("{}****{}", &number[..3], &number[7..])
    } else {
        "*".repeat(number.chars().count().min(11))
    }
}

/// A service id (服务ID) from a number that is never used twice: `SV-00000042`, ten digits once it grows.
/// The database's sequence gives the number; ids are never reused.
pub fn service_id(number: u32) -> String {
    format!("SV-{number:08}")
}

/// The number of a service id; blanks around it and small letters are taken.
pub fn parse_service_id(text: &str) -> Option<u32> {
    let upper = text.trim().to_ascii_uppercase();
    let digits = upper.strip_prefix("SV-")?;
    let number: u32 = digits.parse().ok()?;
    (service_id(number) == upper).then_some(number)
}

/// Bytes for people, rounded up: 1 KB, 33.1 MB.
pub fn size(bytes: u64) -> String {
    const MB: u64 = 1024 * 1024;
    match bytes {
        0..MB => format!("{} KB", bytes.div_ceil(1024)),
        _ => {
            let tenths = (bytes * 10).div_ceil(MB);
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_counts_two() {
        assert_eq!(width("杭州公交ab_1"), 12);
        assert_eq!(width("，。（）"), 4, "punctuation is no Han character");
        assert_eq!(width("〇々𠮷𰻝"), 8);
        assert_eq!(width("ａé한か"), 4);
        assert_eq!(han_width("杭州a"), 3);
    }

    #[test]
    fn numbers_are_masked() {
        assert_eq!(mask_phone("13812341234"), "138****1234");
        assert_eq!(mask_phone("123"), "***");
        assert_eq!(mask_phone("一二三四五六七八九十十"), "***********");
    }

    #[test]
    fn service_ids_are_read_back() {
        assert_eq!(service_id(42), "SV-00000042");
        assert_eq!(parse_service_id(" sv-00000042 "), Some(42));
        assert_eq!(parse_service_id("SV-4294967295"), Some(u32::MAX));
        for bad in ["", "SV-", "SV-42", "SV-+0000042", "42", "XX-00000042", "SV-99999999999"] {
            assert_eq!(parse_service_id(bad), None, "{bad}");
        }
    }
}
