//! Rendering a page: the framework's own way, but for one thing.
//!
//! Between two steps of a rendering the framework does not put the request's reactive owner back: on several threads the head
//! of a page was written in the context of whichever request had run there last, so that under load pages lost their title and
//! the preloading of their parts, or failed. [`InOwner`] puts it back before every step.

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use futures_util::stream::{Stream, StreamExt, once};
use leptos::IntoView;
use leptos::prelude::*;
use leptos_axum::handle_response_inner;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

type Pages = Pin<Box<dyn Stream<Item = String> + Send>>;

/// Renders `document` for a request, whole before anything is sent. `context` is what the page finds around it.
pub(crate) async fn render<V: IntoView + 'static>(
    context: impl Fn() + Clone + Send + 'static,
    document: impl FnOnce() -> V + Send + 'static,
    request: Request<Body>,
) -> Response {
    let owner = Arc::new(OnceLock::new());
    let context = {
        let owner = Arc::clone(&owner);
        move || {
            if let Some(current) = Owner::current() {
                let _ = owner.set(current);
            }
            context();
        }
    };
    let response = handle_response_inner(context, document, request, whole);
    InOwner { owner, response }.await
}

/// The document as one piece, then the data that its scripts take over.
fn whole<V: IntoView + 'static>(
    document: V,
    data: Box<dyn FnOnce() -> Pages + Send>,
    _out_of_order: bool,
) -> Pin<Box<dyn Future<Output = Pages> + Send>> {
    Box::pin(async move {
        let html: String = document.to_html_stream_in_order().collect().await;
        Box::pin(once(async move { html }).chain(data())) as Pages
    })
}

/// A rendering with the owner that it makes for itself at its first step.
struct InOwner {
    owner: Arc<OnceLock<Owner>>,
    response: Pin<Box<dyn Future<Output = Response> + Send>>,
}

impl Future for InOwner {
    type Output = Response;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Response> {
        match self.owner.get().cloned() {
            Some(owner) => owner.with(|| self.response.as_mut().poll(task)),
            None => self.response.as_mut().poll(task),
        }
    }
}
