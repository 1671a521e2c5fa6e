//! The field tables, one a form, in the order of the form.

use serde::{Deserialize, Serialize};

/// Registration, correction, information change and stock linking. Which of them a form has, and which it
/// requires, is [`super::presence`].
#[rustfmt::skip]
pub static REGISTRATION: &[Field] = &[
    //    id                     label                    group             part                 limit                hint
    field(FieldId::Channels,     "发布端",                 Group::Basic,     None,                Limit::None,         "发布后不能更改"),
    field(FieldId::Type,         "发布类型",               Group::Basic,     None,                Limit::None,         "发布后不能更改"),
    field(FieldId::Hosting,      "代码托管",               Group::Basic,     None,                Limit::None,         "托管后由开发商上传程序包，平台部署"),
    field(FieldId::System,       "应用系统",               Group::Basic,     None,                Limit::None,         "只列出您管理的应用系统"),
    field(FieldId::Name,         "服务名称",               Group::Basic,     Some(Part::Listing), Limit::Width(40),    "以汉字或字母开头，可含汉字、字母、数字和下划线，最多 20 个汉字"),
    field(FieldId::Intro,        "服务介绍",               Group::Basic,     Some(Part::Listing), Limit::Width(200),   "说明服务内容和办理对象，最多 100 个汉字"),
    field(FieldId::Icon,         "图标",                   Group::Basic,     Some(Part::Listing), Limit::None,         "PNG，180 × 180 像素，不超过 120 KB"),
    field(FieldId::Audience,     "服务用户类型",           Group::Basic,     Some(Part::Listing), Limit::None,         ""),
    field(FieldId::DomesticOs,   "是否支持国产操作系统",   Group::Basic,     Some(Part::Release), Limit::None,         ""),
    field(FieldId::Department,   "建设部门",               Group::Basic,     None,                Limit::None,         "取自应用系统"),
    field(FieldId::DepartmentId, "建设部门浙政钉ID",       Group::Basic,     None,                Limit::None,         "取自应用系统"),
    field(FieldId::MobileUrl,    "移动端地址",             Group::Address,   Some(Part::Release), Limit::Chars(2048),  "以 http:// 或 https:// 开头"),
    field(FieldId::BackupUrl,    "备用地址",               Group::Address,   Some(Part::Release), Limit::Chars(2048),  "不会出现在渠道目录中"),
    field(FieldId::PcUrl,        "PC端地址",               Group::Address,   Some(Part::Release), Limit::Chars(2048),  "以 http:// 或 https:// 开头"),
    field(FieldId::HealthUrl,    "健康地址",               Group::Address,   Some(Part::Release), Limit::Chars(2048),  "平台定时访问，用来发现故障"),
    field(FieldId::FrontRouting, "前端路由",               Group::Address,   Some(Part::Release), Limit::None,         "访问者打开应用里不存在的页面地址时怎么办；不确定时问开发商"),
    field(FieldId::Parameters,   "运行参数",               Group::Address,   Some(Part::Release), Limit::Count(50),    "正式环境的值；应用从 window.__APP_ENV__ 读取，任何访问者都能看到，不要填写密码"),
    field(FieldId::Scope,        "适用范围",               Group::Scope,     Some(Part::Listing), Limit::None,         "至少一个站点；勾选一个市即选中市本级及所辖县（市、区）"),
    field(FieldId::Vendor,       "开发商",                 Group::Developer, Some(Part::Release), Limit::Width(100),   "与营业执照一致"),
    field(FieldId::CreditCode,   "统一社会信用代码",       Group::Developer, Some(Part::Release), Limit::Chars(18),    "18 位"),
    field(FieldId::Contacts,     "开发商联系方式",         Group::Developer, Some(Part::Release), Limit::Count(20),    "真实姓名和手机号，1 至 20 位；手机号即开发商的登录身份"),
    field(FieldId::Unified,      "是否统建",               Group::Flow,      Some(Part::Release), Limit::None,         "决定审批路由"),
    field(FieldId::Region,       "所属区域",               Group::Flow,      Some(Part::Release), Limit::None,         "决定审批路由"),
    field(FieldId::ServiceId,    "服务ID",                 Group::Flow,      None,                Limit::None,         "系统自动生成"),
];

/// The approval form (审批表单) of release and upgrade.
#[rustfmt::skip]
pub static APPROVAL: &[Field] = &[
    field(FieldId::Statement,    "申请说明",               Group::Request,   None,                Limit::Chars(500),   "说明本次发布的内容，最多 500 字"),
    field(FieldId::TestReport,   "测试情况",               Group::Request,   None,                Limit::Chars(2000),  "测试的范围和结论，最多 2000 字"),
    field(FieldId::ContactName,  "联系人",                 Group::Request,   None,                Limit::Width(40),    ""),
    field(FieldId::ContactPhone, "联系电话",               Group::Request,   None,                Limit::Chars(20),    "手机号，或带区号的座机号"),
    field(FieldId::ExpectedDate, "期望上线日期",           Group::Request,   None,                Limit::None,         "年-月-日"),
    field(FieldId::Attachments,  "附件",                   Group::Request,   None,                Limit::Count(5),     "最多 5 个 PDF、PNG 或 JPG，每个不超过 10 MB"),
    field(FieldId::Rollout,      "发布方式",               Group::Request,   None,                Limit::Count(50),    "立即、定时或分批"),
];

