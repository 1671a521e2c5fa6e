//! A folder that was chosen or dropped: its files, each with its path from the folder. Only in the browser.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, FileList};

/// Never part of a package, and large: not even looked into.
const NEVER: [&str; 2] = ["node_modules", ".git"];

/// As the worker takes it.
pub(super) struct Folder {
    pub(super) name: String,
    pub(super) files: Array,
    /// Beside the files.
    pub(super) paths: Array,
    /// What was not even looked into.
    pub(super) left: Array,
}

impl Folder {
    fn new(name: String) -> Self {
        Self { name, files: Array::new(), paths: Array::new(), left: Array::new() }
    }

    fn add(&self, file: &JsValue, path: &str) {
        self.files.push(file);
        self.paths.push(&path.into());
    }
}

/// The folder that was chosen in a dialog; `None`: none, or an empty one.
pub(super) fn chosen(files: &FileList) -> Option<Folder> {
    let path = |at: u32| {
        let file = files.get(at)?;
        let path = Reflect::get(&file, &"webkitRelativePath".into()).ok()?.as_string()?;
        let (name, below) = path.split_once('/')?;
        Some((file, name.to_owned(), below.to_owned()))
    };
    let (_, name, _) = path(0)?;
    let folder = Folder::new(name);
    for (file, _, below) in (0..files.length()).filter_map(path) {
        folder.add(&file, &below);
    }
    Some(folder)
}

/// The folder that was dropped, to be read with [`read`]; `None`: it was something else. Only while the event is handled.
pub(super) fn dropped(data: &DataTransfer) -> Option<JsValue> {
    let items = get(data, "items")?;
    let item = Reflect::get_u32(&items, 0).ok().filter(JsValue::is_object)?;
    let entry = call(&item, "webkitGetAsEntry", &[])?;
    is_folder(&entry).then_some(entry)
}

/// All that is in a dropped folder; `None`: it can't be read any more.
pub(super) async fn read(entry: JsValue) -> Option<Folder> {
    let folder = Folder::new(get(&entry, "name")?.as_string()?);
    let mut open = vec![(entry, String::new())];
    while let Some((entry, above)) = open.pop() {
        let reader = call(&entry, "createReader", &[])?;
        loop {
            // A hundred at a time, until there are no more.
            let some: Array = asked(&reader, "readEntries").await?.dyn_into().ok()?;
            if some.length() == 0 {
                break;
            }
            for entry in some.iter() {
                let name = get(&entry, "name")?.as_string()?;
                let path = format!("{above}{name}");
                if !is_folder(&entry) {
                    folder.add(&asked(&entry, "file").await?, &path);
                } else if NEVER.contains(&name.as_str()) {
                    folder.left.push(&path.into());
                } else {
                    open.push((entry, format!("{path}/")));
                }
            }
        }
    }
    Some(folder)
}

fn is_folder(entry: &JsValue) -> bool {
    get(entry, "isDirectory").is_some_and(|it| it.is_truthy())
}

/// A property that is there.
pub(super) fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|it| !it.is_undefined() && !it.is_null())
}

fn call(of: &JsValue, name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let function: Function = get(of, name)?.dyn_into().ok()?;
    function.apply(of, &arguments.iter().collect()).ok()
}

/// What a function tells that takes one to be told by, and another for its failures.
async fn asked(of: &JsValue, name: &str) -> Option<JsValue> {
    let promise = Promise::new(&mut |told, failed| {
        call(of, name, &[told.into(), failed.into()]);
    });
    JsFuture::from(promise).await.ok()
}
