//! The spec's vectors, and what holds for any parameters.

use super::*;
use proptest::prelude::*;
use reqwest::Url;
use std::collections::BTreeSet;

const KEY: &str = "test-secret";

fn call<'a>(method: &'a str, path: &'a str, params: &'a Params<'a>) -> Call<'a> {
    let timestamp = "2026-11-24T08:00:00.000+08:00";
    Call { method, timestamp, nonce: "17954784000001234", path, params }
}

fn raw(method: &str, path: &str, params: &Params<'_>) -> String {
    signature(KEY, &call(method, path, params), SignEncoding::Raw)
}

/// identity.md, Signing of 专有钉钉 calls: all four.
#[test]
fn the_specs_vectors() {
    let params = [("appkey", "test-key"), ("appsecret", "test-secret")];
    assert_eq!(raw("GET", "/gettoken.json", &params), "jvXADGgcPkVMnhNctJrYa7yArKOX9X3UrRTonei9lbY=");
    assert_eq!(raw("POST", "/gettoken.json", &[]), "RP4PHB77F6X84g3/buOMXcuC5EirsmsxmzjU0Wx10EI=");
    let params = [("access_token", "app_t"), ("code", "c1")];
    let path = "/rpc/oauth2/getuserinfo_bycode.json";
    assert_eq!(raw("POST", path, &params), "m5+NaNnK6K83D2yUoqtAeFFYvlXtsaTz7ntYVKrMUp8=");
    let params = [
        ("bizMsgId", "ticket-1-urge-1"),
        ("msg", r#"{"msgtype":"text","text":{"content":"您有一条待审批工单"}}"#),
        ("receiverIds", "100135,100136"),
        ("tenantId", "196729"),
    ];
    assert_eq!(raw("POST", "/message/workNotification", &params), "tqGY4RcBJRbY9dMrCxPIerF6yDrjHV/PjDSaVuWv4b8=");
}

#[test]
fn the_vectors_time_and_nonce_are_ours() {
    assert_eq!(crate::time::iso(1_795_478_400_000), "2026-11-24T08:00:00.000+08:00");
    assert_eq!(Nonces::default().next(1_795_478_400_000, 1_234), "17954784000001234");
}

#[test]
fn the_text_is_lines() {
    let params = [("b", "2"), ("a", "x y"), ("b", "1")];
    let call = call("POST", "/p", &params);
    let head = "POST\n2026-11-24T08:00:00.000+08:00\n17954784000001234\n/p";
    assert_eq!(text(&call, SignEncoding::Raw), format!("{head}\na=x y&b=1&b=2"));
    assert_eq!(text(&call, SignEncoding::UrlEncoded), format!("{head}\na=x+y&b=1&b=2"));
    assert_eq!(text(&Call { params: &[], ..call }, SignEncoding::Raw), head);
}

#[test]
fn a_process_uses_no_nonce_twice() {
    let nonces = Nonces::default();
    let mut seen = BTreeSet::new();
    for _ in 0..RANDOM_DIGITS {
        let nonce = nonces.next(1_795_478_400_000, 9_990);
        assert_eq!(nonce.len(), 17);
        assert!(seen.insert(nonce));
    }
    assert!(nonces.next(1_795_478_400_001, u32::MAX).ends_with("7295"), "the next millisecond begins anew");
}

/// Few names, so that they repeat; values with all that is written otherwise in a form.
fn some_params() -> impl Strategy<Value = Vec<(String, String)>> {
    proptest::collection::vec(("[a-c]{1,2}", "[a-z =&+%*~/\"{}\n您有👍-]{0,8}"), 0..8)
}

fn borrowed(params: &[(String, String)]) -> Vec<(&str, &str)> {
    params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

proptest! {
    #[test]
    fn order_does_not_matter(params in some_params(), by in 0_usize..8) {
        let given = borrowed(&params);
        let mut other = given.clone();
        other.reverse();
        let by = by.min(other.len());
        other.rotate_left(by);
        for encoding in [SignEncoding::Raw, SignEncoding::UrlEncoded] {
            let signed = signature(KEY, &call("POST", "/p", &given), encoding);
            prop_assert_eq!(signed, signature(KEY, &call("POST", "/p", &other), encoding));
        }
    }

    #[test]
    fn a_repeated_pair_counts(params in some_params()) {
        let mut given = borrowed(&params);
        let once = raw("POST", "/p", &given);
        given.push(given.first().copied().unwrap_or(("a", "1")));
        prop_assert_ne!(once, raw("POST", "/p", &given));
    }

    /// What is signed url-encoded is what travels, sorted; a browser reads the same pairs from it.
    #[test]
    fn what_travels_is_what_is_signed(params in some_params()) {
        let given = borrowed(&params);
        let travels = form(&given);
        let mut pairs: Vec<&str> = travels.split('&').filter(|pair| !pair.is_empty()).collect();
        pairs.sort_unstable();
        let encoded = text(&call("POST", "/p", &given), SignEncoding::UrlEncoded);
        prop_assert_eq!(encoded.lines().skip(4).collect::<String>(), pairs.join("&"));

        let mut url = Url::parse("http://gateway/").unwrap();
        url.query_pairs_mut().extend_pairs(&given);
        prop_assert_eq!(url.query().unwrap_or_default(), travels);
    }

    /// The two ways agree where nothing is written otherwise in a form.
    #[test]
    fn plain_values_are_signed_alike(params in proptest::collection::vec(("[a-c]", "[A-Za-z0-9._*-]{0,8}"), 0..6)) {
        let given = borrowed(&params);
        let encoded = signature(KEY, &call("POST", "/p", &given), SignEncoding::UrlEncoded);
        prop_assert_eq!(raw("POST", "/p", &given), encoded);
    }

    #[test]
    fn others_are_signed_otherwise(value in "[ -~您]{0,4}[ =&+%/~\"您][ -~您]{0,4}") {
        let given = [("a", value.as_str())];
        let encoded = signature(KEY, &call("POST", "/p", &given), SignEncoding::UrlEncoded);
        prop_assert_ne!(raw("POST", "/p", &given), encoded);
    }
}
