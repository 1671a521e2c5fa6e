//! 运行: 健康, 运行参数, the external hosts of what is live, and what browsers refused.

use crate::parts::health::Health;
use crate::parts::parameters::Parameters;
use crate::parts::refused::Refused;
use domain::fields::HostDraft;
use domain::view::publication::PublicationDetail;
use domain::view::running::RunningView;
use leptos::prelude::*;

/// The cards.
#[component]
pub(super) fn Running(detail: PublicationDetail, running: RunningView) -> impl IntoView {
    let health = view! {
        <section class="card">
            <h2>"健康"</h2>
            <Health health=running.health every_ms=running.probed_every_ms/>
        </section>
    };
    if !detail.hosted {
        return view! {
            {health}
            <p class="quiet">"这个应用不由平台托管，在它自己的地址上运行。"</p>
        }
        .into_any();
    }
    let host = |host: HostDraft| view! { <dt><code>{host.host}</code></dt> <dd>{host.purpose}</dd> };
    let hosts = match running.hosts {
        _ if detail.live_address.is_empty() => view! { <p class="quiet">"还没有上线的版本"</p> }.into_any(),
        hosts if hosts.is_empty() => view! { <p class="quiet">"线上版本没有声明外部域名"</p> }.into_any(),
        hosts => view! { <dl class="facts facts-plain">{hosts.into_iter().map(host).collect_view()}</dl> }.into_any(),
    };
    view! {
        {health}
        <section class="card">
            <h2>"运行参数"</h2>
            <Parameters test=detail.test_parameters live=detail.registration.parameters/>
        </section>
        <section class="card">
            <h2>"线上版本的外部域名"</h2>
            {hosts}
        </section>
        <section class="card">
            <h2>"运行时外链"</h2>
            <Refused hosts=running.refused/>
        </section>
    }
    .into_any()
}
