//! The house rules that no compiler checks (style.md, last section). Each check returns what is wrong, a line each.

mod paths;
mod rules;
mod shown;

use crate::shell::{Done, step};
use std::path::{Path, PathBuf};

/// A file of the tree, read once.
pub struct Source {
    /// From the root, with `/`.
    pub path: String,
    /// The whole text; of what is no text (a picture), nothing.
    pub text: String,
}

/// Runs every check and shows all that is wrong at once.
pub fn tidy() -> Done {
    step("tidy", || {
        let tree = sources(&crate::paths::root());
        let wrong: Vec<String> = rules::ALL.iter().flat_map(|rule| rule(&tree)).collect();
        if wrong.is_empty() { Ok(()) } else { Err(format!("tidy:\n  {}", wrong.join("\n  "))) }
    })
}

/// Every file that we wrote.
fn sources(root: &Path) -> Vec<Source> {
    let mut files = Vec::new();
    collect(root, &mut files);
    files.sort();
    let read = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let path = file.strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/");
        Some(Source { path, text })
    };
    files.into_iter().filter_map(read).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    const NOT_OURS: &[&str] = &["target", "node_modules", ".git", "test-results", "playwright-report"];
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|e| e.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if NOT_OURS.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
