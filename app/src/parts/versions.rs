//! 变更记录: the versions of what administrators change, newest first.

use super::change_pages::{CHANGES_ANCHOR, ChangePager};
use super::loaded::Loaded;
use crate::api::ApiError;
use crate::ui::read::Read;
use domain::view::change_pages::{ChangePage, ChangePages, ChangeRow};
use domain::{UtcMillis, words};
use leptos::prelude::*;
use leptos_router::components::A;

/// One version.
#[derive(Default)]
pub struct VersionLine {
    /// What it is called.
    pub word: String,
    /// What it changed, a line each.
    pub moves: Vec<String>,
    /// Who made it, and when; `None`: nobody, it is what counted before.
    pub made: Option<(String, UtcMillis)>,
    /// It is the present one.
    pub present: bool,
    /// Where it is opened, if it can be.
    pub way: Option<String>,
}

impl From<ChangeRow> for VersionLine {
    fn from(row: ChangeRow) -> Self {
        Self { word: row.word, moves: row.moves, made: Some((row.by, row.at)), ..Self::default() }
    }
}

/// Which one counts now, and who made it; `standard` says what counts while nobody made one.
pub fn present(number: i64, made: Option<(String, UtcMillis)>, standard: &str) -> String {
    match made {
        Some((by, at)) => format!("现行的是{}，{by} 于 {} 修改。", words::numbered_version(number), at.local_text()),
        None => standard.to_owned(),
    }
}

/// The page of them that the address names, read apart from the form: whoever leafs through them loses nothing typed.
#[component]
pub fn ReadVersions(
    /// The page's resource.
    data: Read<Result<ChangePage, ApiError>>,
    /// Where the list is.
    page: &'static str,
) -> impl IntoView {
    let draw = move |ChangePage { rows, pages, .. }: ChangePage| {
        view! { <Versions lines=rows.into_iter().map(VersionLine::from).collect() page pages/> }.into_any()
    };
    view! { <Loaded data part=true draw/> }
}

/// The table; nothing while there is no version. A column that no version needs is not there.
#[component]
pub fn Versions(
    /// Newest first.
    lines: Vec<VersionLine>,
    /// Where the list is.
    page: &'static str,
    /// The ways to the others.
    pages: ChangePages,
) -> impl IntoView {
    let (says, opens) = (lines.iter().any(|line| !line.moves.is_empty()), lines.iter().any(|line| line.way.is_some()));
    let row = move |line: VersionLine| {
        let VersionLine { word, moves, made, present, way } = line;
        let moves =
            move || moves.into_iter().map(|text| view! { <span class="table-second">{text}</span> }).collect_view();
        let (by, at) = made.unzip();
        let at = at.map(|at| view! { <time datetime=at.datetime()>{at.local_text()}</time> });
        view! {
            <tr>
                <th scope="row" class="table-short">{word.clone()} {present.then_some("（现行）")}</th>
                {says.then(|| view! { <td data-label="更改">{moves()}</td> })}
                <td data-label="谁" class="table-short">{by.unwrap_or_else(|| "—".to_owned())}</td>
                <td data-label="时间" class="table-short">{at.map_or_else(|| "—".into_any(), IntoAny::into_any)}</td>
                {opens.then(|| view! {
                    <td class="table-actions">
                        {way.map(|href| view! {
                            <A href=href attr:class="button">"打开" <span class="visually-hidden">{word}</span></A>
                        })}
                    </td>
                })}
            </tr>
        }
    };
    (!lines.is_empty()).then(|| {
        view! {
            <section class="card">
                <h2 id=CHANGES_ANCHOR>"变更记录"</h2>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"版本"</th>
                            {says.then(|| view! { <th scope="col">"更改"</th> })}
                            <th scope="col">"谁"</th>
                            <th scope="col">"时间"</th>
                            {opens.then(|| view! { <th scope="col">"操作"</th> })}
                        </tr>
                    </thead>
                    <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
                </table>
                <ChangePager page pages/>
            </section>
        }
    })
}
