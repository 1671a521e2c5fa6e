//! The shape of an http(s) address, strictly: scheme, host, optional port, no blanks, no credentials.
//! Whether it answers is not asked here.

use super::table::FieldId;

/// The longest address, in characters.
pub const MAX_CHARS: usize = 2048;

/// The address as typed, trimmed, if its shape is right.
///
/// # Errors
/// The sentence for beside the field.
pub fn check(field: FieldId, typed: &str) -> Result<String, String> {
    let url = typed.trim();
    let label = field.label();
    if url.chars().count() > MAX_CHARS {
        return Err(format!("{label}最多 {MAX_CHARS} 个字，请缩短"));
    }
    problem(url).map_or_else(|| Ok(url.to_owned()), |problem| Err(format!("{label}{problem}")))
}

/// What is wrong, to be read after the label.
fn problem(url: &str) -> Option<&'static str> {
    if url.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        return Some("里不能有空格或换行，请去掉");
    }
    if url.contains(['\\', '<', '>', '"', '`']) {
        return Some("里有不能用在网址中的符号，请核对");
    }
    let Some(rest) = strip_scheme(url) else { return Some("要以 http:// 或 https:// 开头，请补全") };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Some("里不能有用户名和密码，请去掉「@」及其前面的部分");
    }
    let (host, port) = split_port(authority);
    if !is_host(host) {
        return Some("的域名不对，请核对（中文域名请写成 xn-- 开头的形式）");
    }
    match port {
        Some(port) if !is_port(port) => Some("的端口不对，要是 1 至 65535 的数字"),
        _ => None,
    }
}

fn strip_scheme(url: &str) -> Option<&str> {
    ["https://", "http://"].iter().find_map(|scheme| {
        let head = url.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then(|| &url[scheme.len()..])
    })
}

/// The host of an authority, and its port as it is written, if it has one. Whether they are right is not asked here.
pub fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        // The colons inside of [::1] are the address's own.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

fn is_port(port: &str) -> bool {
    let digits = (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    digits && port.parse::<u16>().is_ok_and(|number| number > 0)
}

/// A name, an IPv4 address or an IPv6 address in brackets.
pub(super) fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let numeric =
        host.rsplit('.').next().is_some_and(|last| !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()));
    if numeric {
        return host.parse::<std::net::Ipv4Addr>().is_ok();
    }
    !host.is_empty() && host.len() <= 253 && host.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let inner = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    (1..=63).contains(&label.len()) && inner && !label.starts_with('-') && !label.ends_with('-')
}
