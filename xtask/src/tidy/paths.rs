//! Every path that a page of documentation names is there.
//!
//! A path is the target of a relative link, or a word in code that begins with a folder at the top of the repository
//! (`docs/`) or ends like a source file (`apply.rs`: some file of that name, below `publication/` if it says so). Start
//! reading at [`paths_in_docs_exist`].

#[cfg(test)]
mod tests;

use super::Source;

/// A word in code with one of these endings is a file of ours, also without the folder it is in.
const SOURCES: [&str; 5] = [".rs", ".ts", ".css", ".sql", ".md"];

/// Names what is not there, with the page and the line.
pub(super) fn paths_in_docs_exist(tree: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for page in tree.iter().filter(|s| is_documentation(&s.path)) {
        for (number, link) in links(&page.text) {
            if inside(folder_of(&page.path), link).is_none_or(|path| !is_there(tree, &path)) {
                wrong.push(format!("{}:{number}: the link {link} leads nowhere", page.path));
            }
        }
        // What was released named what was there then.
        if page.path == "CHANGELOG.md" {
            continue;
        }
        for (number, word) in code(&page.text) {
            let missing = alternatives(word).into_iter().find(|path| is_ours(tree, path) && !is_named(tree, path));
            wrong.extend(missing.map(|path| format!("{}:{number}: there is no {path}", page.path)));
        }
    }
    wrong
}

/// The pages at the top, and all below `docs/`.
fn is_documentation(path: &str) -> bool {
    path.ends_with(".md") && (!path.contains('/') || path.starts_with("docs/"))
}

/// The folder of a file, without a slash at its end.
fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The targets of relative links and pictures, without anchors, each with the number of its line.
fn links(page: &str) -> impl Iterator<Item = (usize, &str)> {
    lines(page).filter(|(_, fenced, _)| !fenced).flat_map(|(number, _, line)| {
        let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
        let paths = targets.map(|target| target.split('#').next().unwrap_or_default());
        paths.filter(|path| !path.is_empty() && !path.contains(':')).map(move |path| (number, path))
    })
}

/// The words in back quotes and in fenced blocks, each with the number of its line.
fn code(page: &str) -> impl Iterator<Item = (usize, &str)> {
    lines(page).flat_map(|(number, fenced, line)| {
        let quoted = line.split('`').enumerate().filter(move |(at, _)| fenced || at % 2 == 1);
        let words = quoted.flat_map(|(_, text)| text.split_whitespace());
        words.map(move |word| (number, word.trim_matches(|c| "()[],;:\"'".contains(c))))
    })
}

/// The lines with their numbers, and whether they stand in a fenced block.
fn lines(page: &str) -> impl Iterator<Item = (usize, bool, &str)> {
    let mut fenced = false;
    page.lines().enumerate().map(move |(at, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        (at + 1, fenced && !fence, line)
    })
}

/// `store/{db,writer}.rs` is two paths; `<noun>` stands for any name, as `*` does. What comes after a file's name, as in
/// `decide.rs::decide` or `apply.rs:60`, is not part of the path.
fn alternatives(word: &str) -> Vec<String> {
    if let Some((before, rest)) = word.split_once('{')
        && let Some((names, after)) = rest.split_once('}')
    {
        return names.split(',').flat_map(|name| alternatives(&format!("{before}{name}{after}"))).collect();
    }
    let mut path = word.split([':', '#']).next().unwrap_or_default().to_owned();
    while let (Some(from), Some(to)) = (path.find('<'), path.find('>'))
        && from < to
    {
        path.replace_range(from..=to, "*");
    }
    vec![path]
}

/// Whether the word is meant to be a path of the repository.
fn is_ours(tree: &[Source], path: &str) -> bool {
    let from_the_top = |top: &str| tree.iter().any(|s| s.path.split_once('/').is_some_and(|(folder, _)| folder == top));
    let source = SOURCES.iter().any(|end| path.len() > end.len() && path.ends_with(end));
    let elsewhere = path.starts_with(['/', '.', '-', '$']) && !path.starts_with(".ci/");
    !elsewhere && (source || path.split_once('/').is_some_and(|(top, _)| from_the_top(top)))
}

/// From the top, or the end of a longer path.
fn is_named(tree: &[Source], path: &str) -> bool {
    let source = SOURCES.iter().any(|end| path.ends_with(end));
    is_there(tree, path) || (source && is_there_below(tree, path))
}

/// The path of a link in a page of `folder`; `None`: it leaves the repository.
fn inside(folder: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in link.trim_end_matches('/').split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Whether there is such a file, or a folder with something in it.
fn is_there(tree: &[Source], path: &str) -> bool {
    let wanted: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    tree.iter().any(|s| {
        let names: Vec<&str> = s.path.split('/').collect();
        let deep_enough = names.len() > wanted.len() || (names.len() == wanted.len() && !path.ends_with('/'));
        deep_enough && names.iter().zip(&wanted).all(|(name, pattern)| fits(pattern, name))
    })
}

/// Whether there is a file whose path ends so.
fn is_there_below(tree: &[Source], path: &str) -> bool {
    let wanted: Vec<&str> = path.split('/').collect();
    tree.iter().any(|s| {
        let names: Vec<&str> = s.path.split('/').collect();
        names.len() > wanted.len() && names.iter().rev().zip(wanted.iter().rev()).all(|(name, want)| fits(want, name))
    })
}

/// Whether the name of a file or folder is the pattern, in which `*` stands for anything.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => name.strip_prefix(before).is_some_and(|rest| {
            let starts = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
            starts.into_iter().any(|at| fits(after, &rest[at..]))
        }),
    }
}
