//! What others have to give: names, addresses, whoever takes notices. Connections only; nothing is sent.

use super::{Seen, Verdict};
use domain::view::outbox::Carrier;
use rustls::pki_types::ServerName;
use rustls_platform_verifier::ConfigVerifierExt;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

/// A name, and a connection, have so long each.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn object_store(seen: &Seen<'_>) -> Vec<Verdict> {
    let Some(bucket) = &seen.site.bucket else { return vec![Verdict::skipped("files are in the data folder")] };
    let remedy = "see that the store runs, that this machine reaches it, and that the settings of --s3-… are right";
    vec![match bucket.is_unfinished().await {
        Err(why) => Verdict::wrong(why.to_string(), remedy),
        Ok(true) => Verdict::wrong(
            "a restore into this bucket did not come to its end",
            "run `server restore` once more, or empty the bucket",
        ),
        // As every start does it: an empty file is written, and a listing asked for.
        Ok(false) => match bucket.try_out().await {
            Err(why) => Verdict::wrong(why.to_string(), remedy),
            Ok(()) => Verdict::fine("it takes files and lists them"),
        },
    }]
}

pub(super) async fn apps_domain(seen: &Seen<'_>) -> Vec<Verdict> {
    let domain = &seen.site.workshop.apps.domain;
    if is_localhost(domain) {
        let what = format!("*.{domain} leads browsers to this machine, and nobody else's");
        return vec![match seen.site.demo {
            true => Verdict::fine(what),
            false => Verdict::note(what, "set --apps-domain to a domain of its own, with a wildcard in the DNS"),
        }];
    }
    if let Some(wrong) = judge_domains(domain, host_of(seen.site.public_url.as_deref())) {
        return vec![wrong];
    }
    let random: [u8; 32] = seen.site.entropy.bytes();
    let name = format!("doctor-{}.{domain}", crate::files::hex(&random[..8]));
    let found = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((name.as_str(), 443))).await;
    let has_one = found.is_ok_and(|found| found.is_ok_and(|mut addresses| addresses.next().is_some()));
    vec![match has_one {
        true => Verdict::fine(format!("*.{domain} has an address")),
        false => Verdict::wrong(
            format!("{name} has no address: no application can be opened"),
            format!("add a wildcard to the DNS: *.{domain}, leading to this server or its proxy"),
        ),
    }]
}

pub(super) fn is_localhost(domain: &str) -> bool {
    domain == "localhost" || domain.ends_with(".localhost")
}

/// The console and the applications must not be below each other: what is uploaded is hostile (design.md, Security).
pub(super) fn judge_domains(apps: &str, console: Option<&str>) -> Option<Verdict> {
    let console = console?;
    let below = |lower: &str, upper: &str| lower == upper || lower.ends_with(&format!(".{upper}"));
    let mixed = below(apps, console) || below(console, apps);
    let what = format!("applications ({apps}) and the console ({console}) are below one domain");
    let remedy =
        "give applications another registrable domain with --apps-domain: what is uploaded must share nothing with us";
    mixed.then(|| Verdict::wrong(what, remedy))
}

fn host_of(url: Option<&str>) -> Option<&str> {
    let authority = url?.split_once("://")?.1.split('/').next()?;
    Some(authority.rsplit_once(':').map_or(authority, |(host, _)| host))
}

pub(super) async fn public_address(seen: &Seen<'_>) -> Vec<Verdict> {
    vec![judge_public(seen.site.public_url.as_deref(), seen.site.demo)]
}

pub(super) fn judge_public(url: Option<&str>, demo: bool) -> Verdict {
    let remedy = "set --public-url (IRS_PUBLIC_URL) to https://…, and let a proxy do TLS";
    match url {
        Some(url) if url.starts_with("https://") => Verdict::fine(url),
        Some(url) if host_of(Some(url)).is_some_and(|host| is_localhost(host) || host == "127.0.0.1") => {
            Verdict::note(format!("{url} is this machine's alone"), remedy)
        }
        Some(url) => Verdict::wrong(format!("{url} is not encrypted: browsers keep no session there"), remedy),
        None if demo => Verdict::skipped("a demo is opened at this machine"),
        None => Verdict::wrong("nobody said where people reach this server: links in messages lead nowhere", remedy),
    }
}

