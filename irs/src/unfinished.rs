//! What is known of an upload under way, so that another `irs deploy` of the same file goes on where this one was broken off. The
//! site keeps the parts for 24 hours (packages.md, Bad input).

use crate::pack::Packed;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// The one of this site and file, if there is one.
pub(crate) struct Unfinished {
    file: PathBuf,
    of: Note,
}

/// As it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    address: String,
    name: String,
    /// SHA-256 of the package.
    hash: String,
    id: Option<Uuid>,
}

impl Unfinished {
    /// `upload.json` beside the file of the login.
    pub(crate) fn beside(config: &Path, address: &str, packed: &Packed) -> Self {
        let hash = Sha256::digest(&packed.zip).iter().map(|byte| format!("{byte:02x}")).collect();
        let of = Note { address: address.to_owned(), name: packed.name.clone(), hash, id: None };
        Self { file: config.with_file_name("upload.json"), of }
    }

    /// The upload's id, if the last one that was not finished was of this very package.
    pub(crate) fn id(&self) -> Option<Uuid> {
        let kept: Note = serde_json::from_slice(&std::fs::read(&self.file).ok()?).ok()?;
        let id = kept.id;
        (Note { id: None, ..kept } == self.of).then_some(id).flatten()
    }

    /// Where it can't be kept, another run sends all of it.
    pub(crate) fn keep(&self, id: Uuid) {
        if let Some(folder) = self.file.parent() {
            let _ = std::fs::create_dir_all(folder);
        }
        let _ = std::fs::write(&self.file, serde_json::json!(Note { id: Some(id), ..self.of.clone() }).to_string());
    }

    /// It is a version now.
    pub(crate) fn forget(&self) {
        let _ = std::fs::remove_file(&self.file);
    }
}
