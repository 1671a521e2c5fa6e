//! An object store for the tests: S3 on loopback, which checks signatures, keeps its objects in a folder, and can go away.

use super::{Bucket, Files};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{S3ErrorCode, S3Result};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// The bucket.
const NAME: &str = "irs-files";

/// The keys.
const KEYS: (&str, &str) = ("an-access-key", "a-secret-of-the-store");

/// The key of an account that may do all but list.
pub(crate) const BLIND: &str = "a-blind-access-key";

/// What an account may do, and in which bucket: s3s-fs makes any that is written to.
struct Policy;

impl S3Access for Policy {
    fn check<'s, 'c, 'x, 'f>(
        &'s self,
        cx: &'c mut S3AccessContext<'x>,
    ) -> Pin<Box<dyn Future<Output = S3Result<()>> + Send + 'f>>
    where
        's: 'f,
        'c: 'f,
        'x: 'f,
        Self: 'f,
    {
        let lists = cx.s3_op().name().starts_with("ListObjects");
        let may = cx.credentials().is_some_and(|who| !(lists && who.access_key == BLIND));
        let ours = cx.s3_path().get_bucket_name() == Some(NAME);
        Box::pin(std::future::ready(match (ours, may) {
            (true, true) => Ok(()),
            (true, false) => Err(S3ErrorCode::AccessDenied.into()),
            (false, _) => Err(S3ErrorCode::NoSuchBucket.into()),
        }))
    }
}

pub(crate) struct Peer {
    folder: PathBuf,
    address: SocketAddr,
    service: S3Service,
    /// While it is there.
    serving: Option<tokio::task::JoinHandle<()>>,
}

impl Peer {
    /// In a folder of its own below this one, with an empty bucket.
    pub(crate) async fn start(below: &Path) -> Self {
        let folder = below.join("object-store");
        std::fs::create_dir_all(folder.join(NAME)).expect("a folder");
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(&folder).expect("a store"));
        let mut keys = SimpleAuth::from_single(KEYS.0, KEYS.1);
        keys.register(BLIND.to_owned(), KEYS.1.into());
        service.set_auth(keys);
        service.set_access(Policy);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mut peer = Self { folder, address, service: service.build(), serving: None };
        peer.serve(listener);
        peer
    }

    fn serve(&mut self, listener: TcpListener) {
        let service = self.service.clone();
        self.serving = Some(tokio::spawn(async move {
            // Dropped with this task: whoever is connected is cut off.
            let mut connections = JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let service = service.clone();
                connections.spawn(async move {
                    let _ =
                        auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), service).await;
                });
            }
        }));
    }

    /// From now on nobody answers, in the middle of an answer, too.
    pub(crate) async fn goes_away(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.abort();
            let _ = serving.await;
        }
    }

    /// It answers again, with what it had.
    pub(crate) async fn comes_back(&mut self) {
        self.serve(TcpListener::bind(self.address).await.expect("the port"));
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it takes to use it.
    pub(crate) fn bucket<'s>(&self, endpoint: &'s str) -> Bucket<'s> {
        let (access_key, secret_key) = KEYS;
        Bucket { name: NAME, endpoint, region: "us-east-1", access_key, secret_key, virtual_host: false }
    }

    /// The bucket, as the product has it.
    pub(crate) fn files(&self) -> Files {
        Files::bucket(&self.bucket(&self.endpoint())).expect("good settings")
    }

    /// Where it keeps an object.
    pub(crate) fn place(&self, object: &str) -> PathBuf {
        self.folder.join(NAME).join(object)
    }
    /// The names of all that it keeps, sorted.
    pub(crate) fn objects(&self) -> Vec<String> {
        let bucket = self.folder.join(NAME);
        let (mut folders, mut names) = (vec![bucket.clone()], Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
                match entry.path() {
                    path if path.is_dir() => folders.push(path),
                    path => names.extend(path.strip_prefix(&bucket).map(|name| name.to_string_lossy().into_owned())),
                }
            }
        }
        names.sort_unstable();
        names
    }
}
