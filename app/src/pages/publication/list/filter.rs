//! The filters: a form whose answer is an address.

use super::address;
use crate::api::publication::list_path;
use crate::parts::regions::regions;
use crate::ui::query_form::{KeywordField, QueryForm};
use crate::ui::select::{Choice, Options};
use domain::query::PublicationQuery;
use domain::{Side, words};
use leptos::prelude::*;
use leptos_router::components::A;

/// 关键字, 发布端, 地区, 更新时间; what else the address says stays.
#[component]
pub(super) fn Filters(side: Side, query: Memo<PublicationQuery>) -> impl IntoView {
    let keyword = Signal::derive(move || query.with(|query| query.keyword.clone()));
    let kept = move |name: &'static str| {
        let value = move || {
            let found = query.with(PublicationQuery::parameters).into_iter().find(|(other, _)| *other == name);
            found.map(|(_, value)| value).unwrap_or_default()
        };
        view! { <input type="hidden" name=name value=value/> }
    };
    let reset = move || {
        let bare = PublicationQuery { system: query.with(|query| query.system), ..PublicationQuery::default() };
        address(side, &bare)
    };
    view! {
        <QueryForm action=list_path(side)>
            <KeywordField value=keyword placeholder="服务名称或服务ID"/>
            <Choice name="channel" label="发布端" options=channels(side) chosen=move || chosen(query, "channel")/>
            <Choice name="region" label="地区" options=regions() chosen=move || chosen(query, "region")/>
            <Choice name="days" label="更新时间" options=days() chosen=move || chosen(query, "days")/>
            {["state", "system", "size"].map(kept).collect_view()}
            <button type="submit" class="button button-main">"查询"</button>
            <A href=reset attr:class="button">"重置"</A>
        </QueryForm>
    }
}

fn chosen(query: Memo<PublicationQuery>, name: &str) -> String {
    let parameters = query.with(PublicationQuery::parameters);
    parameters.into_iter().find(|(other, _)| *other == name).map(|(_, value)| value).unwrap_or_default()
}

fn channels(side: Side) -> Options {
    side.channels().iter().map(|channel| (channel.id().to_owned(), words::channel(*channel).to_owned())).collect()
}

fn days() -> Options {
    [(1, "一天内"), (7, "七天内"), (30, "三十天内")].map(|(n, word)| (n.to_string(), word.to_owned())).to_vec()
}
