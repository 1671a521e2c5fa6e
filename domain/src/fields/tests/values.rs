use super::*;
use crate::text::width;
use proptest::prelude::*;

#[test]
fn credit_codes_of_the_spec() {
    for good in ["91350100M000100Y43", "91512081MA62K0260E", "11320000MB151840XJ", "91330100MA20000120"] {
        assert_eq!(credit_code::check(good, &ENV).as_deref(), Ok(good));
    }
    let typed = " ９１３５０１００ m000100y43\u{3000}";
    assert_eq!(credit_code::check(typed, &ENV).as_deref(), Ok("91350100M000100Y43"), "normalised");
    for bad in [
        "91350211M0000XUF46",
        "",
        "91350100M000100Y4",
        "91350100M000100Y433",
        "91350100I000100Y43",
        "91350100M000100Y44",
        "9135010中M00100Y43",
    ] {
        assert!(credit_code::check(bad, &ENV).is_err(), "{bad}");
    }
}

#[test]
fn a_host_is_told_apart_from_its_port() {
    for (authority, host, port) in [
        ("publish.gov.cn", "publish.gov.cn", None),
        ("publish.gov.cn:8443", "publish.gov.cn", Some("8443")),
        ("127.0.0.1:80", "127.0.0.1", Some("80")),
        ("[::1]", "[::1]", None),
        ("[::1]:3000", "[::1]", Some("3000")),
        ("publish.gov.cn:", "publish.gov.cn", Some("")),
        ("", "", None),
    ] {
        assert_eq!(url::split_port(authority), (host, port), "{authority}");
    }
}

proptest! {
    #[test]
    fn one_wrong_character_is_always_found(body in "[0-9A-HJ-NP-RTUWXY]{17}", at in 0_usize..18, other in "[0-9A-HJ-NP-RTUWXY]") {
        let code = format!("{body}{}", credit_code::check_character(&body).unwrap());
        prop_assert_eq!(credit_code::check(&code, &ENV), Ok(code.clone()));
        prop_assert_eq!(credit_code::check(&code.to_ascii_lowercase(), &ENV), Ok(code.clone()));
        let mut wrong = code.clone();
        wrong.replace_range(at..=at, &other);
        prop_assert_eq!(credit_code::check(&wrong, &ENV).is_ok(), wrong == code);
    }

    #[test]
    fn names_are_at_most_forty_wide(name in "[a-zA-Z一-龥][a-zA-Z0-9_一-龥]{0,45}") {
        prop_assert_eq!(name::check(&name, &ENV).is_ok(), width(&name) <= 40);
    }

    #[test]
    fn any_text_is_answered(text in ".{0,60}") {
        let _ = name::check(&text, &ENV);
        let _ = credit_code::check(&text, &ENV);
        let _ = phone::mobile(&text, &ENV);
        let _ = phone::callable(&text, &ENV);
        let _ = url::check(FieldId::HealthUrl, &text);
        let _ = files::check_icon(text.as_bytes(), true);
    }

    #[test]
    fn any_bytes_are_answered(jpg in prop::bool::ANY, bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut file = if jpg { b"\xff\xd8\xff".to_vec() } else { b"\x89PNG\r\n\x1a\n".to_vec() };
        file.extend(bytes);
        let _ = files::check_icon(&file, true);
    }
}

#[test]
fn names_begin_with_a_letter_and_hold_letters_digits_and_lines() {
    for good in ["浙里办", "A1_浙", "a", "𠮷野家", "ＡＢＣ１", " 公交 "] {
        assert!(name::check(good, &ENV).is_ok(), "{good}");
    }
    assert_eq!(name::check("ＡＢＣ１", &ENV).as_deref(), Ok("ABC1"), "after NFKC");
    for bad in ["", " ", "_a", "1a", "é", "公交。", "公交（新）", "a-b", "a\u{200b}b", "한국", "ひらがな"]
    {
        assert!(name::check(bad, &ENV).is_err(), "{bad}");
    }
    assert!(name::check(&"汉".repeat(20), &ENV).is_ok());
    assert_eq!(name::check(&"汉".repeat(21), &ENV).unwrap_err(), "服务名称最多 20 个汉字的长度，现在是 21 个，请缩短");
    assert!(name::check(&format!("{}a", "汉".repeat(20)), &ENV).is_err());
    assert!(name::check(&"a".repeat(40), &ENV).is_ok());
    assert_eq!(name::key("公交ABC"), "公交abc");
}

