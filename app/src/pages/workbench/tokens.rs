//! API 令牌: what a developer's own CI may do with a publication (docs/their-own-ci.md).

use crate::api::ApiError;
use crate::api::api_token::{ApiTokenRevoke, ApiTokens, api_token_create, api_token_list, api_token_revoke};
use crate::pages::Page;
use crate::parts::crumbs::Crumbs;
use crate::parts::form::{ErrorSummary, Grouped, Labelled, ShortForm, TypedField, anchor, described};
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::more::workbench_page;
use crate::parts::publication::publication_of_address;
use crate::parts::request::came_to_check;
use crate::parts::row_deed::RowDeed;
use crate::ui::copy::Copy;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::api_token::{ApiScope, DAYS};
use domain::fields::{FieldId, Presence, TokenDraft, validate_token};
use domain::view::api_token::{ApiTokenRow, NewApiToken};
use domain::{PublicationId, Role};
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use uuid::Uuid;

/// What a new token is offered first.
const DAYS_FIRST: u16 = 90;

/// The person's own tokens of one publication.
pub struct TokensPage {
    id: Memo<Option<PublicationId>>,
    tokens: Read<Result<ApiTokens, ApiError>>,
}

impl Page for TokensPage {
    fn data() -> Self {
        let id = publication_of_address();
        let tokens = ask(move || id.get(), |id| async move { api_token_list(id.ok_or(ApiError::NotFound)?).await });
        Self { id, tokens }
    }

    fn view(this: Self) -> AnyView {
        let TokensPage { id, tokens } = this;
        // Outlives the list, which is read again once something was done, and may fail to be.
        let came = RwSignal::new(None::<Came>);
        let place = NodeRef::<html::Div>::new();
        let done = Callback::new(move |of: Came| {
            came.set(Some(of));
            tokens.refetch();
            // The button that was pressed is drawn anew.
            request_animation_frame(move || {
                let _ = place.get_untracked().map(|place| place.focus());
            });
        });
        // Back from a sending without scripts that was refused.
        let came_back = came_to_check();
        let draw = move |tokens: ApiTokens| match id.get_untracked() {
            Some(id) => view! { <Tokens id tokens done/> }.into_any(),
            None => ().into_any(),
        };
        view! {
            <Gate roles=&[Role::Developer]>
                <div node_ref=place tabindex="-1" role="status">
                    {move || match came.get() {
                        Some(Came::Made(made)) => view! { <Made made/> }.into_any(),
                        Some(Came::Revoked) => view! { <p class="notice notice-success">"已吊销，从现在起不能再用。"</p> }.into_any(),
                        Some(Came::Failed(text)) => view! { <p class="notice notice-danger">{text}</p> }.into_any(),
                        None if came_back => view! { <p class="notice notice-danger">"没有吊销：它可能已经吊销或过期。"</p> }.into_any(),
                        None => ().into_any(),
                    }}
                </div>
                <Loaded data=tokens draw/>
            </Gate>
        }
        .into_any()
    }
}

/// What came of what was done.
#[derive(Clone)]
enum Came {
    Made(NewApiToken),
    Revoked,
    Failed(String),
}

#[component]
fn Tokens(id: PublicationId, tokens: ApiTokens, done: Callback<Came>) -> impl IntoView {
    let revoke = Action::new(move |token: &Uuid| api_token_revoke(*token, id));
    Effect::new(move |_| match revoke.value().get() {
        Some(Ok(())) => done.run(Came::Revoked),
        Some(Err(error)) => done.run(Came::Failed(error.to_string())),
        None => {}
    });
    let rows = if tokens.rows.is_empty() {
        view! { <div class="empty"><p>"还没有令牌。创建一个，流水线就能用 irs 命令或接口上传版本。"</p></div> }
            .into_any()
    } else {
        view! { <Rows id rows=tokens.rows revoke/> }.into_any()
    };
    view! {
        <Crumbs above=vec![("/dev".to_owned(), "开发者工作台".to_owned()), (workbench_page(id), tokens.name.clone())]/>
        <PageTitle text=format!("API 令牌：{}", tokens.name)/>
        <p class="quiet">
            "令牌代表你本人，只用于这个应用。接口说明：" <a href="/api/v1/openapi.json" rel="external">"OpenAPI 3.1"</a>
            "；命令行程序：" <code>{format!("irs login --address {}", tokens.address)}</code>
        </p>
        {rows}
        <NewToken id done/>
    }
}