/// Taking offline.
#[rustfmt::skip]
pub static OFFLINE: &[Field] = &[
    field(FieldId::OfflineReason,     "下线原因",          Group::Request,   None,                Limit::Chars(500),   "最多 500 字"),
    field(FieldId::OfflineSubstitute, "下线后的替代服务",  Group::Request,   None,                Limit::Chars(500),   "原地址的访问者会看到"),
];

/// 验收拒绝, 拒绝 and 版本回退.
#[rustfmt::skip]
pub static REASON: &[Field] = &[
    field(FieldId::RollBackTo,   "回退到",                 Group::Request,   None,                Limit::None,         "最近上线过的版本，不需要重新编译"),
    field(FieldId::Reason,       "原因",                   Group::Request,   None,                Limit::Chars(500),   "最多 500 字"),
];

/// Applying for further channels.
#[rustfmt::skip]
pub static CHANNELS: &[Field] = &[
    field(FieldId::FurtherChannels,   "申请渠道",          Group::Request,   None,                Limit::Count(50),    "审批通过后立即在所选渠道上线，随下线一起结束"),
    field(FieldId::ChannelsStatement, "申请说明",          Group::Request,   None,                Limit::Chars(500),   "最多 500 字"),
];

/// The list of further channels.
#[rustfmt::skip]
pub static CHANNEL: &[Field] = &[
    field(FieldId::ChannelName,       "渠道名称",          Group::Request,   None,                Limit::Width(40),    "最多 20 个汉字"),
];

/// Uploading a version.
#[rustfmt::skip]
pub static UPLOAD: &[Field] = &[
    field(FieldId::VersionNumber, "版本号",                Group::Request,   None,                Limit::None,         "主.次.修订，例如 1.2.0，要高于已提交验收或上线的版本"),
    field(FieldId::VersionNote,   "版本说明",              Group::Request,   None,                Limit::Chars(500),   "本版本的改动，最多 500 字"),
    field(FieldId::ExternalHosts, "外部域名",              Group::Request,   None,                Limit::Count(100),   "应用要访问的外部域名和用途"),
];

/// The values for test on the workbench.
#[rustfmt::skip]
pub static TEST: &[Field] = &[
    field(FieldId::TestParameters, "测试值",               Group::Request,   None,                Limit::Count(50),    "预览地址上的值；应用从 /app-env.js 的 window.__APP_ENV__ 读取，不要填写密码"),
];

/// An API 令牌.
#[rustfmt::skip]
pub static TOKEN: &[Field] = &[
    field(FieldId::TokenName,     "令牌名称",              Group::Request,   None,                Limit::Width(40),    "写明用在哪里，例如「发布流水线」"),
    field(FieldId::TokenScopes,   "权限",                  Group::Request,   None,                Limit::None,         "只给需要的"),
    field(FieldId::TokenDays,     "有效期",                Group::Request,   None,                Limit::None,         "到期后不能再用，可以随时吊销"),
];

/// Accounts: the first start, activation, signing in.
#[rustfmt::skip]
pub static ACCOUNT: &[Field] = &[
    field(FieldId::PersonName,    "姓名",                  Group::Request,   None,                Limit::Width(40),    ""),
    field(FieldId::Account,       "账号",                  Group::Request,   None,                Limit::Chars(32),    "2 至 32 个小写字母、数字、点、横线或下划线，以字母开头"),
    field(FieldId::NewPassword,   "新密码",                Group::Request,   None,                Limit::Chars(128),   ""),
    field(FieldId::OneTimeCode,   "动态验证码",            Group::Request,   None,                Limit::Chars(16),    "身份验证器显示的 6 位数字"),
    field(FieldId::PersonDepartment, "部门",               Group::Request,   None,                Limit::Width(100),   "与部门清单中的名称一致"),
    field(FieldId::PersonMobile,  "手机号",                Group::Request,   None,                Limit::Chars(20),    "开发商的登录身份，填写前请核实是本人的号码"),
    field(FieldId::PersonEmail,   "邮箱",                  Group::Request,   None,                Limit::Chars(254),   "通知会发到这里"),
    field(FieldId::PersonDingtalk, "人员浙政钉ID",         Group::Request,   None,                Limit::Chars(20),    "浙政钉的 accountId，一串数字；用来登录和接收工作通知"),
    field(FieldId::PolicyLength,  "密码最少字符数",        Group::Request,   None,                Limit::None,         "8 到 64"),
    field(FieldId::PolicyClasses, "密码字符种类",          Group::Request,   None,                Limit::None,         "大写字母、小写字母、数字、符号中至少几种，1 到 4"),
    field(FieldId::PolicyDays,    "密码有效期",            Group::Request,   None,                Limit::None,         "天，1 到 3650；到期后登录时要先修改"),
    field(FieldId::PolicyBefore,  "不能与最近几次相同",    Group::Request,   None,                Limit::None,         "0 到 24"),
    field(FieldId::PolicyAuthenticator, "必须用动态口令的账号", Group::Request, None,             Limit::None,         "没有绑定的人下次用密码登录时要先绑定；用浙政钉或统一身份登录的不受影响"),
    field(FieldId::Limits,        "限制",                  Group::Request,   None,                Limit::None,         ""),
    field(FieldId::Routes,        "审批规则",              Group::Request,   None,                Limit::Count(60),    "按顺序从小到大匹配，第一条符合的生效"),
    field(FieldId::Seats,         "角色",                  Group::Request,   None,                Limit::Count(120),   "审核人员要选择区域；三员不能同时有其他角色"),
];

