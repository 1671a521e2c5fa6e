//! What differs between two versions of a publication. screens.md: Acceptance, Work order.

use serde::{Deserialize, Serialize};

use crate::ids::VersionId;
use crate::version::VersionNumber;

/// From the one that it is compared with, to the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionDifference {
    /// Compared with this.
    pub with: VersionId,
    /// Its number.
    pub number: VersionNumber,
    /// That one is live now, or was last.
    pub live: bool,
    /// What is served; `None` until both are deployed to test.
    pub files: Option<FileDifference>,
    /// External hosts that are new.
    pub hosts_added: Vec<String>,
    /// External hosts that are named no longer.
    pub hosts_removed: Vec<String>,
    /// By name, those of `package.json` first; at most [`MOST`].
    pub dependencies: Vec<DependencyChange>,
    /// How many there are.
    pub dependencies_changed: u32,
    /// By rule: those with another number of findings.
    pub findings: Vec<FindingChange>,
}

/// Lines of one kind that are shown.
pub const MOST: usize = 200;

/// Files that are served.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FileDifference {
    /// All of the other, in bytes.
    pub bytes_before: u64,
    /// All of this, in bytes.
    pub bytes_after: u64,
    /// Files that are new.
    pub added: u32,
    /// Files with another content.
    pub changed: u32,
    /// Files that are gone.
    pub removed: u32,
    /// Files as before.
    pub same: u32,
    /// By path, those that are not the same; at most [`MOST`].
    pub files: Vec<FileChange>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChange {
    /// The path; of one that is gone, the path that it had.
    pub path: String,
    /// Bytes before; `None`: it is new.
    pub before: Option<u64>,
    /// Bytes now; `None`: it is gone.
    pub after: Option<u64>,
}

/// One dependency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DependencyChange {
    /// As in the registry.
    pub name: String,
    /// `package.json` names it.
    pub direct: bool,
    /// The versions before; empty: it is new.
    pub before: String,
    /// The versions now; empty: it is gone.
    pub after: String,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingChange {
    /// The rule's id.
    pub rule: String,
    /// What is wrong.
    pub what: String,
    /// Findings before.
    pub before: u32,
    /// Findings now.
    pub after: u32,
}

impl VersionDifference {
    /// Nothing differs that is compared.
    pub fn is_empty(&self) -> bool {
        let same = self.files.as_ref().is_some_and(|files| files.files.is_empty());
        let hosts = self.hosts_added.is_empty() && self.hosts_removed.is_empty();
        same && hosts && self.dependencies.is_empty() && self.findings.is_empty()
    }
}
