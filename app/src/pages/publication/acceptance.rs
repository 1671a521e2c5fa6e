//! 验收发布 (screens.md, Acceptance): the real preview at the left, what the stages found at the right, the decision at the foot.

use crate::api::ApiError;
use crate::api::publication::act::{PublicationAccept, PublicationReject, publication_accept, publication_reject};
use crate::api::publication::publication_detail;
use crate::pages::Page;
use crate::parts::crumbs::{Crumbs, above_deed};
use crate::parts::failed::Failed;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::more::detail_page;
use crate::parts::parameters::Parameters;
use crate::parts::publication::publication_of_address;
use crate::parts::request::came_to_check;
use crate::parts::updates::PageUpdates;
use crate::parts::version::{Difference, Findings, Hosts, PreviewCard, Stages, TrialRun, VersionShown};
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::fields::validate_reason;
use domain::view::publication::PublicationDetail;
use domain::view::version::{FindingView, VersionDetail};
use domain::{Action as Deed, Role};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

/// What is looked at.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Shown {
    detail: PublicationDetail,
    /// What was submitted.
    of: Option<VersionShown>,
}

/// The acceptance of one publication.
pub struct AcceptancePage {
    shown: Read<Result<Shown, ApiError>>,
}

impl Page for AcceptancePage {
    fn data() -> Self {
        let id = publication_of_address();
        let shown = ask(
            move || id.get(),
            |id| async move {
                let detail = publication_detail(id.ok_or(ApiError::NotFound)?).await?;
                let of = VersionShown::of(detail.submitted, None).await.transpose()?;
                Ok(Shown { detail, of })
            },
        );
        Self { shown }
    }

    fn view(this: Self) -> AnyView {
        let shown = this.shown;
        let reload = Callback::new(move |()| shown.refetch());
        let draw = move |shown: Shown| {
            let id = shown.detail.row.id;
            view! {
                <PageUpdates heard=shown.detail.heard concerns=move |news| news.publication == id reload/>
                <Whole shown/>
            }
            .into_any()
        };
        view! { <Gate roles=&[Role::Staff]><Loaded data=shown draw/></Gate> }.into_any()
    }
}

#[component]
fn Whole(shown: Shown) -> impl IntoView {
    let Shown { detail, of } = shown;
    let refusal =
        detail.row.menu.refused.iter().find(|(action, _)| *action == Deed::Accept).map(|(_, why)| why.clone());
    let possible = detail.row.menu.possible.contains(&Deed::Accept);
    let title = view! {
        <Crumbs above=above_deed(detail.side, &detail.row)/>
        <PageTitle text=format!("验收：{}", detail.row.name)/>
    };
    let Some(VersionShown { version, preview, difference }) = of.filter(|_| possible) else {
        let why = refusal.unwrap_or_else(|| "没有提交验收的版本。".to_owned());
        return view! {
            {title}
            <p class="notice notice-warning">{why}</p>
            <p><A href=detail_page(detail.row.id)>"回到详情"</A></p>
        }
        .into_any();
    };
    view! {
        {title}
        {detail.rejection.clone().map(|reason| {
            view! { <p class="notice notice-warning">{format!("这个版本之前被拒绝过：{reason}")}</p> }
        })}
        <div class="acceptance">
            <PreviewCard version=version.id first=preview framed=true/>
            <div class="stack">
                <section class="card">
                    <h2>{format!("版本 {}", version.number)}</h2>
                    <Stages stages=version.stages.clone()/>
                    {(!version.note.is_empty()).then(|| view! { <p>{version.note.clone()}</p> })}
                </section>
                {version.evidence.clone().map(|evidence| view! {
                    <section class="card" aria-labelledby="trial-run">
                        <h2 id="trial-run">"试运行"</h2>
                        <TrialRun version=version.id evidence/>
                    </section>
                })}
                <section class="card">
                    <h2>"检测结果"</h2>
                    <Findings version=version.clone()/>
                </section>
                <section class="card">
                    <h2>"与之前版本的差异"</h2>
                    <Difference difference/>
                </section>
                <section class="card">
                    <h2>"外部域名"</h2>
                    <Hosts hosts=version.external.clone()/>
                </section>
                <section class="card">
                    <h2>"运行参数"</h2>
                    <Parameters test=detail.test_parameters.clone() live=detail.registration.parameters.clone()/>
                </section>
                <Decide detail version/>
            </div>
        </div>
    }
    .into_any()
}

/// What a reason consists of.
fn parts(reason: &str) -> impl Iterator<Item = &str> {
    reason.split('；').filter(|part| !part.trim().is_empty())
}

/// Reasons that are often given.
const PHRASES: [&str; 3] = ["页面打不开或显示不正常", "功能与登记的服务介绍不符", "检测结果中的问题需要处理"];

/// Rules that are offered as a reason, at most.
const FINDINGS_MOST: usize = 8;