/// The token, this once.
#[component]
fn Made(made: NewApiToken) -> impl IntoView {
    view! {
        <div class="notice notice-success">
            <p>{format!("令牌「{}」已创建。它只显示这一次，请马上复制并保存到流水线的保密变量里。", made.row.name)}</p>
            <p class="tokens"><code>{made.token.clone()}</code> <Copy text=made.token/></p>
        </div>
    }
}

#[component]
fn Rows(id: PublicationId, rows: Vec<ApiTokenRow>, revoke: Action<Uuid, Result<(), ApiError>>) -> impl IntoView {
    let row = move |row: ApiTokenRow| {
        let token = row.id;
        let scopes = row.scopes.iter().map(|scope| scope.word()).collect::<Vec<_>>().join("、");
        let used = row.used_at.map_or_else(|| "从未使用".to_owned(), |at| at.local_text());
        let of = row.name.clone();
        view! {
            <tr>
                <th scope="row">{row.name}</th>
                <td data-label="权限">{scopes}</td>
                <td data-label="创建时间">{row.created_at.local_text()}</td>
                <td data-label="有效期至">{row.expires_at.local_text()}</td>
                <td data-label="最近使用">{used}</td>
                <td class="table-actions">
                    <RowDeed
                        path=ApiTokenRevoke::PATH
                        with=vec![("id", token.to_string()), ("publication", id.0.to_string())]
                        deed=token
                        doing=revoke
                        word="吊销"
                        of
                    />
                </td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"令牌名称"</th>
                    <th scope="col">"权限"</th>
                    <th scope="col">"创建时间"</th>
                    <th scope="col">"有效期至"</th>
                    <th scope="col">"最近使用"</th>
                    <th scope="col">"操作"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

/// Only with scripts: what is shown once can't be in a page that can be gone back to.
#[component]
fn NewToken(id: PublicationId, done: Callback<Came>) -> impl IntoView {
    let form = ShortForm::new(|draft: &TokenDraft| validate_token(draft).err().unwrap_or_default());
    let create = Action::new(move |draft: &TokenDraft| api_token_create(id, draft.clone()));
    Effect::new(move |_| match create.value().get() {
        Some(Ok(new)) => done.run(Came::Made(new)),
        Some(Err(ApiError::Invalid(found))) => form.show(found),
        _ => {}
    });
    let refused = move || create.value().get()?.err().filter(|error| !matches!(error, ApiError::Invalid(_)));
    let send = move |event: web_sys::SubmitEvent| {
        form.send(&event, |draft| {
            create.dispatch(draft);
        });
    };
    let fields = form.fields();
    let required = Signal::stored(Presence::Required);
    let scope = |scope: ApiScope| {
        let checked = matches!(scope, ApiScope::Read | ApiScope::Upload);
        view! {
            <label class="choice">
                <input type="checkbox" name="draft[scopes][]" value=scope.id() checked=checked/>
                {scope.word()}
            </label>
        }
    };
    let days = |days: u16| {
        view! { <option value=days.to_string() selected=days == DAYS_FIRST>{format!("{days} 天")}</option> }
    };
    view! {
        <section class="card with-scripts" aria-labelledby="new-token">
            <h2 id="new-token">"创建令牌"</h2>
            <form node_ref=form.element class="form" novalidate on:submit=send on:input=move |_| form.mended()>
                <ErrorSummary fields/>
                {move || refused().map(|error| view! { <p class="notice notice-danger" role="alert">{error.to_string()}</p> })}
                <TypedField fields field=FieldId::TokenName name="draft[name]" value=String::new() asks=Presence::Required/>
                <Grouped fields field=FieldId::TokenScopes asks=required>
                    <div class="choices">{ApiScope::ALL.map(scope).collect_view()}</div>
                </Grouped>
                <Labelled fields field=FieldId::TokenDays asks=required>
                    <select
                        id=anchor(FieldId::TokenDays, None)
                        name="draft[days]"
                        class="field-input"
                        aria-describedby=described(FieldId::TokenDays)
                    >
                        {DAYS.map(days).collect_view()}
                    </select>
                </Labelled>
                <div class="form-foot form-foot-plain">
                    <button type="submit" class="button button-main" disabled=create.pending()>"创建令牌"</button>
                </div>
            </form>
        </section>
        <noscript><p class="notice notice-warning">"创建令牌需要浏览器脚本。请启用脚本后刷新页面。"</p></noscript>
    }
}
