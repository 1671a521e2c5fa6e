//! Each thing that must be wrong with a token before it is refused, one at a time.

use super::*;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use serde_json::json;

const NOW: i64 = 1_795_478_400;

const EXPECTED: Expected<'static> =
    Expected { issuer: "https://login.example.gov.cn", client_id: "irs", nonce: "nonce1", now: NOW };

fn key(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

fn keys() -> Keys {
    let x = BASE64.encode(key(1).public_key().as_ref());
    Keys::read(&json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "k1", "use": "sig", "x": x }] }))
}

fn good() -> Value {
    json!({ "iss": EXPECTED.issuer, "sub": "u-1", "aud": "irs", "exp": NOW + 300, "iat": NOW, "nonce": "nonce1",
        "name": "钱多", "employee": 100_135 })
}

fn signed(header: &Value, payload: &Value, with: &Ed25519KeyPair) -> String {
    let text = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(payload.to_string()));
    format!("{text}.{}", BASE64.encode(with.sign(text.as_bytes())))
}

fn header() -> Value {
    json!({ "alg": "EdDSA", "kid": "k1", "typ": "JWT" })
}

fn asked(token: &str) -> Result<String, Fault> {
    Token::read(token)?.proved(&keys(), &EXPECTED).map(|claims| claims.subject)
}

/// A good token but for these.
fn with(changed: Value) -> Result<String, Fault> {
    let mut payload = good();
    for (name, value) in changed.as_object().unwrap() {
        match value {
            Value::Null => payload.as_object_mut().unwrap().remove(name),
            value => payload.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    asked(&signed(&header(), &payload, &key(1)))
}

#[test]
fn a_good_token_says_who_it_is() {
    let text = signed(&header(), &good(), &key(1));
    let claims = Token::read(&text).unwrap().proved(&keys(), &EXPECTED).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(claims.subject, "u-1");
    assert_eq!((claims.text("name").as_deref(), claims.text("employee").as_deref()), (Some("钱多"), Some("100135")));
    assert_eq!((claims.text("email"), claims.text("exp").is_some()), (None, true));
    let nameless = json!({ "alg": "EdDSA" });
    assert!(asked(&signed(&nameless, &good(), &key(1))).is_ok(), "one key needs no id");
}

#[test]
fn a_token_of_another_issuer_client_or_sign_in_is_refused() {
    for (changed, fault) in [
        (json!({ "iss": "https://evil.example" }), Fault::Issuer),
        (json!({ "iss": "https://login.example.gov.cn/" }), Fault::Issuer),
        (json!({ "aud": "other" }), Fault::Audience),
        (json!({ "aud": [] }), Fault::Audience),
        (json!({ "aud": ["irs", "other"] }), Fault::Audience),
        (json!({ "aud": ["irs", "other"], "azp": "other" }), Fault::Audience),
        (json!({ "azp": "other" }), Fault::Audience),
        (json!({ "nonce": "nonce2" }), Fault::Nonce),
        (json!({ "nonce": null }), Fault::Nonce),
        (json!({ "sub": " " }), Fault::Subject),
        (json!({ "sub": "x".repeat(256) }), Fault::Subject),
        (json!({ "sub": "a\nb" }), Fault::Subject),
        (json!({ "sub": null }), Fault::Shape),
        (json!({ "exp": null }), Fault::Shape),
        (json!({ "iat": null }), Fault::Shape),
        (json!({ "exp": "soon" }), Fault::Shape),
    ] {
        assert_eq!(with(changed.clone()), Err(fault), "{changed}");
    }
    assert!(with(json!({ "aud": ["irs", "other"], "azp": "irs" })).is_ok());
    assert!(with(json!({ "aud": ["irs"] })).is_ok());
}

#[test]
fn a_token_is_of_now_with_a_minute_for_clocks_that_differ() {
    for (changed, fits) in [
        (json!({ "exp": NOW - 59 }), true),
        (json!({ "exp": NOW - 60 }), false),
        (json!({ "iat": NOW + 60 }), true),
        (json!({ "iat": NOW + 61 }), false),
        (json!({ "iat": NOW - 660 }), true),
        (json!({ "iat": NOW - 661 }), false),
        (json!({ "nbf": NOW + 61 }), false),
        (json!({ "nbf": NOW }), true),
    ] {
        let expected = if fits { Ok("u-1".to_owned()) } else { Err(Fault::Time) };
        assert_eq!(with(changed.clone()), expected, "{changed}");
    }
}

#[test]
fn a_token_that_another_signed_or_that_was_touched_is_refused() {
    assert_eq!(asked(&signed(&header(), &good(), &key(2))), Err(Fault::Signature));
    assert_eq!(asked(&signed(&json!({ "alg": "EdDSA", "kid": "k2" }), &good(), &key(1))), Err(Fault::Key));
    let token = signed(&header(), &good(), &key(1));
    let (head, rest) = token.split_once('.').unwrap();
    let (_, signature) = rest.split_once('.').unwrap();
    let mut other = good();
    other["sub"] = json!("u-2");
    assert_eq!(asked(&format!("{head}.{}.{signature}", BASE64.encode(other.to_string()))), Err(Fault::Signature));
}

#[test]
fn an_algorithm_that_proves_nothing_is_refused_whatever_it_is_called() {
    let unsigned = |alg: &str| {
        let header = json!({ "alg": alg, "kid": "k1" });
        format!("{}.{}.", BASE64.encode(header.to_string()), BASE64.encode(good().to_string()))
    };
    for none in ["none", "None", "NONE", "", "HS256", "HS512", "RS1", "PS256"] {
        assert_eq!(asked(&unsigned(none)), Err(Fault::Algorithm), "{none}");
    }
    // The public key, taken for a secret that both know.
    let header = json!({ "alg": "HS256", "kid": "k1" });
    let text = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(good().to_string()));
    let secret = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key(1).public_key().as_ref());
    let forged = format!("{text}.{}", BASE64.encode(ring::hmac::sign(&secret, text.as_bytes())));
    assert_eq!(asked(&forged), Err(Fault::Algorithm));
    // An algorithm that is good, but not the key's.
    assert_eq!(asked(&unsigned("RS256")), Err(Fault::Key));
    assert_eq!(asked(&unsigned("EdDSA")), Err(Fault::Signature));
}

