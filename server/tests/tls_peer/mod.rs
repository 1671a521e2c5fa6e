//! Certificates that nobody else trusts, and a peer that trusts one of them alone.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use server::tls::Pair;
use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Longer than any side of a handshake waits by itself.
const ANSWERS_WITHIN: Duration = Duration::from_secs(60);

/// A new one for `localhost`, by openssl.
pub async fn certificate(pair: &Pair) {
    let mut make = tokio::process::Command::new("openssl");
    make.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]);
    make.args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]);
    make.args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"]).arg(&pair.key);
    let made = make.arg("-out").arg(&pair.certificate).output().await.expect("openssl is installed");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// What `/healthz` answers over TLS to a peer that trusts this certificate and no other.
///
/// # Errors
/// The handshake fails.
#[allow(dead_code, reason = "not every test speaks TLS")]
pub async fn over_tls(at: SocketAddr, trusted: &Pair) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(&trusted.certificate).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let socket = TcpStream::connect(at).await?;
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, socket).await?;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// TLS 1.3, and 1.2 with forward secrecy and authenticated ciphers, is spoken there, and nothing less.
#[allow(dead_code, reason = "not every test looks at it")]
pub async fn speaks_good_tls_alone(at: SocketAddr) {
    for (version, how, cipher) in [
        ("-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256"),
        ("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"),
        ("-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"),
    ] {
        let said = handshake(at, [version, how, cipher]).await;
        assert!(said.contains(&format!("Cipher is {cipher}")), "{version} {cipher}: {said}");
    }
    // At level 0 openssl offers what it would not by itself. The other side has to say no: that it can't be asked is no answer.
    for (version, cipher) in [
        ("-tls1", "ALL:@SECLEVEL=0"),
        ("-tls1_1", "ALL:@SECLEVEL=0"),
        ("-tls1_2", "ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0"),
    ] {
        let said = handshake(at, [version, "-cipher", cipher]).await;
        assert!(said.contains("Cipher is (NONE)") && said.contains("SSL alert number"), "{version} {cipher}: {said}");
    }
}

/// What openssl says of a handshake that it begins so.
async fn handshake(at: SocketAddr, how: [&str; 3]) -> String {
    let mut client = tokio::process::Command::new("openssl");
    client.args(["s_client", "-servername", "localhost", "-connect", &at.to_string()]).args(how).stdin(Stdio::null());
    let said = tokio::time::timeout(ANSWERS_WITHIN, client.kill_on_drop(true).output()).await;
    let said = said.expect("an answer to a handshake").expect("openssl is installed");
    String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned()
}
