//! What differs from the version that was live before, or from another that was chosen.

use crate::api::ApiError;
use crate::parts::comparison::came_and_went;
use domain::text::size;
use domain::view::difference::{DependencyChange, FileChange, FileDifference, FindingChange, VersionDifference};
use leptos::prelude::*;

/// Files, external hosts, dependencies, findings.
#[component]
pub fn Difference(
    /// `None`: nothing was live before.
    difference: Result<Option<VersionDifference>, ApiError>,
) -> impl IntoView {
    let of = match difference {
        Ok(Some(difference)) => difference,
        Ok(None) => return view! { <p class="quiet">"之前没有上线过的版本，没有可比较的。"</p> }.into_any(),
        Err(error) => return view! { <p class="quiet">{error.to_string()}</p> }.into_any(),
    };
    let with = if of.live { "（最近上线的版本）" } else { " " };
    let with = view! { <p class="quiet">{format!("与版本 {}{with}比较", of.number)}</p> };
    if of.is_empty() {
        return view! { {with} <p>"内容相同，没有差异。"</p> }.into_any();
    }
    view! {
        {with}
        <dl class="facts facts-plain">
            <dt>"文件"</dt>
            <dd>{files(of.files)}</dd>
            <dt>"外部域名"</dt>
            <dd>{hosts(of.hosts_added, of.hosts_removed)}</dd>
            <dt>"依赖"</dt>
            <dd>{dependencies(of.dependencies, of.dependencies_changed)}</dd>
            <dt>"检测结果"</dt>
            <dd>{findings(of.findings)}</dd>
        </dl>
    }
    .into_any()
}

fn unchanged() -> AnyView {
    view! { <span class="quiet">"没有变化"</span> }.into_any()
}

fn files(of: Option<FileDifference>) -> AnyView {
    let Some(of) = of else {
        return view! { <span class="quiet">"两个版本都部署到测试环境之后才能比较"</span> }.into_any();
    };
    if of.files.is_empty() {
        return unchanged();
    }
    let sentence = format!(
        "新增 {} · 修改 {} · 删除 {} · 未变 {}，共 {} → {}",
        of.added,
        of.changed,
        of.removed,
        of.same,
        size(of.bytes_before),
        size(of.bytes_after)
    );
    let more = (of.added + of.changed + of.removed) as usize - of.files.len();
    let line = |file: FileChange| {
        let (mark, said, class, bytes) = match (file.before, file.after) {
            (None, after) => ("＋", "新增：", "comparison-came", size(after.unwrap_or_default())),
            (Some(before), None) => ("－", "删除：", "comparison-went", size(before)),
            (Some(before), Some(after)) => ("～", "修改：", "", format!("{} → {}", size(before), size(after))),
        };
        view! {
            <li>
                <span class=class><span aria-hidden="true">{mark}</span><span class="visually-hidden">{said}</span></span>
                " " <code>{file.path}</code> " " <span class="quiet">{bytes}</span>
            </li>
        }
    };
    view! {
        <details class="difference">
            <summary>{sentence}</summary>
            <ul>{of.files.into_iter().map(line).collect_view()}</ul>
            {(more > 0).then(|| view! { <p class="quiet">{format!("还有 {more} 个文件没有列出")}</p> })}
        </details>
    }
    .into_any()
}

fn hosts(came: Vec<String>, went: Vec<String>) -> AnyView {
    if came.is_empty() && went.is_empty() { unchanged() } else { came_and_went(came, went).into_any() }
}

fn dependencies(changes: Vec<DependencyChange>, all: u32) -> AnyView {
    if changes.is_empty() {
        return unchanged();
    }
    let more = all as usize - changes.len();
    let direct = changes.iter().filter(|change| change.direct).count();
    let (first, brought): (Vec<_>, Vec<_>) = changes.into_iter().partition(|change| change.direct);
    let line = |change: DependencyChange| {
        let text = match (change.before.as_str(), change.after.as_str()) {
            ("", after) => format!("新增 {after}"),
            (before, "") => format!("去掉 {before}"),
            (before, after) => format!("{before} → {after}"),
        };
        view! { <li><code>{change.name}</code> " " <span class="quiet">{text}</span></li> }
    };
    let brought = (!brought.is_empty()).then(|| {
        view! {
            <details>
                <summary>{format!("间接依赖变化 {} 个", all as usize - direct)}</summary>
                <ul>{brought.into_iter().map(line).collect_view()}</ul>
                {(more > 0).then(|| view! { <p class="quiet">{format!("还有 {more} 个没有列出")}</p> })}
            </details>
        }
    });
    view! {
        <div class="difference">
            {(!first.is_empty()).then(|| view! { <ul>{first.into_iter().map(line).collect_view()}</ul> })}
            {brought}
        </div>
    }
    .into_any()
}

fn findings(changes: Vec<FindingChange>) -> AnyView {
    if changes.is_empty() {
        return unchanged();
    }
    let line = |change: FindingChange| {
        let (before, after) = (change.before, change.after);
        let class = if after > before { "comparison-went" } else { "comparison-came" };
        view! { <li>{change.what} " " <span class=class>{format!("{before} → {after} 处")}</span></li> }
    };
    view! { <ul class="comparison-set">{changes.into_iter().map(line).collect_view()}</ul> }.into_any()
}
