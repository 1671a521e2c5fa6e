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

/// A text in which numbers of people stand masked: mobile numbers as [`mask_phone`] has them, and identity numbers by their first
/// six and last four characters. Digits of longer words (an id, a hash) are none. identity.md, Audit.
pub fn mask_numbers(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let between = |letter: char| !letter.is_ascii_alphanumeric();
    for word in text.split_inclusive(between) {
        let (number, rest) = word.split_at(word.trim_end_matches(between).len());
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_phone = number.len() == 11 && number.starts_with('1') && digits(number);
        let is_identity = number.len() == 18
            && digits(&number[..17])
            && number.ends_with(|last: char| last.is_ascii_digit() || last.eq_ignore_ascii_case(&'x'));
        match (is_phone, is_identity) {
            (true, _) => masked.push_str(&mask_phone(number)),
            (_, true) => masked.push_str(&format!("{}********{}", &number[..6], &number[14..])),
            _ => masked.push_str(number),
        }
        masked.push_str(rest);
    }
    masked
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

/// Bytes for people, rounded up: 1 KB, 33.1 MB, 4.2 GB.
pub fn size(bytes: u64) -> String {
    const MB: u64 = 1024 * 1024;
    const GB: u64 = 1024 * MB;
    match bytes {
        0..MB => format!("{} KB", bytes.div_ceil(1024)),
        MB..GB => {
            let tenths = (bytes * 10).div_ceil(MB);
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
        // Of disks and backups.
        _ => {
            let tenths = (bytes / 1024 * 10).div_ceil(MB);
            format!("{}.{} GB", tenths / 10, tenths % 10)
        }
    }
}

/// The browser and the system that a browser's name for itself tells of, in a few words; what is not known stays as it is.
pub fn agent(text: &str) -> String {
    const BROWSERS: [(&str, &str); 7] = [
        ("TaurusApp", "浙政钉"),
        ("DingTalk", "钉钉"),
        ("MicroMessenger", "微信"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("HarmonyOS", "鸿蒙"),
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let known =
        |of: [(&str, &'static str); 7]| of.into_iter().find(|(mark, _)| text.contains(mark)).map(|(_, word)| word);
    match (known(BROWSERS), known(SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => text.to_owned(),
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
    fn numbers_of_people_are_masked_in_a_text() {
        let masked = mask_numbers("赵磊13800000001，身份证33010019900101123X；138-0000-0001");
        assert_eq!(masked, "赵磊138****0001，身份证330100********123X；138-0000-0001");
        for other in
            ["018f0000-0000-7000-8000-138000000001", "13800000001ab", "1795478400000", "SV-00000001", "", "公交"]
        {
            assert_eq!(mask_numbers(other), other);
        }
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

    #[test]
    fn an_agent_is_told_in_a_few_words() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/159.0 Safari/537.36 Edg/159.0";
        assert_eq!(agent(edge), "Edge · Windows");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 TaurusApp/3.1";
        assert_eq!(agent(phone), "浙政钉 · iOS");
        assert_eq!(agent("curl/8.5"), "curl/8.5");
        assert_eq!(agent(""), "");
    }
}
