//! How many a filtered list has; and what a number of the 工单看板 counts, in words, each with the way to do without.

use super::address_of;
use crate::parts::counts::up_to_999;
use domain::dashboard::{AGES, DAYS};
use domain::query::{Counted, Ended, From, WorkOrderQuery};
use domain::view::dashboard::OrderList;
use domain::view::work_order::WorkOrderPage;
use domain::{RegionCode, words};
use leptos::prelude::*;
use leptos_router::components::A;

#[component]
pub(super) fn CountedWords(which: OrderList, query: WorkOrderQuery, page: WorkOrderPage) -> impl IntoView {
    let Some(found) = page.found else { return ().into_any() };
    let chip = |(text, counted): (String, Counted)| {
        let href = address_of(which, &WorkOrderQuery { counted, from: From::Start, ..query.clone() });
        view! {
            <li>
                <A href=href attr:class="filter-chip">{text} <span class="visually-hidden">"，去掉这个条件"</span></A>
            </li>
        }
    };
    let chips = in_words(&query.counted, page.reviewer).into_iter().map(chip).collect_view();
    view! {
        <div class="filter-chips">
            <p role="status">{format!("共 {} 条", up_to_999(found))}</p>
            <ul aria-label="看板的条件">{chips}</ul>
        </div>
    }
    .into_any()
}

/// Each part, with what is left without it.
fn in_words(counted: &Counted, reviewer: Option<String>) -> Vec<(String, Counted)> {
    let age = counted.age.and_then(|age| AGES.get(usize::from(age))).map(|(words, _)| format!("等了 {words}"));
    let place = |region: RegionCode| if region == RegionCode::PROVINCE { "省级" } else { region.name() };
    let ended = |ended| match ended {
        Ended::On(day) => format!("{day} 办结"),
        Ended::Lately => format!("{DAYS} 天内办结"),
    };
    let text = |text: &String, word: &str| (!text.is_empty()).then(|| format!("{word}：{text}"));
    let all = || counted.clone();
    let parts = [
        (age, Counted { age: None, ..all() }),
        (counted.overdue.then(|| "超时".to_owned()), Counted { overdue: false, ..all() }),
        (counted.region.map(|it| format!("在{}等", place(it))), Counted { region: None, ..all() }),
        (text(&counted.department, "建设部门"), Counted { department: String::new(), ..all() }),
        (counted.reviewer.map(|_| format!("等 {}", reviewer.unwrap_or_default())), Counted { reviewer: None, ..all() }),
        (counted.ended.map(ended), Counted { ended: None, ..all() }),
        (counted.status.map(|it| words::order_status(it).to_owned()), Counted { status: None, ..all() }),
        (counted.step.map(|step| format!("办过第 {step} 步")), Counted { step: None, ..all() }),
        (text(&counted.reason, "拒绝原因"), Counted { reason: String::new(), ..all() }),
    ];
    parts.into_iter().filter_map(|(words, rest)| Some((words?, rest))).collect()
}