/// One field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Which.
    pub id: FieldId,
    /// 标签.
    pub label: &'static str,
    /// Stands under the label; may be empty.
    pub hint: &'static str,
    /// The card in which it stands.
    pub group: Group,
    /// The part of an information change that it belongs to; `None`: it never changes that way.
    pub part: Option<Part>,
    /// How much it holds.
    pub limit: Limit,
}

/// Ids of fields: stable, for errors, drafts and links in the summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is described by its row of the tables above")]
pub enum FieldId {
    Channels,
    Type,
    Hosting,
    System,
    Name,
    Intro,
    Icon,
    Audience,
    DomesticOs,
    Department,
    DepartmentId,
    MobileUrl,
    BackupUrl,
    PcUrl,
    HealthUrl,
    FrontRouting,
    Parameters,
    Scope,
    Vendor,
    CreditCode,
    Contacts,
    Unified,
    Region,
    ServiceId,
    Statement,
    TestReport,
    ContactName,
    ContactPhone,
    ExpectedDate,
    Attachments,
    Rollout,
    OfflineReason,
    OfflineSubstitute,
    RollBackTo,
    Reason,
    FurtherChannels,
    ChannelsStatement,
    ChannelName,
    VersionNumber,
    VersionNote,
    ExternalHosts,
    TestParameters,
    TokenName,
    TokenScopes,
    TokenDays,
    PersonName,
    Account,
    NewPassword,
    OneTimeCode,
    PersonDepartment,
    PersonMobile,
    PersonEmail,
    PersonDingtalk,
    Seats,
    Routes,
    PolicyLength,
    PolicyClasses,
    PolicyDays,
    PolicyBefore,
    PolicyAuthenticator,
    /// 限制 of packages and builds.
    Limits,
}

/// The cards of a form. screens.md: Registration and change forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// 基础信息.
    Basic,
    /// 地址.
    Address,
    /// 适用范围.
    Scope,
    /// 开发商信息.
    Developer,
    /// 流程信息.
    Flow,
    /// 申请信息: all other forms.
    Request,
}

/// The two kinds of an information change (变更类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// 上架信息: what the public sees.
    Listing,
    /// 发布信息.
    Release,
}

/// The chosen kinds of an information change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Parts {
    /// 上架信息.
    pub listing: bool,
    /// 发布信息.
    pub release: bool,
}

/// How much a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// What it is says it.
    None,
    /// So wide: a Han character counts 2, others 1.
    Width(u16),
    /// So many characters.
    Chars(u16),
    /// So many entries.
    Count(u16),
}

const fn field(
    id: FieldId,
    label: &'static str,
    group: Group,
    part: Option<Part>,
    limit: Limit,
    hint: &'static str,
) -> Field {
    Field { id, label, hint, group, part, limit }
}

/// All tables.
pub static FORMS: [&[Field]; 10] =
    [REGISTRATION, APPROVAL, OFFLINE, REASON, CHANNELS, CHANNEL, UPLOAD, TEST, TOKEN, ACCOUNT];

impl FieldId {
    /// Its row. Every id has one, in one table (a test holds us to it); the first row stands in for none.
    pub fn field(self) -> &'static Field {
        FORMS.iter().copied().flatten().find(|field| field.id == self).unwrap_or(&REGISTRATION[0])
    }

    /// 标签.
    pub fn label(self) -> &'static str {
        self.field().label
    }
}

impl Group {
    /// The title of the card.
    pub const fn title(self) -> &'static str {
        match self {
            Group::Basic => "基础信息",
            Group::Address => "地址",
            Group::Scope => "适用范围",
            Group::Developer => "开发商信息",
            Group::Flow => "流程信息",
            Group::Request => "申请信息",
        }
    }
}

impl Part {
    /// Both.
    pub const ALL: [Part; 2] = [Part::Listing, Part::Release];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            Part::Listing => "listing",
            Part::Release => "release",
        }
    }

    /// The kind of change, in words.
    pub const fn word(self) -> &'static str {
        match self {
            Part::Listing => "上架信息",
            Part::Release => "发布信息",
        }
    }
}

impl Parts {
    /// Both.
    pub const BOTH: Parts = Parts { listing: true, release: true };

    /// Neither is chosen.
    pub const fn is_empty(self) -> bool {
        !self.listing && !self.release
    }

    /// Whether this one is chosen.
    pub const fn has(self, part: Part) -> bool {
        match part {
            Part::Listing => self.listing,
            Part::Release => self.release,
        }
    }
}
