//! A registry that goes away in the middle of a build.

use crate::world::bench::{BUILDING, PAGE, zip};
use crate::world::{On, World};
use crate::{pipeline, version};
use domain::Stage;
use domain::StageStatus::{Failed, Passed, Waiting};
use std::path::Path;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const META: &str = r#"{"name":"x","dist-tags":{"latest":"1.0.0"},"versions":{"1.0.0":{"name":"x","version":"1.0.0",
    "dist":{"tarball":"http://registry.npmjs.org/x/-/x-1.0.0.tgz"}}}}"#;

/// The package x, as npm packs it.
fn tarball(folder: &Path) -> Vec<u8> {
    std::fs::create_dir_all(folder.join("package")).unwrap();
    std::fs::write(folder.join("package/package.json"), r#"{"name":"x","version":"1.0.0"}"#).unwrap();
    std::fs::write(folder.join("package/index.js"), "module.exports = 'from the registry';").unwrap();
    let packed = std::process::Command::new("tar").args(["-cz", "-C"]).arg(folder).arg("package").output().unwrap();
    assert!(packed.status.success());
    packed.stdout
}

/// Answers until it has begun a tarball, if it is to vanish then: from there on nobody is at its address.
async fn registry(listener: TcpListener, tarball: Vec<u8>, vanishes: bool) {
    while let Ok((socket, _)) = listener.accept().await {
        let begun = answered(socket, &tarball, vanishes).await.unwrap_or_default();
        if begun && vanishes {
            return;
        }
    }
}

/// Whether it was the tarball.
async fn answered(mut socket: TcpStream, tarball: &[u8], half: bool) -> std::io::Result<bool> {
    let mut asked = Vec::new();
    while !asked.ends_with(b"\r\n\r\n") {
        asked.push(socket.read_u8().await?);
    }
    let of_tarball = asked.starts_with(b"GET /x/-/");
    let (kind, body) =
        if of_tarball { ("application/octet-stream", tarball) } else { ("application/json", META.as_bytes()) };
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    socket.write_all(head.as_bytes()).await?;
    let end = if of_tarball && half { body.len() / 2 } else { body.len() };
    socket.write_all(&body[..end]).await?;
    socket.shutdown().await?;
    Ok(of_tarball)
}

#[tokio::test]
async fn a_registry_that_vanishes_in_the_middle_is_said_and_the_stage_is_run_again() {
    let w = World::new(On::Sqlite).await;
    let tarball = tarball(&w.new_folder("x"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let vanishing = tokio::spawn(registry(listener, tarball.clone(), true));
    let tarballs = w.new_folder("tarballs");
    let engine = w.another_engine(true).await.unwrap().with_workshop(|workshop| {
        workshop.registry = Some(format!("http://{address}/"));
        workshop.tarballs.clone_from(&tarballs);
    });
    let build = "const fs = require('fs'); fs.mkdirSync('build'); fs.copyFileSync('page.html', 'build/index.html');
        fs.writeFileSync('build/a.css', ''); fs.writeFileSync('build/a.js', `let of = '${require('x')}'`);";
    let package = zip(&[
        (
            "package.json",
            r#"{"name":"a","version":"1.0.0","dependencies":{"x":"1.0.0"},"scripts":{"build":"node build.js"}}"#,
        ),
        ("build.js", build),
        ("page.html", PAGE),
    ]);
    let id = w.uploads_zip(w.hosted("杭州公交查询").await, "1.0.0", &package).await;
    let _alone = BUILDING.lock().await;
    assert!(pipeline::run_next(&engine).await.unwrap());
    vanishing.await.unwrap();
    assert_eq!(w.statuses(id).await, [Passed, Failed, Waiting, Waiting], "{}", w.log(id, Stage::Build).await);
    assert_eq!(
        w.sentence(id, Stage::Build).await,
        "暂时连不上 npm 仓库。请稍后重新运行；如果一再出现，请联系系统管理员。",
        "{}",
        w.log(id, Stage::Build).await
    );
    assert_eq!(std::fs::read_dir(&tarballs).unwrap().count(), 0, "half a tarball is none");

    let listener = TcpListener::bind(address).await.unwrap();
    let back = tokio::spawn(registry(listener, tarball, false));
    version::run_again(&w.engine, &w.request_of("zhaolei").await, id).await.unwrap();
    assert!(pipeline::run_next(&engine).await.unwrap());
    assert_eq!(w.statuses(id).await, [Passed; 4], "{}", w.log(id, Stage::Build).await);
    back.abort();
    engine.close().await;
    w.end().await;
}
