//! 扫码登录: the desk shows a code and goes on by itself when the phone has confirmed. A code that is over is renewed.

use crate::api::code::{AskedCode, session_ask_code, session_code_state, session_take_code};
use crate::ui::qr::QrPicture;
use domain::view::person::CodeState;
use leptos::leptos_dom::helpers::document;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// How often the desk asks how far its code is.
const ASK_EVERY: Duration = Duration::from_millis(1_000);

/// From this width on it is a desk. Pixels.
const DESK: f64 = 900.0;

/// What stands in the place of the code.
#[derive(Clone, Debug, PartialEq)]
enum Shown {
    /// Not asked for yet: the scripts are not there.
    Nothing,
    /// A code, and until when it is good by this machine's clock.
    Code(AskedCode, f64),
    /// Why there is none.
    Problem(String),
}

/// The code of the page. Cheap to copy.
#[derive(Clone, Copy)]
struct Desk {
    shown: RwSignal<Shown>,
    /// A question is under way.
    busy: StoredValue<bool>,
    next: StoredValue<String>,
}

impl Desk {
    fn ask(self) {
        spawn_local(async move {
            let shown = match session_ask_code().await {
                Ok(code) => {
                    let until = js_sys::Date::now() + f64::from(i32::try_from(code.good_for_ms).unwrap_or(i32::MAX));
                    Shown::Code(code, until)
                }
                Err(error) => Shown::Problem(error.to_string()),
            };
            let _ = self.shown.try_set(shown);
        });
    }

    /// One question at a time, and none while nobody sees the page.
    fn look(self) {
        let Some(Shown::Code(code, until)) = self.shown.try_get_untracked() else { return };
        if document().hidden() || self.busy.try_get_value() != Some(false) {
            return;
        }
        self.busy.set_value(true);
        spawn_local(async move {
            if let Ok(state) = session_code_state(code.code.clone()).await {
                self.go_on(state, code.code, until).await;
            }
            self.busy.try_set_value(false);
        });
    }

    async fn go_on(self, state: CodeState, code: String, until: f64) {
        let problem = match state {
            CodeState::Waiting => return,
            CodeState::Confirmed => {
                match session_take_code(code, self.next.try_get_value().unwrap_or_default()).await {
                    Ok(path) => {
                        let _ = self.shown.try_set(Shown::Nothing);
                        let _ = window().location().assign(&path);
                        return;
                    }
                    Err(error) => error.to_string(),
                }
            }
            CodeState::Refused => "手机上拒绝了这次登录。".to_owned(),
            CodeState::Over if js_sys::Date::now() >= until => return self.ask(),
            // Before its time: another tab has a code of its own, or the browser has not kept the secret.
            CodeState::Over => {
                "这个二维码不能再用：可能在另一个窗口打开了登录页，或者浏览器没有保存登录信息（请用 https 打开）。"
                    .to_owned()
            }
        };
        let _ = self.shown.try_set(Shown::Problem(problem));
    }
}

/// Only with scripts: a code that nobody watches would be of no use.
#[component]
pub(super) fn ByCode(next: String) -> impl IntoView {
    let desk =
        Desk { shown: RwSignal::new(Shown::Nothing), busy: StoredValue::new(false), next: StoredValue::new(next) };
    Effect::new(move |_| {
        // A phone does not scan itself (style/pages/sign_in.css).
        let width = window().inner_width().ok().and_then(|width| width.as_f64());
        if width.is_none_or(|width| width < DESK) {
            return;
        }
        desk.ask();
        if let Ok(handle) = set_interval_with_handle(move || desk.look(), ASK_EVERY) {
            on_cleanup(move || handle.clear());
        }
    });
    let content = move || match desk.shown.get() {
        Shown::Nothing => ().into_any(),
        Shown::Code(code, _) => view! {
            <QrPicture qr=code.qr label="登录二维码" pixels=180/>
            <p class="quiet">
                "用已登录的手机扫码，在手机上确认"
                {code.local.then(|| view! { <br/> "仅本机可打开" })}
            </p>
        }
        .into_any(),
        Shown::Problem(text) => view! {
            <p class="notice notice-warning" role="alert">{text}</p>
            <button type="button" class="button" on:click=move |_| desk.ask()>"换一个二维码"</button>
        }
        .into_any(),
    };
    view! {
        <section class="sign-in-code" aria-labelledby="by-code">
            <h2 id="by-code">"扫码登录"</h2>
            {content}
        </section>
    }
}
