//! The files in deploy/ are good, as the programs that read them say; where such a program is not installed, the test says 未检查.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod caddy;
mod program;
mod proxied;
mod registrar;
mod registration;
mod socket;
mod tls_peer;
mod workbench;

use app::api::registry::ENDPOINTS;
use program::SOON;
use proxied::{Site, product};
use server::tls::Pair;
use socket::{Asked, ask};
use std::collections::BTreeSet;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;
use tls_peer::{certificate, speaks_good_tls_alone};
use tokio::process::Child;

const NGINX: &str = include_str!("../../deploy/nginx/irs.conf");
const CADDY: &str = include_str!("../../deploy/caddy/Caddyfile");
const UNIT: &str = include_str!("../../deploy/irs.service");

/// Ways to sign in, and what compares or makes a hash of a password as they do.
const WAYS: [&str; 8] = [
    "/api/session/sign_in",
    "/api/session/sign_in_demo",
    "/api/session/ask_code",
    "/api/session/take_code",
    "/api/session/change_password",
    "/api/authenticator/begin",
    "/api/authenticator/remove",
    "/api/activation/complete",
];

/// None: it is not installed.
fn found(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // nginx and Caddy are in folders that not every account's PATH has.
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/bin", "/usr/local/bin"].map(PathBuf::from));
    let found = folders.map(|folder| folder.join(program)).find(|path| path.exists());
    if found.is_none() {
        eprintln!("未检查: {program} is not installed");
    }
    found
}

