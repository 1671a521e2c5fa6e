//! The frame of a form that asks for something: what is wrong, the fields, who will decide, the buttons.

use crate::api::ApiError;
use crate::api::session::SignInQuery;
use crate::parts::crumbs::Crumbs;
use crate::parts::failed::Failed;
use crate::parts::form::{ErrorSummary, FormState, SavedMark};
use crate::parts::more::detail_page;
use crate::parts::numbers::telling;
use crate::parts::publication::publication_of_address;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::PublicationId;
use domain::fields::FieldErrors;
use domain::view::publication::{Numbers, PublicationRow};
use domain::view::work_order::{RouteStep, RouteView};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// What is sent, and where.
#[derive(Clone)]
pub struct Request {
    /// What it is about.
    pub id: Uuid,
    /// Where 返回 leads, and who has sent it.
    pub back: String,
    /// What is there, in a word.
    pub back_to: String,
    /// Its version that the page shows.
    pub seen: i64,
    /// The form's idempotency key.
    pub key: Uuid,
    /// The page's heading.
    pub title: String,
    /// What the button says.
    pub word: &'static str,
    /// The address that takes the form.
    pub send: &'static str,
    /// The address that keeps the draft.
    pub keep: &'static str,
}

impl Request {
    /// What is asked of a publication; `deed` is its heading, `ways` the addresses that take the form and keep its draft.
    pub fn of(
        row: &PublicationRow,
        key: Uuid,
        deed: &str,
        word: &'static str,
        (send, keep): (&'static str, &'static str),
    ) -> Self {
        let title = format!("{deed}：{}", row.name);
        let (back, back_to) = (detail_page(row.id), row.name.clone());
        Self { id: row.id.0, back, back_to, seen: row.version, key, title, word, send, keep }
    }
}

/// Back from a sending without scripts that was refused.
pub fn came_to_check() -> bool {
    use_query_map().with_untracked(|map| map.get("check").is_some())
}

/// Why what was sent without scripts came to nothing, other than by what was typed ([`came_to_check`]).
pub fn problem_of_address() -> Option<String> {
    let problem = use_query_map().with_untracked(|map| map.get("problem"))?;
    let query = SignInQuery { problem, ..SignInQuery::default() };
    query.error().map(|error| error.to_string())
}

/// The form of the publication that the address names; `read` is asked for it, and whether what was refused is wanted.
pub fn form_of_address<T, Reading>(
    read: impl Fn(PublicationId, bool) -> Reading + Copy + Send + Sync + 'static,
) -> Read<Result<T, ApiError>>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Reading: Future<Output = Result<T, ApiError>> + Send + 'static,
{
    let (id, check) = (publication_of_address(), came_to_check());
    ask(
        move || id.get(),
        move |id: Option<PublicationId>| async move { read(id.ok_or(ApiError::NotFound)?, check).await },
    )
}

/// The answer of the server to a form that was sent: nothing, or what became of its numbers.
pub type Sending<D, A = ()> = Action<D, Result<A, ApiError>>;

/// The form; `children` are its fields.
#[component]
pub fn RequestFrame<D, A>(
    /// What is sent, and where.
    request: Request,
    /// What is typed.
    state: FormState<D>,
    /// Sends it.
    submit: Sending<D, A>,
    /// Not now: something is in the way, or under way.
    #[prop(into)]
    held: Signal<bool>,
    /// Stands beside the form.
    aside: AnyView,
    /// The fields.
    children: Children,
) -> AnyView
where
    D: Clone + Default + DeserializeOwned + Send + Sync + 'static,
    A: Into<Numbers> + Clone + Send + Sync + 'static,
{
    let back = StoredValue::new(request.back.clone());
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
        Some(Ok(answer)) => {
            state.sent();
            navigate(&back.with_value(|back| telling(back, answer.into())), Default::default());
        }
        Some(Err(ApiError::Invalid(errors))) => state.show(errors),
        _ => {}
    });
    let wrong = Signal::derive(move || !state.errors.with(FieldErrors::is_empty));
    let refused = move || match submit.value().get() {
        Some(Err(error)) if !matches!(error, ApiError::Invalid(_)) => Some(error),
        _ => None,
    };
    view! {
        <Crumbs above=vec![(request.back.clone(), request.back_to)]/>
        <PageTitle text=request.title wrong/>
        <ErrorSummary fields=state.fields()/>
        {move || refused().map(|error| view! { <Failed error way=back.get_value()/> })}
        <div class="two-columns">
            <form
                node_ref=state.element
                method="post"
                action=request.send
                novalidate
                class="form"
                on:submit=send
                on:input=move |_| state.changed()
            >
                <input type="hidden" name="id" value=request.id.to_string()/>
                <input type="hidden" name="seen" value=request.seen/>
                <input type="hidden" name="key" value=request.key.to_string()/>
                {children()}
                <div class="form-foot">
                    <SavedMark state/>
                    <A href=request.back attr:class="button">"返回"</A>
                    <button type="submit" formaction=request.keep class="button form-plain">"保存草稿"</button>
                    <button type="submit" class="button button-main" disabled=move || held.get() || submit.pending().get()>
                        {request.word}
                    </button>
                </div>
            </form>
            <aside class="stack">{aside}</aside>
        </div>
    }
    .into_any()
}

/// Who will decide, before it is sent; and what is in the way. Nothing, where nobody needs to.
#[component]
pub fn RouteCard(
    /// The route.
    route: RouteView,
) -> AnyView {
    if route.steps.is_empty() && route.blocked.is_none() {
        return ().into_any();
    }
    let step = |step: RouteStep| {
        view! {
            <li>
                <strong>{step.name}</strong>
                <span class="quiet">{format!(" · {}", step.need)}</span>
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
