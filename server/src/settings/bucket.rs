//! Where files are kept, if not in the data folder: a bucket of an object store.

use super::{WrongSetting, set};
use clap::Args;
use engine::{Bucket, BucketError};

/// All four of name, address and keys, or none.
#[derive(Debug, Clone, Args)]
pub struct BucketSettings {
    /// Files are kept in this bucket of an object store (S3), in place of the data folder.
    #[arg(long, env = "IRS_S3_BUCKET")]
    pub s3_bucket: Option<String>,

    /// The object store's address: `https://s3.example.gov.cn`; `http://…` is not encrypted.
    #[arg(long, env = "IRS_S3_ENDPOINT")]
    pub s3_endpoint: Option<String>,

    /// The object store's region; without it `us-east-1`, which stores take that know none.
    #[arg(long, env = "IRS_S3_REGION")]
    pub s3_region: Option<String>,

    /// The access key, of an account for this bucket alone.
    #[arg(long, env = "IRS_S3_ACCESS_KEY", hide_env_values = true)]
    pub s3_access_key: Option<String>,

    /// The secret key.
    #[arg(long, env = "IRS_S3_SECRET_KEY", hide_env_values = true)]
    pub s3_secret_key: Option<String>,

    /// The bucket is in the object store's host name (`https://<bucket>.s3.example.gov.cn`), not in the path.
    #[arg(long, env = "IRS_S3_VIRTUAL_HOST")]
    pub s3_virtual_host: bool,
}

const S3: [&str; 6] = [
    "--s3-bucket (IRS_S3_BUCKET)",
    "--s3-endpoint (IRS_S3_ENDPOINT)",
    "--s3-access-key (IRS_S3_ACCESS_KEY)",
    "--s3-secret-key (IRS_S3_SECRET_KEY)",
    "--s3-region (IRS_S3_REGION)",
    "--s3-virtual-host (IRS_S3_VIRTUAL_HOST)",
];

impl BucketSettings {
    /// The bucket of files, if they are not in the data folder.
    ///
    /// # Errors
    /// [`WrongSetting`].
    pub fn bucket(&self) -> Result<Option<Bucket<'_>>, WrongSetting> {
        let needed = [&self.s3_bucket, &self.s3_endpoint, &self.s3_access_key, &self.s3_secret_key].map(set);
        let region = set(&self.s3_region);
        let [Some(name), Some(endpoint), Some(access_key), Some(secret_key)] = needed else {
            let there = needed.map(|value| value.is_some()).into_iter().chain([region.is_some(), self.s3_virtual_host]);
            let alone = there.zip(S3).find(|(there, _)| *there);
            let missing = needed.iter().zip(S3).find(|(value, _)| value.is_none());
            return match (alone, missing) {
                (Some((_, alone)), Some((_, missing))) => Err(WrongSetting::Alone(alone, missing)),
                _ => Ok(None),
            };
        };
        let region = region.unwrap_or("us-east-1");
        let bucket = Bucket { name, endpoint, region, access_key, secret_key, virtual_host: self.s3_virtual_host };
        match bucket.check() {
            Ok(_) => Ok(Some(bucket)),
            Err(cause) => Err(of_bucket(cause)),
        }
    }
}

fn of_bucket(cause: BucketError) -> WrongSetting {
    let [name, endpoint, access_key, _, region, _] = S3;
    let setting = match cause {
        BucketError::Name => name,
        BucketError::Endpoint => endpoint,
        BucketError::AccessKey => access_key,
        BucketError::Region => region,
    };
    WrongSetting::Bucket(setting, cause)
}
