use super::{Network, Trusted};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use std::net::IpAddr;

const OURS: [&str; 3] = ["10.1.0.0/16", "192.0.2.7", "fd00::/8"];

fn client(peer: &str, lines: &[(&'static str, &str)]) -> String {
    let networks: Vec<Network> = OURS.iter().map(|text| text.parse().unwrap()).collect();
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }
    Trusted::new(&networks).client(peer.parse::<IpAddr>().unwrap(), &headers).to_string()
}

#[test]
fn whoever_is_no_proxy_of_ours_is_who_they_are_whatever_they_write() {
    for (name, value) in [("x-forwarded-for", "198.51.100.1"), ("forwarded", "for=198.51.100.1")] {
        assert_eq!(client("203.0.113.9", &[(name, value)]), "203.0.113.9");
        assert_eq!(client("::ffff:203.0.113.9", &[(name, value)]), "203.0.113.9");
    }
}

#[test]
fn behind_proxies_of_ours_the_first_stranger_from_the_right_counts() {
    for (lines, expected) in [
        (vec![], "10.1.2.3"),
        (vec![("x-forwarded-for", "203.0.113.9")], "203.0.113.9"),
        // What the client wrote itself stands to the left of what the proxy saw.
        (vec![("x-forwarded-for", "198.51.100.1, 203.0.113.9")], "203.0.113.9"),
        (vec![("x-forwarded-for", "10.1.9.9, 203.0.113.9")], "203.0.113.9"),
        (vec![("x-forwarded-for", "203.0.113.9, 10.1.7.7, 192.0.2.7")], "203.0.113.9"),
        // A second line is a later one.
        (vec![("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", "203.0.113.9")], "203.0.113.9"),
        (vec![("x-forwarded-for", "198.51.100.1, nonsense")], "10.1.2.3"),
        (vec![("x-forwarded-for", "nonsense, 10.1.7.7")], "10.1.7.7"),
        (vec![("x-forwarded-for", "")], "10.1.2.3"),
        (vec![("x-forwarded-for", "203.0.113.9:4711")], "203.0.113.9"),
        (vec![("x-forwarded-for", "::ffff:203.0.113.9")], "203.0.113.9"),
        (vec![("forwarded", "for=198.51.100.1, for=203.0.113.9;proto=https")], "203.0.113.9"),
        (vec![("forwarded", "proto=https; For=\"[2001:db8::1]:4711\"")], "2001:db8::1"),
        (vec![("forwarded", "for=_hidden")], "10.1.2.3"),
        // A proxy that writes one of them hands the other through as the client wrote it.
        (vec![("forwarded", "for=198.51.100.1"), ("x-forwarded-for", "203.0.113.9")], "203.0.113.9"),
    ] {
        assert_eq!(client("10.1.2.3", &lines), expected, "{lines:?}");
    }
    assert_eq!(client("fd00::1", &[("x-forwarded-for", "2001:db8::2")]), "2001:db8::2");
}

#[test]
fn a_network_is_an_address_or_a_prefix_and_never_everybody() {
    for (text, said) in
        [("10.1.2.3/33", "neither"), ("proxy.example", "neither"), ("0.0.0.0/0", "whole"), ("::/0", "whole")]
    {
        assert!(text.parse::<Network>().unwrap_err().contains(said), "{text}");
    }
}
