//! Addresses in text, and the host of each as a browser would have it.

/// What an address leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A host, lower case and punycode.
    Host(String),
    /// The text ends before the host does.
    Open,
}

/// Bytes of an address that are looked at.
const LONGEST: usize = 2048;

/// A host as people write it, as the browser has it: lower case, punycode, without a port.
pub(super) fn host(written: &str) -> Option<String> {
    if written.is_empty() || written.contains(['/', '@', '?', '#', '\\', '*', ' ']) {
        return None;
    }
    parse(&format!("https://{written}/"))
}

fn parse(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    let host = url.host_str()?.trim_end_matches('.').to_owned();
    (!host.is_empty()).then_some(host)
}

/// The address that the whole text is, if it leads out: of an attribute or `url()`. Browsers read past
/// blanks, take `\` for `/` and drop line ends, so this does too.
pub(super) fn whole(text: &str, ends: bool) -> Option<Target> {
    let text: String = text
        .trim_matches(|c: char| c <= ' ')
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .take(LONGEST)
        .map(|c| if c == '\\' { '/' } else { c })
        .collect();
    let (scheme, rest) = match text.split_once(':') {
        Some((scheme, rest)) if is_web(scheme) => (scheme.to_ascii_lowercase(), rest),
        _ if text.starts_with("//") => ("https".to_owned(), text.as_str()),
        _ => return None,
    };
    // `https:path` is relative in a page of the same scheme; with one slash or none it still may lead out.
    let slashes = rest.len().saturating_sub(rest.trim_start_matches('/').len());
    if slashes == 0 && !text.starts_with("//") {
        return None;
    }
    let authority = rest.trim_start_matches('/');
    let end = authority.find(['/', '?', '#']);
    let open = end.is_none() && !ends;
    let authority = authority.get(..end.unwrap_or(authority.len())).unwrap_or_default();
    if open && (authority.is_empty() || authority.ends_with(['.', '-', '@'])) {
        return Some(Target::Open);
    }
    if authority.is_empty() {
        return None;
    }
    parse(&format!("{scheme}://{authority}/")).map(Target::Host)
}

fn is_web(scheme: &str) -> bool {
    ["http", "https", "ws", "wss", "ftp"].iter().any(|web| scheme.eq_ignore_ascii_case(web))
}

/// Every address in a longer text: HTML, CSS or a sentence in a string. Answers its start, the address,
/// and whether the text ends with it.
pub(super) fn within(text: &str) -> Vec<(usize, &str, bool)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("//") {
        let before = text.get(..at).unwrap_or_default();
        let start = match before.strip_suffix(':') {
            Some(before) => {
                let letters = before.bytes().rev().take_while(u8::is_ascii_alphabetic).take(6).count();
                let scheme = before.get(before.len().saturating_sub(letters)..).unwrap_or_default();
                if !is_web(scheme) {
                    continue;
                }
                before.len().saturating_sub(letters)
            }
            // Protocol-relative: only where an address can start, and only what looks like a host.
            None if before.is_empty() || before.ends_with(['"', '\'', '(', '=', ' ', ',']) => at,
            None => continue,
        };
        let most = crate::text::floor_boundary(text, start.saturating_add(LONGEST));
        let rest = text.get(start..most).unwrap_or_default();
        let end = rest
            .find(|c: char| c <= ' ' || matches!(c, '"' | '\'' | '<' | '>' | '`' | ')' | '|' | '，' | '。' | '）'))
            .unwrap_or(rest.len());
        let address = rest.get(..end).unwrap_or_default();
        if start == at && !looks_like_host(address.trim_start_matches('/')) {
            continue;
        }
        found.push((start, address, start.saturating_add(end) == text.len()));
    }
    found
}

/// Labels with dots between and a last one of letters: `//` before it makes an address, not a comment.
fn looks_like_host(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    match authority.trim_end_matches('.').rsplit_once('.') {
        Some((labels, last)) => {
            labels.split('.').all(label)
                && label(last)
                && (last.chars().count() >= 2 || last.bytes().all(|b| b.is_ascii_digit()))
        }
        None => false,
    }
}
