//! A version as its page shows it: what was uploaded, how far its stages are, what they found. packages.md: Stages.

use serde::{Deserialize, Serialize};

use crate::fields::HostDraft;
use crate::ids::{PublicationId, VersionId};
use crate::stage::{Stage, StageStatus};
use crate::time::UtcMillis;
use crate::version::VersionNumber;

/// The page of one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionDetail {
    /// The version.
    pub id: VersionId,
    /// Whose it is.
    pub publication: PublicationId,
    /// 版本号.
    pub number: VersionNumber,
    /// 版本说明.
    pub note: String,
    /// The name of the file that was chosen.
    pub file_name: String,
    /// SHA-256 of the zip.
    pub package: String,
    /// Its bytes.
    pub package_size: i64,
    /// SHA-256 of what is served, once built.
    pub bundle: Option<String>,
    /// Who uploaded it.
    pub uploaded_by: String,
    /// When.
    pub uploaded_at: UtcMillis,
    /// The declared external hosts, each with its purpose (用途).
    pub declared: Vec<HostDraft>,
    /// The four stages, in order.
    pub stages: Vec<StageView>,
    /// The external hosts that 外链检查 found.
    pub external: Vec<ExternalHost>,
    /// Warnings that were taken over, by rule.
    pub kept: Vec<KeptWarning>,
    /// Who looks may take over warnings (仍要继续).
    pub may_keep: bool,
    /// It is live now.
    pub live: bool,
    /// Uploaded in the present round.
    pub in_round: bool,
    /// Stages run, or wait for their turn.
    pub under_way: bool,
    /// Where it waits for its turn.
    pub queue: Option<QueuePlace>,
    /// What a browser saw of its preview, where one is configured.
    pub evidence: Option<Evidence>,
}

/// A place in the queue of the pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuePlace {
    /// Versions that run or come before.
    pub ahead: i64,
    /// In how many milliseconds it begins, by what others took; `None`: nothing tells.
    pub starts_in_ms: Option<i64>,
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageView {
    /// Which.
    pub stage: Stage,
    /// How far it is.
    pub status: StageStatus,
    /// When it began, last.
    pub started_at: Option<UtcMillis>,
    /// When it ended.
    pub ended_at: Option<UtcMillis>,
    /// What came of it, in one sentence.
    pub sentence: String,
    /// What it found, those that block first counted in.
    pub findings: Vec<FindingView>,
    /// Findings that are counted, but not kept.
    pub more: u32,
    /// The rules that it was made with; empty where there are none.
    pub rule_set: String,
}

/// 仍要继续: a warning that the developer takes over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptWarning {
    /// The rule's id.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: UtcMillis,
}

/// What a stage found, as it is kept with the stage.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct StageOutcome {
    /// Sorted by file and place.
    pub findings: Vec<FindingView>,
    /// Findings that are counted, but not kept.
    pub more: u32,
    /// External hosts, of 外链检查.
    pub hosts: Vec<ExternalHost>,
    /// The version of the rules that it was made with; empty where there are none.
    pub rule_set: String,
    /// What the build was made with, of 代码编译.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<Dependency>,
    /// Of 部署测试环境.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// What a browser saw of the preview: no network but the preview itself (packages.md, 部署测试环境).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// SHA-256 of the picture, at a phone's size: PNG.
    pub picture: String,
    /// The console's errors, in order; the first ones.
    pub errors: Vec<PageError>,
    /// Errors that are counted, but not kept.
    pub more: u32,
    /// External addresses that the policy refused, each once.
    pub blocked: Vec<String>,
    /// External addresses that may be loaded, which the picture was taken without.
    pub unreached: Vec<String>,
}

/// An error of a page's console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageError {
    /// As the browser says it.
    pub text: String,
    /// `assets/a.js:1:20`, from 1; where the browser knows it.
    pub place: Option<String>,
}

/// A package of the registry that a version is built with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dependency {
    /// As in the registry.
    pub name: String,
    /// The one that was chosen.
    pub version: String,
    /// `package.json` names it; else another one brings it.
    pub direct: bool,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingSeverity {
    /// 阻断.
    Block,
    /// 警告.
    Warn,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingView {
    /// The rule's id: `code/eval`.
    pub rule: String,
    /// 阻断 or 警告.
    pub severity: FindingSeverity,
    /// The path in the package.
    pub path: String,
    /// From 1; none if it is about the file as such.
    pub line: Option<u32>,
    /// From 1, in characters.
    pub column: Option<u32>,
    /// What it is about, as it stands in the file; secrets are hidden.
    pub subject: String,
    /// What is wrong.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// How to mend it.
    pub how: String,
    /// The line, and those around it.
    pub excerpt: Vec<ExcerptLine>,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExcerptLine {
    /// From 1.
    pub line: u32,
    /// The text, cut if it is long.
    pub text: String,
}

/// An external host that what will be served names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalHost {
    /// Lower case, punycode.
    pub host: String,
    /// It is declared, or on the system's list.
    pub allowed: bool,
    /// 用途, if it is declared; or who forbids it, and why.
    pub purpose: Option<String>,
    /// How often it appears; 0: it is declared only.
    pub count: u32,
    /// Where, the first places.
    pub places: Vec<ExternalPlace>,
}

/// Where an external address stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalPlace {
    /// The path in what is served.
    pub path: String,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// The address.
    pub address: String,
}

/// What of a stage's log is new.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LogPage {
    /// In order; the last one's number is what to ask `after` next.
    pub pieces: Vec<LogPiece>,
    /// The stage is over and nothing follows these.
    pub over: bool,
}

/// A piece of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPiece {
    /// From 0; of a log that is cut in its middle, see [`Self::is_passing`].
    pub number: i64,
    /// Text as the tool wrote it, with its colours (SGR) and no other escape sequences.
    pub body: String,
}

impl LogPiece {
    /// From here on pieces of the middle are numbered, and from [`Self::END`] on those of the end.
    pub const MIDDLE: i64 = 1 << 40;

    /// See [`Self::MIDDLE`].
    pub const END: i64 = 1 << 41;

    /// Whether it is shown only while the stage runs. The beginning of a log is kept and its end; what is newest meanwhile passes by, and
    /// is gone when the end is written.
    pub const fn is_passing(&self) -> bool {
        Self::MIDDLE <= self.number && self.number < Self::END
    }
}

/// Where a version can be looked at for a while (预览地址).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The unguessable part of the host name.
    pub label: String,
    /// The whole address.
    pub address: String,
    /// Until when; `None`: 固定, until somebody says otherwise.
    pub expires_at: Option<UtcMillis>,
}

/// An upload under way, as the browser resumes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadState {
    /// The upload.
    pub id: uuid::Uuid,
    /// For which publication.
    pub publication: PublicationId,
    /// As announced.
    pub file_name: String,
    /// Bytes of the whole, as announced.
    pub size: i64,
    /// Bytes of every part but the last.
    pub part_size: i64,
    /// The parts that are here: number from 0, and bytes.
    pub parts: Vec<(i64, i64)>,
    /// After this it is swept away.
    pub expires_at: UtcMillis,
}
