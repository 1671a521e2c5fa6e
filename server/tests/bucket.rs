//! The real server with its files in an object store: wrong keys end the start, and a store that is away is said to people.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

// Of engine's tests; hyper_util, s3s and s3s_fs are in our manifest for it.
#[path = "../../engine/src/files/peer.rs"]
#[expect(dead_code, reason = "engine's tests use all of it")]
mod peer;
mod socket;

use engine::{Bucket, Files};
use peer::Peer;
use serde_json::Value;
use socket::{Answer, Asked, ask};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

/// What must happen happens within this, on a busy machine, too.
const SOON: Duration = Duration::from_secs(60);

fn server(folder: &Path, bucket: &Bucket) -> Command {
    let mut server = Command::new(env!("CARGO_BIN_EXE_server"));
    server
        .args(["--demo", "--listen", "127.0.0.1:0", "--builds", "0"])
        .args(["--s3-bucket", bucket.name, "--s3-endpoint", bucket.endpoint, "--s3-access-key", bucket.access_key])
        .env("IRS_S3_SECRET_KEY", bucket.secret_key)
        .arg("--site")
        .arg(folder.join("site"))
        .arg("--data")
        .arg(folder.join("data"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    server
}

async fn address_of(child: &mut Child) -> SocketAddr {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    loop {
        let line = tokio::time::timeout(SOON, lines.next_line()).await.unwrap().unwrap().unwrap();
        if let Some(port) = line.strip_prefix("http://localhost:") {
            return SocketAddr::from(([127, 0, 0, 1], port.parse().unwrap()));
        }
    }
}

async fn posts(address: SocketAddr, path: &str, cookie: &str, kind: &str, body: &[u8]) -> Answer {
    let headers = [("Content-Type", kind), ("Accept", "application/json")];
    ask(address, Asked { method: "POST", headers: &headers, cookie, body, ..Asked::get(path) }).await
}

fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("irs-bucket-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("site")).unwrap();
    std::fs::write(folder.join("site/pkg-dir"), "pkg/none").unwrap();
    folder
}

const ICON: &[u8] = include_bytes!("icon.png");

/// The picture in a form, as a browser sends it without scripts.
fn in_a_form() -> Vec<u8> {
    let head = "--irs\r\nContent-Disposition: form-data; name=\"side\"\r\n\r\nservice\r\n--irs\r\nContent-Disposition: form-data; \
        name=\"file\"; filename=\"icon.png\"\r\nContent-Type: image/png\r\n\r\n";
    [head.as_bytes(), ICON, b"\r\n--irs--\r\n"].concat()
}

#[tokio::test]
async fn the_server_keeps_its_files_in_a_bucket() {
    let folder = folder();
    let mut peer = Peer::start(&folder).await;
    let endpoint = peer.endpoint();
    let bucket = peer.bucket(&endpoint);

    let wrong = Bucket { secret_key: "not-the-secret", ..bucket };
    let ended = server(&folder, &wrong).output().await.unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success() && said.contains("the object store cannot be used: "), "{said}");
    assert!(!said.contains("not-the-secret") && !said.contains(bucket.access_key), "{said}");

    let mut child = server(&folder, &bucket).args(["--log-format", "json"]).env("RUST_LOG", "info").spawn().unwrap();
    let address = address_of(&mut child).await;
    let form = b"account=wangjianguo&next=";
    let signed_in = posts(address, "/api/session/sign_in_demo", "", "application/x-www-form-urlencoded", form).await;
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap().to_owned();
    let icon = async || posts(address, "/icon", &cookie, "image/png", ICON).await;
    peer.goes_away().await;
    let form = in_a_form();
    let without_scripts = posts(address, "/icon", &cookie, "multipart/form-data; boundary=irs", &form);
    let (away, without_scripts) = tokio::join!(icon(), without_scripts);
    let failed = [&away, &without_scripts].map(|answer| answer.header("x-request-id").to_owned());
    let said = &away.json()["Internal"]["request_id"];
    assert_eq!((away.status, said.as_str()), (500, Some(failed[0].as_str())), "{}", away.text());
    let said = without_scripts.text();
    assert!(without_scripts.status == 500 && said.starts_with("服务器出了问题") && said.contains(&failed[1]), "{said}");
    peer.comes_back().await;
    let kept: Value = icon().await.json();
    let place = format!("/icon/{}", kept["hash"].as_str().unwrap());
    assert!(peer.place(&format!("blob/{}", kept["hash"].as_str().unwrap())).exists());
    assert!(!folder.join("data/files").exists(), "nothing is kept on the local disk");
    let shown = ask(address, Asked::get(&place).cookie(&cookie)).await;
    assert_eq!((shown.status, shown.header("content-type")), (200, "image/png"));
    child.kill().await.unwrap();
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
    for request in failed {
        let lines = log.lines().filter(|line| line.contains(&request));
        let lines = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
        let errors: Vec<Value> = lines.filter(|line| line["level"] == "ERROR").collect();
        let causes: Vec<_> = errors.iter().filter_map(|line| line["fields"]["error"].as_str()).collect();
        assert!(errors.len() == 1 && causes.len() == 1 && causes[0].starts_with("files: "), "{request}: {errors:?}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}
