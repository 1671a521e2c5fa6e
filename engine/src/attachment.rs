//! 附件 of approval forms: PDF, PNG or JPG by their first bytes, whatever they are called.

use crate::Engine;
use crate::access;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::record;
use crate::store::attachment;
use crate::work_order::form::OrderForm;
use bytes::Bytes;
use domain::fields::AttachmentDraft;
use domain::fields::files::{ATTACHMENT_MAX_BYTES, FileKind, sniff};
use domain::text::mask_numbers;
use domain::{OrderId, Role};
use serde_json::json;

/// A file as it is given out: as an attachment, never to be shown in the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, for people.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Its bytes.
    pub bytes: Bytes,
}

/// Keeps a file, for a form of this person to name; answers what the form's draft holds of it.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::InvalidFile`] with the sentence for beside the field; a store fails.
pub async fn store(engine: &Engine, ctx: &Ctx, name: &str, bytes: Bytes) -> Result<AttachmentDraft> {
    let person = ctx.with_role(&[Role::Staff])?.person;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let wrong = |sentence: String| Err(Error::InvalidFile(sentence));
    if size == 0 {
        return wrong(format!("附件「{name}」是空的，请换一个文件"));
    }
    if size > ATTACHMENT_MAX_BYTES {
        return wrong(format!("附件「{name}」超过 10 MB，请压缩或拆分后再传"));
    }
    let Some(kind) = sniff(&bytes) else {
        return wrong(format!("附件「{name}」不是 PDF、PNG 或 JPG，请换一个文件"));
    };
    let hash = engine.files().put(bytes.to_vec()).await?;
    let note = engine.db().write((hash.clone(), person, ctx.now), move |conn, s| {
        Box::pin(async move { attachment::insert(conn, s.1, &s.0, kind, size, s.2).await })
    });
    note.await?;
    Ok(AttachmentDraft { hash, name: name.to_owned(), kind: Some(kind), size })
}

/// The attachment of an order, for whoever may see the order; noted in the audit log.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`]; a store fails.
pub async fn of_order(engine: &Engine, ctx: &Ctx, order: OrderId, index: u16) -> Result<Attachment> {
    const EVENT: &str = "work_order.attachment";
    let found = find(engine, ctx, order, index).await;
    let (hash, attachment) = record::noted(engine, ctx, EVENT, ("work_order", order.0), found).await?;
    let event = Event {
        detail: json!({ "file": mask_numbers(&attachment.name), "hash": hash }),
        ..Event::done(EVENT, "work_order", order.0.to_string())
    };
    audit::note(engine, ctx, event).await?;
    Ok(attachment)
}

/// With the hash of its bytes.
async fn find(engine: &Engine, ctx: &Ctx, order: OrderId, index: u16) -> Result<(String, Attachment)> {
    let granted = access::order(&mut engine.db().reader().await?, ctx, order).await?;
    let form = OrderForm::read(&granted.order.form)?;
    let file = form.attachments().get(usize::from(index)).ok_or(Error::NotFound)?;
    let kind = file.kind.ok_or(Error::NotFound)?;
    let bytes = engine.files().get(&file.hash).await?.ok_or(Error::NotFound)?;
    Ok((file.hash.clone(), Attachment { name: file.name.clone(), kind, bytes }))
}
