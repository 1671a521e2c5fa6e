//! 运行参数 on the workbench: both values side by side; developers set those for test.

use crate::api::ApiError;
use crate::api::developer::developer_save_test_parameters;
use crate::parts::form::{ErrorSummary, Fields, PairRows, PairText, Pairs, typed};
use crate::parts::parameters::Parameters;
use domain::PublicationId;
use domain::fields::{FieldErrors, FieldId, Parameter, ParameterDraft, Presence, TestDraft, validate_test_parameters};
use domain::view::publication::PublicationDetail;
use leptos::html;
use leptos::prelude::*;

static TEST_PARAMETERS: Pairs = Pairs {
    field: FieldId::TestParameters,
    list: "parameters",
    texts: [
        PairText { name: "name", label: "参数名", kind: "text" },
        PairText { name: "value", label: "测试值", kind: "text" },
    ],
    one: "个运行参数",
    add: "添加运行参数",
    least: 0,
};

/// The card. Only in the browser, as the form of an upload: what is typed stays while the rest of the page is read again.
#[component]
pub(super) fn TestValues(detail: Signal<Option<PublicationDetail>>, changed: Callback<()>) -> impl IntoView {
    let hosted = Memo::new(move |_| detail.with(|detail| detail.as_ref().filter(|d| d.hosted).map(|d| d.row.id)));
    let both = Memo::new(move |_| {
        let parts =
            |detail: &PublicationDetail| (detail.test_parameters.clone(), detail.registration.parameters.clone());
        detail.with(|detail| detail.as_ref().map(parts)).unwrap_or_default()
    });
    let editing = RwSignal::new(false);
    let done = Callback::new(move |saved: bool| {
        editing.set(false);
        if saved {
            changed.run(());
        }
    });
    let table = move || {
        let (test, live) = both.get();
        view! { <Parameters test live/> }
    };
    let body = move |id: PublicationId| {
        view! {
            <section class="card" aria-labelledby="parameters">
                <h2 id="parameters">"运行参数"</h2>
                <p class="quiet">
                    "同一个程序包，在预览地址读到测试值，上线后读到正式值，不用重新打包。正式值由建设部门在“修改登记信息”或“信息变更”中填写。"
                </p>
                {move || if editing.get() {
                    view! { <TestForm id first=both.get_untracked().0 done/> }.into_any()
                } else {
                    view! {
                        {table}
                        <div>
                            <button type="button" class="button" on:click=move |_| editing.set(true)>"修改测试值"</button>
                        </div>
                    }
                    .into_any()
                }}
            </section>
        }
    };
    move || hosted.get().map(body)
}

/// The values for test, to be typed over.
#[component]
fn TestForm(id: PublicationId, first: Vec<Parameter>, done: Callback<bool>) -> impl IntoView {
    let element = NodeRef::<html::Form>::new();
    let (errors, sent_with) = (RwSignal::new(FieldErrors::new()), RwSignal::new(FieldErrors::new()));
    let draft = move || element.get_untracked().and_then(|form| typed::<TestDraft>(&form)).unwrap_or_default();
    let check = move || validate_test_parameters(&draft().parameters).err().unwrap_or_default();
    let left = Callback::new(move |field| errors.update(|errors| errors.take_over(field, &check())));
    let mended = move || {
        if !errors.with_untracked(FieldErrors::is_empty) && check().is_empty() {
            errors.set(FieldErrors::new());
        }
    };
    let save = Action::new(move |draft: &TestDraft| developer_save_test_parameters(id, draft.clone()));
    let show = move |found: FieldErrors| {
        sent_with.set(found.clone());
        errors.set(found);
    };
    Effect::new(move |_| match save.value().get() {
        Some(Ok(())) => done.run(true),
        Some(Err(ApiError::Invalid(found))) => show(found),
        _ => {}
    });
    let refused = move || save.value().get()?.err().filter(|error| !matches!(error, ApiError::Invalid(_)));
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let found = check();
        if found.is_empty() {
            save.dispatch(draft());
        }
        show(found);
    };
    let fields = Fields { errors, sent_with, left };
    let ends_blank = move || draft().parameters.last().is_none_or(|it| *it == ParameterDraft::default());
    let first = first.into_iter().map(|it| [it.name, it.value]).collect();
    view! {
        <form node_ref=element class="form" novalidate on:submit=send on:input=move |_| mended()>
            <ErrorSummary fields/>
            {move || refused().map(|error| view! { <p class="notice notice-danger" role="alert">{error.to_string()}</p> })}
            <PairRows
                of=&TEST_PARAMETERS
                fields
                asks=Signal::stored(Presence::Optional)
                first
                ends_blank=Signal::derive(ends_blank)
                keep=""
                gone=Callback::new(move |()| mended())
            />
            <div class="form-foot form-foot-plain">
                <button type="button" class="button" on:click=move |_| done.run(false)>"取消"</button>
                <button type="submit" class="button button-main" disabled=save.pending()>"保存测试值"</button>
            </div>
        </form>
    }
}
