//! What a person does with the list as a whole: 密度, 列, 导出, 刷新. The first two need scripts and are kept for the next visit.

use crate::ui::look::{DENSITY, HIDDEN};
use crate::ui::menu::MenuButton;
use crate::ui::query_form::address;
use domain::Side;
use domain::query::{From, PublicationQuery};
use leptos::prelude::*;

/// The columns that may be hidden.
const COLUMNS: [(&str, &str); 3] = [("channel", "发布端"), ("turn", "轮到谁"), ("updated", "更新时间")];

/// The tools, at the end of the filters.
#[component]
pub(super) fn Tools(side: Side, query: Memo<PublicationQuery>, reload: Callback<()>) -> impl IntoView {
    let compact = RwSignal::new(DENSITY.has("compact"));
    let column = |(word, label): (&'static str, &'static str)| {
        let shown = RwSignal::new(!HIDDEN.has(word));
        view! {
            <li>
                <label class="menu-item">
                    <input
                        type="checkbox"
                        checked=shown.get_untracked()
                        prop:checked=shown
                        on:change=move |_| shown.set(!HIDDEN.turn(word))
                    />
                    {label}
                </label>
            </li>
        }
    };
    let file = move |ending: &str| {
        let whole = query.with(|query| PublicationQuery { from: From::Start, ..query.clone() });
        address(&format!("/export/{}/{ending}", side.id()), &whole.parameters())
    };
    view! {
        <div class="list-tools">
            <button
                type="button"
                class="button with-scripts list-density"
                aria-pressed=move || compact.get().to_string()
                on:click=move |_| compact.set(DENSITY.turn("compact"))
            >
                "紧凑"
            </button>
            <div class="with-scripts list-columns">
                <MenuButton label="列" of="显示哪些列".to_owned()>{COLUMNS.map(column).collect_view()}</MenuButton>
            </div>
            <MenuButton label="导出" of="当前筛选的全部结果".to_owned()>
                <li><a href=move || file("csv") class="menu-item" download rel="external">"CSV"</a></li>
                <li><a href=move || file("xlsx") class="menu-item" download rel="external">"XLSX"</a></li>
                <li class="menu-item quiet">"最多 10000 条"</li>
            </MenuButton>
            <button type="button" class="button with-scripts" on:click=move |_| reload.run(())>"刷新"</button>
        </div>
    }
}
