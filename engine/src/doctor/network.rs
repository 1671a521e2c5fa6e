//! What others have to give: names, addresses, whoever takes notices. Connections only; nothing is sent.

use super::{Seen, Verdict};
use domain::fields::url::split_port;
use domain::view::outbox::Carrier;
use rustls::pki_types::ServerName;
use rustls_platform_verifier::ConfigVerifierExt;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

/// A name, and a connection, have so long each.
const PATIENCE: Duration = Duration::from_secs(5);

/// There is no store.
const FILES_HERE: (&str, &str) = ("files are in the data folder", "文件在数据目录里");

pub(super) async fn object_store(seen: &Seen<'_>) -> Vec<Verdict> {
    let Some(bucket) = &seen.site.bucket else { return vec![Verdict::skipped(FILES_HERE)] };
    let remedy = (
        "see that the store runs, that this machine reaches it, and that the settings of --s3-… are right",
        "确认对象存储在运行、这台机器能访问它，并且 --s3-… 的设置正确",
    );
    let failed = |why: String| {
        let chinese = format!("对象存储不能使用：{why}");
        Verdict::wrong((why, chinese), remedy)
    };
    vec![match bucket.is_unfinished().await {
        Err(why) => failed(why.to_string()),
        Ok(true) => Verdict::wrong(
            ("a restore into this bucket did not come to its end", "往这个存储桶恢复备份时中断了"),
            ("run `server restore` once more, or empty the bucket", "再执行一次 server restore，或者清空存储桶"),
        ),
        // As every start does it: an empty file is written, and a listing asked for.
        Ok(false) => match bucket.try_out().await {
            Err(why) => failed(why.to_string()),
            Ok(()) => Verdict::fine(("it takes files and lists them", "对象存储可以读写")),
        },
    }]
}