#[test]
fn a_key_on_p256_signs_too() {
    let random = SystemRandom::new();
    let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref(), &random).unwrap();
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    let jwk = json!({ "kty": "EC", "crv": "P-256", "alg": "ES256", "x": BASE64.encode(x), "y": BASE64.encode(y) });
    let text =
        format!("{}.{}", BASE64.encode(json!({ "alg": "ES256" }).to_string()), BASE64.encode(good().to_string()));
    let token = format!("{text}.{}", BASE64.encode(pair.sign(&random, text.as_bytes()).unwrap()));
    let keys = Keys::read(&json!({ "keys": [jwk] }));
    assert!(Token::read(&token).unwrap().proved(&keys, &EXPECTED).is_ok());
}

#[test]
fn what_is_no_token_is_refused() {
    let token = signed(&header(), &good(), &key(1));
    for wrong in
        ["", ".", "..", "a.b.c", &token.replace('.', "!"), &token[1..], &format!("{token}."), &format!("{token}=")]
    {
        assert!(asked(wrong).is_err(), "{wrong}");
    }
    let mut long = good();
    long["more"] = json!("a".repeat(LONGEST));
    assert_eq!(asked(&signed(&header(), &long, &key(1))), Err(Fault::Shape), "too long");
    let twice = r#"{"iss":"https://login.example.gov.cn","sub":"u-1","sub":"u-2","aud":"irs","exp":1,"iat":1}"#;
    let text = format!("{}.{}", BASE64.encode(header().to_string()), BASE64.encode(twice));
    let token = format!("{text}.{}", BASE64.encode(key(1).sign(text.as_bytes())));
    assert_eq!(asked(&token), Err(Fault::Shape), "a name that stands twice");
    for critical in [json!(["exp"]), json!(null)] {
        let header = json!({ "alg": "EdDSA", "kid": "k1", "crit": critical });
        assert_eq!(asked(&signed(&header, &good(), &key(1))), Err(Fault::Shape), "{header}");
    }
}
