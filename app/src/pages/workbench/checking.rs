//! Checks in the browser, on the chosen file, before anything is sent: the worker, and what it says (packages.md, 源码检测).

use crate::api::json;
use crate::api::rule::rule_settings;
use crate::parts::version::Groups;
use domain::view::version::{FindingSeverity, FindingView};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, HtmlLinkElement, MessageEvent, Worker, WorkerOptions, WorkerType};

/// How far they are.
#[derive(Clone, PartialEq)]
pub(super) enum Checking {
    /// Nothing was chosen.
    No,
    /// Per cent.
    Running(u8),
    /// What was found.
    Found(Vec<FindingView>),
    /// The package as such is bad: a sentence.
    Bad(String),
    /// This browser can't: the server will.
    Left,
}

/// Checks one file after the other: the last one counts.
#[derive(Clone, Copy)]
pub(super) struct Checks {
    pub(super) now: RwSignal<Checking>,
    worker: StoredValue<Option<Running>, LocalStorage>,
}

/// The worker of the last file, ended with it.
struct Running {
    worker: Worker,
    _heard: Closure<dyn Fn(MessageEvent)>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Checks {
    pub(super) fn new() -> Self {
        Self { now: RwSignal::new(Checking::No), worker: StoredValue::new_local(None) }
    }

    /// Checks this file in place of the one before.
    pub(super) fn of(self, file: Option<File>) {
        self.worker.set_value(None);
        let Some(file) = file else { return self.now.set(Checking::No) };
        self.now.set(Checking::Running(0));
        spawn_local(async move {
            let settings = rule_settings().await;
            let begun = settings.ok().and_then(|settings| self.begin(&file, &settings).ok());
            // The page may be gone by now.
            if begun.is_none() {
                let _ = self.now.try_set(Checking::Left);
            }
            let _ = self.worker.try_set_value(begun);
        });
    }

    fn begin(self, file: &File, settings: &str) -> Result<Running, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&beside_the_styles("checks_worker.js")?, &options)?;
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(now) = said(&event.data()) {
                let _ = self.now.try_set(now);
            }
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        // Not even loaded.
        worker.set_onerror(Some(heard.as_ref().unchecked_ref()));
        let ask = js_sys::Object::new();
        js_sys::Reflect::set(&ask, &"file".into(), file)?;
        js_sys::Reflect::set(&ask, &"settings".into(), &settings.into())?;
        worker.post_message(&ask)?;
        Ok(Running { worker, _heard: heard })
    }
}

/// Files of this build are where its style sheet is.
fn beside_the_styles(name: &str) -> Result<String, JsValue> {
    let link = document().query_selector("link[rel=stylesheet]")?.ok_or("no style sheet")?;
    let styles = link.unchecked_into::<HtmlLinkElement>().href();
    let folder = styles.rsplit_once('/').map_or("", |(folder, _)| folder);
    Ok(format!("{folder}/{name}"))
}

/// What a message of the worker says.
fn said(message: &JsValue) -> Option<Checking> {
    let get = |name: &str| js_sys::Reflect::get(message, &name.into()).ok().filter(|it| !it.is_undefined());
    if let (Some(done), Some(all)) = (get("done").and_then(|n| n.as_f64()), get("all").and_then(|n| n.as_f64())) {
        return Some(Checking::Running((done / all.max(1.0) * 100.0) as u8));
    }
    let (Some(answer), Some(findings)) = (get("answer"), get("findings")) else { return Some(Checking::Left) };
    /// The part of the answer that matters here.
    #[derive(Deserialize)]
    enum Answer {
        Ok(serde::de::IgnoredAny),
        Err(String),
    }
    match json::read(answer.as_string()?.as_bytes()).ok()? {
        Answer::Err(sentence) => Some(Checking::Bad(sentence)),
        Answer::Ok(_) => json::read(findings.as_string()?.as_bytes()).ok().map(Checking::Found),
    }
}

/// What the checks say so far, under the chosen file.
#[component]
pub(super) fn CheckedBefore(checks: Checks) -> impl IntoView {
    let sentence = |findings: &[FindingView]| {
        let blocks = findings.iter().filter(|finding| finding.severity == FindingSeverity::Block).count();
        match (blocks, findings.len() - blocks) {
            (0, 0) => "没有发现问题。".to_owned(),
            (0, warnings) => format!("有 {warnings} 处警告。"),
            (blocks, _) => format!("有 {blocks} 处必须修改，这样上传不会通过源码检测。"),
        }
    };
    move || match checks.now.get() {
        Checking::No => ().into_any(),
        Checking::Running(part) => view! {
            <div class="checking" role="status">
                <progress max="100" value=part aria-label="上传前检测"></progress>
                <span class="quiet">"正在本机检测，文件还没有上传"</span>
            </div>
        }
        .into_any(),
        Checking::Bad(why) => view! { <p class="notice notice-danger" role="alert">{why}</p> }.into_any(),
        Checking::Left => view! { <p class="quiet">"这个浏览器不能在本机检测，上传后由平台检测。"</p> }.into_any(),
        Checking::Found(findings) => view! {
            <div class="checking-found">
                <p role="status"><strong>"上传前检测："</strong>{sentence(&findings)}</p>
                <Groups findings keeps=None/>
            </div>
        }
        .into_any(),
    }
}
