//! Every test that docs/security.md names is there: `path::name`, in back quotes. What is claimed is shown, or said not to be.

use super::Source;

const PAGE: &str = "docs/security.md";

/// Names the tests that are not there, and the rows that show nothing and say no reason.
pub(super) fn tests_in_security_exist(tree: &[Source]) -> Vec<String> {
    let Some(page) = tree.iter().find(|s| s.path == PAGE) else { return vec![format!("{PAGE} is missing")] };
    let mut wrong = Vec::new();
    for (at, line) in page.text.lines().enumerate() {
        for (path, name) in line.split('`').skip(1).step_by(2).filter_map(reference) {
            let file = tree.iter().find(|s| s.path == path);
            if !file.is_some_and(|file| has_test(&file.text, name)) {
                wrong.push(format!("{PAGE}:{}: there is no test {name:?} in {path}", at + 1));
            }
        }
        let last = line.strip_prefix("| V").and_then(|row| row.trim_end().strip_suffix('|')?.rsplit_once('|'));
        if last.is_some_and(|(_, cell)| cell.trim().len() < 5) {
            wrong.push(format!("{PAGE}:{}: neither a test nor a reason", at + 1));
        }
    }
    wrong
}

/// `engine/src/identity/tests.rs::a_session_ends`
fn reference(code: &str) -> Option<(&str, &str)> {
    code.split_once("::").filter(|(path, _)| path.contains('/') && (path.ends_with(".rs") || path.ends_with(".ts")))
}

/// A function of Rust; of Playwright, the beginning of a title.
fn has_test(text: &str, name: &str) -> bool {
    text.contains(&format!("fn {name}("))
        || ["test(\"", "test(`"].iter().any(|call| text.contains(&format!("{call}{name}")))
}

#[cfg(test)]
mod tests {
    use super::{PAGE, tests_in_security_exist};
    use crate::tidy::Source;

    fn said(page: &str) -> Vec<String> {
        let file = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
        tests_in_security_exist(&[
            file(PAGE, page),
            file("engine/src/tests.rs", "async fn it_ends(w: World) {}"),
            file("end2end/a.spec.ts", "test(\"a page is safe @phone\", async () => {})"),
        ])
    }

    #[test]
    fn what_is_not_there_is_named_and_so_is_a_row_that_says_nothing() {
        assert!(
            said("| V1.1.1 | x | `engine/src/tests.rs::it_ends`, `end2end/a.spec.ts::a page is safe` |").is_empty()
        );
        assert!(said("| V1.1.2 | x | not yet: nobody needs it |\n`serve.rs` and `a::b` are no tests").is_empty());
        let wrong = said("\n| V1.1.3 | x | `engine/src/tests.rs::it_begins` |");
        assert_eq!(wrong, ["docs/security.md:2: there is no test \"it_begins\" in engine/src/tests.rs"]);
        assert_eq!(said("| V1.1.4 | x | |").len(), 1);
        assert_eq!(said("`engine/src/other.rs::it_ends`").len(), 1);
    }
}
