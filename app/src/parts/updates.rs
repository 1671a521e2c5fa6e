//! "有 3 条更新": what others changed since a page was read, behind a button.

use crate::parts::live::Live;
use crate::ui::updates::Updates;
use domain::view::live::News;
use leptos::prelude::*;

/// The button of a list; its click reads the list again.
#[component]
pub fn ListUpdates(
    /// The number of the newest change that the list shows.
    heard: i64,
    /// What counts.
    counts: impl Fn(&News) -> bool + Send + Sync + 'static,
    /// Reads again.
    reload: Callback<()>,
    /// Nothing is shown that would move: it is read again without a press.
    #[prop(optional)]
    at_once: bool,
) -> impl IntoView {
    let text = Memo::new(move |_| {
        let live = Live::get()?;
        let others = live.changed_since(heard).values().filter(|news| counts(news)).count();
        match others {
            0 => live.missed_since(heard).then(|| "有更新".to_owned()),
            n => Some(format!("有 {n} 条更新")),
        }
    });
    if at_once {
        Effect::new(move |_| {
            if text.with(Option::is_some) {
                reload.run(());
            }
        });
    }
    view! { <Updates text reload/> }
}

/// The button of the page of one thing.
#[component]
pub fn PageUpdates(
    /// The number of the newest change that the page shows.
    heard: i64,
    /// Whether the change is of what the page shows.
    concerns: impl Fn(&News) -> bool + Send + Sync + 'static,
    /// Reads again.
    reload: Callback<()>,
) -> impl IntoView {
    let text = Memo::new(move |_| {
        let live = Live::get()?;
        let changed = live.changed_since(heard).values().any(&concerns) || live.missed_since(heard);
        changed.then(|| "内容有更新，点此查看".to_owned())
    });
    view! { <Updates text reload/> }
}
