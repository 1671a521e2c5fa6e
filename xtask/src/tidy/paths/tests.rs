//! A small repository, and pages that name what is there and what is not.

use super::{Source, paths_in_docs_exist};

/// What is wrong with a page of this text at this path.
fn wrong(page: &str, text: &str) -> Vec<String> {
    let source = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
    let files = [
        ".ci/run",
        "README.md",
        "docs/operations.md",
        "docs/images/list.png",
        "engine/src/publication/apply.rs",
        "engine/src/store/db.rs",
        "engine/src/store/writer.rs",
        "xtask/front/src/main.rs",
    ];
    let mut tree: Vec<Source> = files.iter().filter(|path| **path != page).map(|path| source(path, "")).collect();
    tree.push(source(page, text));
    paths_in_docs_exist(&tree)
}

#[test]
fn what_is_there_may_be_named() {
    for text in [
        "[Operations](docs/operations.md#settings), [the web](https://example.org/a.md), [below](#here)",
        "![The list](docs/images/list.png)",
        "`engine/src/publication/apply.rs`, `publication/apply.rs` and `apply.rs`; `.ci/run`",
        "`engine/`, `engine/src/store`, `xtask/front` and `engine/src/store/`",
        "`engine/src/store/<noun>.rs`, `engine/src/*/writer.rs`, `store/{db,writer}.rs`",
        "`engine/src/publication/apply.rs::apply`, `engine/src/store/db.rs:12`",
        "```sh\n../elsewhere/run.rs engine/src/store/db.rs > /tmp/x.rs\n```",
        "engine/gone.rs is no code, `publication/upgrade`, `package.json` and `blob/<sha256>` are no paths",
    ] {
        assert_eq!(wrong("README.md", text), [""; 0], "{text}");
    }
}

#[test]
fn what_is_not_there_is_said_with_its_line() {
    for (text, said) in [
        ("\n[Operations](docs/operation.md)", "README.md:2: the link docs/operation.md leads nowhere"),
        ("![The list](docs/images/lists.png)", "README.md:1: the link docs/images/lists.png leads nowhere"),
        ("[out](../main/README.md)", "README.md:1: the link ../main/README.md leads nowhere"),
        ("see `engine/src/publication/ask.rs`.", "README.md:1: there is no engine/src/publication/ask.rs"),
        ("`store/apply.rs`", "README.md:1: there is no store/apply.rs"),
        ("`ask.rs`", "README.md:1: there is no ask.rs"),
        ("`engine/src/shop/`", "README.md:1: there is no engine/src/shop/"),
        ("`.ci/ran`", "README.md:1: there is no .ci/ran"),
        ("`store/{db,reader}.rs`", "README.md:1: there is no store/reader.rs"),
        ("`engine/src/<noun>.rs`", "README.md:1: there is no engine/src/*.rs"),
        ("`engine/src/store/db.rs/`", "README.md:1: there is no engine/src/store/db.rs/"),
        ("```\nnode engine/make.cjs\n```", "README.md:2: there is no engine/make.cjs"),
    ] {
        assert_eq!(wrong("README.md", text), [said], "{text}");
    }
}

#[test]
fn a_link_begins_at_its_page() {
    assert_eq!(wrong("docs/architecture.md", "[a](operations.md) [b](../README.md) [c](images/)"), [""; 0]);
    assert_eq!(wrong("docs/architecture.md", "[a](docs/operations.md)").len(), 1);
}

#[test]
fn the_past_may_name_what_is_gone_but_not_link_to_it() {
    assert_eq!(wrong("CHANGELOG.md", "- `engine/src/gone.rs` is gone"), [""; 0]);
    assert_eq!(wrong("CHANGELOG.md", "- see [gone](docs/gone.md)").len(), 1);
}
