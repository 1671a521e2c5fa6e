//! 密钥与敏感信息: rules over the text of any file. Start at [`text`].

use std::ops::Range;

use super::{Rule, tokens};
use crate::collector::FileFindings;
use crate::file_kind::{extension, file_name};
use crate::finding::Found;

/// Checks the name of one file.
pub(crate) fn name(path: &str, out: &mut FileFindings) {
    if is_env_file(path) {
        out.push(Found::file(Rule::EnvFile, file_name(path)));
    }
}

/// Checks the text of one file, and its name.
pub(crate) fn text(path: &str, text: &str, out: &mut FileFindings) {
    name(path, out);
    private_keys(text, out);
    for range in tokens::find(text) {
        let token = text.get(range.clone()).unwrap_or_default();
        out.push(Found::secret(Rule::Token, range, token));
    }
    if is_configuration(path) {
        passwords(text, out);
    }
    for range in internal_addresses(text) {
        let address = text.get(range.clone()).unwrap_or_default().to_owned();
        out.push(Found::at(Rule::InternalAddress, range, address));
    }
}

fn is_env_file(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    let example = ["example", "sample", "template", "dist"].iter().any(|end| name.ends_with(end));
    (name == ".env" || name.starts_with(".env.")) && !example
}

/// PEM blocks with something in them; a library that only knows the line has none.
fn private_keys(text: &str, out: &mut FileFindings) {
    for (at, _) in text.match_indices("-----BEGIN ") {
        let rest = text.get(at..).unwrap_or_default();
        let Some(head) = rest.get(11..).and_then(|rest| rest.split_once("-----")).map(|(head, _)| head) else {
            continue;
        };
        let known = head.len() <= 40 && head.ends_with("PRIVATE KEY") || head == "PGP PRIVATE KEY BLOCK";
        let body = head.len().saturating_add(16);
        let key: usize = rest.get(body..).map_or(0, |body| {
            let body = body.split("-----").next().unwrap_or_default();
            body.bytes().take(400).filter(|byte| byte.is_ascii_alphanumeric()).count()
        });
        if known && key >= 40 {
            let end = at.saturating_add(body);
            out.push(Found::at(Rule::PrivateKey, at..end, head));
            let key = rest.get(body..).unwrap_or_default().find("-----");
            out.mask(end..key.map_or(text.len(), |key| end.saturating_add(key)));
        }
    }
}

fn is_configuration(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    let code = matches!(extension(path).as_str(), "js" | "ts" | "mjs" | "cjs");
    let file = matches!(
        extension(path).as_str(),
        "json" | "yml" | "yaml" | "properties" | "ini" | "conf" | "cfg" | "toml" | "xml" | "env" | "config"
    );
    let lock = matches!(name.as_str(), "package-lock.json" | "npm-shrinkwrap.json" | "pnpm-lock.yaml");
    (file && !lock)
        || name.starts_with(".env")
        || (code && ["config", "env", "setting"].iter().any(|word| name.contains(word)))
}

const KEYS: &[&str] =
    &["password", "passwd", "pwd", "secret", "secretkey", "accesskeysecret", "appsecret", "clientsecret", "密码"];
const PLACEHOLDERS: &[&str] = &[
    "password",
    "passwd",
    "secret",
    "text",
    "string",
    "true",
    "false",
    "null",
    "none",
    "required",
    "changeme",
    "undefined",
    "your",
];

/// `key: value`, `"key": "value"`, `key=value`, where the key is a word for passwords.
fn passwords(text: &str, out: &mut FileFindings) {
    for (at, _) in text.match_indices([':', '=']) {
        let before = text.get(crate::text::floor_boundary(text, at.saturating_sub(80))..at).unwrap_or_default();
        let from = at.saturating_add(1);
        let after = text.get(from..crate::text::floor_boundary(text, from.saturating_add(200))).unwrap_or_default();
        let line = after.split('\n').next().unwrap_or_default();
        if is_password_key(before.rsplit('\n').next().unwrap_or_default())
            && let Some(value) = value(line)
        {
            let range = from.saturating_add(value.start)..from.saturating_add(value.end);
            let secret = text.get(range.clone()).unwrap_or_default();
            if is_secret(secret) {
                out.push(Found::secret(Rule::Password, range, secret));
            }
        }
    }
}

/// Whether what stands before the sign ends in a word for passwords.
fn is_password_key(before: &str) -> bool {
    let key = before.trim_end().trim_end_matches(['"', '\'', ' ']);
    let word_start = key.rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).map_or(0, |at| {
        at.saturating_add(key.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8))
    });
    let word: String = key
        .get(word_start..)
        .unwrap_or_default()
        .chars()
        .filter(|c| !matches!(c, '_' | '-'))
        .collect::<String>()
        .to_lowercase();
    KEYS.iter().any(|known| word.ends_with(known))
}

/// Where the value stands behind the sign.
fn value(after: &str) -> Option<Range<usize>> {
    let lead = after.len().saturating_sub(after.trim_start_matches([' ', '\t']).len());
    let rest = after.get(lead..)?;
    match rest.chars().next()? {
        quote @ ('"' | '\'' | '`') => {
            let end = rest.get(1..)?.find(quote)?;
            Some(lead.saturating_add(1)..lead.saturating_add(1).saturating_add(end))
        }
        _ => {
            let end = rest.find([',', ';', '}', ')', '#', '\r', '\n', ' ']).unwrap_or(rest.len());
            let bare = rest.get(..end)?;
            let digit = bare.bytes().any(|byte| byte.is_ascii_digit());
            (digit && !bare.contains(['(', '.', '[', '{'])).then_some(lead..lead.saturating_add(end))
        }
    }
}

/// Neither empty nor a label, a placeholder or a reference.
fn is_secret(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let plain = value.bytes().all(|byte| byte.is_ascii_graphic());
    let reference = value.contains(['$', '<', '>', '{', '*', '/']) || lower.contains("xxx") || lower.contains("env.");
    (4..=64).contains(&value.len())
        && plain
        && !reference
        && !PLACEHOLDERS.iter().any(|word| lower.starts_with(word) && lower.len() <= word.len().saturating_add(8))
        && tokens::entropy(value) >= 1.5
}

/// Private IPv4 addresses, and hosts under names that only exist inside.
fn internal_addresses(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(skip) = bytes.get(at..).and_then(|rest| rest.iter().position(part)) {
        let start = at.saturating_add(skip);
        let end =
            start.saturating_add(bytes.get(start..).unwrap_or_default().iter().take_while(|byte| part(byte)).count());
        let word = text.get(start..end).unwrap_or_default();
        let address = text.get(start.saturating_sub(3)..start) == Some("://");
        if is_private_ip(word) || (address && is_internal_name(word)) {
            found.push(start..end);
        }
        at = end;
    }
    found
}

fn is_private_ip(word: &str) -> bool {
    if !word.starts_with("10.") && !word.starts_with("172.") && !word.starts_with("192.168.") {
        return false;
    }
    word.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_private())
}

fn is_internal_name(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    [".internal", ".intranet", ".lan", ".corp", ".local"].iter().any(|end| host.ends_with(end))
}
