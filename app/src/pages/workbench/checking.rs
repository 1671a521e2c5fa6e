//! Checks in the browser, on the chosen file, before anything is sent: the worker, and what it says (packages.md, 源码检测).

use super::folder::{Folder, get};
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

/// Where a folder could not be read, or not become a zip.
pub(super) const NOT_PACKED: &str = "这个文件夹里没有能读取的文件，请压缩成 zip 后选择。";

/// How far they are.
#[derive(Clone, PartialEq)]
pub(super) enum Checking {
    /// Nothing was chosen.
    No,
    /// A folder becomes a zip. Per cent.
    Packing(u8),
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
    /// What was left out of the folder that was chosen.
    left_out: RwSignal<Vec<String>>,
    worker: StoredValue<Option<Running>, LocalStorage>,
    /// Grows with each choice: what an earlier one brings late is not wanted any more.
    choice: StoredValue<u32>,
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
        let (now, left_out) = (RwSignal::new(Checking::No), RwSignal::default());
        Self { now, left_out, worker: StoredValue::new_local(None), choice: StoredValue::new(0) }
    }

    /// Forgets what was chosen before, for what is being chosen now.
    pub(super) fn choose(self) -> u32 {
        self.worker.set_value(None);
        self.left_out.set(Vec::new());
        self.now.set(Checking::No);
        self.choice.update_value(|choice| *choice += 1);
        self.choice.get_value()
    }

    /// Nothing else was chosen meanwhile, and the page is still there.
    pub(super) fn is_chosen(self, choice: u32) -> bool {
        self.choice.try_get_value() == Some(choice)
    }

    /// Checks this file in place of the one before.
    pub(super) fn of(self, file: Option<File>) {
        self.choose();
        if let Some(file) = file {
            self.now.set(Checking::Running(0));
            self.start("file", file.into(), Callback::new(|_| {}));
        }
    }

    /// Packs this folder, hands the zip over, and checks it.
    pub(super) fn of_folder(self, folder: &Folder, packed: Callback<File>) {
        self.choose();
        self.now.set(Checking::Packing(0));
        let ask = js_sys::Object::new();
        let name = folder.name.as_str().into();
        let parts: [(&str, &JsValue); 4] =
            [("name", &name), ("files", &folder.files), ("paths", &folder.paths), ("left", &folder.left)];
        for (name, part) in parts {
            // A plain object takes whatever it is given.
            let _ = js_sys::Reflect::set(&ask, &name.into(), part);
        }
        self.start("folder", ask.into(), packed);
    }

    fn start(self, name: &'static str, what: JsValue, packed: Callback<File>) {
        let choice = self.choice.get_value();
        spawn_local(async move {
            let settings = rule_settings().await;
            if !self.is_chosen(choice) {
                return;
            }
            let begun = settings.ok().and_then(|settings| self.begin((name, &what), &settings, packed).ok());
            if begun.is_none() {
                self.now.set(self.failed());
            }
            self.worker.set_value(begun);
        });
    }

    fn begin(self, (name, what): (&str, &JsValue), settings: &str, packed: Callback<File>) -> Result<Running, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&beside_the_styles("checks_worker.js")?, &options)?;
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let said = event.data();
            if let Some((file, left)) = packed_by(&said) {
                let _ = self.left_out.try_set(left);
                let _ = self.now.try_set(Checking::Running(0));
                packed.run(file);
            } else if let Some(now) = self.said(&said) {
                let _ = self.now.try_set(now);
            }
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        // Not even loaded.
        worker.set_onerror(Some(heard.as_ref().unchecked_ref()));
        let ask = js_sys::Object::new();
        js_sys::Reflect::set(&ask, &name.into(), what)?;
        js_sys::Reflect::set(&ask, &"settings".into(), &settings.into())?;
        worker.post_message(&ask)?;
        Ok(Running { worker, _heard: heard })
    }

    /// What a message of the worker says.
    fn said(self, message: &JsValue) -> Option<Checking> {
        if let Some(part) = share(message, "packing", "of") {
            return Some(Checking::Packing(part));
        }
        if let Some(part) = share(message, "done", "all") {
            return Some(Checking::Running(part));
        }
        Some(found(message).unwrap_or_else(|| self.failed()))
    }

    /// Of a folder there is nothing to upload then.
    fn failed(self) -> Checking {
        match self.now.try_get_untracked() {
            Some(Checking::Packing(_)) => Checking::Bad(NOT_PACKED.to_owned()),
            _ => Checking::Left,
        }
    }
}

/// Files of this build are where its style sheet is.
fn beside_the_styles(name: &str) -> Result<String, JsValue> {
    let link = document().query_selector("link[rel=stylesheet]")?.ok_or("no style sheet")?;
    let styles = link.unchecked_into::<HtmlLinkElement>().href();
    let folder = styles.rsplit_once('/').map_or("", |(folder, _)| folder);
    Ok(format!("{folder}/{name}"))
}

/// Per cent.
fn share(message: &JsValue, done: &str, all: &str) -> Option<u8> {
    let (done, all) = (get(message, done)?.as_f64()?, get(message, all)?.as_f64()?);
    Some((done / all.max(1.0) * 100.0) as u8)
}

/// The zip that was made of a folder, and what was left out of it.
fn packed_by(message: &JsValue) -> Option<(File, Vec<String>)> {
    let file = get(message, "file")?.dyn_into().ok()?;
    let left: js_sys::Array = get(message, "left")?.dyn_into().ok()?;
    Some((file, left.iter().filter_map(|one| one.as_string()).collect()))
}

/// What was found; `None`: it could not be checked here.
fn found(message: &JsValue) -> Option<Checking> {
    let (answer, findings) = (get(message, "answer")?, get(message, "findings")?);
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
    let left = move || {
        let left = checks.left_out.get();
        (!left.is_empty()).then(|| view! { <p class="quiet">{format!("没有放进包里：{}", left.join("、"))}</p> })
    };
    let now = move || match checks.now.get() {
        Checking::No => ().into_any(),
        Checking::Packing(part) => view! {
            <div class="checking" role="status">
                <progress max="100" value=part aria-label="打包文件夹"></progress>
                <span class="quiet">"正在本机打包，文件还没有上传"</span>
            </div>
        }
        .into_any(),
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
    };
    view! { {left} {now} }
}
