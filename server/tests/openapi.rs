//! docs/openapi.json is what the integration API says of itself, and the registry has each of its routes.
//!
//! Write it again with `UPDATE_DOCS=1 cargo test -p server`.

use app::api::registry::INTEGRATION;
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn the_description_in_the_docs_is_the_servers() {
    let described = format!("{}\n", server::integration::description().to_pretty_json().unwrap());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, &described).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(kept, described, "docs/openapi.json is stale: UPDATE_DOCS=1 cargo test -p server");
    assert!(described.contains(r#""openapi": "3.1.0""#));
}

#[test]
fn each_operation_has_a_name_of_its_own_and_each_answer_its_words() {
    let described: serde_json::Value = serde_json::to_value(server::integration::description()).unwrap();
    let mut names = BTreeSet::new();
    for operation in
        described["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values())
    {
        assert!(names.insert(operation["operationId"].as_str().unwrap().to_owned()), "{}", operation["operationId"]);
        for answer in operation["responses"].as_object().unwrap().values() {
            assert!(!answer["description"].as_str().unwrap().is_empty(), "{operation}");
        }
    }
}

#[test]
fn the_registry_lists_every_route_of_it() {
    let described: serde_json::Value = serde_json::to_value(server::integration::description()).unwrap();
    let mut routes = BTreeSet::from(["GET /api/v1/openapi.json".to_owned()]);
    for (path, methods) in described["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let path = path.replace("{number}", "{n}");
            routes.insert(format!("{} {}{path}", method.to_uppercase(), server::integration::BASE));
        }
    }
    let listed: BTreeSet<String> = INTEGRATION.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(listed, routes);
}
