//! What developers ask about versions.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::fields::UploadDraft;
use crate::ids::PublicationId;

/// 上传: the finished upload becomes a version and its stages start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
    /// The finished upload of the package.
    pub upload: Uuid,
    /// The form as typed.
    pub draft: UploadDraft,
}
