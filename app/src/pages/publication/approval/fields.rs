//! The typed fields of the approval form.

use crate::parts::form::{FormState, Labelled, anchor, described};
use domain::fields::{ApprovalDraft, FieldId, Presence};
use leptos::either::Either;
use leptos::prelude::*;

/// 申请说明, 测试情况, 联系人, 联系电话, 期望上线日期.
#[component]
pub(super) fn TextFields(state: FormState<ApprovalDraft>) -> impl IntoView {
    view! {
        <Text state field=FieldId::Statement name="draft[statement]" value=state.first(|d| d.statement.clone())/>
        <Text state field=FieldId::TestReport name="draft[test_report]" value=state.first(|d| d.test_report.clone())/>
        <div class="field-pair">
            <Text state field=FieldId::ContactName name="draft[contact_name]" value=state.first(|d| d.contact_name.clone())/>
            <Text state field=FieldId::ContactPhone name="draft[contact_phone]" value=state.first(|d| d.contact_phone.clone())/>
        </div>
        <Text state field=FieldId::ExpectedDate name="draft[expected_date]" value=state.first(|d| d.expected_date.clone())/>
    }
}

#[component]
fn Text(state: FormState<ApprovalDraft>, field: FieldId, name: &'static str, value: String) -> impl IntoView {
    let fields = state.fields();
    let asks = if field == FieldId::ExpectedDate { Presence::Optional } else { Presence::Required };
    let wrong = move || fields.invalid(field);
    let id = anchor(field, None);
    let input = match field {
        FieldId::Statement | FieldId::TestReport => Either::Left(view! {
            <textarea
                id=id
                name=name
                rows="4"
                class="field-input"
                aria-describedby=described(field)
                aria-invalid=wrong
            >
                {value}
            </textarea>
        }),
        _ => Either::Right(view! {
            <input
                id=id
                name=name
                type=kind(field)
                autocomplete="off"
                value=value
                class="field-input"
                aria-describedby=described(field)
                aria-invalid=wrong
            />
        }),
    };
    view! { <Labelled fields field asks=Signal::stored(asks)>{input}</Labelled> }
}

const fn kind(field: FieldId) -> &'static str {
    match field {
        FieldId::ContactPhone => "tel",
        FieldId::ExpectedDate => "date",
        _ => "text",
    }
}