pub(super) async fn webhook(seen: &Seen<'_>) -> Vec<Verdict> {
    carrier(seen, Carrier::Webhook, "--webhook-url").await
}

pub(super) async fn mail_server(seen: &Seen<'_>) -> Vec<Verdict> {
    let mut found = carrier(seen, Carrier::Email, "--smtp-url").await;
    if seen.site.workshop.carriers.shows_password() {
        let remedy = "use smtps://, or add ?tls=required";
        found.push(Verdict::wrong("its password travels unencrypted", remedy));
    }
    found
}

/// With a token: address, key, secret, clock and signature are right if the gateway gives one.
pub(super) async fn dingtalk(seen: &Seen<'_>) -> Vec<Verdict> {
    let Some(dingtalk) = &seen.site.workshop.dingtalk else {
        return vec![Verdict::skipped("it is not set (--dingtalk-url)")];
    };
    let asked = tokio::time::timeout(2 * PATIENCE, dingtalk.client().check()).await;
    let why = match asked {
        Ok(Ok(())) => return vec![Verdict::fine("the gateway gives this application a token")],
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the gateway does not answer".to_owned(),
    };
    let remedy = "see that this machine reaches the gateway, that its clock is right, and that key, secret and --dingtalk-sign-encoding are the application's; notices wait until then";
    vec![Verdict::wrong(why, remedy)]
}

/// Whether it says of itself what it is set to be. Client id and secret show at a sign-in alone.
pub(super) async fn oidc(seen: &Seen<'_>) -> Vec<Verdict> {
    let Some(oidc) = &seen.site.workshop.oidc else {
        return vec![Verdict::skipped("it is not set (--oidc-issuer)")];
    };
    vec![match oidc.client().check(seen.now.0).await {
        Ok(()) => Verdict::fine("the OpenID provider says where it is and gives its keys"),
        Err(error) => Verdict::wrong(
            error.to_string(),
            "see that this machine reaches the provider, and that --oidc-issuer is its name to the letter, with or without a slash at \
             its end; people sign in by password until then",
        ),
    }]
}

async fn carrier(seen: &Seen<'_>, carrier: Carrier, setting: &str) -> Vec<Verdict> {
    let Some((host, port, tls)) = seen.site.workshop.carriers.peer(carrier) else {
        return vec![Verdict::skipped(format!("none is set ({setting})"))];
    };
    let peer = format!("{host}:{port}");
    let tried = tokio::task::spawn_blocking(move || connect(&host, port, tls)).await;
    vec![match tried.unwrap_or_else(|error| Err(error.to_string())) {
        Ok(()) => Verdict::fine(format!(
            "{peer} takes connections{}",
            if tls { ", with a certificate that is good" } else { "" }
        )),
        Err(why) => Verdict::wrong(
            format!("{peer} cannot be reached: {why}"),
            format!(
                "see that it runs, that this machine may reach it, and that {setting} is right; notices wait until then"
            ),
        ),
    }]
}

/// As far as the handshake.
fn connect(host: &str, port: u16, tls: bool) -> Result<(), String> {
    let addresses: Vec<SocketAddr> = (host, port).to_socket_addrs().map_err(|e| e.to_string())?.collect();
    let mut last = "it has no address".to_owned();
    for address in addresses {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(socket) if tls => return shake_hands(host, socket),
            Ok(_) => return Ok(()),
            Err(cause) => last = cause.to_string(),
        }
    }
    Err(last)
}

fn shake_hands(host: &str, mut socket: TcpStream) -> Result<(), String> {
    let said = |error: &dyn std::error::Error| format!("no TLS: {error}");
    // A second time it is set already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = rustls::ClientConfig::with_platform_verifier().map_err(|e| said(&e))?;
    let name = ServerName::try_from(host.to_owned()).map_err(|e| said(&e))?;
    let mut client = rustls::ClientConnection::new(Arc::new(config), name).map_err(|e| said(&e))?;
    for set in [TcpStream::set_read_timeout, TcpStream::set_write_timeout] {
        set(&socket, Some(PATIENCE)).map_err(|e| said(&e))?;
    }
    while client.is_handshaking() {
        client.complete_io(&mut socket).map_err(|e| said(&e))?;
    }
    Ok(())
}
