//! A bucket of an object store that speaks S3: how it is reached, and how long is waited for it.

use super::{FilesError, failed};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::{BackoffConfig, ClientOptions, RetryConfig};
use reqwest::Url;
use std::time::Duration;
use thiserror::Error;

/// A connection is made within this.
const CONNECT: Duration = Duration::from_secs(5);

/// Between two signs of life. Not for a whole answer: a slow phone may take minutes for a video.
const SILENCE: Duration = Duration::from_secs(30);

/// What fails is tried again so often, for so long at most: a person waits for it.
const RETRIES: usize = 5;
const RETRY_WITHIN: Duration = Duration::from_secs(10);
const RETRY_PAUSE: Duration = Duration::from_secs(2);

/// Which bucket, and how it is reached. It holds a secret, so it can't be printed.
#[derive(Clone, Copy)]
pub struct Bucket<'s> {
    /// Its name.
    pub name: &'s str,
    /// The store's address, without the bucket: `https://s3.example.gov.cn`. Only one that says http is reached without TLS.
    pub endpoint: &'s str,
    /// Part of every signature; many stores take any.
    pub region: &'s str,
    /// Who we are.
    pub access_key: &'s str,
    /// The key of our signatures.
    pub secret_key: &'s str,
    /// The bucket is a label before the store's host, in place of the first folder of the path.
    pub virtual_host: bool,
}

/// What is wrong with a [`Bucket`]. What was set is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BucketError {
    /// The name.
    #[error("the bucket's name is not one: 3 to 63 lower-case letters, digits, dots and hyphens")]
    Name,
    /// The address.
    #[error("the object store's address is not one: https:// (or http://) and a host, perhaps a port, nothing else")]
    Endpoint,
    /// The region.
    #[error("the region is not one: it has neither blanks nor slashes")]
    Region,
    /// The access key.
    #[error("the access key is not one: it has neither blanks nor slashes")]
    AccessKey,
}

impl Bucket<'_> {
    pub(super) fn open(&self) -> Result<AmazonS3, FilesError> {
        let endpoint = self.check().map_err(|wrong| FilesError(wrong.to_string()))?;
        // A second time it is set already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let backoff = BackoffConfig { max_backoff: RETRY_PAUSE, ..BackoffConfig::default() };
        AmazonS3Builder::new()
            .with_bucket_name(self.name)
            .with_endpoint(&endpoint)
            .with_virtual_hosted_style_request(self.virtual_host)
            .with_region(self.region)
            .with_access_key_id(self.access_key)
            .with_secret_access_key(self.secret_key)
            // Not every store can delete many at once.
            .with_disable_bulk_delete(true)
            .with_retry(RetryConfig { backoff, max_retries: RETRIES, retry_timeout: RETRY_WITHIN })
            .with_client_options(
                ClientOptions::new()
                    .with_allow_http(endpoint.starts_with("http:"))
                    .with_connect_timeout(CONNECT)
                    .with_timeout_disabled()
                    .with_read_timeout(SILENCE),
            )
            .build()
            .map_err(failed)
    }

    /// The address under which the store looks for keys, as object_store wants it.
    ///
    /// # Errors
    /// [`BucketError`].
    pub fn check(&self) -> Result<String, BucketError> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.');
        if !(3..=63).contains(&self.name.len()) || !self.name.bytes().all(plain) {
            return Err(BucketError::Name);
        }
        let word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && b != b'/');
        if !word(self.region) {
            return Err(BucketError::Region);
        }
        // It stands in a header.
        if !word(self.access_key) {
            return Err(BucketError::AccessKey);
        }
        let url = Url::parse(self.endpoint).map_err(|_| BucketError::Endpoint)?;
        let host = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")).ok_or(BucketError::Endpoint)?;
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let bare = format!("{}://{host}{port}", url.scheme());
        if url.as_str().trim_end_matches('/') != bare {
            return Err(BucketError::Endpoint);
        }
        Ok(if self.virtual_host { format!("{}://{}.{host}{port}", url.scheme(), self.name) } else { bare })
    }
}
