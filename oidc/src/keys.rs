//! The provider's public keys (RFC 7517), and whether a signature is one of theirs.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value;

/// More keys than this no provider has.
const KEYS_MOST: usize = 64;

/// How a token is signed. What is not here is refused: `none`, and HS256, where a public key would be the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rs256,
    Es256,
    EdDsa,
}

impl Algorithm {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            "EdDSA" | "Ed25519" => Some(Self::EdDsa),
            _ => None,
        }
    }
}

/// A key, for the one algorithm that it is for.
#[derive(Debug, Clone)]
struct Key {
    id: Option<String>,
    of: Material,
}

#[derive(Debug, Clone)]
enum Material {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// The uncompressed point.
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
}

/// The keys of a provider.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys(Vec<Key>);

/// What came of a look for a signature's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// A key has the id and the algorithm, and the signature fits.
    Fits,
    /// It does not fit.
    Wrong,
    /// No key has the id and the algorithm: the provider may have new ones.
    Unknown,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Keys {
    /// Out of the provider's set. A key that is for something else, or of a kind that is not known, is passed over.
    pub(crate) fn read(set: &Value) -> Self {
        let keys = set["keys"].as_array().map(Vec::as_slice).unwrap_or_default();
        let read = |key: &Value| serde_json::from_value::<Jwk>(key.clone()).ok().and_then(Key::of);
        Self(keys.iter().take(KEYS_MOST).filter_map(read).collect())
    }

    /// Whether one of them made the signature. Without an id, each of the algorithm is tried.
    pub(crate) fn fit(&self, id: Option<&str>, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Fit {
        let named = |key: &&Key| id.is_none() || key.id.as_deref() == id;
        let mut candidates = self.0.iter().filter(|key| key.of.algorithm() == algorithm).filter(named).peekable();
        if candidates.peek().is_none() {
            return Fit::Unknown;
        }
        if candidates.any(|key| key.of.made(message, signature)) { Fit::Fits } else { Fit::Wrong }
    }
}

impl Key {
    fn of(jwk: Jwk) -> Option<Self> {
        if jwk.purpose.as_deref().is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let bytes = |text: &Option<String>| text.as_deref().and_then(|text| BASE64.decode(text).ok());
        let of = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("RSA", _) => Material::Rsa { n: bytes(&jwk.n)?, e: bytes(&jwk.e)? },
            ("EC", Some("P-256")) => {
                let (x, y) = (bytes(&jwk.x)?, bytes(&jwk.y)?);
                if (x.len(), y.len()) != (32, 32) {
                    return None;
                }
                Material::P256([&[4], x.as_slice(), y.as_slice()].concat())
            }
            ("OKP", Some("Ed25519")) => Material::Ed25519(bytes(&jwk.x)?),
            _ => return None,
        };
        // A key that says what it is for is for nothing else.
        let says = jwk.alg.as_deref().map(Algorithm::from_name);
        says.is_none_or(|says| says == Some(of.algorithm())).then_some(Self { id: jwk.kid, of })
    }
}

impl Material {
    fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa { .. } => Algorithm::Rs256,
            Self::P256(_) => Algorithm::Es256,
            Self::Ed25519(_) => Algorithm::EdDsa,
        }
    }

    fn made(&self, message: &[u8], signature: &[u8]) -> bool {
        let fits = match self {
            // Shorter than 2,048 bits is refused by ring.
            Self::Rsa { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            Self::P256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature),
            Self::Ed25519(point) => UnparsedPublicKey::new(&ED25519, point).verify(message, signature),
        };
        fits.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// RFC 7515, A.2 and A.3: keys, what was signed, and the signatures of others.
    const RSA_N: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
    const RSA_MESSAGE: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const RSA_SIGNATURE: &str = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    const EC_X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    const EC_Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    const EC_MESSAGE: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const EC_SIGNATURE: &str = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    fn bytes(text: &str) -> Vec<u8> {
        BASE64.decode(text).unwrap()
    }

    fn set() -> Value {
        json!({ "keys": [
            { "kty": "RSA", "kid": "r", "use": "sig", "n": RSA_N, "e": "AQAB" },
            { "kty": "EC", "kid": "e", "crv": "P-256", "x": EC_X, "y": EC_Y },
        ] })
    }

    #[test]
    fn the_signatures_of_the_rfc_fit_and_none_that_was_touched() {
        let keys = Keys::read(&set());
        for (id, algorithm, message, signature) in
            [("r", Algorithm::Rs256, RSA_MESSAGE, RSA_SIGNATURE), ("e", Algorithm::Es256, EC_MESSAGE, EC_SIGNATURE)]
        {
            let fit = |id, message: &str, signature: &[u8]| keys.fit(id, algorithm, message.as_bytes(), signature);
            assert_eq!(fit(Some(id), message, &bytes(signature)), Fit::Fits);
            assert_eq!(fit(None, message, &bytes(signature)), Fit::Fits, "without an id each is tried");
            assert_eq!(fit(Some(id), &message.replace('I', "J"), &bytes(signature)), Fit::Wrong);
            assert_eq!(fit(Some(id), message, b""), Fit::Wrong);
            assert_eq!(fit(Some("other"), message, &bytes(signature)), Fit::Unknown);
        }
        assert_eq!(keys.fit(Some("r"), Algorithm::Es256, b"", b""), Fit::Unknown, "a key is for one algorithm");
    }

    #[test]
    fn keys_for_something_else_are_passed_over() {
        for (name, value) in
            [("use", json!("enc")), ("alg", json!("HS256")), ("alg", json!("ES256")), ("kty", json!("oct"))]
        {
            let mut set = set();
            set["keys"][0][name] = value;
            assert_eq!(Keys::read(&set).fit(Some("r"), Algorithm::Rs256, b"", b""), Fit::Unknown, "{set}");
        }
        assert!(Keys::read(&json!({ "keys": "x" })).0.is_empty());
        assert_eq!(Algorithm::from_name("none").or(Algorithm::from_name("HS256")), None);
    }
}
