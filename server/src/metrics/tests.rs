use super::labels::{Class, method};
use axum::http::Method;

#[test]
fn whatever_strangers_ask_for_has_one_of_a_few_labels() {
    for (path, class) in [
        ("/", Class::Page),
        ("/service", Class::Page),
        ("/orders/0190aaaa-0000-7000-8000-000000000000", Class::Page),
        ("/a/b/c/d", Class::Page),
        ("/api/session/current", Class::Function),
        ("/api/v1/publication", Class::Integration),
        ("/api/v1", Class::Integration),
        ("/upload/7/3", Class::Upload),
        ("/events", Class::Events),
        ("/pkg/none/irs.js", Class::File),
        ("/icon/00", Class::File),
        ("/favicon.ico", Class::File),
        ("/channels/zheli_app/feed.json", Class::File),
        ("/healthz", Class::Health),
        ("/readyz", Class::Health),
    ] {
        assert_eq!(Class::of_path(path), class, "{path}");
    }
    assert_eq!(method(&Method::PUT), "PUT");
    assert_eq!(method(&Method::from_bytes(b"INVENTED").unwrap()), "other");
}