pub(super) async fn apps_domain(seen: &Seen<'_>) -> Vec<Verdict> {
    let domain = &seen.site.workshop.apps.domain;
    if is_localhost(domain) {
        let what = (
            format!("*.{domain} leads browsers to this machine, and nobody else's"),
            format!("*.{domain} 只在这台机器上打得开"),
        );
        return vec![match seen.site.demo {
            true => Verdict::fine(what),
            false => Verdict::note(
                what,
                (
                    "set --apps-domain to a domain of its own, with a wildcard in the DNS",
                    "用 --apps-domain 设置单独的域名，并在 DNS 里加泛解析",
                ),
            ),
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
        true => Verdict::fine((format!("*.{domain} has an address"), format!("*.{domain} 的泛解析正常"))),
        false => Verdict::wrong(
            (
                format!("{name} has no address: no application can be opened"),
                format!("{name} 解析不到地址，所有应用都打不开"),
            ),
            (
                format!("add a wildcard to the DNS: *.{domain}, leading to this server or its proxy"),
                format!("在 DNS 里加泛解析 *.{domain}，指向这台服务器或它前面的代理"),
            ),
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
    let what = (
        format!("applications ({apps}) and the console ({console}) are below one domain"),
        format!("应用的域名（{apps}）和平台的域名（{console}）在同一个域名下"),
    );
    let remedy = (
        "give applications another registrable domain with --apps-domain: what is uploaded must share nothing with us",
        "用 --apps-domain 给应用另一个注册域名：上传的内容不能和平台共用域名",
    );
    mixed.then(|| Verdict::wrong(what, remedy))
}

fn host_of(url: Option<&str>) -> Option<&str> {
    let authority = url?.split_once("://")?.1.split('/').next()?;
    Some(split_port(authority).0)
}

pub(super) async fn public_address(seen: &Seen<'_>) -> Vec<Verdict> {
    vec![judge_public(seen.site.public_url.as_deref(), seen.site.demo)]
}

pub(super) fn judge_public(url: Option<&str>, demo: bool) -> Verdict {
    let remedy = (
        "set --public-url (IRS_PUBLIC_URL) to https://…, and let a proxy do TLS",
        "把 --public-url（IRS_PUBLIC_URL）设为 https://…，由前面的代理做 TLS",
    );
    match url {
        Some(url) if url.starts_with("https://") => Verdict::fine((url, format!("平台的地址是 {url}"))),
        Some(url) if host_of(Some(url)).is_some_and(|host| is_localhost(host) || host == "127.0.0.1") => {
            Verdict::note((format!("{url} is this machine's alone"), format!("{url} 只在这台机器上打得开")), remedy)
        }
        Some(url) => Verdict::wrong(
            (
                format!("{url} is not encrypted: browsers keep no session there"),
                format!("{url} 没有加密，浏览器在那里登录不了"),
            ),
            remedy,
        ),
        None if demo => Verdict::skipped(("a demo is opened at this machine", "演示环境在本机打开")),
        None => Verdict::wrong(
            (
                "nobody said where people reach this server: links in messages lead nowhere",
                "没有设置平台的地址，消息里的链接打不开",
            ),
            remedy,
        ),
    }
}

pub(super) async fn webhook(seen: &Seen<'_>) -> Vec<Verdict> {
    carrier(seen, Carrier::Webhook, "--webhook-url").await
}

pub(super) async fn mail_server(seen: &Seen<'_>) -> Vec<Verdict> {
    let mut found = carrier(seen, Carrier::Email, "--smtp-url").await;
    if seen.site.workshop.carriers.shows_password() {
        let remedy = ("use smtps://, or add ?tls=required", "改用 smtps://，或者在地址后面加 ?tls=required");
        found.push(Verdict::wrong(("its password travels unencrypted", "邮件服务器的密码没有加密传输"), remedy));
    }
    found
}

/// With a token: address, key, secret, clock and signature are right if the gateway gives one.
pub(super) async fn dingtalk(seen: &Seen<'_>) -> Vec<Verdict> {
    let Some(dingtalk) = &seen.site.workshop.dingtalk else {
        return vec![Verdict::skipped(("it is not set (--dingtalk-url)", "没有设置（--dingtalk-url）"))];
    };
    let asked = tokio::time::timeout(2 * PATIENCE, dingtalk.client().check()).await;
    let why = match asked {
        Ok(Ok(())) => {
            return vec![Verdict::fine(("the gateway gives this application a token", "浙政钉网关正常，能取到令牌"))];
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the gateway does not answer".to_owned(),
    };
    let remedy = (
        "see that this machine reaches the gateway, that its clock is right, and that key, secret and --dingtalk-sign-encoding are the application's; notices wait until then",
        "确认这台机器能访问网关、时钟准确，并且应用的 Key、Secret 和 --dingtalk-sign-encoding 正确；恢复以前通知会等着",
    );
    let chinese = format!("浙政钉网关不能使用：{why}");
    vec![Verdict::wrong((why, chinese), remedy)]
}

/// Whether it says of itself what it is set to be. Client id and secret show at a sign-in alone.
pub(super) async fn oidc(seen: &Seen<'_>) -> Vec<Verdict> {
    let Some(oidc) = &seen.site.workshop.oidc else {
        return vec![Verdict::skipped(("it is not set (--oidc-issuer)", "没有设置（--oidc-issuer）"))];
    };
    vec![match oidc.client().check(seen.now.0).await {
        Ok(()) => Verdict::fine(("the OpenID provider says where it is and gives its keys", "OpenID 提供方正常")),
        Err(error) => Verdict::wrong(
            (error.to_string(), format!("OpenID 提供方不能使用：{error}")),
            (
                "see that this machine reaches the provider, and that --oidc-issuer is its name to the letter, with or without a slash at \
                 its end; people sign in by password until then",
                "确认这台机器能访问它，并且 --oidc-issuer 与它自称的名字一字不差（包括末尾的斜杠）；恢复以前大家用密码登录",
            ),
        ),
    }]
}

async fn carrier(seen: &Seen<'_>, carrier: Carrier, setting: &str) -> Vec<Verdict> {
    let Some((host, port, tls)) = seen.site.workshop.carriers.peer(carrier) else {
        return vec![Verdict::skipped((format!("none is set ({setting})"), format!("没有设置（{setting}）")))];
    };
    let peer = format!("{host}:{port}");
    let tried = tokio::task::spawn_blocking(move || connect(&host, port, tls)).await;
    vec![match tried.unwrap_or_else(|error| Err(error.to_string())) {
        Ok(()) => Verdict::fine((
            format!("{peer} takes connections{}", if tls { ", with a certificate that is good" } else { "" }),
            format!("{peer} 可以连接{}", if tls { "，证书有效" } else { "" }),
        )),
        Err(why) => Verdict::wrong(
            (format!("{peer} cannot be reached: {why}"), format!("{peer} 连接不上：{why}")),
            (
                format!(
                    "see that it runs, that this machine may reach it, and that {setting} is right; notices wait until then"
                ),
                format!("确认它在运行、这台机器能访问它，并且 {setting} 正确；恢复以前通知会等着"),
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
