//! What a page about a version reads at once.
//!
//! A page reads it in its own resource. A resource that is made while a page is drawn has another number on the server than in
//! the browser, which then finds nothing and takes the page over wrongly.

use crate::api::ApiError;
use crate::api::version::{PreviewShown, version_detail, version_preview};
use domain::view::version::VersionDetail;
use domain::{Stage, StageStatus, VersionId};
use serde::{Deserialize, Serialize};

/// The version and its preview.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VersionShown {
    /// Stages, findings, hosts.
    pub version: VersionDetail,
    /// The preview that holds now; `None`: none was made, or it is over.
    pub preview: Option<PreviewShown>,
}

impl VersionShown {
    /// Reads both. Before 部署测试环境 has passed there is no preview to ask for.
    ///
    /// # Errors
    ///
    /// The version is out of reach, or the server is.
    pub async fn read(id: VersionId) -> Result<Self, ApiError> {
        let version = version_detail(id).await?;
        let deployed = version.stages.iter().any(|s| s.stage == Stage::DeployTest && s.status == StageStatus::Passed);
        let preview = if deployed { version_preview(id).await? } else { None };
        Ok(Self { version, preview })
    }

    /// The same of a version that there may be: `None`, there is none.
    pub async fn of(id: Option<VersionId>) -> Option<Result<Self, ApiError>> {
        match id {
            Some(id) => Some(Self::read(id).await),
            None => None,
        }
    }
}
