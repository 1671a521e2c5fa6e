//! The sentence of a refusal: the state, the action, why, and who can act or what to do.
//! screens.md, Words.

use crate::action::Action;
use crate::actor::Who;
use crate::refusal::{At, Reason, Refusal};
use crate::rollout::RolloutRefusal;
use crate::state::State;
use crate::transitions::{Place, STOCK_TABLE, TABLE};
use crate::turn;
use crate::view::oidc::{OidcRefusal, shown_code};
use crate::view::person::OutsideRefusal;
use crate::words;
use crate::work_order::UrgeRefusal;

/// The whole sentence.
pub fn refusal(refusal: &Refusal) -> String {
    let head = match refusal.at {
        At::Publication(None) => String::from("尚未登记"),
        At::Publication(Some(state)) => format!("当前状态为「{}」", words::state(state)),
        At::Stock(state) => format!("该存量应用「{}」", words::stock_state(state)),
    };
    let action = words::action(refusal.action);
    format!("{head}，不能「{action}」：{}。{}。", why(refusal), what_to_do(refusal))
}

fn why(refusal: &Refusal) -> String {
    let text = match &refusal.reason {
        Reason::WrongRole { needs } => return format!("这是{}的操作，您没有这个角色", words::who(*needs)),
        Reason::OutOfReach { needs: Who::Developer } => "您不是登记的开发商联系人",
        Reason::OutOfReach { needs: Who::Reviewer } => "没有由您审批的工单",
        Reason::OutOfReach { .. } => "您不是该应用系统的管理员",
        Reason::WrongState => return only_in(refusal),
        Reason::OtherOrder => "您看到的工单已经办结",
        Reason::NoOpenOrder => "没有审批中的工单",
        Reason::OrderOpen { kind } => return format!("「{}」工单正在审批", words::order_kind(*kind)),
        Reason::RolloutUnfinished => "上线计划还没有完成",
        Reason::NotYourStep { step, of } => return format!("工单在第 {step} 步（共 {of} 步），这一步不由您审批"),
        Reason::OwnOrder => "审批人不能是发起人本人",
        Reason::AlreadyDecided => "您已经审批过此工单，一人至多审批一步",
        Reason::NotInitiator => "工单不是您发起的",
        Reason::FormInvalid { errors } => return format!("表单有 {errors} 处需要更正"),
        Reason::NothingChanged => "没有任何一项被修改",
        Reason::NoPartChosen => "没有选择变更类型",
        Reason::ReasonMissing => "没有填写原因",
        Reason::NotHosted => "该发布没有代码托管",
        Reason::IsHosted => "该发布是代码托管的",
        Reason::NotServiceSide => "该发布不在服务侧",
        Reason::OtherKind => "该发布的类型没有这一步",
        Reason::NoVersion => "还没有上传过版本",
        Reason::VersionFromBefore => "最新的版本是本轮部署开始之前上传的",
        Reason::VersionNotNewest => "所选版本不是最新上传的版本",
        Reason::StageNotPassed { stage } => return format!("版本的「{}」不是「已完成」", words::stage(*stage)),
        Reason::NoSubmittedVersion => "没有提交验收的版本",
        Reason::OtherVersionSubmitted => "提交验收的已经是另一个版本",
        Reason::NoAcceptedVersion => "没有在本平台验收成功的版本",
        Reason::ApprovalUnknown => "找不到进入此状态的审批工单",
        Reason::NoFurtherChannel => "没有可以再申请的渠道",
        Reason::ChannelNotOpen => "没有选择渠道，或所选渠道不可申请、已经拥有",
        Reason::NoEarlierVersion => "没有别的版本上线过",
        Reason::NotAnEarlierVersion => "所选版本不在最近上线过的五个版本之中",
        Reason::NoRoute => "没有适用的审批路由",
        Reason::NobodyForStep { step } => return format!("「{}」这一步没有可以审批的人", step.name()),
        Reason::OtherBundle => "程序包与验收、审批时的不一致",
    };
    text.to_owned()
}

