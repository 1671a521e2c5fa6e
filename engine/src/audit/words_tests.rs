//! The list of actions to choose from (`domain/src/words/audit.rs`) is what is written, both ways.

use super::Event;
use domain::words;
use std::path::Path;

/// Whatever a story writes has words: asked at each append of every test.
pub(super) fn has_words(event: &Event) {
    let Event { action, object: (kind, _), .. } = event;
    if !action.starts_with("test.") {
        assert!(words::audit_action(action).is_some(), "domain/src/words/audit.rs has no word for the action {action}");
        assert!(words::audit_object(kind).is_some(), "domain/src/words/audit.rs has no word for the object {kind}");
    }
}

/// The sources that write events, without tests.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" && name != "words" {
            sources(&path, found);
        } else if name.ends_with(".rs") && !name.contains("tests") {
            found.push(std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn what_no_story_writes_has_words_too_and_no_word_is_left_over() {
    let mut texts = Vec::new();
    let engine = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for folder in [engine.clone(), engine.join("../../domain/src")] {
        sources(&folder, &mut texts);
    }
    for (action, _) in words::AUDIT_ACTIONS {
        let written = format!("\"{action}\"");
        assert!(texts.iter().any(|text| text.contains(&written)), "nothing writes {action}");
    }
    for before in ["Event::done(\"", "Event::refused(\"", "EVENT: &str = \"", "action: \""] {
        for rest in texts.iter().flat_map(|text| text.split(before).skip(1)) {
            let action = rest.split('"').next().unwrap();
            assert!(words::audit_action(action).is_some(), "domain/src/words/audit.rs has no word for {action}");
        }
    }
}
