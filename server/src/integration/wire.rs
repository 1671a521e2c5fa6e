//! What crosses the wire. Types of their own: the screens' may change with the screens.

use domain::fields::HostDraft;
use domain::view::version::{ExternalHost, FindingSeverity, FindingView, StageView};
use domain::{Stage, UtcMillis};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The token's publication.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicationState {
    /// 服务ID.
    #[schema(example = "SV-00000001")]
    pub(crate) service_id: String,
    /// 服务名称.
    pub(crate) name: String,
    /// The state, for programs.
    #[schema(example = "preparing")]
    pub(crate) state: &'static str,
    /// The state, for people.
    #[schema(example = "部署准备中")]
    pub(crate) state_word: &'static str,
    /// Where it is live.
    pub(crate) live_address: Option<String>,
    /// While a version goes live by a plan (定时, 分批): `waiting`, `in_batches` or `paused`.
    #[schema(example = "in_batches")]
    pub(crate) rollout: Option<&'static str>,
    /// What may be done now.
    pub(crate) actions: Vec<ActionState>,
}

/// Whether an action is possible now.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActionState {
    /// `upload`, `submit_for_acceptance`, `complete_configuration`.
    pub(crate) action: &'static str,
    /// It is possible.
    pub(crate) possible: bool,
    /// Why not, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why_not: Option<String>,
}

/// What the checks go by, so that they are the same on another machine.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckRules {
    /// Limits and severities, as the program `irs` reads them.
    #[schema(value_type = Object)]
    pub(crate) settings: serde_json::Value,
    /// External hosts that every application may use.
    pub(crate) allowed_hosts: Vec<String>,
}

/// What is about to be uploaded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUpload {
    /// The name of the zip.
    #[schema(example = "dist.zip")]
    pub(crate) file_name: String,
    /// Bytes.
    #[schema(minimum = 1)]
    pub(crate) size: i64,
}

/// An upload under way.
#[derive(Serialize, ToSchema)]
pub(crate) struct UploadProgress {
    /// Its id.
    pub(crate) id: Uuid,
    /// Bytes of the whole.
    pub(crate) size: i64,
    /// Bytes of every part but the last.
    pub(crate) part_size: i64,
    /// Numbers of the parts that are here.
    pub(crate) parts: Vec<i64>,
    /// After this it is swept away (RFC 3339).
    pub(crate) expires_at: String,
}

/// What becomes of an upload.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewVersion {
    /// 版本号: 主.次.修订.
    #[schema(example = "1.2.0")]
    pub(crate) number: String,
    /// 版本说明.
    #[serde(default)]
    pub(crate) note: String,
    /// External hosts that the version uses.
    #[serde(default)]
    pub(crate) hosts: Vec<DeclaredHost>,
}

/// An external host that a version uses.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclaredHost {
    /// The host.
    #[schema(example = "api.example.gov.cn")]
    pub(crate) host: String,
    /// What for.
    pub(crate) purpose: String,
}

impl From<DeclaredHost> for HostDraft {
    fn from(host: DeclaredHost) -> Self {
        Self { host: host.host, purpose: host.purpose }
    }
}

/// What was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct Made {
    /// Its id.
    pub(crate) id: Uuid,
}

/// The publication after a change.
#[derive(Serialize, ToSchema)]
pub(crate) struct Changed {
    /// Its state, for programs.
    pub(crate) state: &'static str,
    /// Its state, for people.
    pub(crate) state_word: &'static str,
}

/// One line of the list of versions.
#[derive(Serialize, ToSchema)]
pub(crate) struct VersionLine {
    /// Its id.
    pub(crate) id: Uuid,
    /// 版本号.
    #[schema(example = "1.2.0")]
    pub(crate) number: String,
    /// 版本说明.
    pub(crate) note: String,
    /// RFC 3339.
    pub(crate) uploaded_at: String,
    /// It is live.
    pub(crate) live: bool,
    /// All stages are 已完成.
    pub(crate) passed: bool,
}

