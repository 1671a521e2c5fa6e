//! What is live in a channel: a plain page for everybody (lifecycle.md, Where published applications are seen).

use crate::api::ApiError;
use crate::api::directory::{directory_entries, directory_path};
use crate::pages::Page;
use crate::parts::loaded::Loaded;
use crate::parts::regions::regions;
use crate::ui::query_form::QueryForm;
use crate::ui::read::{Read, ask};
use crate::ui::select::Choice;
use crate::ui::title::PageTitle;
use domain::RegionCode;
use domain::fields::Audience;
use domain::view::directory::{Address, DirectoryEntry, DirectoryOf, DirectoryPage as Listed};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The directory of the address.
pub struct DirectoryPage {
    asked: Memo<Asked>,
    page: Read<Result<(DirectoryOf, Listed), ApiError>>,
}

/// What the address says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Asked {
    of: Option<DirectoryOf>,
    site: Option<RegionCode>,
    audience: Option<Audience>,
    after: Option<i64>,
}

impl Page for DirectoryPage {
    fn data() -> Self {
        let (params, query) = (use_params_map(), use_query_map());
        let get = move |name: &str| query.with(|map| map.get(name));
        let asked = Memo::new(move |_| Asked {
            of: params.with(|map| DirectoryOf::from_id(&map.get("channel")?)),
            site: get("site").and_then(|code| RegionCode::parse(&code)),
            audience: get("audience").and_then(|id| Audience::from_id(&id)),
            after: get("after").and_then(|key| key.parse().ok()),
        });
        let read = |asked: Asked| async move {
            let of = asked.of.ok_or(ApiError::NotFound)?;
            Ok((of, directory_entries(of, asked.site, asked.audience, asked.after).await?))
        };
        Self { asked, page: ask(move || asked.get(), read) }
    }

    fn view(this: Self) -> AnyView {
        let DirectoryPage { asked, page } = this;
        let draw = move |(of, page)| view! { <Directory of page asked=asked.get_untracked()/> }.into_any();
        view! { <Loaded data=page draw/> }.into_any()
    }
}

impl Asked {
    /// The parameters that are given; `after` only for the next page.
    fn query(self, after: Option<i64>) -> String {
        let given = [
            self.site.map(|site| format!("site={site}")),
            self.audience.map(|audience| format!("audience={}", audience.id())),
            after.map(|key| format!("after={key}")),
        ];
        let given: Vec<String> = given.into_iter().flatten().collect();
        if given.is_empty() { String::new() } else { format!("?{}", given.join("&")) }
    }
}

#[component]
fn Directory(of: DirectoryOf, page: Listed, asked: Asked) -> impl IntoView {
    let path = directory_path(of);
    let name =
        page.directories.iter().find(|(known, _)| *known == of).map(|(_, name)| name.clone()).unwrap_or_default();
    let tab = |(other, name): (DirectoryOf, String)| {
        let here = (other == of).then_some("true");
        view! { <li><a href=directory_path(other) class="tab" aria-current=here>{name}</a></li> }
    };
    let (site, audience) = (asked.site, asked.audience);
    let audiences = [Audience::Person, Audience::Enterprise].map(|one| (one.id().to_owned(), one.word().to_owned()));
    let next = page.next.map(|key| format!("{path}{}", asked.query(Some(key))));
    let first = asked.after.map(|_| format!("{path}{}", asked.query(None)));
    let feed = format!("{path}/feed.json{}", asked.query(None));
    let narrowed = site.is_some() || audience.is_some();
    let entries = if page.entries.is_empty() {
        Either::Left(view! {
            <div class="empty">
                <p>{if narrowed { "没有符合条件的应用" } else { "还没有应用在这个渠道上线" }}</p>
                {narrowed.then(|| view! { <A href=path.clone() attr:class="button">"清除筛选"</A> })}
            </div>
        })
    } else {
        let entry = |entry: DirectoryEntry| view! { <Entry entry/> };
        Either::Right(view! { <ul class="directory">{page.entries.into_iter().map(entry).collect_view()}</ul> })
    };
    view! {
        <PageTitle text=format!("{name}应用目录")/>
        <nav aria-label="渠道"><ul class="tabs">{page.directories.into_iter().map(tab).collect_view()}</ul></nav>
        <QueryForm action=path>
            <Choice
                name="site"
                label="站点"
                options=regions()
                chosen=move || site.map(|site| site.to_string()).unwrap_or_default()
            />
            <Choice
                name="audience"
                label="用户类型"
                options=audiences.to_vec()
                chosen=move || audience.map(|audience| audience.id().to_owned()).unwrap_or_default()
            />
            <button type="submit" class="button button-main">"查询"</button>
        </QueryForm>
        {entries}
        <nav class="pager" aria-label="分页">
            <a href=feed rel="external">"JSON 数据"</a>
            <span class="pager-ways">
                {first.map(|href| view! { <A href=href attr:class="button">"回到开头"</A> })}
                {next.map(|href| view! { <A href=href attr:class="button">"下一页 ›"</A> })}
            </span>
        </nav>
    }
}

#[component]
fn Entry(entry: DirectoryEntry) -> impl IntoView {
    let link = |word: &'static str, address: Option<Address>| {
        address.and_then(|address| match address {
            Address::Url(url) => {
                let href = url.clone();
                Some(view! {
                    <a href=href rel="external noreferrer" class="directory-address">
                        <span class="directory-word">{word}</span> " " {url}
                    </a>
                })
            }
            // The server function has made all of them whole.
            Address::Hosted(_) => None,
        })
    };
    view! {
        <li class="directory-entry">
            <img src=format!("/icon/{}", entry.icon) width="48" height="48" alt="" loading="lazy" class="directory-icon"/>
            <div class="directory-what">
                <h2>{entry.name}</h2>
                <p>{entry.intro}</p>
                {link("移动端", entry.mobile)}
                {link("PC端", entry.pc)}
                <p class="directory-quiet">{entry.audience.word()} " · " {entry.service_id}</p>
            </div>
        </li>
    }
}
