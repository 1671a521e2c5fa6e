//! The site behind Caddy.

use crate::proxied::Site;
use crate::{CADDY, found, on_free_ports};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use tokio::process::{Child, Command};

#[tokio::test]
async fn through_caddy_a_site_and_its_applications_are_as_they_are() {
    let Some(program) = found("caddy") else { return };
    let site = Site::start("caddy").await;
    let start = |ports| runs(&program, &site.place.folder, &caddyfile(site.server.address, ports));
    let (mut proxy, [at, without]) = on_free_ports(start).await;
    site.is_behind(at, without).await;
    proxy.kill().await.unwrap();
    site.ends().await;
}

/// As the example has it, on ports of this test: plain http on both, so that it needs no names and no TLS of its own.
fn caddyfile(upstream: SocketAddr, [port, plain]: [u16; 2]) -> String {
    let mut text = CADDY.replace("127.0.0.1:3000", &upstream.to_string());
    for (address, port) in
        [("http://publish.example.gov.cn", plain), ("publish.example.gov.cn", port), ("*.apps-example.gov.cn", port)]
    {
        let block = format!("\n{address} {{\n");
        assert_eq!(text.matches(&block).count(), 1, "{address}");
        let name = address.trim_start_matches("http://");
        text = text.replace(&block, &format!("\nhttp://{name}:{port} {{\n\tbind 127.0.0.1\n"));
    }
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("tls ")).collect();
    format!("{{\n\tadmin off\n\tauto_https off\n}}\n{}\n", lines.join("\n"))
}

/// Until it is dropped; what it keeps, it keeps in this folder.
fn runs(caddy: &Path, folder: &Path, text: &str) -> Child {
    let file = folder.join("Caddyfile");
    std::fs::write(&file, text).unwrap();
    let mut started = Command::new(caddy);
    started.args(["run", "--adapter", "caddyfile", "--config"]).arg(&file);
    started.env("HOME", folder).env("XDG_CONFIG_HOME", folder).env("XDG_DATA_HOME", folder);
    started.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap()
}
