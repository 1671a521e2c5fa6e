//! What a page reads: on the server with the page, in the browser when its question changes.

use crate::api::json;
use leptos::prelude::*;
use leptos::server::codee::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// An answer that may still be on its way.
pub type Read<T> = Resource<T, FromBytes>;

/// JSON, read as the answers of server functions are.
pub struct FromBytes;

impl<T: Serialize> Encoder<T> for FromBytes {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for FromBytes {
    type Error = json::Unreadable;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        json::read(text.as_bytes())
    }
}

/// Reads, and reads again when what `question` answers is another.
pub fn ask<Q, T, Reading>(
    question: impl Fn() -> Q + Send + Sync + 'static,
    read: impl Fn(Q) -> Reading + Send + Sync + 'static,
) -> Read<T>
where
    Q: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Reading: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(question, read, false)
}
