//! The findings of a version, grouped by rule; what of the warnings the developer takes over (仍要继续).

use crate::api::ApiError;
use crate::api::rule::rule_anchor;
use crate::api::version::{VersionKeepWarning, version_keep_warning};
use crate::parts::problem::sentence_of;
use domain::fields::validate_reason;
use domain::view::version::{FindingSeverity, FindingView, KeptWarning, VersionDetail};
use domain::{PublicationId, Stage, StageStatus, VersionId};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use std::collections::BTreeMap;

/// The findings of all stages, grouped by rule, those that block first.
#[component]
pub fn Findings(
    /// Of the version.
    version: VersionDetail,
) -> impl IntoView {
    let checked = version.stages.iter().find(|stage| stage.stage == Stage::SourceCheck).map(|stage| stage.status);
    let more: u32 = version.stages.iter().map(|stage| stage.more).sum();
    let set = version.stages.iter().find(|stage| !stage.rule_set.is_empty()).map(|stage| stage.rule_set.clone());
    let set = set.map(|set| view! { <p class="quiet">{format!("按规则 {set} 检测")}</p> });
    let keeps =
        Keeps { version: version.id, publication: version.publication, kept: version.kept, may: version.may_keep };
    let findings: Vec<FindingView> = version.stages.into_iter().flat_map(|stage| stage.findings).collect();
    if findings.is_empty() {
        let text = match checked {
            Some(StageStatus::Passed) => "没有发现问题",
            Some(StageStatus::Running | StageStatus::Waiting) => "正在检测",
            Some(StageStatus::Failed | StageStatus::Cancelled) | None => "检测没有完成",
        };
        return view! { <p class="quiet">{text}</p> {set} }.into_any();
    }
    view! {
        <Groups findings keeps=Some(keeps)/>
        {(more > 0).then(|| view! { <p class="quiet">{format!("另有 {more} 处没有列出")}</p> })}
        {set}
    }
    .into_any()
}

/// Whose findings they are, and what was said of their warnings.
#[derive(Clone)]
pub struct Keeps {
    version: VersionId,
    publication: PublicationId,
    kept: Vec<KeptWarning>,
    /// Who looks may say 仍要继续.
    may: bool,
}

/// Findings by rule, those that block first.
#[component]
pub fn Groups(
    /// In any order.
    findings: Vec<FindingView>,
    /// None before there is a version.
    keeps: Option<Keeps>,
) -> AnyView {
    let mut rules: BTreeMap<(FindingSeverity, String), Vec<FindingView>> = BTreeMap::new();
    for finding in findings {
        rules.entry((finding.severity, finding.rule.clone())).or_default().push(finding);
    }
    let rule = |((severity, rule), found): ((FindingSeverity, String), Vec<FindingView>)| {
        let (word, class) = match severity {
            FindingSeverity::Block => ("阻断", "finding-severity finding-block"),
            FindingSeverity::Warn => ("警告", "finding-severity finding-warn"),
        };
        let first = found[0].clone();
        let places = found.len();
        let said = keeps.as_ref().and_then(|keeps| keeps.kept.iter().find(|kept| kept.rule == rule).cloned());
        let kept = said.is_some().then(|| view! { <span class="finding-kept">"仍要继续"</span> });
        let shown = severity == FindingSeverity::Warn && (said.is_some() || keeps.as_ref().is_some_and(|it| it.may));
        let keep = keeps.clone().filter(|_| shown).map(|of| view! { <Keep of rule=rule.clone() said/> });
        view! {
            <details class="finding" open=severity == FindingSeverity::Block>
                <summary>
                    <span class=class>{word}</span>
                    {first.what.clone()}
                    " "
                    <span class="quiet">{format!("{places} 处 · {rule}")}</span>
                    {kept}
                </summary>
                <p>{first.why}</p>
                <p>
                    <strong>"怎么改："</strong>
                    {first.how}
                    " "
                    // Beside a form that is not sent yet: it must stay.
                    <a href=rule_anchor(&rule) target="_blank" rel="external noopener">"规则说明"</a>
                </p>
                {keep}
                <ul class="finding-places">{found.into_iter().map(|finding| view! { <Place finding/> }).collect_view()}</ul>
            </details>
        }
    };
    view! { <div class="findings">{rules.into_iter().map(rule).collect_view()}</div> }.into_any()
}

/// File, line and column, with the lines of code.
#[component]
fn Place(finding: FindingView) -> impl IntoView {
    let at = [finding.line, finding.column].into_iter().flatten().map(|n| format!(":{n}")).collect::<String>();
    let here = finding.line;
    let line = move |line: domain::view::version::ExcerptLine| {
        let class = if Some(line.line) == here { "code-line code-line-here" } else { "code-line" };
        view! { <span class=class><span class="code-number">{line.line}</span>{line.text}"\n"</span> }
    };
    view! {
        <li>
            <code>{finding.path}{at}</code>
            {(!finding.excerpt.is_empty())
                .then(|| view! { <pre class="code" tabindex="0">{finding.excerpt.into_iter().map(line).collect_view()}</pre> })}
        </li>
    }
}

/// 仍要继续: the reason, or where it is said.
#[component]
fn Keep(of: Keeps, rule: String, said: Option<KeptWarning>) -> impl IntoView {
    let Keeps { version, publication, may, .. } = of;
    let now = RwSignal::new(said.map(|said| (said.reason, format!("{}，{}", said.by, said.at.local_text()))));
    let (typed, problem) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let asked = rule.clone();
    let keep = Action::new(move |reason: &String| {
        let (asked, reason) = (asked.clone(), reason.clone());
        async move { version_keep_warning(version, asked, reason.clone(), String::new()).await.map(|()| reason) }
    });
    Effect::new(move |_| {
        if let Some(Ok(reason)) = keep.value().get() {
            now.set(Some((reason, "刚刚".to_owned())));
            typed.set(String::new());
        }
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let checked = validate_reason(&typed.get_untracked()).map_err(ApiError::Invalid);
        problem.set(checked.as_ref().err().map(sentence_of));
        if let Ok(reason) = checked {
            keep.dispatch(reason);
        }
    };
    let failed = move || problem.get().or_else(|| keep.value().get()?.err().as_ref().map(sentence_of));
    let field = format!("keep-{}", rule.replace('/', "-"));
    view! {
        {move || now.get().map(|(reason, who)| view! { <p><strong>"仍要继续："</strong>{reason} <span class="quiet">{format!("（{who}）")}</span></p> })}
        {may.then(|| view! {
            <form method="post" action=VersionKeepWarning::PATH class="finding-keep" on:submit=send>
                <input type="hidden" name="id" value=version.0.to_string()/>
                <input type="hidden" name="rule" value=rule/>
                <input type="hidden" name="back" value=format!("/dev/{}", publication.0)/>
                <label for=field.clone()>"仍要继续的理由，验收和审批时可见"</label>
                <input
                    id=field
                    name="reason"
                    class="field-input"
                    autocomplete="off"
                    prop:value=typed
                    on:input=move |event| typed.set(event_target_value(&event))
                />
                <button type="submit" class="button" disabled=keep.pending()>"仍要继续"</button>
            </form>
        })}
        {move || failed().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
    }
    .into_any()
}
