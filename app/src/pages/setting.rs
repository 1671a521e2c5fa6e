//! 系统设置, for the system administrator: what is in force at this server, where it comes from, and how it is changed.

use crate::api::ApiError;
use crate::api::setting::setting_list;
use crate::pages::Page;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::view::setting::{Setting, SettingGroup, SettingPage as Told, SettingValue, Source};
use domain::{Role, words};
use leptos::prelude::*;
use leptos_router::components::A;

/// What is set on a screen of its own.
const SCREENS: [(&str, &str, &str); 5] = [
    ("/rules", "检测规则", "每条规则是阻断、警告还是关闭"),
    ("/admin/limits", "限制", "程序包和编译最多能用多少"),
    ("/admin/hosts", "外部域名", "所有应用都能访问或都不能访问的域名"),
    ("/admin/channels", "渠道", "四个发布端以外的渠道"),
    ("/admin/accounts", "账号", "谁能登录，浙政钉和单位账号的关联"),
];

/// The page.
pub struct SettingPage {
    page: Read<Result<Told, ApiError>>,
}

impl Page for SettingPage {
    fn data() -> Self {
        Self { page: ask(|| (), |()| setting_list()) }
    }

    fn view(this: Self) -> AnyView {
        let page = this.page;
        let draw = move |read: Told| view! { <All read/> }.into_any();
        view! {
            <Gate roles=&[Role::SystemAdministrator]>
                <PageTitle text="系统设置"/>
                <Loaded data=page part=true draw/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn All(read: Told) -> impl IntoView {
    let Told { server, started_at, file, settings } = read;
    let file = match file {
        Some(file) => view! { "设置文件是 " <code>{file}</code> "。" }.into_any(),
        None => "没有用设置文件。".into_any(),
    };
    let group = |group: SettingGroup| {
        let of: Vec<Setting> = settings.iter().filter(|it| it.group == group).cloned().collect();
        (!of.is_empty()).then(|| view! { <Group group of/> })
    };
    view! {
        <p class="quiet">
            {format!("服务器 {server} 在 {} 启动时读取的设置。", started_at.local_text())} {file}
            "要修改，请在服务器上改设置文件、环境变量或命令行，再重新启动服务；后面的比前面的优先。由多台服务器组成时，每台各有一份。"
        </p>
        <Screens/>
        {match settings.is_empty() {
            true => view! { <div class="empty"><p>"这台服务器没有提供设置"</p></div> }.into_any(),
            false => SettingGroup::ALL.map(group).collect_view().into_any(),
        }}
    }
}

/// What is kept in the database.
#[component]
fn Screens() -> impl IntoView {
    let one = |(href, word, what): (&'static str, &'static str, &'static str)| {
        view! { <li><A href=href>{word}</A> {format!("：{what}")}</li> }
    };
    view! {
        <section class="card" aria-labelledby="setting-screens">
            <h2 id="setting-screens">"在页面上修改的设置"</h2>
            <ul class="setting-screens">
                {SCREENS.map(one).collect_view()}
                <li>"登录策略、审批路由和角色：由安全管理员修改"</li>
            </ul>
        </section>
    }
}

#[component]
fn Group(group: SettingGroup, of: Vec<Setting>) -> impl IntoView {
    let word = words::setting_group(group);
    let hint = match group {
        SettingGroup::Limits => Some("来源是默认或页面的，可以在“限制”里修改，马上对所有服务器有效。"),
        _ => None,
    };
    view! {
        <h2>{word}</h2>
        {hint.map(|hint| view! { <p class="quiet">{hint}</p> })}
        <table class="table setting" aria-label=word>
            <thead>
                <tr>
                    <th scope="col">"设置"</th>
                    <th scope="col">"现在的值"</th>
                    <th scope="col">"来源"</th>
                    <th scope="col">"名字"</th>
                </tr>
            </thead>
            <tbody>{of.into_iter().map(|setting| view! { <Row setting/> }).collect_view()}</tbody>
        </table>
    }
}

#[component]
fn Row(setting: Setting) -> impl IntoView {
    let Setting { name, variable, meaning, value, source, .. } = setting;
    let value = match value {
        SettingValue::Unset => view! { <span class="quiet">"未设置"</span> }.into_any(),
        SettingValue::Secret => "已设置（保密）".into_any(),
        SettingValue::Text(text) => text.into_any(),
    };
    let source = match source {
        Source::Default => view! { <span class="quiet">{words::setting_source(source)}</span> }.into_any(),
        _ => words::setting_source(source).into_any(),
    };
    view! {
        <tr>
            <th scope="row">{meaning}</th>
            <td data-label="现在的值">{value}</td>
            <td data-label="来源">{source}</td>
            <td data-label="名字"><code>{name}</code> <code class="table-second">{variable}</code></td>
        </tr>
    }
}