fn tried(program: &str, arguments: &[&str]) -> Option<Output> {
    Some(Command::new(found(program)?).args(arguments).output().unwrap())
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

fn free_ports<const N: usize>() -> [u16; N] {
    let free = [(); N].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    free.map(|free| free.local_addr().unwrap().port())
}

/// A proxy that listens on ports of its own, as this starts it there. Whoever else takes one before it does ends it, and it is started on
/// others.
async fn on_free_ports<const N: usize>(start: impl Fn([u16; N]) -> Child) -> (Child, [SocketAddr; N]) {
    let listening = async {
        let mut tries = 0;
        loop {
            tries += 1;
            assert!(tries < 5, "the proxy ended each time");
            let ports = free_ports();
            let mut proxy = start(ports);
            let process = proxy.id().unwrap();
            while proxy.try_wait().unwrap().is_none() {
                if ports.iter().all(|port| listens(process, *port)) {
                    return (proxy, ports.map(|port| SocketAddr::from(([127, 0, 0, 1], port))));
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    };
    tokio::time::timeout(SOON, listening).await.expect("the proxy listens")
}

/// Whether it is this process that does.
fn listens(process: u32, port: u16) -> bool {
    let (of, at) = (PathBuf::from(format!("/proc/{process}")), format!("0100007F:{port:04X}"));
    let sockets = std::fs::read_to_string(of.join("net/tcp")).unwrap_or_default();
    let listening = sockets.lines().find_map(|line| {
        let socket: Vec<&str> = line.split_whitespace().collect();
        (socket[1] == at && socket[3] == "0A").then(|| format!("socket:[{}]", socket[9]))
    });
    let mut open = std::fs::read_dir(of.join("fd")).into_iter().flatten().flatten();
    listening
        .is_some_and(|socket| open.any(|file| std::fs::read_link(file.path()).is_ok_and(|of| of == Path::new(&socket))))
}

async fn pair(folder: &Path) -> Pair {
    let pair = Pair { certificate: folder.join("test.crt"), key: folder.join("test.key") };
    certificate(&pair).await;
    pair
}

/// As the example has it, with this certificate and ports of this test.
fn nginx(pair: &Pair, upstream: SocketAddr, [port, plain]: [u16; 2]) -> String {
    let mut site = NGINX.to_owned();
    for name in ["publish", "apps"] {
        site = site.replace(&format!("/etc/irs/tls/{name}.crt"), pair.certificate.to_str().unwrap());
        site = site.replace(&format!("/etc/irs/tls/{name}.key"), pair.key.to_str().unwrap());
    }
    // Plain http on one port, so that the test needs no names and no TLS of its own.
    site = site.replace("listen 443 ssl http2;", &format!("listen 127.0.0.1:{port};"));
    site.replace("listen 80;", &format!("listen 127.0.0.1:{plain};")).replace("127.0.0.1:3000", &upstream.to_string())
}

/// The same with TLS and all, but on ports that nobody must be root for.
fn with_tls(pair: &Pair, upstream: SocketAddr, [port, plain]: [u16; 2]) -> String {
    let plain_http = nginx(pair, upstream, [port, plain]);
    plain_http.replace(&format!("127.0.0.1:{port};"), &format!("127.0.0.1:{port} ssl http2;"))
}

/// A site as all of what nginx has, which runs as one process of anybody's.
fn alone(folder: &Path, site: &str) -> String {
    let path = folder.display();
    format!(
        "daemon off; master_process off; pid {path}/nginx.pid; error_log {path}/error.log; events {{}} http {{ access_log off; \
         client_body_temp_path {path}/b; proxy_temp_path {path}/p; fastcgi_temp_path {path}/f; uwsgi_temp_path {path}/u; \
         scgi_temp_path {path}/s;\n{site}\n}}\n"
    )
}

/// Until it is dropped.
fn runs(nginx: &Path, folder: &Path, site: &str) -> Child {
    let file = folder.join("nginx.conf");
    std::fs::write(&file, alone(folder, site)).unwrap();
    let mut started = tokio::process::Command::new(nginx);
    started.arg("-p").arg(folder).arg("-c").arg(&file).kill_on_drop(true).spawn().unwrap()
}

#[tokio::test]
async fn nginx_takes_its_example_as_it_stands() {
    let folder = std::env::temp_dir().join(format!("irs-nginx-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("nginx.conf");
    let [port, plain] = free_ports();
    let text = with_tls(&pair(&folder).await, "127.0.0.1:3000".parse().unwrap(), [port, plain]);
    std::fs::write(&file, alone(&folder, &text)).unwrap();
    if let Some(output) = tried("nginx", &["-t", "-q", "-p", folder.to_str().unwrap(), "-c", file.to_str().unwrap()]) {
        assert!(output.status.success() && !said(&output).contains("[warn]"), "{}", said(&output));
    }
    std::fs::remove_dir_all(folder).unwrap();
}

/// The versions and ciphers of the example, and those in use where nginx is installed.
#[tokio::test]
async fn nginx_speaks_tls_as_the_server_by_itself_does() {
    let of = |name: &str| {
        let set: Vec<&str> = NGINX.lines().filter_map(|line| line.trim().strip_prefix(name)).collect();
        assert_eq!(set.len(), 1, "{name}");
        set[0].trim().trim_end_matches(';')
    };
    assert_eq!(of("ssl_protocols "), "TLSv1.2 TLSv1.3");
    let ours = rustls::crypto::ring::default_provider().cipher_suites;
    let ours: BTreeSet<String> = ours.iter().filter_map(|suite| name_in_openssl(suite.suite().as_str()?)).collect();
    let theirs: BTreeSet<String> = of("ssl_ciphers ").split(':').map(str::to_owned).collect();
    assert_eq!(theirs, ours);
    let Some(program) = found("nginx") else { return };
    let folder = std::env::temp_dir().join(format!("irs-nginx-tls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let pair = pair(&folder).await;
    let start = |ports| runs(&program, &folder, &with_tls(&pair, "127.0.0.1:3000".parse().unwrap(), ports));
    let (mut proxy, [at, _]) = on_free_ports(start).await;
    speaks_good_tls_alone(at).await;
    proxy.kill().await.unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}

/// Of a cipher of TLS 1.2; `None`: it is of 1.3, whose ciphers nginx has without a setting.
fn name_in_openssl(name: &str) -> Option<String> {
    let name = name.strip_prefix("TLS_")?.replace("_WITH", "").replace("AES_", "AES");
    Some(name.replace("POLY1305_SHA256", "POLY1305").replace('_', "-"))
}

#[tokio::test]
async fn through_nginx_people_are_told_apart_and_events_come_at_once() {
    let Some(program) = found("nginx") else { return };
    let site = Site::start("nginx").await;
    let (folder, pair) = (&site.place.folder, pair(&site.place.folder).await);
    let start = |ports| runs(&program, folder, &nginx(&pair, site.server.address, ports));
    let (mut proxy, [at, without]) = on_free_ports(start).await;
    site.is_behind(at, without).await;
    // Whoever tries to sign in without end is turned away by nginx; an office in the morning is not.
    let mut tries = 0;
    while ask(at, product("/oidc/callback?state=x")).await.status != 429 {
        tries += 1;
        assert!(tries < 5_000, "nginx has no limit for sign-ins");
    }
    assert!(tries > 150, "{tries}");
    // All ways are counted together, also those that compare passwords: what is left are those that a moment gives back.
    for way in WAYS {
        let mut tries = 0;
        while ask(at, product(way)).await.status != 429 {
            tries += 1;
            assert!(tries < 100, "nginx has no limit for {way}");
        }
    }
    assert_eq!(ask(at, product("/healthz")).await.status, 200, "what is no sign-in has no limit");
    proxy.kill().await.unwrap();
    site.ends().await;
}

/// Also where nginx is not installed: what its example limits is what there is.
#[test]
fn what_nginx_limits_are_functions_of_ours() {
    let limited = NGINX.lines().find(|line| line.contains("location ~ ^/(api/")).unwrap();
    for way in WAYS {
        let way = way.strip_prefix("/api/").unwrap();
        assert!(ENDPOINTS.iter().any(|endpoint| endpoint.name == way), "{way}");
        let (area, name) = way.split_once('/').unwrap();
        let names = limited.split(&format!("{area}/")).nth(1).and_then(|rest| rest.split(')').next()).unwrap();
        assert!(names.trim_start_matches('(').split('|').any(|one| one == name), "{way}: {names}");
    }
}

/// Of IPv6 a network counts, under one name however nginx writes its addresses.
#[tokio::test]
async fn nginx_counts_the_sign_ins_of_a_network_together() {
    let Some(program) = found("nginx") else { return };
    let folder = std::env::temp_dir().join(format!("irs-nginx-networks-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let begin = NGINX.find("map $remote_addr").unwrap();
    let end = begin + NGINX[begin..].find("\n}").unwrap() + 2;
    let begun_at = |[port]: [u16; 1]| {
        // Who asks is who says so here.
        let site = format!(
            "{}\nserver {{ listen 127.0.0.1:{port}; set_real_ip_from 127.0.0.1; real_ip_header X-Client; \
             location / {{ return 200 $irs_sign_in_from; }} }}",
            &NGINX[begin..end]
        );
        runs(&program, &folder, &site)
    };
    let (mut proxy, [at]) = on_free_ports(begun_at).await;
    for (address, network) in [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"),
        ("2001:db8:1:2::6", "2001:db8:1:2"),
        ("2001:db8:1:3::6", "2001:db8:1:3"),
        ("2001:db8:1:0:3:4:5:6", "2001:db8:1"),
        ("2001:db8:1::6", "2001:db8:1"),
        ("2001:db8::3:4:5:6", "2001:db8"),
        ("2001:db8:0:0:3::", "2001:db8"),
        ("2001:db8::6", "2001:db8"),
        ("2001:0:0:2:3:4:5:6", "2001:0:0:2"),
        ("2001:0:0:2::6", "2001:0:0:2"),
        ("::1", "::1"),
    ] {
        let asked = Asked { headers: &[("X-Client", address)], ..Asked::get("/") };
        assert_eq!(ask(at, asked).await.text(), network, "{address}");
    }
    proxy.kill().await.unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}

/// Tried in a virtual machine with the unit: with any of these no sandbox begins, or builds are not counted together.
#[test]
fn the_unit_leaves_builds_what_they_need() {
    let active: Vec<&str> = UNIT.lines().filter(|line| !line.starts_with('#')).collect();
    for forbids in [
        "RestrictNamespaces",
        "ProtectHostname",
        "ProtectKernelTunables",
        "ProtectControlGroups",
        "ProcSubset",
        "MemoryDenyWriteExecute",
    ] {
        assert!(!active.iter().any(|line| line.starts_with(forbids)), "{forbids}");
    }
    assert!(active.contains(&"Delegate=yes") && active.contains(&"OOMPolicy=continue"));
}

#[test]
fn systemd_takes_the_unit() {
    let folder = std::env::temp_dir().join(format!("irs-unit-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("irs.service");
    // The program is where this test has one, and accounts are not made by a test.
    let unit = UNIT.replace("/opt/irs/server", env!("CARGO_BIN_EXE_server"));
    std::fs::write(&file, unit.replace("User=irs", "User=root").replace("Group=irs", "Group=root")).unwrap();
    if let Some(output) = tried("systemd-analyze", &["verify", "--man=no", file.to_str().unwrap()]) {
        let about_ours: Vec<String> =
            said(&output).lines().filter(|line| line.contains("irs.service")).map(str::to_owned).collect();
        assert_eq!(about_ours, Vec::<String>::new());
    }
    // The account is of no account for this one, and counts.
    std::fs::write(&file, UNIT).unwrap();
    if let Some(output) = tried("systemd-analyze", &["security", "--offline=yes", file.to_str().unwrap()]) {
        let said = said(&output);
        let line = said.lines().find(|line| line.contains("Overall exposure level")).unwrap_or_default().to_owned();
        let level = line.split(": ").nth(1).and_then(|rest| rest.split(' ').next()?.parse::<f64>().ok());
        assert!(level.is_some_and(|level| level < 4.0), "{line}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn caddy_takes_its_example() {
    let file = std::env::temp_dir().join(format!("irs-Caddyfile-{}", std::process::id()));
    // What it reads when it is started, and would look for: certificates.
    std::fs::write(
        &file,
        CADDY.lines().filter(|line| !line.trim_start().starts_with("tls ")).collect::<Vec<_>>().join("\n"),
    )
    .unwrap();
    let arguments = ["adapt", "--adapter", "caddyfile", "--validate", "--config", file.to_str().unwrap()];
    if let Some(output) = tried("caddy", &arguments) {
        assert!(output.status.success(), "{}", said(&output));
    }
    std::fs::remove_file(file).unwrap();
}

#[test]
fn proxies_let_through_what_the_server_takes() {
    // An attachment of 10 MB and the form around it; nothing of ours is larger.
    for (file, limit) in [(NGINX, "client_max_body_size 12m;"), (CADDY, "max_size 12MB")] {
        assert!(file.contains(limit), "{limit}");
    }
    const { assert!(engine::upload::PART < 12 * 1024 * 1024) };
}