/// How far a version is.
#[derive(Serialize, ToSchema)]
pub(crate) struct VersionState {
    /// Its id.
    pub(crate) id: Uuid,
    /// 版本号.
    pub(crate) number: String,
    /// Stages run, or wait for their turn.
    pub(crate) under_way: bool,
    /// All stages are 已完成.
    pub(crate) passed: bool,
    /// Versions that run or come before, while it waits.
    pub(crate) ahead: Option<i64>,
    /// SHA-256 of what is served, once built.
    pub(crate) bundle: Option<String>,
    /// Where it can be looked at, for a while.
    pub(crate) preview_address: Option<String>,
    /// It is live.
    pub(crate) live: bool,
    /// In the order in which they run.
    pub(crate) stages: Vec<StageState>,
}

/// How far a stage is.
#[derive(Serialize, ToSchema)]
pub(crate) struct StageState {
    /// `source_check`, `build`, `link_check`, `deploy_test`.
    pub(crate) stage: &'static str,
    /// `waiting`, `running`, `passed`, `failed`, `cancelled`.
    pub(crate) status: &'static str,
    /// RFC 3339.
    pub(crate) started_at: Option<String>,
    /// RFC 3339.
    pub(crate) ended_at: Option<String>,
    /// What came of it, for people.
    pub(crate) sentence: String,
    /// Findings that block.
    pub(crate) blocks: usize,
    /// Findings that warn.
    pub(crate) warnings: usize,
    /// Findings beyond those that are kept.
    pub(crate) more: u32,
}

impl StageState {
    /// Hosts that are neither declared nor allowed block 外链检查.
    pub(crate) fn of(of: &StageView, external: &[ExternalHost]) -> Self {
        let count = |severity| of.findings.iter().filter(|finding| finding.severity == severity).count();
        let hosts = external.iter().filter(|host| !host.allowed && of.stage == Stage::LinkCheck).count();
        Self {
            stage: of.stage.id(),
            status: of.status.id(),
            started_at: of.started_at.map(UtcMillis::rfc3339),
            ended_at: of.ended_at.map(UtcMillis::rfc3339),
            sentence: of.sentence.clone(),
            blocks: count(FindingSeverity::Block) + hosts,
            warnings: count(FindingSeverity::Warn),
            more: of.more,
        }
    }
}

/// One finding.
#[derive(Serialize, ToSchema)]
pub(crate) struct FindingLine {
    /// The stage that found it.
    pub(crate) stage: &'static str,
    /// The rule's id.
    #[schema(example = "code/eval")]
    pub(crate) rule: String,
    /// `block` or `warn`.
    pub(crate) severity: &'static str,
    /// The path in the package.
    pub(crate) path: String,
    /// From 1.
    pub(crate) line: Option<u32>,
    /// From 1, in characters.
    pub(crate) column: Option<u32>,
    /// What it is about.
    pub(crate) subject: String,
    /// What is wrong.
    pub(crate) what: String,
    /// Why it matters.
    pub(crate) why: String,
    /// How to mend it.
    pub(crate) how: String,
}

impl FindingLine {
    /// A host that is neither declared nor allowed, at its first place.
    pub(crate) fn of_host(host: &ExternalHost) -> Self {
        let place = host.places.first();
        Self {
            stage: Stage::LinkCheck.id(),
            rule: "links/unknown-host".to_owned(),
            severity: "block",
            path: place.map(|place| place.path.clone()).unwrap_or_default(),
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            subject: host.host.clone(),
            what: "外部域名没有声明".to_owned(),
            why: "没有声明的域名，上线后浏览器会拒绝访问。".to_owned(),
            how: "上传时声明这个域名，并写明用途。".to_owned(),
        }
    }

    pub(crate) fn of(stage: &'static str, finding: FindingView) -> Self {
        Self {
            stage,
            severity: match finding.severity {
                FindingSeverity::Block => "block",
                FindingSeverity::Warn => "warn",
            },
            rule: finding.rule,
            path: finding.path,
            line: finding.line,
            column: finding.column,
            subject: finding.subject,
            what: finding.what,
            why: finding.why,
            how: finding.how,
        }
    }
}

/// What of a log is new.
#[derive(Serialize, ToSchema)]
pub(crate) struct LogPart {
    /// As the tools wrote it, with their colours.
    pub(crate) text: String,
    /// What to ask `after` next.
    pub(crate) next: i64,
    /// The stage is over and nothing follows.
    pub(crate) over: bool,
}