fn what_to_do(refusal: &Refusal) -> String {
    let text = match &refusal.reason {
        Reason::WrongRole { needs } => return format!("请由{}办理", words::who(*needs)),
        Reason::OutOfReach { needs: Who::Developer } => "请业主单位在「开发商联系方式」中登记您的手机号",
        Reason::OutOfReach { needs: Who::Reviewer } => "请由这一步的审核人员办理",
        Reason::OutOfReach { .. } => "请联系该应用系统的管理员办理",
        Reason::WrongState => return turn_now(refusal.at),
        Reason::OtherOrder | Reason::NoOpenOrder => "请刷新页面查看结果",
        Reason::OrderOpen { .. } => "请等审批结束，或由发起人撤回申请",
        Reason::RolloutUnfinished => "完成之前只能暂停、继续、回到旧版本或下线，请业主单位先完成上线计划",
        Reason::NotYourStep { .. } => "请等这一步的审核人员审批，轮到您时会收到通知",
        Reason::OwnOrder | Reason::AlreadyDecided => "请由其他审核人员审批",
        Reason::NotInitiator => "请由发起人撤回；发起人停用或不再管理该系统时，由该系统的其他管理员撤回",
        Reason::FormInvalid { .. } => "请按各项旁边的提示更正后再提交",
        Reason::NothingChanged => "请至少修改一项",
        Reason::NoPartChosen => "请选择上架信息、发布信息或两者",
        Reason::ReasonMissing => "请填写原因后再提交",
        Reason::NotHosted => "此操作只用于代码托管的发布",
        Reason::IsHosted => "此操作只用于不托管的发布",
        Reason::NotServiceSide => "此操作只用于服务侧",
        Reason::OtherKind => "请刷新页面，仍不能办理时联系系统管理员",
        Reason::NoVersion => "请开发商上传程序包，通过检查并部署测试环境",
        Reason::VersionFromBefore => "请开发商重新上传程序包",
        Reason::VersionNotNewest => "请刷新页面，选择最新的版本",
        Reason::StageNotPassed { .. } if refusal.action == Action::Accept => {
            "请业主单位重新部署，由开发商更正后重新上传"
        }
        Reason::StageNotPassed { .. } => "请开发商等待检查结束，未通过的更正后重新上传",
        Reason::NoSubmittedVersion | Reason::NoAcceptedVersion => {
            "请业主单位先「重新部署」，由开发商上传版本并提交验收"
        }
        Reason::OtherVersionSubmitted => "请刷新页面，验收新提交的版本",
        Reason::ApprovalUnknown => "请联系系统管理员",
        Reason::NoFurtherChannel => "渠道由系统管理员维护，请向其提出",
        Reason::ChannelNotOpen => "请刷新页面，重新选择渠道",
        Reason::NoEarlierVersion => "要换版本请用「版本升级」",
        Reason::NotAnEarlierVersion => "请从列出的版本中选择",
        Reason::NoRoute | Reason::NobodyForStep { .. } => "请联系安全管理员安排审批的人，之后再提交",
        Reason::OtherBundle => "请业主单位重新部署，验收后再提交审批",
    };
    text.to_owned()
}

/// Where the table has the action: 只在「待验收」时可以.
fn only_in(refusal: &Refusal) -> String {
    let mut places: Vec<String> = Vec::new();
    let mut add = |word: String| {
        if !places.contains(&word) {
            places.push(word);
        }
    };
    match refusal.at {
        At::Publication(_) => {
            for place in TABLE.iter().filter(|row| row.action == refusal.action).flat_map(|row| row.from) {
                match place {
                    Place::Nowhere => add(String::from("「尚未登记」")),
                    Place::In(state) => add(format!("「{}」", words::state(*state))),
                    Place::OrderOpen(state) => add(format!("「{}」（有工单在审批）", words::state(*state))),
                }
            }
        }
        At::Stock(_) => {
            for row in STOCK_TABLE.iter().filter(|row| row.action == refusal.action) {
                add(format!("「{}」", words::stock_state(row.from)));
            }
        }
    }
    format!("只在{}时可以", places.join(""))
}

