//! What a page about a version reads at once.
//!
//! A page reads it in its own resource. A resource that is made while a page is drawn has another number on the server than in
//! the browser, which then finds nothing and takes the page over wrongly.

use crate::api::ApiError;
use crate::api::version::{PreviewShown, version_detail, version_difference, version_preview};
use domain::view::difference::VersionDifference;
use domain::view::version::VersionDetail;
use domain::{Stage, StageStatus, VersionId};
use serde::{Deserialize, Serialize};

/// The version, its preview, and what differs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VersionShown {
    /// Stages, findings, hosts.
    pub version: VersionDetail,
    /// The preview that holds now; `None`: none was made, or it is over.
    pub preview: Option<PreviewShown>,
    /// From another version. The page reads without.
    pub difference: Result<Option<VersionDifference>, ApiError>,
}

impl VersionShown {
    /// Reads all. Before 部署测试环境 has passed there is nothing to look at, or to compare with the version `with`, else with the one
    /// that was live before.
    ///
    /// # Errors
    ///
    /// The version is out of reach, or the server is.
    pub async fn read(id: VersionId, with: Option<VersionId>) -> Result<Self, ApiError> {
        let version = version_detail(id).await?;
        let deployed = version.stages.iter().any(|s| s.stage == Stage::DeployTest && s.status == StageStatus::Passed);
        if !deployed {
            return Ok(Self { version, preview: None, difference: Ok(None) });
        }
        Ok(Self { version, preview: version_preview(id).await?, difference: version_difference(id, with).await })
    }

    /// The same of a version that there may be: `None`, there is none.
    pub async fn of(id: Option<VersionId>, with: Option<VersionId>) -> Option<Result<Self, ApiError>> {
        match id {
            Some(id) => Some(Self::read(id, with).await),
            None => None,
        }
    }
}
