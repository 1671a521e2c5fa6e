//! The typed fields of the approval form.

use crate::parts::form::{FormState, TypedField};
use domain::fields::{ApprovalDraft, FieldId, Presence};
use leptos::prelude::*;

/// 申请说明, 测试情况, 联系人, 联系电话, 期望上线日期.
#[component]
pub(super) fn TextFields(state: FormState<ApprovalDraft>) -> impl IntoView {
    let text = move |field: FieldId, name: &'static str, value: fn(&ApprovalDraft) -> &String| {
        let asks = if field == FieldId::ExpectedDate { Presence::Optional } else { Presence::Required };
        let value = state.first(|draft| value(draft).clone());
        view! { <TypedField fields=state.fields() field name value asks/> }
    };
    view! {
        {text(FieldId::Statement, "draft[statement]", |d| &d.statement)}
        {text(FieldId::TestReport, "draft[test_report]", |d| &d.test_report)}
        <div class="field-pair">
            {text(FieldId::ContactName, "draft[contact_name]", |d| &d.contact_name)}
            {text(FieldId::ContactPhone, "draft[contact_phone]", |d| &d.contact_phone)}
        </div>
        {text(FieldId::ExpectedDate, "draft[expected_date]", |d| &d.expected_date)}
    }
}
