//! JSON on the wire. `serde_json` writes it; what reads it is ours, for size alone: the library's own says what is wrong in words,
//! and with them brings all that formats numbers, in every browser that loads a page (docs/benchmarks.md, First page). It reads
//! what `serde_json` writes of the types of the wire, and refuses what is not of the type in one word; it is no judge of JSON that others write.

mod reader;

pub use reader::{Unreadable, read};

use leptos::server_fn::Bytes;
use leptos::server_fn::codec::Post;
use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How the answers of server functions are written.
pub type Json = Post<JsonText>;

/// The same as `leptos::server_fn::codec::JsonEncoding` to whoever is at the other end.
#[derive(Debug)]
pub struct JsonText;

impl ContentType for JsonText {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for JsonText {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for JsonText {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for JsonText {
    type Error = Unreadable;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        read(&bytes)
    }
}
