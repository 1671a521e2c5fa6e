//! What a provider says of itself (OpenID Connect Discovery 1.0).

use crate::error::Error;
use crate::settings::address;
use serde::Deserialize;
use serde_json::Value;

/// Behind the issuer.
const PATH: &str = "/.well-known/openid-configuration";

/// The addresses that are used.
#[derive(Debug, Clone)]
pub(crate) struct Provider {
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) jwks_uri: String,
    pub(crate) userinfo_endpoint: Option<String>,
    /// The secret travels in the form, not in a header: the provider takes nothing else.
    pub(crate) posts_secret: bool,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// Where the issuer says it.
pub(crate) fn document_of(issuer: &str) -> String {
    format!("{}{PATH}", issuer.trim_end_matches('/'))
}

/// Out of its document. Whoever calls itself otherwise than the setting is another one.
pub(crate) fn read(document: Value, issuer: &str) -> Result<Provider, Error> {
    let of: Document = serde_json::from_value(document).map_err(|_| Error::Nonsense("it lacks an address"))?;
    if of.issuer != issuer {
        return Err(Error::Nonsense("its issuer is not the one that is set"));
    }
    let mut needed = vec![&of.authorization_endpoint, &of.token_endpoint, &of.jwks_uri];
    needed.extend(&of.userinfo_endpoint);
    // A provider that is far away sends nobody to this machine's own services.
    let safe = |text: &String| address(text).is_some() && (!issuer.starts_with("https:") || text.starts_with("https:"));
    if !needed.into_iter().all(safe) {
        return Err(Error::Nonsense("an address in it is not safe"));
    }
    // Without a list it is the header (RFC 8414, 2).
    let ways = of.token_endpoint_auth_methods_supported.unwrap_or_else(|| vec!["client_secret_basic".to_owned()]);
    let takes = |way: &str| ways.iter().any(|known| known == way);
    if !takes("client_secret_basic") && !takes("client_secret_post") {
        return Err(Error::Nonsense("it takes no secret of a client"));
    }
    Ok(Provider {
        authorization_endpoint: of.authorization_endpoint,
        token_endpoint: of.token_endpoint,
        jwks_uri: of.jwks_uri,
        userinfo_endpoint: of.userinfo_endpoint,
        posts_secret: !takes("client_secret_basic"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ISSUER: &str = "https://login.example.gov.cn/realms/gov";

    fn document() -> Value {
        json!({ "issuer": ISSUER, "authorization_endpoint": "https://login.example.gov.cn/auth",
            "token_endpoint": "https://login.example.gov.cn/token", "jwks_uri": "https://keys.example.gov.cn/jwks" })
    }

    #[test]
    fn a_document_is_the_issuers_own_and_its_addresses_are_safe() {
        assert_eq!(document_of("https://a/"), "https://a/.well-known/openid-configuration");
        let provider = read(document(), ISSUER).unwrap();
        assert!(!provider.posts_secret && provider.userinfo_endpoint.is_none());
        for (name, value) in [
            ("issuer", json!("https://evil.example")),
            ("issuer", json!(format!("{ISSUER}/"))),
            ("token_endpoint", json!("http://login.example.gov.cn/token")),
            ("token_endpoint", json!("file:///etc/passwd")),
            ("jwks_uri", json!(7)),
            ("userinfo_endpoint", json!("http://10.0.0.1/")),
            ("jwks_uri", json!("http://127.0.0.1:9464/metrics")),
            ("token_endpoint_auth_methods_supported", json!(["private_key_jwt"])),
        ] {
            let mut wrong = document();
            wrong[name] = value;
            assert!(read(wrong.clone(), ISSUER).is_err(), "{wrong}");
        }
        let mut post = document();
        post["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
        assert!(read(post, ISSUER).unwrap().posts_secret);
    }
}
