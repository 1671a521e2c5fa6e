//! Before and after: what a change asks for.

use domain::fields::{Change, FieldId};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

/// A row a changed field; of a set, what came and what went.
#[component]
pub fn Comparison(
    /// The changed fields, in the form's order.
    changes: Vec<Change>,
) -> impl IntoView {
    let row = |change: Change| {
        let is_set = !change.added.is_empty() || !change.removed.is_empty();
        let after = if is_set {
            EitherOf3::A(came_and_went(change.added, change.removed))
        } else if change.field == FieldId::Icon {
            EitherOf3::B(picture(&change.after))
        } else {
            EitherOf3::C(change.after)
        };
        let before = match change.field {
            FieldId::Icon => Either::Left(picture(&change.before)),
            _ => Either::Right(change.before),
        };
        view! {
            <tr>
                <th scope="row">{change.field.label()}</th>
                <td data-label="变更前" class="comparison-before">{before}</td>
                <td data-label="变更后">{after}</td>
            </tr>
        }
    };
    view! {
        <table class="table comparison">
            <thead>
                <tr><th scope="col">"字段"</th><th scope="col">"变更前"</th><th scope="col">"变更后"</th></tr>
            </thead>
            <tbody>{changes.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

/// What a set has in addition, and no longer.
pub fn came_and_went(came: Vec<String>, went: Vec<String>) -> impl IntoView + use<> {
    let line = |mark: &'static str, class: &'static str, said: &'static str| {
        move |text: String| {
            view! {
                <li class=class><span aria-hidden="true">{mark}</span><span class="visually-hidden">{said}</span>{text}</li>
            }
        }
    };
    view! {
        <ul class="comparison-set">
            {came.into_iter().map(line("＋", "comparison-came", "增加：")).collect_view()}
            {went.into_iter().map(line("－", "comparison-went", "去掉：")).collect_view()}
        </ul>
    }
}

/// 图标 is compared by looking at it.
fn picture(hash: &str) -> impl IntoView + use<> {
    view! { <img src=format!("/icon/{hash}") width="60" height="60" alt="图标"/> }
}