#[test]
fn phone_numbers_are_normalised() {
    for typed in [
        "13812341234",
        " 138 1234 1234",
        "138-1234-1234",
        "+86 13812341234",
        "＋８６１３８１２３４１２３４",
        "+86-138—1234–1234",
    ] {
        assert_eq!(phone::mobile(typed, &ENV).as_deref(), Ok("13812341234"), "{typed}");
    }
    for bad in ["", "12812341234", "1381234123", "138123412345", "1381234123a", "+8513812341234", "8613812341234"] {
        assert!(phone::mobile(bad, &ENV).is_err(), "{bad}");
    }
    assert_eq!(phone::callable("0571-87654321", &ENV).as_deref(), Ok("0571-87654321"));
    assert!(phone::callable("010-1234567-801", &ENV).is_ok());
    for bad in ["87654321", "0571-0654321", "571-87654321", "0571-876543210", "0571-87654321-", "0571-87654321-1-2"] {
        assert!(phone::callable(bad, &ENV).is_err(), "{bad}");
    }
}

#[test]
fn addresses_have_a_strict_shape() {
    for good in [
        "http://a.cn",
        "HTTPS://A.gov.cn/",
        "https://a.gov.cn:8443/x/y?z=1#/r",
        "http://10.1.2.3:80",
        "http://localhost:3000/a",
        "http://[::1]:8080/",
        "https://xn--fiq228c.cn/路径?名=值",
        "https://a_b.gov.cn",
        "  https://a.cn/x  ",
    ] {
        assert!(url::check(FieldId::HealthUrl, good).is_ok(), "{good}");
    }
    let mut text = String::new();
    for bad in [
        "a.cn",
        "ftp://a.cn",
        "//a.cn",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "https://a b.cn",
        "https://a.cn/x y",
        "https://a.cn/\u{3000}x",
        "https://u:p@a.cn",
        "https://a.cn@evil.cn",
        "https://中文.cn",
        "https://a.cn:0",
        "https://a.cn:65536",
        "https://a.cn:",
        "https://a.cn:80a",
        "https://-a.cn",
        "https://a..cn",
        "https://a.cn.",
        "https://1.2.3",
        "https://1.2.3.256",
        "https://[::1",
        "https://a.cn\\@b.cn",
        "https://a.cn/<script>",
    ] {
        let error = url::check(FieldId::HealthUrl, bad).expect_err(bad);
        text.push_str(&format!("{bad:?} {error}\n"));
    }
    insta::assert_snapshot!(text);
    let long = format!("https://a.cn/{}", "x".repeat(2048));
    assert!(url::check(FieldId::HealthUrl, &long).is_err());
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 6, 0, 0, 0]);
    bytes
}

fn jpg(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc2\0\x11\x08".to_vec();
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes
}

#[test]
fn icons_are_180_square_and_small() {
    use files::{FileKind, ICON_MAX_BYTES, check_icon};
    assert_eq!(check_icon(&png(180, 180), false), Ok(FileKind::Png));
    assert_eq!(check_icon(&png(200, 180), false).unwrap_err(), "图标当前 200×180，需要 180×180，请调整后再传");
    assert_eq!(check_icon(&jpg(180, 180), true), Ok(FileKind::Jpg));
    assert!(check_icon(&jpg(180, 181), true).is_err());
    assert!(check_icon(&jpg(180, 180), false).unwrap_err().contains("要是 PNG 图片"));
    let mut largest = png(180, 180);
    largest.resize(ICON_MAX_BYTES, 0);
    assert!(check_icon(&largest, false).is_ok());
    largest.push(0);
    assert_eq!(check_icon(&largest, false).unwrap_err(), "图标不能超过 120 KB，当前 121 KB，请压缩后再传");
    for bad in
        [&b""[..], b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIDAT\0\0\0\xb4\0\0\0\xb4", b"%PDF-1.7"]
    {
        assert!(check_icon(bad, true).is_err());
    }
}
