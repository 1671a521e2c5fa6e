//! 运行时外链: external hosts that browsers refused to load, because the version did not declare them.

use domain::view::running::RefusedHost;
use leptos::prelude::*;

/// The hosts with how often and when last; a sentence where there are none.
#[component]
pub fn Refused(
    /// What came last first.
    hosts: Vec<RefusedHost>,
) -> impl IntoView {
    if hosts.is_empty() {
        return view! { <p class="quiet">"没有。应用只访问了声明过的域名。"</p> }.into_any();
    }
    let row = |refused: RefusedHost| {
        view! {
            <tr>
                <th scope="row"><code>{refused.host}</code></th>
                <td data-label="次数">{refused.count}</td>
                <td data-label="最近一次">
                    <time datetime=refused.last_at.datetime()>{refused.last_at.local_text()}</time>
                </td>
            </tr>
        }
    };
    view! {
        <p class="quiet">"浏览器按外部域名清单拒绝了对这些域名的访问（预览和线上合计）。确实需要的，在下一个版本中声明并写明用途；不需要的，从代码中去掉。"</p>
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"域名"</th>
                    <th scope="col">"次数"</th>
                    <th scope="col">"最近一次"</th>
                </tr>
            </thead>
            <tbody>{hosts.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
