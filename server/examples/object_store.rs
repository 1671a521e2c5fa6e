//! The object store of the tests as a program of its own, for the browser tests of several processes: keeps its objects below the
//! folder that it is given, prints the server's flags as JSON, and runs until it is ended.

#![expect(clippy::expect_used, reason = "a test may fail loudly")]

// Of engine's tests; hyper_util, s3s and s3s_fs are in our manifest for it.
#[path = "../../engine/src/files/peer.rs"]
#[expect(dead_code, reason = "engine's tests use all of it")]
mod peer;

use engine::{Bucket, Files};
use peer::Peer;
use std::path::PathBuf;

#[tokio::main]
async fn main() {
    let folder = PathBuf::from(std::env::args_os().nth(1).expect("a folder"));
    let peer = Peer::start(&folder).await;
    let endpoint = peer.endpoint();
    let bucket = peer.bucket(&endpoint);
    let flags = [
        ["--s3-bucket", bucket.name],
        ["--s3-endpoint", bucket.endpoint],
        ["--s3-access-key", bucket.access_key],
        ["--s3-secret-key", bucket.secret_key],
    ];
    println!("{}", serde_json::to_string(flags.as_flattened()).expect("texts"));
    std::future::pending::<()>().await;
}
