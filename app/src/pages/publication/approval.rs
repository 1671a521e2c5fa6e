//! 提交审批: the approval form of release and upgrade, with the route it will take.

mod attachments;
mod fields;

use crate::api::ApiError;
use crate::api::publication::act::{
    PublicationSubmitForApproval, publication_approval_form, publication_save_approval_draft,
    publication_submit_for_approval,
};
use crate::parts::form::{ErrorSummary, FormState, Opening, SavedMark};
use crate::parts::gate::Gate;
use crate::parts::more::detail_page;
use crate::parts::problem::Problem;
use crate::parts::publication::publication_of_address;
use crate::parts::registration::ENV;
use crate::ui::title::PageTitle;
use attachments::{AttachmentWithoutScripts, Attachments};
use domain::fields::{ApprovalCase, ApprovalDraft, FieldErrors, validate_approval};
use domain::view::publication::ApprovalFormView;
use domain::view::work_order::{ReleaseView, RouteView};
use domain::{Role, words};
use fields::TextFields;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::{LazyRoute, lazy_route};

/// The form of one publication.
pub struct ApprovalPage {
    form: Resource<Result<ApprovalFormView, ApiError>>,
}

#[lazy_route]
impl LazyRoute for ApprovalPage {
    fn data() -> Self {
        let id = publication_of_address();
        let check = use_query_map().with_untracked(|map| map.get("check").is_some());
        let form = Resource::new(
            move || id.get(),
            move |id| async move { publication_approval_form(id.ok_or(ApiError::NotFound)?, check).await },
        );
        Self { form }
    }

    fn view(this: Self) -> AnyView {
        let form = this.form;
        let content = move || {
            Suspend::new(async move {
                match form.await {
                    Ok(form) => view! { <Form form/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })
        };
        view! {
            <Gate roles=&[Role::Staff]>
                <Suspense fallback=|| view! { <p>"正在读取……"</p> }>{content}</Suspense>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Form(form: ApprovalFormView) -> AnyView {
    let (id, seen, key) = (form.row.id, form.row.version, form.key);
    let case = ApprovalCase { hosted: form.hosted, scope: form.scope.clone(), now: form.now };
    let opening = Opening { first: form.draft, errors: form.errors, saved_at: form.saved_at };
    let check = move |draft: &ApprovalDraft| validate_approval(draft, &case, &ENV).err().unwrap_or_default();
    let state = FormState::new(opening, check, move |draft| Box::pin(publication_save_approval_draft(id, draft)));
    let submit =
        Action::new(move |draft: &ApprovalDraft| publication_submit_for_approval(id, seen, key, draft.clone()));
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        state.read();
        let errors = state.check();
        if errors.is_empty() {
            submit.dispatch(state.draft.get_untracked());
        } else {
            state.show(errors);
        }
    };
    let navigate = use_navigate();
    Effect::new(move |_| match submit.value().get() {
        Some(Ok(())) => {
            state.sent();
            navigate(&detail_page(id), Default::default());
        }
        Some(Err(ApiError::Invalid(errors))) => state.show(errors),
        _ => {}
    });
    let wrong = Signal::derive(move || !state.errors.with(FieldErrors::is_empty));
    let refused = move || match submit.value().get() {
        Some(Err(error)) if !matches!(error, ApiError::Invalid(_)) => Some(error.to_string()),
        _ => None,
    };
    let blocked = form.route.blocked.is_some();
    let sending = RwSignal::new(0_usize);
    let busy = move || blocked || sending.get() > 0 || submit.pending().get();
    view! {
        <PageTitle text=format!("提交审批：{}", form.row.name) wrong/>
        <ErrorSummary fields=state.fields()/>
        {move || refused().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
        <div class="two-columns">
            <form
                node_ref=state.element
                method="post"
                action=PublicationSubmitForApproval::PATH
                novalidate
                class="form"
                on:submit=send
                on:input=move |_| state.changed()
            >
                <input type="hidden" name="id" value=id.0.to_string()/>
                <input type="hidden" name="seen" value=seen/>
                <input type="hidden" name="key" value=key.to_string()/>
                <section class="card">
                    <h2>{format!("审批表单：{}", words::order_kind(form.kind))}</h2>
                    <TextFields state/>
                    <Attachments state sending/>
                    {form.hosted.then(|| view! {
                        <div class="field">
                            <span class="field-label">"发布方式"</span>
                            <p class="field-given">"立即：审批通过即上线"</p>
                            <input type="hidden" name="draft[rollout][mode]" value="now"/>
                        </div>
                    })}
                </section>
                <div class="form-foot">
                    <SavedMark state/>
                    <A href=detail_page(id) attr:class="button">"返回"</A>
                    <button
                        type="submit"
                        formaction="/api/publication/save_approval_draft"
                        class="button form-plain"
                    >
                        "保存草稿"
                    </button>
                    <button type="submit" class="button button-main" disabled=busy>
                        "提交审批"
                    </button>
                </div>
            </form>
            <aside class="stack">
                <Release release=form.release/>
                <Route route=form.route/>
            </aside>
        </div>
        <AttachmentWithoutScripts id/>
    }
    .into_any()
}

/// What the approval will make live.
#[component]
fn Release(release: Option<ReleaseView>) -> AnyView {
    release
        .map(|release| {
            let bundle = release.bundle.map(|hash| hash.chars().take(16).collect::<String>());
            view! {
                <section class="card">
                    <h2>"将要上线的版本"</h2>
                    <dl class="facts facts-plain">
                        <dt>"版本号"</dt>
                        <dd>{release.number.to_string()}</dd>
                        <dt>"校验和"</dt>
                        <dd><code>{bundle.unwrap_or_else(|| "—".to_owned())}</code></dd>
                    </dl>
                </section>
            }
        })
        .into_any()
}

/// Who will decide, before it is sent; and what is in the way.
#[component]
fn Route(route: RouteView) -> AnyView {
    let step = |step: domain::view::work_order::RouteStep| {
        view! {
            <li>
                <strong>{step.name}</strong>
                <span class="quiet">{format!("（{}）", step.need)}</span>
                <p>{step.people.join("、")}</p>
            </li>
        }
    };
    view! {
        <section class="card">
            <h2>"审批路线"</h2>
            {route.blocked.map(|why| view! { <p class="notice notice-danger">{why}</p> })}
            <ol class="route">{route.steps.into_iter().map(step).collect_view()}</ol>
        </section>
    }
    .into_any()
}
