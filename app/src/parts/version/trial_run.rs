//! 试运行: what a browser saw of the preview — its picture, its console's errors, what it was not let load.

use domain::VersionId;
use domain::view::version::{Evidence, PageError};
use leptos::prelude::*;

/// The evidence that is kept with a version.
#[component]
pub fn TrialRun(
    /// Of which version.
    version: VersionId,
    /// What was seen.
    evidence: Evidence,
) -> impl IntoView {
    let Evidence { picture, errors, more, blocked, unreached } = evidence;
    // The hash, so that the picture of another run is asked for anew.
    let address = format!("/versions/{}/picture?{}", version.0, picture.get(..16).unwrap_or_default());
    let large = address.clone();
    let error = |error: PageError| {
        view! {
            <li>
                {error.place.map(|place| view! { <code>{place}</code> " " })}
                <span>{error.text}</span>
            </li>
        }
    };
    let addresses = |title: String, why: &'static str, all: Vec<String>| {
        (!all.is_empty()).then(|| view! {
            <h3>{title}</h3>
            <p class="quiet">{why}</p>
            <ul class="finding-places">{all.into_iter().map(|address| view! { <li><code>{address}</code></li> }).collect_view()}</ul>
        })
    };
    let count = errors.len();
    view! {
        <div class="trial-run">
            <a href=large target="_blank" rel="external noopener">
                <img class="trial-run-picture" src=address alt="首页在手机上的截图" width="195" height="422" loading="lazy"/>
            </a>
            <div class="stack">
                {if count == 0 {
                    view! { <p>"控制台没有错误。"</p> }.into_any()
                } else {
                    view! {
                        <h3>{format!("控制台错误 {} 条", count + more as usize)}</h3>
                        <ul class="finding-places">{errors.into_iter().map(error).collect_view()}</ul>
                        {(more > 0).then(|| view! { <p class="quiet">{format!("只显示前 {count} 条。")}</p> })}
                    }
                    .into_any()
                }}
                {addresses(
                    format!("被拦截的外部地址 {} 个", blocked.len()),
                    "没有声明的外部地址，上线后同样打不开。",
                    blocked,
                )}
                {addresses(
                    format!("没有加载的外部地址 {} 个", unreached.len()),
                    "已放行，但试运行时不联网，截图里没有它们的内容。",
                    unreached,
                )}
            </div>
        </div>
    }
    .into_any()
}
