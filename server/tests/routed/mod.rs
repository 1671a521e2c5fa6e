//! The routes that server/src writes by hand, read from its text: the registry has each of them, so each is tried as every role and from
//! another site.

use crate::all_below;
use app::api::registry::{INTEGRATION, ROUTES};
use app::api::session::OIDC;
use engine::identity::{dingtalk, oidc};
use std::collections::BTreeSet;
use std::path::Path;

/// Paths that have a name: the file below server/src, what it writes, and what that is.
const NAMED: [(&str, &str, &str); 3] = [
    ("dingtalk.rs", "CALLBACK", dingtalk::CALLBACK),
    ("oidc.rs", "CALLBACK", oidc::CALLBACK),
    ("oidc.rs", "OIDC", OIDC),
];

/// Routes that are not in [`ROUTES`].
const ELSEWHERE: [(&str, &str); 4] = [
    // Of the integration API, below its base: in INTEGRATION, which server/tests/openapi.rs compares.
    ("integration.rs", "GET /openapi.json"),
    // At an address of their own, which `--metrics-listen` names and the public has not (server/tests/metrics.rs).
    ("metrics.rs", "GET /healthz"),
    ("metrics.rs", "GET /metrics"),
    ("metrics.rs", "GET /readyz"),
];

/// What else leads a request to somebody; pages and server functions are leptos' routes.
const WAYS: [&str; 6] =
    [".fallback(", ".fallback_service(", ".nest(", ".nest_service(", ".route_service(", ".routes(routes!("];

#[test]
fn the_registry_has_every_route_that_is_written_by_hand_and_no_other() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut routes, mut elsewhere, mut ways) = (BTreeSet::new(), Vec::new(), Vec::new());
    for (path, bytes) in all_below(&sources) {
        let (file, text) = (path.strip_prefix(&sources).unwrap().to_str().unwrap(), String::from_utf8(bytes).unwrap());
        for route in calls(&text, ".route(").into_iter().flat_map(|call| routes_of(file, call)) {
            match ELSEWHERE.into_iter().find(|known| *known == (file, route.as_str())) {
                Some(known) => elsewhere.push(known),
                None => assert!(routes.insert(route), "{file} has a route twice"),
            }
        }
        let often = WAYS.map(|way| (way, calls(&text, way).len())).into_iter().filter(|(_, often)| *often > 0);
        ways.extend(often.map(|(way, often)| format!("{file}: {often} x {way}")));
    }
    let listed: BTreeSet<String> = ROUTES.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(routes, listed);
    elsewhere.sort_unstable();
    assert_eq!(elsewhere, ELSEWHERE);
    let known = [
        // What is not there; and the operations of INTEGRATION, all but the description itself.
        "integration.rs: 1 x .fallback(".to_owned(),
        format!("integration.rs: {} x .routes(routes!(", INTEGRATION.len() - 1),
        // The page that says that nothing is there, behind the files of `public`.
        "router.rs: 1 x .fallback(".to_owned(),
        // The files of `public`, those of the front end, and what lies around ours and the hosts of applications.
        "router.rs: 3 x .fallback_service(".to_owned(),
        // The integration API, and the files of the front end.
        "router.rs: 1 x .nest(".to_owned(),
        "router.rs: 1 x .nest_service(".to_owned(),
    ];
    assert_eq!(ways, known, "whoever comes so is tried as no role: a line here says what it is");
}

/// What is in the brackets of each call of this name.
fn calls<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    text.match_indices(name).map(|(at, _)| within(&text[at + name.len()..])).collect()
}

/// Up to the end of the brackets in which a text begins.
fn within(text: &str) -> &str {
    let mut open = 1;
    let end = text.char_indices().find(|(_, letter)| {
        open += match letter {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        open == 0
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// `GET /path` and `POST /path` of `"/path", get(one).post(other)`. What is not understood stays as it is written, and is in no list.
fn routes_of(file: &str, call: &str) -> Vec<String> {
    let (path, mut handlers) = call.split_once(',').unwrap_or((call, "?()"));
    let path = path.trim();
    let named = NAMED.iter().find(|(of, name, _)| (*of, *name) == (file, path)).map(|(.., path)| *path);
    let path = named.unwrap_or_else(|| path.trim_matches('"'));
    let mut routes = Vec::new();
    while let Some((method, rest)) = handlers.split_once('(') {
        routes.push(format!("{} {path}", method.trim().trim_start_matches('.').to_uppercase()));
        handlers = rest.get(within(rest).len() + 1..).unwrap_or_default();
    }
    if routes.is_empty() {
        routes.push(format!("{handlers} {path}"));
    }
    routes
}