fn turn_now(at: At) -> String {
    match at {
        At::Publication(Some(State::Offline)) => "要再次上线请业主单位「重新发布」".to_owned(),
        At::Publication(Some(state)) => match turn::moves_on(state) {
            Some((who, Action::Accept)) => format!("现在轮到{}「验收」", words::who(who)),
            Some((who, Action::Approve)) => format!("现在轮到{}审批", words::who(who)),
            Some((who, action)) => format!("现在轮到{}「{}」", words::who(who), words::action(action)),
            None => "现在没有等待办理的事，要改动请业主单位发起".to_owned(),
        },
        At::Publication(None) => "请业主单位先登记".to_owned(),
        At::Stock(_) => "请刷新页面查看结果".to_owned(),
    }
}

/// Why 催办 is refused, and what to do.
pub fn urge_refusal(refusal: UrgeRefusal) -> String {
    match refusal {
        UrgeRefusal::NotInReview => "工单已经办结，不能「催办」。请刷新页面查看结果。".to_owned(),
        UrgeRefusal::NotInitiator => "「催办」只能由工单的发起人进行。".to_owned(),
        UrgeRefusal::TooSoon { wait_ms } => {
            let minutes = (wait_ms.max(0) + 59_999) / 60_000;
            format!("刚刚催办过，{minutes} 分钟后可再次催办。")
        }
    }
}

/// Why somebody whom 浙政钉 knows is not let in, and what to do.
pub const fn outside_refusal(refusal: OutsideRefusal) -> &'static str {
    match refusal {
        OutsideRefusal::Over => "这次登录已过期或已经用过。请重新点「浙政钉登录」。",
        OutsideRefusal::Unknown => "你的浙政钉账号还没有关联本系统的账号，或者账号已停用。请联系系统管理员。",
        OutsideRefusal::Administrator => "管理员不能用浙政钉登录。请用账号、密码和动态验证码登录。",
        OutsideRefusal::OtherTenant => "你的浙政钉账号属于别的单位，不能登录本系统。请换一个浙政钉账号。",
        OutsideRefusal::Away => "暂时连接不上浙政钉。请稍后再试，或用账号和密码登录。",
    }
}

/// Why somebody who came from the site's OpenID provider is not let in, and what to do.
pub fn oidc_refusal(refusal: OidcRefusal) -> String {
    let text = match refusal {
        OidcRefusal::Over => "这次登录已过期、已经用过，或者不是从这个浏览器开始的。请在这里重新登录。",
        OidcRefusal::Cancelled => "你在登录平台上取消了登录。需要时请重新登录。",
        OidcRefusal::Waits(code) => {
            return format!(
                "你是第一次这样登录，要等系统管理员关联你的账号。请把编号 {} 告诉系统管理员，关联后再登录。",
                shown_code(code)
            );
        }
        OidcRefusal::Full => "等待关联的登录太多，这次没有记下。请联系系统管理员处理后再登录。",
        OidcRefusal::Stopped => "你的账号已停用。请联系系统管理员。",
        OidcRefusal::Administrator => "管理员不能这样登录。请用账号、密码和动态验证码登录。",
        OidcRefusal::Unproved => "登录平台的答复没有通过校验，没有登录。请重新登录；如果一再出现，请联系系统管理员。",
        OidcRefusal::Refused => "登录平台没有接受这次登录，再试也不会成功。请联系系统管理员检查登录平台的设置。",
        OidcRefusal::Away => "暂时连接不上登录平台。请稍后再试，或用账号和密码登录。",
    };
    text.to_owned()
}

/// Why a step of the rollout plan is refused, and what to do.
pub fn rollout_refusal(refusal: &RolloutRefusal) -> String {
    let text = match refusal {
        RolloutRefusal::Person(Reason::WrongRole { .. }) => "上线计划由业主单位管理，您没有这个角色。",
        RolloutRefusal::Person(_) => "您不是该应用系统的管理员。请联系该应用系统的管理员办理。",
        RolloutRefusal::Finished => "上线计划已经结束。请刷新页面查看结果。",
        RolloutRefusal::Paused => "上线计划已暂停。请先「继续」。",
        RolloutRefusal::NotPaused => "上线计划没有暂停，不需要「继续」。",
        RolloutRefusal::Started => "这一批已经上线。请选择还没有上线的批次。",
        RolloutRefusal::NoSuchBatch => "没有这一批。请刷新页面重新选择。",
    };
    text.to_owned()
}
