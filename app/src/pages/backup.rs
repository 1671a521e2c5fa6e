//! 备份, for the system administrator: making one, what there is, and the command that brings one back.

use crate::api::ApiError;
use crate::api::backup::{BackupMake, BackupVerify, backup_list, backup_make, backup_verify};
use crate::pages::Page;
use crate::parts::again::Again;
use crate::parts::clock::Ago;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::row_deed::{DeedFailed, RowDeed};
use crate::ui::copy::Copy;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::view::backup::{BackupDeed, BackupPage as Lying, BackupRow, BackupWork, FailedWork, Held, Verified};
use domain::{Role, UtcMillis, text};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// A site that was not backed up for so long is told so. Milliseconds.
const LONG_AGO: i64 = 2 * 24 * 60 * 60 * 1000;

/// The page.
pub struct BackupPage {
    page: Read<Result<Lying, ApiError>>,
}

/// 立即备份, or 校验 of the one with this name.
type Doing = Action<Option<String>, Result<(), ApiError>>;

impl Page for BackupPage {
    fn data() -> Self {
        Self { page: ask(|| (), |()| backup_list()) }
    }

    fn view(this: Self) -> AnyView {
        let page = this.page;
        let doing: Doing = Action::new(|name: &Option<String>| carry_out(name.clone()));
        Effect::new(move |_| {
            if doing.value().get().is_some() {
                page.refetch();
            }
        });
        let again = Callback::new(move |()| page.refetch());
        let draw = move |read: Lying| view! { <All read doing again/> }.into_any();
        view! {
            <Gate roles=&[Role::SystemAdministrator]>
                <PageTitle text="备份"/>
                <DeedFailed doing/>
                <Loaded data=page part=true draw/>
            </Gate>
        }
        .into_any()
    }
}

async fn carry_out(name: Option<String>) -> Result<(), ApiError> {
    match name {
        Some(name) => backup_verify(name).await,
        None => backup_make().await,
    }
}

#[component]
fn All(read: Lying, doing: Doing, again: Callback<()>) -> impl IntoView {
    let Lying { server, folder, free_bytes, unreadable, postgres, working, failed, rows, total, daily, now } = read;
    let Some(folder) = folder else {
        return view! { <div class="empty"><p>"这台服务器没有设置备份目录，不能在页面上备份。"</p></div> }.into_any();
    };
    let is_running = working.is_some();
    let free = free_bytes.map(|bytes| format!("，还剩 {}", text::size(bytes))).unwrap_or_default();
    let newest = rows.iter().find_map(|row| row.held.clone());
    // What a 校验 found to be damaged brings nothing back.
    let is_good = |row: &&BackupRow| row.held.as_ref().is_some_and(|held| !held.is_damaged());
    let example = rows.iter().find(is_good).map(|row| row.path.clone());
    let path = example.unwrap_or_else(|| format!("{folder}/2026-11-24-023000"));
    view! {
        <p class="quiet">
            {format!("备份在服务器 {server} 的 ")} <code>{folder}</code>
            {format!(" 里{free}。备份包括数据库和全部文件，不影响大家使用；没有加密，请再复制到别的机器上安全保存。")}
        </p>
        {daily.map(|daily| view! {
            <p class="quiet">
                {format!("每天 {} 自动备份一次，保留最近 {} 份自动备份；手工的备份不会自动删除。", daily.at, daily.keep)}
            </p>
        })}
        {unreadable.clone().map(|why| view! { <p class="notice notice-danger" role="alert">{why}</p> })}
        {failed.map(|failed| view! { <Failed failed/> })}
        <div role="status">
            {match working {
                Some(working) => view! { <Working working now/> }.into_any(),
                None if unreadable.is_some() => ().into_any(),
                None => view! { <Newest newest now/> }.into_any(),
            }}
        </div>
        <Again is_running again/>
        <div class="page-head">
            <h2>"已有的备份"</h2>
            <Make doing is_running/>
        </div>
        {(usize::try_from(total).is_ok_and(|total| total > rows.len())).then(|| view! {
            <p class="quiet">{format!("共 {total} 份，下面是最近的 {} 份。", rows.len())}</p>
        })}
        <Rows rows doing is_running now/>
        <Restore path postgres/>
    }
    .into_any()
}

/// Whether the site would come back.
#[component]
fn Newest(newest: Option<Held>, now: UtcMillis) -> impl IntoView {
    let (class, said) = match newest {
        None => ("notice notice-warning", "还没有备份：机器一旦损坏，什么都找不回来。请现在备份一次。".to_owned()),
        Some(held) if held.is_damaged() => {
            ("notice notice-danger", "最近一次备份已损坏，恢复不了。请再备份一次，并检查备份目录的磁盘。".to_owned())
        }
        Some(held) if now.0 - held.made_at.0 > LONG_AGO => {
            ("notice notice-warning", format!("最近一次备份：{}。请再备份一次。", held.made_at.ago_text(now)))
        }
        Some(held) => ("notice notice-success", format!("最近一次备份：{}。", held.made_at.ago_text(now))),
    };
    view! { <p class=class>{said}</p> }
}

#[component]
fn Failed(failed: FailedWork) -> impl IntoView {
    let FailedWork { deed, name, at, why } = failed;
    let what = match deed {
        BackupDeed::Make => "备份",
        BackupDeed::Verify => "校验",
    };
    view! {
        <p class="notice notice-danger" role="alert">
            {format!("{} 的{what} {name} 没有成功：{why}", at.local_text())}
        </p>
    }
}

