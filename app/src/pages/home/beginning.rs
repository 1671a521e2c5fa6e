//! For a new account: steps, by what the person may do.

use crate::api::publication::{list_path, register_path};
use crate::api::session::Current;
use crate::parts::session::may;
use domain::{Role, Side};
use leptos::prelude::*;
use leptos_router::components::A;

/// What is done, where, and what comes of it.
type StepText = (&'static str, &'static str, &'static str);

const STAFF: [StepText; 3] = [
    ("/systems", "看看你管理的应用系统", "每个发布都属于一个应用系统。缺少的，请系统管理员添加。"),
    (register_path(Side::Service), "注册服务侧名称", "填写名称、图标、适用范围和开发商，得到服务ID。"),
    (list_path(Side::Service), "跟着列表往前走", "开发商上传后由你验收、提交审批，通过后立即上线。"),
];

const REVIEWER: [StepText; 3] = [
    ("/orders/waiting", "打开待我审批", "新的工单会出现在那里，导航上有数量。"),
    ("/orders/waiting?tab=over", "回看审批过的工单", "每一步由谁、何时、为什么决定，都在工单里。"),
    ("/channels/zheli_app", "查看已上线的应用", "通过后，应用立即出现在渠道的目录里。"),
];

const AUDITOR: [StepText; 3] = [
    ("/admin/audit", "查审计日志", "按人员、对象、动作、时间和结果查找，找到的可以导出。"),
    ("/admin/audit?result=refused", "看最近的拒绝", "谁在哪里被拒绝，为什么。"),
    ("/admin/audit#audit-check", "校验日志", "从第一条起重算哈希链，再下载每日锚点，在别处签名保存。"),
];

const SYSTEM: [StepText; 3] = [
    (
        "/admin/import/departments",
        "导入部门、账号和应用系统",
        "从表格导入，每一行的结果都会列出来；改好再导入一次也不会重复。",
    ),
    ("/admin/accounts?standing=no_password", "给新账号生成激活链接", "本人用链接设置密码。角色由安全管理员设置。"),
    ("/admin/notifications", "看消息是否送到", "没送到的通知在这里，写着原因，可以重新发送。"),
];

const SECURITY: [StepText; 3] = [
    ("/admin/roles", "设置角色", "谁是政府工作人员、审核人员、开发商，在哪个区域。"),
    ("/admin/routing", "看审批路由", "一张工单走哪些步骤，谁来审批；没有人的步骤会列在最上面。"),
    ("/admin/audit", "看审计员的操作", "审计员自己的登录、导出和校验，只有安全管理员看得到。"),
];

/// Steps with links; nothing for those who begin nothing.
#[component]
pub(super) fn Beginning(current: Current) -> impl IntoView {
    let steps: &[StepText] = if may(&current, Role::Staff) {
        &STAFF
    } else if may(&current, Role::Reviewer) || may(&current, Role::Operator) {
        &REVIEWER
    } else if may(&current, Role::Auditor) {
        &AUDITOR
    } else if may(&current, Role::SystemAdministrator) {
        &SYSTEM
    } else if may(&current, Role::SecurityAdministrator) {
        &SECURITY
    } else {
        return ().into_any();
    };
    let step = |&(href, word, more): &StepText| {
        view! {
            <li class="beginning-step">
                <A href=href>{word}</A>
                <p>{more}</p>
            </li>
        }
    };
    view! {
        <section aria-labelledby="beginning">
            <h2 id="beginning">"从这里开始"</h2>
            <ol class="beginning">{steps.iter().map(step).collect_view()}</ol>
        </section>
    }
    .into_any()
}
