//! The four stages of the pipeline. packages.md: Stages.

use serde::{Deserialize, Serialize};

/// One stage, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 源码检测.
    SourceCheck,
    /// 代码编译.
    Build,
    /// 外链检查.
    LinkCheck,
    /// 部署测试环境.
    DeployTest,
}

/// How far a stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageStatus {
    /// 未开始.
    Waiting,
    /// 进行中.
    Running,
    /// 已完成.
    Passed,
    /// 未通过.
    Failed,
    /// 已取消.
    Cancelled,
}

/// The stages of one version that are 已完成, as a bit set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StageSet(u8);

impl Stage {
    /// All stages, in the order in which they run.
    pub const ALL: [Stage; 4] = [Stage::SourceCheck, Stage::Build, Stage::LinkCheck, Stage::DeployTest];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            Stage::SourceCheck => "source_check",
            Stage::Build => "build",
            Stage::LinkCheck => "link_check",
            Stage::DeployTest => "deploy_test",
        }
    }

    /// The stage with this id, if there is one.
    pub fn from_id(id: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.id() == id)
    }
}

impl StageStatus {
    /// All, in the order of the spec.
    pub const ALL: [StageStatus; 5] =
        [StageStatus::Waiting, StageStatus::Running, StageStatus::Passed, StageStatus::Failed, StageStatus::Cancelled];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            StageStatus::Waiting => "waiting",
            StageStatus::Running => "running",
            StageStatus::Passed => "passed",
            StageStatus::Failed => "failed",
            StageStatus::Cancelled => "cancelled",
        }
    }

    /// The status with this id, if there is one.
    pub fn from_id(id: &str) -> Option<StageStatus> {
        StageStatus::ALL.into_iter().find(|status| status.id() == id)
    }

    /// Neither waiting nor running: it will not change any more.
    pub const fn is_over(self) -> bool {
        matches!(self, StageStatus::Passed | StageStatus::Failed | StageStatus::Cancelled)
    }
}

impl StageSet {
    /// All four: checked and deployed to test.
    pub const ALL: StageSet = StageSet(0b1111);

    /// These stages.
    pub fn of(stages: &[Stage]) -> StageSet {
        StageSet(stages.iter().fold(0, |bits, stage| bits | 1 << *stage as u8))
    }

    /// Whether the stage is among them.
    pub const fn has(self, stage: Stage) -> bool {
        self.0 & (1 << stage as u8) != 0
    }

    /// The first of these stages that is not in the set.
    pub fn first_missing(self, wanted: &[Stage]) -> Option<Stage> {
        wanted.iter().copied().find(|stage| !self.has(*stage))
    }
}