/// What was found, a sentence a rule: with its first place, and how many there are.
fn findings_in_words(version: &VersionDetail) -> Vec<String> {
    let mut rules: Vec<(&FindingView, usize)> = Vec::new();
    for finding in version.stages.iter().flat_map(|stage| &stage.findings) {
        match rules.iter_mut().find(|(first, _)| first.rule == finding.rule) {
            Some((_, places)) => *places += 1,
            None => rules.push((finding, 1)),
        }
    }
    let sentence = |(first, places): (&FindingView, usize)| {
        let line = first.line.map(|line| format!(":{line}")).unwrap_or_default();
        let more = if places > 1 { format!(" 等 {places} 处") } else { String::new() };
        format!("{}（{}{line}{more}）", first.what, first.path)
    };
    rules.into_iter().take(FINDINGS_MOST).map(sentence).collect()
}

/// 验收成功 and 验收拒绝.
#[component]
fn Decide(detail: PublicationDetail, version: VersionDetail) -> impl IntoView {
    let (id, seen, key, of) = (detail.row.id, detail.row.version, detail.key, version.id);
    // Back from a 拒绝 without scripts, and without a reason.
    let checked = came_to_check();
    let reason = RwSignal::new(String::new());
    let field = NodeRef::<leptos::html::Textarea>::new();
    let problem =
        RwSignal::new(checked.then(|| "没有完成。验收拒绝要写明原因，最多 500 字；请核对后再试。".to_owned()));
    let failed = RwSignal::new(None::<ApiError>);
    let accept = Action::new(move |(): &()| publication_accept(id, seen, key, of));
    let reject = Action::new(move |reason: &String| publication_reject(id, seen, key, of, reason.clone()));
    let navigate = use_navigate();
    Effect::new(move |_| {
        for answer in [accept.value().get(), reject.value().get()].into_iter().flatten() {
            match answer {
                Ok(()) => navigate(&detail_page(id), Default::default()),
                Err(error) => {
                    problem.set(None);
                    failed.set(Some(error));
                }
            }
        }
    });
    let send_accept = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        accept.dispatch(());
    };
    let send_reject = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        match validate_reason(&reason.get_untracked()) {
            Ok(reason) => {
                reject.dispatch(reason);
            }
            Err(errors) => {
                failed.set(None);
                problem.set(errors.iter().next().map(|error| error.text.clone()));
                if let Some(field) = field.get_untracked() {
                    let _ = field.focus();
                }
            }
        }
    };
    let hidden = move || {
        view! {
            <input type="hidden" name="id" value=id.0.to_string()/>
            <input type="hidden" name="seen" value=seen/>
            <input type="hidden" name="key" value=key.to_string()/>
        }
    };
    let phrase = move |text: String| {
        let said = StoredValue::new(text.clone());
        let there =
            Memo::new(move |_| reason.with(|reason| said.with_value(|said| parts(reason).any(|it| it == said))));
        let press = move |_| {
            let said = said.get_value();
            reason.update(|reason| {
                let mut all: Vec<&str> = parts(reason).filter(|part| *part != said).collect();
                if !there.get_untracked() {
                    all.push(&said);
                }
                *reason = all.join("；");
            });
        };
        view! {
            <li>
                <button type="button" class="button" aria-pressed=move || there.get().to_string() on:click=press>{text}</button>
            </li>
        }
    };
    let findings = findings_in_words(&version);
    let busy = move || accept.pending().get() || reject.pending().get();
    view! {
        <section class="card" aria-labelledby="decide">
            <h2 id="decide">"验收结论"</h2>
            <div id="decide-problem">
                {move || problem.get().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
                {move || failed.get().map(|error| view! { <Failed error way=detail_page(id)/> })}
            </div>
            <form method="post" action=PublicationAccept::PATH on:submit=send_accept>
                {hidden()}
                <input type="hidden" name="version" value=of.0.to_string()/>
                <button type="submit" class="button button-main" disabled=busy>"验收成功"</button>
            </form>
            <form method="post" action=PublicationReject::PATH class="stack" on:submit=send_reject>
                {hidden()}
                <input type="hidden" name="version" value=of.0.to_string()/>
                <label for="reason">"拒绝原因"<span class="field-asterisk">"*"<span class="visually-hidden">"拒绝时必填"</span></span></label>
                <ul class="phrases with-scripts">{PHRASES.map(str::to_owned).map(phrase).collect_view()}</ul>
                {(!findings.is_empty()).then(|| view! {
                    <p class="quiet with-scripts">"把检测结果写进原因："</p>
                    <ul class="phrases with-scripts">{findings.into_iter().map(phrase).collect_view()}</ul>
                })}
                <textarea
                    node_ref=field
                    id="reason"
                    name="reason"
                    rows="3"
                    maxlength="500"
                    class="field-input"
                    aria-describedby="decide-problem"
                    aria-invalid=move || problem.with(Option::is_some).then_some("true")
                    prop:value=reason
                    on:input=move |event| reason.set(event_target_value(&event))
                ></textarea>
                <div><button type="submit" class="button button-danger" disabled=busy>"验收拒绝"</button></div>
            </form>
        </section>
    }
    .into_any()
}
