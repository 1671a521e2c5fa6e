//! 限制, for the system administrator: what packages and builds may take, from the next one on. Also without scripts.

use crate::api::ApiError;
use crate::api::limit::{LIMITS_PAGE, LimitChange as Change, limit_change, limit_open, limit_versions};
use crate::pages::Page;
use crate::parts::change_pages::before_of_address;
use crate::parts::form::{Fields, Sending, SentForm, ShortForm, anchor};
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::request::came_to_check;
use crate::parts::versions::{ReadVersions, present};
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::fields::{FieldErrors, FieldId};
use domain::limit::{LimitDraft, errors, validate};
use domain::view::change_pages::ChangePage;
use domain::view::limit::{LimitPage as Opened, LimitRow};
use domain::{Role, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::A;

/// The form; and the changes, apart from it: whoever leafs through them loses nothing typed.
pub struct LimitPage {
    page: Read<Result<Opened, ApiError>>,
    changes: Read<Result<ChangePage, ApiError>>,
}

impl Page for LimitPage {
    fn data() -> Self {
        let (check, before) = (came_to_check(), before_of_address());
        Self { page: ask(|| (), move |()| limit_open(check)), changes: ask(move || before.get(), limit_versions) }
    }

    fn view(this: Self) -> AnyView {
        let (page, changes) = (this.page, this.changes);
        let again = Callback::new(move |()| {
            page.refetch();
            changes.refetch();
        });
        let wrong = RwSignal::new(false);
        let draw = move |page: Opened| view! { <Form page again wrong/> }.into_any();
        view! {
            <Gate roles=&[Role::SystemAdministrator]>
                <PageTitle text="限制" wrong/>
                <p class="quiet">
                    "程序包和编译最多能用多少。超过的程序包会被拒绝，超过的编译会被停止。改动对以后的上传和编译有效，所有服务器都用同样的值；在服务器上用文件、环境变量或命令行设置的是固定的，要在"
                    <A href="/admin/settings">"系统设置"</A> "说的地方改。"
                </p>
                <Loaded data=page part=true draw/>
                <ReadVersions data=changes page=LIMITS_PAGE/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Form(page: Opened, again: Callback<()>, wrong: RwSignal<bool>) -> impl IntoView {
    let Opened { came_back, number, made, rows } = page;
    let known = rows.iter().filter_map(|row| Some((row.limit, row.wrong.clone()?))).collect::<Vec<_>>();
    let overtaken = (came_back && known.is_empty()).then(|| "没有保存：限制已被别人更改，请核对后再保存。".to_owned());
    let short =
        ShortForm::new(|draft: &LimitDraft| validate(draft).err().map(|wrong| errors(&wrong)).unwrap_or_default());
    if !known.is_empty() {
        short.known(errors(&known));
    }
    let save = Action::new(move |draft: &LimitDraft| limit_change(number, draft.clone()));
    let done = move |()| again.run(());
    let fields = short.fields();
    Effect::new(move |_| wrong.set(fields.sent_with.with(|errors| !errors.is_empty())));
    let said = present(number, made, "现在全部是默认值。");
    let sending = Sending { path: Change::PATH, word: "保存", came_back: overtaken };
    view! {
        <p class="quiet">{said}</p>
        <SentForm form=short sending action=save done>
            <input type="hidden" name="seen" value=number/>
            <section class="card limit">
                {rows.into_iter().map(|row| view! { <Row row fields/> }).collect_view()}
            </section>
        </SentForm>
    }
}

#[component]
fn Row(row: LimitRow, fields: Fields) -> impl IntoView {
    let LimitRow { limit, value, fixed, standard, typed, .. } = row;
    let item = limit.place();
    let (id, word, unit) = (anchor(FieldId::Limits, Some(item)), words::limit(limit), words::limit_unit(limit));
    if let Some(source) = fixed {
        let source = words::setting_source(source);
        return view! {
            <div class="field">
                <span class="limit-word">{word}</span>
                <span>{format!("{value} {unit}")}</span>
                <p class="field-hint">{format!("已在服务器上用{source}固定，不能在这里改")}</p>
            </div>
        }
        .into_any();
    }
    let range = limit.range();
    let hint = format!("{} 到 {}；留空是默认的 {standard} {unit}", range.start(), range.end());
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described = format!("{hint_id} {error_id}");
    let error = move || {
        let of =
            |errors: &FieldErrors| errors.of(FieldId::Limits).find(|e| e.item == Some(item)).map(|e| e.text.clone());
        fields.errors.with(of)
    };
    let is_wrong = move || error().is_some();
    view! {
        <div class="field">
            <label for=id.clone()>{format!("{word}（{unit}）")}</label>
            <p class="field-hint" id=hint_id>{hint}</p>
            <input
                id=id
                name=format!("draft[values][{}]", limit.id())
                class="field-input"
                inputmode="numeric"
                autocomplete="off"
                placeholder=standard.to_string()
                value=typed
                aria-describedby=described
                aria-invalid=move || is_wrong().then_some("true")
            />
            <div class="field-errors" id=error_id aria-live="polite">{error}</div>
        </div>
    }
    .into_any()
}
