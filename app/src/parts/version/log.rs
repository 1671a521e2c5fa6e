//! The log of a stage: follows while the stage runs.

use crate::api::version::version_log;
use domain::{Stage, VersionId, words};
use leptos::html;
use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::location::Url;
use std::time::Duration;

/// How often a log that grows is asked for more.
const ASK_EVERY: Duration = Duration::from_millis(700);

/// Asks for the log when it is opened, and goes on until the stage is over.
#[component]
pub fn LogPane(
    /// Which version.
    version: VersionId,
    /// Which stage.
    stage: Stage,
    /// Whether it is open from the start.
    open: bool,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let last = StoredValue::new(-1_i64);
    let asking = StoredValue::new(false);
    let timer = StoredValue::new(None::<IntervalHandle>);
    let pane = NodeRef::<html::Pre>::new();
    let (follow, set_follow) = signal(true);
    let (wrap, set_wrap) = signal(false);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    };
    on_cleanup(stop);
    let ask = move || {
        if asking.get_value() {
            return;
        }
        asking.set_value(true);
        spawn_local(async move {
            let page = version_log(version, stage, last.get_value()).await;
            // The page may be gone by now.
            if asking.try_set_value(false).is_some() {
                return;
            }
            if let Ok(page) = page {
                if let Some(piece) = page.pieces.last() {
                    last.set_value(piece.number);
                    text.update(|text| text.extend(page.pieces.iter().map(|piece| piece.body.as_str())));
                }
                if page.over {
                    stop();
                }
            }
        });
    };
    let begin = move || {
        stop();
        ask();
        timer.set_value(set_interval_with_handle(ask, ASK_EVERY).ok());
    };
    Effect::new(move |_| {
        if open {
            begin();
        }
    });
    Effect::new(move |_| {
        text.track();
        if let Some(pane) = pane.get().filter(|_| follow.get()) {
            pane.set_scroll_top(pane.scroll_height());
        }
    });
    let toggled = move |event: web_sys::Event| {
        let details = event_target::<web_sys::HtmlDetailsElement>(&event);
        if details.open() { begin() } else { stop() }
    };
    let download = move || {
        let encoded = text.with(|text| Url::escape(text));
        format!("data:text/plain;charset=utf-8,{encoded}")
    };
    view! {
        <details class="log" open=open on:toggle=toggled>
            <summary>{format!("{}日志", words::stage(stage))}</summary>
            <div class="log-tools">
                <label class="choice">
                    <input type="checkbox" prop:checked=follow on:change=move |e| set_follow.set(event_target_checked(&e))/>
                    "跟随"
                </label>
                <label class="choice">
                    <input type="checkbox" prop:checked=wrap on:change=move |e| set_wrap.set(event_target_checked(&e))/>
                    "换行"
                </label>
                <a class="button" href=download download=format!("{}.log", stage.id()) rel="external">"下载"</a>
            </div>
            <pre class="log-text" class:log-wrapped=wrap node_ref=pane tabindex="0" aria-label=format!("{}日志", words::stage(stage))>
                {move || text.with(|text| if text.is_empty() { "（还没有输出）".to_owned() } else { text.clone() })}
            </pre>
        </details>
    }
    .into_any()
}
