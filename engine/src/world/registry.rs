//! An npm registry of these packages, each version an empty module.

use axum::Router;
use axum::http::StatusCode;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use std::io::Write;

/// Packages of these names and versions; its address.
pub(crate) async fn registry(packages: &'static [(&'static str, &'static [&'static str])]) -> String {
    let router = Router::new().fallback(move |uri: Uri| async move { answer(packages, uri.path()) });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn answer(packages: &[(&str, &[&str])], path: &str) -> Response {
    let name = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let Some((name, versions)) = packages.iter().find(|(known, _)| *known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if let Some(version) = versions.iter().find(|version| path.ends_with(&format!("-{version}.tgz"))) {
        return tarball(name, version).into_response();
    }
    let one = |version: &&str| {
        let tarball = format!("http://127.0.0.1:4873/{name}/-/{name}-{version}.tgz");
        ((*version).to_owned(), serde_json::json!({ "name": name, "version": version, "dist": { "tarball": tarball } }))
    };
    let all: serde_json::Map<String, serde_json::Value> = versions.iter().map(one).collect();
    axum::Json(serde_json::json!({ "name": name, "dist-tags": { "latest": versions.last() }, "versions": all }))
        .into_response()
}

/// A tar with the manifest alone, gzipped.
fn tarball(name: &str, version: &str) -> Vec<u8> {
    let manifest = serde_json::json!({ "name": name, "version": version }).to_string();
    let mut header = [0_u8; 512];
    let mut put = |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, "package/package.json");
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    put(124, &format!("{:011o}", manifest.len()));
    put(136, "00000000000");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\u{0}00");
    let sum: u32 = header.iter().copied().map(u32::from).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\u{0}").as_bytes());
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&header).unwrap();
    gzip.write_all(manifest.as_bytes()).unwrap();
    gzip.write_all(&vec![0; 512 - manifest.len() % 512 + 1024]).unwrap();
    gzip.finish().unwrap()
}
