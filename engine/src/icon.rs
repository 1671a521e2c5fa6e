//! 图标: checked and decoded for real; the pixels are kept, not the file that came (design.md, Security).

pub(crate) mod anew;

use crate::Engine;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::files::is_hash;
use crate::stock;
use bytes::Bytes;
use domain::fields::files::check_icon;
use domain::{Role, StockId};

/// A PNG's signature and IHDR: what says that it is an icon. Bytes.
const HEADER: usize = 33;
/// The error of a form that names an icon which is not kept.
pub(crate) const NOT_KEPT: &str = "图标没有上传成功，请重新选择";

/// Keeps an icon and returns the hash under which forms name it. For a stock application, or the publication that it became, JPG is
/// taken, too.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]: such a one is out of reach; [`Error::InvalidFile`] with the sentence for beside the field; the file store fails.
pub async fn store(engine: &Engine, ctx: &Ctx, bytes: Bytes, stock: Option<StockId>) -> Result<String> {
    let person = ctx.with_role(&[Role::Staff])?;
    if let Some(id) = stock {
        stock::look(&mut engine.db().reader().await?, person, id.0).await?.seen()?;
    }
    let kind = check_icon(&bytes, stock.is_some()).map_err(Error::InvalidFile)?;
    let decoded = tokio::task::spawn_blocking(move || anew::encoded(&bytes, kind)).await;
    let broken = || Error::InvalidFile("图标文件不完整或已损坏，请换一个文件".to_owned());
    let png = decoded.ok().flatten().ok_or_else(broken)?;
    Ok(engine.files().put(png).await?)
}

/// The icon of this hash: always PNG. `None` if there is none.
///
/// # Errors
/// The file store fails.
pub async fn get(engine: &Engine, hash: &str) -> Result<Option<Bytes>> {
    if !is_hash(hash) {
        return Ok(None);
    }
    let file = engine.files().get(hash).await?;
    // Blobs of other kinds lie beside icons; none of them is handed out here. The limit of bytes was for the file that came.
    Ok(file.filter(|bytes| check_icon(bytes.get(..HEADER).unwrap_or_default(), false).is_ok()))
}
