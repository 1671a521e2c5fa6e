//! The program for browser tests.

use dingtalk::{Ambient, Client, NAMESPACE, Settings, SignEncoding, TIMEOUT};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

const PEOPLE: &str = r#"[{"account_id":7,"name":"赵磊","mobile":"13800000007"}]"#;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dingtalk-fake"));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// The program has the system's clock, and so has its client here.
#[expect(clippy::disallowed_methods, reason = "the program that is tested has no other")]
fn system() -> Ambient {
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let number = AtomicU32::new(0);
    Ambient::new(move || i64::try_from(now()).unwrap_or_default(), move || number.fetch_add(1, Ordering::SeqCst))
}

#[tokio::test]
async fn it_says_where_it_is_and_serves() {
    let args = ["--people", PEOPLE, "--app-secret", "s", "--tenant-id", "1", "--sign-encoding", "urlencoded"];
    let mut running = program().args(args).spawn().unwrap();
    let mut address = String::new();
    BufReader::new(running.stdout.take().unwrap()).read_line(&mut address).await.unwrap();
    let settings = Settings {
        address: address.clone(),
        sign_in_address: address,
        app_key: "test-key".to_owned(),
        app_secret: "s".to_owned(),
        tenant_id: "1".to_owned(),
        client_id: "test_dingoa".to_owned(),
        namespace: NAMESPACE.to_owned(),
        sign_encoding: SignEncoding::UrlEncoded,
        timeout: TIMEOUT,
    };
    let client = Client::new(settings, system()).unwrap();
    assert_eq!(client.check().await, Ok(()));
    assert_eq!(client.employee_by_mobile("86", "13800000007").await.unwrap().unwrap().account_id, 7);
    running.kill().await.unwrap();
}

#[tokio::test]
async fn what_it_does_not_understand_it_says() {
    for (args, words) in [
        (vec!["--prot", "1"], "--prot is unknown"),
        (vec!["--port"], "--port has no value"),
        (vec!["--port", "x"], "x is no port"),
        (vec!["--people", "[{}]"], "the people can't be read"),
        (vec!["--people", "/nowhere.json"], "/nowhere.json"),
        (vec!["--sign-encoding", "x"], "sign_encoding is raw or urlencoded"),
    ] {
        let ended = program().args(&args).output().await.unwrap();
        assert_eq!(ended.status.code(), Some(2), "{args:?}");
        assert!(String::from_utf8_lossy(&ended.stderr).contains(words), "{args:?}");
    }
}
