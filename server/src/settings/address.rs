//! Addresses as they are set.

use axum::http::Uri;

/// Of a web server, without a slash at its end; an empty one is left empty: a service's file may leave it blank.
///
/// # Errors
/// A sentence.
pub(super) fn web(text: &str) -> Result<String, String> {
    let text = text.trim().trim_end_matches('/');
    if text.is_empty() {
        return Ok(String::new());
    }
    let wanted = || "an address like https://publish.example.gov.cn is wanted".to_owned();
    let uri: Uri = text.parse().map_err(|_| wanted())?;
    let good = matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some() && uri.query().is_none();
    if good { Ok(text.to_owned()) } else { Err(wanted()) }
}

/// The same without a path: people reach nothing below one.
///
/// # Errors
/// A sentence.
pub(super) fn root(text: &str) -> Result<String, String> {
    let address = web(text)?;
    let uri: Option<Uri> = address.parse().ok();
    match uri.is_none_or(|uri| uri.path() == "/") {
        true => Ok(address),
        false => Err("an address without a path is wanted, like https://publish.example.gov.cn".to_owned()),
    }
}

/// A domain: names with dots between.
///
/// # Errors
/// A sentence.
pub(super) fn domain(text: &str) -> Result<String, String> {
    let text = text.trim();
    let name = |name: &str| {
        !name.is_empty() && name.len() <= 63 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    match text.split('.').all(name) {
        true => Ok(text.to_ascii_lowercase()),
        false => Err("a domain like apps.example.cn is wanted, without a port".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{domain, root, web};

    #[test]
    fn an_address_is_one_or_is_refused() {
        assert_eq!(root("https://publish.example.gov.cn/"), Ok("https://publish.example.gov.cn".to_owned()));
        assert_eq!(root("http://10.0.0.1:8080"), Ok("http://10.0.0.1:8080".to_owned()));
        assert_eq!(
            web("https://npm.example.cn/repository/npm/"),
            Ok("https://npm.example.cn/repository/npm".to_owned())
        );
        assert_eq!(root(" "), Ok(String::new()));
        for wrong in ["publish.example.gov.cn", "ftp://a.cn", "https://", "https://a.cn/console", "https://a.cn?b=c"] {
            assert!(root(wrong).is_err(), "{wrong}");
        }
        assert_eq!(domain("Apps.Example.cn"), Ok("apps.example.cn".to_owned()));
        for wrong in ["", "apps.example.cn:3000", "https://apps.example.cn", ".example.cn", "应用.cn"] {
            assert!(domain(wrong).is_err(), "{wrong}");
        }
    }
}
