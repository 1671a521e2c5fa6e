//! A question over the page: the browser's own `<dialog>`. Without scripts the page comes again with the question in it.

use leptos::html;
use leptos::prelude::*;

/// A question over the page; in the page, if it came `asked`.
#[component]
pub fn Dialog(
    /// The element, for [`open`] and [`close`].
    node: NodeRef<html::Dialog>,
    /// Its id; the heading's begins with it.
    id: &'static str,
    /// The question.
    title: &'static str,
    /// The address asks it already.
    asked: bool,
    /// What belongs to it, with the buttons.
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    let named = heading.clone();
    view! {
        <dialog node_ref=node id=id class="dialog" open=asked aria-labelledby=named>
            <h2 id=heading>{title}</h2>
            {children()}
        </dialog>
    }
}

/// Opens it over the page. False: it can't be, and the browser should go to the page that has the question in it.
pub fn open(node: NodeRef<html::Dialog>) -> bool {
    node.get_untracked().is_some_and(|dialog| dialog.open() || dialog.show_modal().is_ok())
}

/// Closes it, if it is open.
pub fn close(node: NodeRef<html::Dialog>) {
    if let Some(dialog) = node.get_untracked().filter(|dialog| dialog.open()) {
        dialog.close();
    }
}
