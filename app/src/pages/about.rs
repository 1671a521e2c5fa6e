//! 关于: which version runs here, since when.

use crate::api::ApiError;
use crate::api::system::{About, system_about};
use crate::pages::Page;
use crate::parts::loaded::Loaded;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use leptos::prelude::*;

/// The page and its data, which is asked for while the page's code is still on its way.
pub struct AboutPage {
    about: Read<Result<About, ApiError>>,
}

impl Page for AboutPage {
    fn data() -> Self {
        Self { about: ask(|| (), |()| system_about()) }
    }

    fn view(this: Self) -> AnyView {
        view! {
            <PageTitle text="关于"/>
            <Loaded data=this.about part=true draw=|about| facts(&about).into_any()/>
        }
        .into_any()
    }
}

fn facts(about: &About) -> impl IntoView + use<> {
    view! {
        <dl class="facts">
            <dt>"版本"</dt>
            <dd>{about.version.clone()}</dd>
            <dt>"许可"</dt>
            <dd>"MIT 或 Apache-2.0"</dd>
            <dt>"本次启动"</dt>
            <dd><time datetime=about.started_at.datetime()>{about.started_at.local_text()}</time></dd>
        </dl>
    }
}
