//! What a browser loads for the first list page, file by file, as sent.

use crate::Outcome;
use crate::client::{Client, Wants};
use std::collections::BTreeSet;

/// A file and its bytes as sent.
pub(crate) type File = (String, usize);

/// Smaller files are one line. Bytes.
const LISTED_FROM: usize = 2_000;

/// Every file that the page and its scripts name, and those that they name.
pub(crate) async fn files(client: &mut Client, page: &str) -> Outcome<Vec<File>> {
    let document = client.get(page, Wants::Page).await?;
    let sent = client.get(page, Wants::PageAsSent).await?;
    let text = String::from_utf8_lossy(&document.body).into_owned();
    let mut files = vec![(page.split('?').next().unwrap_or(page).to_owned(), sent.body.len())];
    let mut known = BTreeSet::new();
    let mut open: Vec<String> = named(&text, "/pkg/");
    open.push("/favicon.svg".to_owned());
    while let Some(path) = open.pop() {
        if !known.insert(path.clone()) {
            continue;
        }
        let sent = client.get(&path, Wants::FileAsSent).await?;
        if !sent.status.is_success() {
            continue;
        }
        files.push((path.clone(), sent.body.len()));
    }
    files.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    let small = files.iter().position(|(_, bytes)| *bytes < LISTED_FROM).unwrap_or(files.len());
    let rest = files.split_off(small);
    if !rest.is_empty() {
        files.push((format!("{} smaller ones", rest.len()), rest.iter().map(|(_, bytes)| bytes).sum()));
    }
    Ok(files)
}

/// Paths below `prefix` in the attributes and scripts of a document.
fn named(text: &str, prefix: &str) -> Vec<String> {
    let starts = text.match_indices(prefix).map(|(at, _)| at);
    let path = |at: usize| {
        let rest = text.get(at..)?;
        let end = rest.find(['"', '\'', ' ', ')', '>', '<', '\\', '`'])?;
        rest.get(..end).map(str::to_owned)
    };
    starts.filter_map(path).filter(|path| path.contains('.')).collect()
}
