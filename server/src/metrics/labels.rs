//! Labels: each has a handful of values, whatever strangers ask for.

use axum::extract::Request;
use axum::http::Method;
use axum::http::header::HOST;
use engine::Engine;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use std::fmt::Write;

/// What kind of thing was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Class {
    /// A file of an application, on its own host.
    Application,
    /// The stream of events.
    Events,
    /// Files: of the front end, icons, attachments, exports, feeds.
    File,
    /// A server function.
    Function,
    /// `/healthz`, `/readyz`.
    Health,
    /// The interface for their own CI.
    Integration,
    /// A page, or what there is not.
    Page,
    /// Parts of a package.
    Upload,
}

impl Class {
    pub(crate) fn of(engine: &Engine, request: &Request) -> Self {
        let header = request.headers().get(HOST).and_then(|host| host.to_str().ok());
        let host = header.or_else(|| request.uri().authority().map(|authority| authority.as_str())).unwrap_or_default();
        if engine.workshop().apps.label(host).is_some() {
            Self::Application
        } else {
            Self::of_path(request.uri().path())
        }
    }

    pub(crate) fn of_path(path: &str) -> Self {
        let mut parts = path.split('/').skip(1);
        match (parts.next().unwrap_or_default(), parts.next()) {
            ("api", Some("v1")) => Self::Integration,
            ("api", _) => Self::Function,
            ("events", None) => Self::Events,
            ("upload", _) => Self::Upload,
            ("healthz" | "readyz", None) => Self::Health,
            ("attachment" | "export" | "icon" | "pkg", _) => Self::File,
            _ if path.rsplit('/').next().is_some_and(|last| last.contains('.')) => Self::File,
            _ => Self::Page,
        }
    }

    const fn id(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Events => "events",
            Self::File => "file",
            Self::Function => "function",
            Self::Health => "health",
            Self::Integration => "integration",
            Self::Page => "page",
            Self::Upload => "upload",
        }
    }
}

impl EncodeLabelValue for Class {
    fn encode(&self, encoder: &mut LabelValueEncoder) -> Result<(), std::fmt::Error> {
        encoder.write_str(self.id())
    }
}

/// Whatever a client invents is `other`.
pub(crate) fn method(method: &Method) -> &'static str {
    ["GET", "HEAD", "POST", "PUT"].into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Answered {
    pub(crate) class: Class,
    pub(crate) method: &'static str,
    pub(crate) status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Asked {
    pub(crate) class: Class,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Carried {
    pub(crate) carrier: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Ended {
    pub(crate) stage: &'static str,
    pub(crate) result: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Build {
    pub(crate) version: &'static str,
    pub(crate) demo: bool,
}
