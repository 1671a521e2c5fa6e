//! TLS by ourselves, where no proxy does it: certificate and key from PEM files, read again when they change or on SIGHUP.

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use thiserror::Error;
use tokio::net::TcpStream;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How often the files are looked at: whatever renews certificates need not know of us.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Why there is no TLS. What the files hold is not repeated.
#[derive(Debug, Error)]
pub enum TlsError {
    /// Not readable, or not PEM.
    #[error("{setting}: {} cannot be read as PEM: {cause}", .path.display())]
    File {
        /// Flag and variable.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: PemError,
    },
    /// No certificate in it.
    #[error("--tls-certificate (IRS_TLS_CERTIFICATE): {} has no certificate", .0.display())]
    Empty(PathBuf),
    /// Not a pair, or of a kind that rustls does not know.
    #[error("--tls-certificate and --tls-key do not go together: {0}")]
    Pair(rustls::Error),
    /// rustls.
    #[error("TLS cannot be set up: {0}")]
    Setup(rustls::Error),
}

/// The two files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The certificate, and those between it and the root, in this order.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// What does handshakes.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    current: Arc<Current>,
}

/// The pair that counts now.
#[derive(Debug)]
struct Current {
    pair: Pair,
    key: RwLock<Arc<CertifiedKey>>,
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn open(pair: Pair) -> Result<Self, TlsError> {
        let current = Arc::new(Current { key: RwLock::new(Arc::new(read(&pair)?)), pair });
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(TlsError::Setup)?
            .with_no_client_auth()
            .with_cert_resolver(current.clone());
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), current })
    }

    pub(crate) async fn accept(&self, socket: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(socket).await
    }

    /// Reads the files again: new connections get what is in them; if that is no good, what there was.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn reload(&self) -> Result<(), TlsError> {
        let read = Arc::new(read(&self.current.pair)?);
        *self.current.key.write().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(())
    }

    /// Reloads on SIGHUP, and when the files have changed. Never ends.
    pub(crate) async fn keep_fresh(self, mut asked: Hangups) {
        let mut tick = tokio::time::interval(LOOK_EVERY);
        let mut known = self.current.pair.stamp();
        loop {
            let signalled = tokio::select! {
                _ = tick.tick() => false,
                () = heard(&mut asked) => true,
            };
            let now = self.current.pair.stamp();
            if now == known && !signalled {
                continue;
            }
            match self.reload() {
                // What could not be read is looked at again: its rights may change without its time.
                Ok(()) => {
                    known = now;
                    tracing::info!("the TLS certificate was read again");
                }
                Err(error) => tracing::error!(error = %error, "the TLS certificate stays the old one"),
            }
        }
    }
}

impl Pair {
    /// When the files were changed, as the system knows; whatever is not there has no time.
    fn stamp(&self) -> [Option<std::time::SystemTime>; 2] {
        [&self.certificate, &self.key].map(|path| std::fs::metadata(path).and_then(|file| file.modified()).ok())
    }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.key.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

/// SIGHUP, from now on no end of the process; `None`: the system lets nobody listen.
pub(crate) type Hangups = Option<Signal>;

/// Begins to listen.
pub(crate) fn hangups() -> Hangups {
    signal(SignalKind::hangup()).ok()
}

/// SIGHUP is asked of every server alike: where there is no certificate to read again, it must not end the process.
pub(crate) async fn pass_over_hangups(mut asked: Hangups) {
    loop {
        heard(&mut asked).await;
    }
}

async fn heard(asked: &mut Hangups) {
    match asked {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

fn read(pair: &Pair) -> Result<CertifiedKey, TlsError> {
    let failed = |setting, path: &PathBuf| {
        let path = path.clone();
        move |cause| TlsError::File { setting, path, cause }
    };
    let of_certificate = || failed("--tls-certificate (IRS_TLS_CERTIFICATE)", &pair.certificate);
    let chain = CertificateDer::pem_file_iter(&pair.certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(of_certificate())?;
    if chain.is_empty() {
        return Err(TlsError::Empty(pair.certificate.clone()));
    }
    let key = PrivateKeyDer::from_pem_file(&pair.key).map_err(failed("--tls-key (IRS_TLS_KEY)", &pair.key))?;
    CertifiedKey::from_der(chain, key, &ring::default_provider()).map_err(TlsError::Pair)
}