#[component]
fn Working(working: BackupWork, now: UtcMillis) -> impl IntoView {
    let BackupWork { deed, name, by, since, files, bytes } = working;
    let what = match deed {
        BackupDeed::Make => "备份",
        BackupDeed::Verify => "校验",
    };
    let far = match files {
        0 => "正在读数据库".to_owned(),
        files => format!("已完成 {files} 个文件，{}", text::size(bytes)),
    };
    view! {
        <p class="notice">
            {format!("正在{what} {name}（{by}，")} <Ago at=since now/> {format!("开始）：{far}。可以离开这个页面。")}
        </p>
    }
}

#[component]
fn Make(doing: Doing, is_running: bool) -> impl IntoView {
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        doing.dispatch(None);
    };
    let busy = move || is_running || doing.pending().get();
    view! {
        <form method="post" action=BackupMake::PATH on:submit=send>
            <button type="submit" class="button button-main" disabled=busy>
                {move || if busy() { "正在进行……" } else { "立即备份" }}
            </button>
        </form>
    }
}

#[component]
fn Rows(rows: Vec<BackupRow>, doing: Doing, is_running: bool, now: UtcMillis) -> impl IntoView {
    if rows.is_empty() {
        return view! { <div class="empty"><p>"这里还没有备份"</p></div> }.into_any();
    }
    let row = move |row: BackupRow| match row.held {
        Some(held) => view! { <Whole name=row.name held doing is_running now/> }.into_any(),
        None => view! { <Unfinished name=row.name/> }.into_any(),
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"备份"</th>
                    <th scope="col">"大小"</th>
                    <th scope="col">"谁"</th>
                    <th scope="col">"版本"</th>
                    <th scope="col">"校验"</th>
                    <th scope="col">"操作"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn Whole(name: String, held: Held, doing: Doing, is_running: bool, now: UtcMillis) -> impl IntoView {
    let Held { made_at, by, server, version, rows, files, bytes, lacks, verified } = held;
    let size = format!("{files} 个文件，{rows} 行数据");
    let who = by.unwrap_or_else(|| "命令行".to_owned());
    let lacking = (lacks > 0).then(|| {
        view! { <span class="state-chip state-chip-staff">{format!("平台自己缺 {lacks} 个文件")}</span> }
    });
    view! {
        <tr>
            <th scope="row">{name.clone()} <span class="table-second"><Ago at=made_at now/></span></th>
            <td data-label="大小">{text::size(bytes)} <span class="table-second">{size}</span></td>
            <td data-label="谁">{who} {server.map(|server| view! { <span class="table-second">{server}</span> })}</td>
            <td data-label="版本">{version}</td>
            <td data-label="校验">{checked(verified)} {lacking}</td>
            <td class="table-actions">
                <RowDeed
                    path=BackupVerify::PATH
                    with=vec![("name", name.clone())]
                    deed=Some(name.clone())
                    doing
                    word="校验"
                    of=name
                    off=is_running
                />
            </td>
        </tr>
    }
}

fn checked(verified: Option<Verified>) -> AnyView {
    let Some(Verified { at, by, wrong }) = verified else {
        return view! { "制作时逐个文件校验过" }.into_any();
    };
    let (class, said) = match &wrong {
        None => ("state-chip state-chip-live", "完好"),
        Some(_) => ("state-chip state-chip-refused", "损坏"),
    };
    view! {
        <span class=class>{said}</span>
        <span class="table-second">{format!("{}，{by}", at.local_text())}</span>
        {wrong.map(|wrong| view! { <span class="table-second">{wrong}</span> })}
    }
    .into_any()
}

#[component]
fn Unfinished(name: String) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td data-label="大小">"—"</td>
            <td data-label="谁">"—"</td>
            <td data-label="版本">"—"</td>
            <td data-label="校验">
                <span class="state-chip">"没有完成"</span>
                <span class="table-second">"正在制作，或者中断了；中断的没有用，可以删除"</span>
            </td>
            <td class="table-actions">"—"</td>
        </tr>
    }
}

/// Nothing is restored over what is there: so there is no button for it.
#[component]
fn Restore(path: String, postgres: bool) -> impl IntoView {
    let command = match postgres {
        true => format!("DATABASE_URL=postgres://…/新建的空库 server --data /srv/irs-new restore {path}"),
        false => format!("server --data /srv/irs-new restore {path}"),
    };
    let place = match postgres {
        true => "先用 createdb 建一个空库，再把 /srv/irs-new 换成新的数据目录。",
        false => "把 /srv/irs-new 换成新的数据目录。",
    };
    view! {
        <section class="card" aria-labelledby="restore">
            <h2 id="restore">"恢复"</h2>
            <p>
                "恢复只能在服务器上用命令进行，而且只能恢复到空的地方，不会覆盖现有的数据。用服务的账号执行："
            </p>
            <p class="backup-command"><code>{command.clone()}</code> <Copy text=command/></p>
            <p class="quiet">
                {place} "恢复时校验每个文件和审计日志，然后用新的数据目录启动服务；会话和 API 令牌失效，定时和分批的上线计划暂停。"
            </p>
        </section>
    }
}
