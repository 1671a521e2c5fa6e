//! The one table of all rules of 源码检测. packages.md: Stages. The rules themselves are in the modules
//! below; they know the ids and nothing of these words.

pub(crate) mod code;
pub(crate) mod licences;
pub(crate) mod listing;
pub(crate) mod markup;
pub(crate) mod package;
pub(crate) mod personal;
pub(crate) mod secrets;
mod severities;
mod table;
pub(crate) mod tokens;

use serde::{Deserialize, Serialize};

pub use package::left_out_of;
pub use severities::{Level, Severities};
pub use table::RULES;

/// The version of the rule set: it rises with every change of a rule or of the table.
pub const RULE_SET: &str = "2026.11-2";

/// A rule. Its id on the wire is `category/name`; the words are in [`RULES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is explained in its row of the table")]
pub enum Rule {
    #[serde(rename = "package/forbidden-folder")]
    ForbiddenFolder,
    #[serde(rename = "package/executable")]
    Executable,
    #[serde(rename = "package/server-script")]
    ServerScript,
    #[serde(rename = "package/double-extension")]
    DoubleExtension,
    #[serde(rename = "package/reserved-name")]
    ReservedName,
    #[serde(rename = "package/no-lock")]
    NoLock,
    #[serde(rename = "secrets/private-key")]
    PrivateKey,
    #[serde(rename = "secrets/token")]
    Token,
    #[serde(rename = "secrets/password")]
    Password,
    #[serde(rename = "secrets/env-file")]
    EnvFile,
    #[serde(rename = "secrets/internal-address")]
    InternalAddress,
    #[serde(rename = "code/eval")]
    Eval,
    #[serde(rename = "code/new-function")]
    NewFunction,
    #[serde(rename = "code/document-write")]
    DocumentWrite,
    #[serde(rename = "code/string-timer")]
    StringTimer,
    #[serde(rename = "code/debugger")]
    Debugger,
    #[serde(rename = "code/html-injection")]
    HtmlInjection,
    #[serde(rename = "code/service-worker")]
    ServiceWorker,
    #[serde(rename = "code/source-map")]
    SourceMap,
    #[serde(rename = "code/syntax")]
    Syntax,
    #[serde(rename = "code/not-checked")]
    NotChecked,
    #[serde(rename = "listing/title")]
    Title,
    #[serde(rename = "listing/lang")]
    Lang,
    #[serde(rename = "listing/viewport")]
    Viewport,
    #[serde(rename = "listing/img-alt")]
    ImgAlt,
    #[serde(rename = "listing/bare-phone")]
    BarePhone,
    #[serde(rename = "listing/phone-in-source")]
    PhoneInSource,
    #[serde(rename = "listing/id-card")]
    IdCard,
    #[serde(rename = "licences/no-integrity")]
    NoIntegrity,
    #[serde(rename = "licences/outside-registry")]
    OutsideRegistry,
    #[serde(rename = "licences/install-script")]
    InstallScript,
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// 包结构.
    Package,
    /// 密钥与敏感信息.
    Secrets,
    /// 代码安全.
    Code,
    /// 上架规范.
    Listing,
    /// 依赖与许可.
    Licences,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// 阻断: the stage fails.
    Block,
    /// 警告: may be taken over with a reason (仍要继续).
    Warn,
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RuleInfo {
    /// The rule.
    pub rule: Rule,
    /// Its id, the same as in serde.
    pub id: &'static str,
    /// What it is about.
    pub category: Category,
    /// Unless the administrator changed it.
    pub severity: Severity,
    /// What is wrong.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How to mend it.
    pub mend: &'static str,
    /// What it looks like.
    pub example: &'static str,
}

impl Rule {
    /// Its row of the table.
    pub fn info(self) -> &'static RuleInfo {
        // A test walks the table: there is exactly one row per rule, in the order of the enum.
        &RULES[self as usize]
    }

    /// The stable id.
    pub fn id(self) -> &'static str {
        self.info().id
    }

    /// The rule with this id.
    pub fn from_id(id: &str) -> Option<Rule> {
        RULES.iter().find(|info| info.id == id).map(|info| info.rule)
    }
}

impl Category {
    /// All, in the order of the table.
    pub const ALL: [Category; 5] = [Self::Package, Self::Secrets, Self::Code, Self::Listing, Self::Licences];

    /// The Chinese word.
    pub const fn word(self) -> &'static str {
        match self {
            Category::Package => "包结构",
            Category::Secrets => "密钥与敏感信息",
            Category::Code => "代码安全",
            Category::Listing => "上架规范",
            Category::Licences => "依赖与许可",
        }
    }
}

impl Severity {
    /// The Chinese word.
    pub const fn word(self) -> &'static str {
        match self {
            Severity::Block => "阻断",
            Severity::Warn => "警告",
        }
    }
}
