//! 信息: what is registered, grouped as the form.

use domain::fields::diff::text;
use domain::fields::table::REGISTRATION;
use domain::fields::{FieldId, Form, Group, Phones, Presence, ValidRegistration, presence};
use domain::view::publication::PublicationDetail;
use domain::words;
use leptos::prelude::*;

/// The cards of the form, read-only.
#[component]
pub(super) fn Info(detail: PublicationDetail) -> impl IntoView {
    let card = move |group: Group| {
        let fields = REGISTRATION.iter().filter(|field| field.group == group);
        let fact = |field: FieldId| {
            let text = value(field, &detail)?;
            Some(view! { <dt>{field.label()}</dt> <dd>{text}</dd> })
        };
        let facts: Vec<_> = fields.filter_map(|field| fact(field.id)).collect();
        (!facts.is_empty()).then(|| {
            view! {
                <section class="card">
                    <h2>{group.title()}</h2>
                    <dl class="facts facts-plain">{facts}</dl>
                </section>
            }
        })
    };
    [Group::Basic, Group::Address, Group::Scope, Group::Developer, Group::Flow].map(card).collect_view()
}

/// The field's value in words; `None` where this kind of publication has no such field.
fn value(field: FieldId, detail: &PublicationDetail) -> Option<String> {
    let of: &ValidRegistration = &detail.registration;
    let form = Form::Existing(of.shape);
    if presence(field, form, &of.shape) == Presence::Absent {
        return None;
    }
    Some(match field {
        FieldId::Channels => of.shape.channels.iter().map(words::channel).collect::<Vec<_>>().join("、"),
        FieldId::Type => words::publication_type(of.shape.kind).to_owned(),
        FieldId::Hosting => if of.shape.hosted { "是" } else { "否" }.to_owned(),
        FieldId::System => detail.system_name.clone(),
        FieldId::Department => detail.department.clone(),
        FieldId::ServiceId => detail.row.service_id.clone(),
        FieldId::MobileUrl if detail.hosted && detail.live_address.is_empty() => "上线后生成".to_owned(),
        FieldId::MobileUrl if detail.hosted => detail.live_address.clone(),
        // Shown as a picture in the head, or told by the department.
        FieldId::Icon | FieldId::DepartmentId => return None,
        // Whoever may not see numbers whole has them masked already.
        other => text(other, of, Phones::Whole),
    })
}
