//! 运行参数: each name with its value for test and for live.

use domain::fields::{Parameter, ParameterPair, side_by_side};
use leptos::prelude::*;

/// Both values side by side; a sentence where there are none.
#[component]
pub fn Parameters(
    /// The values for test.
    test: Vec<Parameter>,
    /// The values for live.
    live: Vec<Parameter>,
) -> impl IntoView {
    let pairs = side_by_side(&test, &live);
    if pairs.is_empty() {
        return view! { <p class="quiet">"没有运行参数"</p> }.into_any();
    }
    let value = |value: Option<String>| match value {
        Some(value) if value.is_empty() => view! { <span class="quiet">"（空）"</span> }.into_any(),
        Some(value) => view! { <code>{value}</code> }.into_any(),
        None => view! { <span class="quiet">"未设置"</span> }.into_any(),
    };
    let row = |ParameterPair { name, test, live }| {
        view! {
            <tr>
                <th scope="row"><code>{name}</code></th>
                <td data-label="测试值">{value(test)}</td>
                <td data-label="正式值">{value(live)}</td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"参数名"</th>
                    <th scope="col">"测试值"</th>
                    <th scope="col">"正式值"</th>
                </tr>
            </thead>
            <tbody>{pairs.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
