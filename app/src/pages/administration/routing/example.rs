//! 试一试: which steps an example would take by the rules as they are typed, and who could decide them.

use super::rule::{Select, regions};
use crate::api::ApiError;
use crate::api::routing::routing_preview;
use crate::parts::form::{ShortForm, typed};
use domain::fields::{ExampleDraft, RouteDraft, RoutingDraft};
use domain::view::work_order::RouteView;
use domain::{OrderKind, Side, words};
use leptos::prelude::*;
use serde::Deserialize;

/// What the form holds: the rules, and what they are tried with.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Tried {
    routes: Vec<RouteDraft>,
    takes: Vec<String>,
    example: ExampleDraft,
}

#[component]
pub(super) fn Example(form: ShortForm<RoutingDraft>) -> impl IntoView {
    let attempt =
        Action::new(|(draft, example): &(RoutingDraft, ExampleDraft)| routing_preview(draft.clone(), example.clone()));
    let run = move |_| {
        if let Some(tried) = form.element.get_untracked().and_then(|form| typed::<Tried>(&form)) {
            attempt.dispatch((RoutingDraft { routes: tried.routes, takes: tried.takes }, tried.example));
        }
    };
    let kinds = OrderKind::ALL.map(|kind| (kind.id().to_owned(), words::order_kind(kind).to_owned())).to_vec();
    let sides = Side::ALL.map(|side| (side.id().to_owned(), words::side(side).to_owned())).to_vec();
    let unified = [("no", "自建"), ("yes", "统建")].map(|(id, word)| (id.to_owned(), word.to_owned())).to_vec();
    let name = |part: &str| format!("draft[example][{part}]");
    let found = move || match attempt.value().get()? {
        Ok(route) => Some(view! { <Found route/> }.into_any()),
        Err(ApiError::Invalid(errors)) => {
            form.known(errors);
            Some(view! { <p class="notice notice-danger" role="alert">"规则里还有错误，改好后再试。"</p> }.into_any())
        }
        Err(error) => Some(view! { <p class="notice notice-danger" role="alert">{error.to_string()}</p> }.into_any()),
    };
    view! {
        <section class="card with-scripts" aria-labelledby="try">
            <h2 id="try">"试一试"</h2>
            <p class="quiet">"用上面填写的规则（不必先保存），看一张工单会走哪些步骤、谁能审批。"</p>
            <div class="routing-pairs">
                <Select name=name("kind") label="工单种类" nothing="" options=kinds chosen=String::new()/>
                <Select name=name("side") label="哪一侧" nothing="" options=sides chosen=String::new()/>
                <Select name=name("department_region") label="建设部门在" nothing="" options=regions() chosen=String::new()/>
                <Select name=name("unified") label="统建或自建（治理侧）" nothing="" options=unified chosen=String::new()/>
                <Select name=name("region") label="所属区域（治理侧）" nothing="同建设部门" options=regions() chosen=String::new()/>
                <div class="field">
                    <label for="example-department">"部门浙政钉ID（可不填）"</label>
                    <input id="example-department" name=name("department") class="field-input" autocomplete="off"/>
                </div>
            </div>
            <button type="button" class="button routing-more" disabled=attempt.pending() on:click=run>"试一试"</button>
            <div role="status">{found}</div>
        </section>
    }
    .into_any()
}

#[component]
fn Found(route: RouteView) -> impl IntoView {
    let step = |step: domain::view::work_order::RouteStep| {
        let people = if step.people.is_empty() { "没有人".to_owned() } else { step.people.join("、") };
        view! { <li><strong>{step.name}</strong> {format!("，{}：{people}", step.need)}</li> }
    };
    view! {
        {route.blocked.map(|text| view! { <p class="notice notice-warning">{text}</p> })}
        <ol>{route.steps.into_iter().map(step).collect_view()}</ol>
    }
}
