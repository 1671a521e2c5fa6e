//! What a page shows while its data is read, and when it can not be.

use crate::api::ApiError;
use crate::parts::problem::Problem;
use crate::ui::drawn::drawn;
use crate::ui::read::Read;
use leptos::prelude::*;

/// What was read; in its place, while nothing was read yet or nothing can be, a sentence. What stands stays while it is read again.
#[component]
pub fn Loaded<T: Clone + Send + Sync + 'static>(
    /// The page's resource.
    data: Read<Result<T, ApiError>>,
    /// It is a part of a page that has its heading. Else it is all of the page, and a [`Problem`] takes its place.
    #[prop(optional)]
    part: bool,
    /// Draws it.
    draw: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let content = move || {
        let draw = draw.clone();
        Suspend::new(async move {
            match data.await {
                Ok(read) => draw(read),
                Err(error) if part => {
                    view! { <p class="notice notice-danger" role="alert">{error.to_string()}</p> }.into_any()
                }
                Err(error) => view! { <Problem error/> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=reading>{drawn(content)}</Transition> }.into_any()
}

/// While nothing was read yet.
pub fn reading() -> impl IntoView {
    view! { <p>"正在读取……"</p> }
}
