//! Log lines: to standard error, filtered by `RUST_LOG` (default: info), but for panics. The same spans go to a collector, if there is one.

use crate::settings::{LogFormat, Settings};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::borrow::Cow;
use std::fmt;
use std::io::{self, IsTerminal};
use std::panic::PanicHookInfo;
use std::str::FromStr;
use thiserror::Error;
use tracing_subscriber::filter::{Directive, FromEnvError, LevelFilter};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

/// Where spans are sent: `http://collector:4318`, or with a path of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collector(String);

/// A collector's address that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an address like http://collector:4318 is wanted")]
pub struct NoCollector;

impl FromStr for Collector {
    type Err = NoCollector;

    fn from_str(text: &str) -> Result<Self, NoCollector> {
        let uri: axum::http::Uri = text.parse().map_err(|_| NoCollector)?;
        // A password would stand in lines of the log; `OTEL_EXPORTER_OTLP_HEADERS` takes it.
        let plain = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
        match (uri.scheme_str(), plain, uri.query()) {
            (Some("http" | "https"), true, None) => Ok(Self(text.trim_end_matches('/').to_owned())),
            _ => Err(NoCollector),
        }
    }
}

/// The logging of a process. What was not sent to the collector yet is when this ends, within seconds.
pub struct Log(Option<SdkTracerProvider>);

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Log").field(&self.0.is_some()).finish()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.0.as_ref().map(SdkTracerProvider::shutdown) {
            tracing::warn!(error = %error, "the last spans were not sent");
        }
    }
}

/// Why there is no logging.
#[derive(Debug, Error)]
pub enum LogError {
    /// What is set is no filter.
    #[error("RUST_LOG: {0}; like info, or info,engine=debug")]
    Filter(#[from] FromEnvError),
    /// The sender can't be made.
    #[error("--otlp-endpoint: {0}")]
    Sender(#[from] ExporterBuildError),
}

/// Where events of panics come from, and the filter that lets them through whatever `RUST_LOG` says.
const PANIC: &str = "panic";
const PANICS_PASS: &str = "panic=error";

/// Starts logging for the whole process, panics included. Not from within a runtime: the sender has a thread of its own, and waits in it.
///
/// # Errors
/// [`LogError`].
pub fn start(settings: &Settings) -> Result<Log, LogError> {
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env()?;
    let filter = filter.add_directive(PANICS_PASS.parse::<Directive>().map_err(FromEnvError::from)?);
    let provider = settings.otlp_endpoint.as_ref().map(sender).transpose()?;
    let lines = tracing_subscriber::fmt::layer().with_ansi(io::stderr().is_terminal()).with_writer(|| OneLine);
    let lines = match settings.log_format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    let spans = provider.as_ref().map(|provider| {
        // Where in the code it is says nothing to an operator.
        tracing_opentelemetry::layer().with_tracer(provider.tracer("irs")).with_location(false).with_threads(false)
    });
    tracing_subscriber::registry().with(filter).with(lines).with(spans).init();
    std::panic::set_hook(Box::new(log_panic));
    Ok(Log(provider))
}

/// A panic is an event like any other, below the spans that it ends: what it quotes begins no line of its own.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let what = panic.payload_as_str().unwrap_or_default();
    // As `RUST_BACKTRACE` says.
    let trace = Backtrace::capture();
    let backtrace = (trace.status() == BacktraceStatus::Captured).then(|| tracing::field::display(&trace));
    tracing::error!(target: PANIC, backtrace, "panicked at {place}: {what}");
}

/// Standard error, to which each event is written at once: what strangers sent begins no line of its own, whoever repeats it.
struct OneLine;

impl io::Write for OneLine {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        io::stderr().lock().write_all(&one_line(event))?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Its line ends are written as `\n` and `\r`, but for the last. The formatter does so with colours of a terminal, not with these.
fn one_line(event: &[u8]) -> Cow<'_, [u8]> {
    let text = event.strip_suffix(b"\n").unwrap_or(event);
    if !text.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        return Cow::Borrowed(event);
    }
    let mut line = Vec::with_capacity(event.len() + 16);
    for byte in text {
        match byte {
            b'\n' => line.extend_from_slice(b"\\n"),
            b'\r' => line.extend_from_slice(b"\\r"),
            other => line.push(*other),
        }
    }
    line.push(b'\n');
    Cow::Owned(line)
}

/// Sends spans in groups; what can't be sent is dropped, and said in a line. Name, version and whatever `OTEL_RESOURCE_ATTRIBUTES` has
/// say who sent them.
fn sender(collector: &Collector) -> Result<SdkTracerProvider, ExporterBuildError> {
    // A second time it is set already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let exporter = SpanExporter::builder().with_http().with_endpoint(format!("{}/v1/traces", collector.0)).build()?;
    let version = opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let resource = Resource::builder().with_service_name("irs").with_attribute(version).build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Output, Stdio};

    #[test]
    fn an_event_is_one_line_whatever_was_sent() {
        for as_it_is in ["", "\n", "2026-11-29T08:00:00Z  INFO a: b\n", "{\"level\":\"INFO\",\"a\":\"\\n\"}\n"] {
            assert!(matches!(one_line(as_it_is.as_bytes()), Cow::Borrowed(same) if same == as_it_is.as_bytes()));
        }
        let forged = one_line("a: 不 error=x\r\n2026-11-29T08:00:00Z ERROR forged\n\n".as_bytes());
        assert_eq!(String::from_utf8_lossy(&forged), "a: 不 error=x\\r\\n2026-11-29T08:00:00Z ERROR forged\\n\n");
    }

    const FORGED: &str = "不\r\n2026-11-29T08:00:00Z ERROR forged\n{\"forged\":true}";

    /// The hook is the whole process's.
    #[test]
    #[ignore = "the two below run it, each in a process of its own"]
    fn somebody_panics() {
        let _log = start(&Settings::read(["server"]).unwrap()).unwrap();
        // What std says of it quotes all.
        assert!(std::thread::spawn(|| FORGED[..1].len()).join().is_err());
    }

    /// With a log of this format and filter on this standard error.
    fn panicked(format: &str, filter: &str, to: Stdio) -> Output {
        let mut alone = Command::new(std::env::current_exe().unwrap());
        alone.args(["--exact", "log::tests::somebody_panics", "--ignored", "--nocapture"]).stderr(to);
        alone.env("IRS_LOG_FORMAT", format).env("RUST_LOG", filter).env("RUST_BACKTRACE", "1").output().unwrap()
    }

    #[test]
    fn a_panic_is_one_line_in_both_formats_whatever_is_filtered() {
        for (format, filter) in [("text", "info"), ("json", "engine=debug"), ("json", "off")] {
            let ended = panicked(format, filter, Stdio::piped());
            let said = String::from_utf8(ended.stderr).unwrap();
            assert!(ended.status.success() && said.lines().count() == 1, "{format}: {said}");
            assert!(said.contains("panicked at ") && said.contains("log.rs:"), "its place: {said}");
            assert!(said.contains("不\\r\\n") && said.contains("somebody_panics"), "what and by which way: {said}");
            let read = serde_json::from_str::<serde_json::Value>(&said);
            assert_eq!(read.is_ok_and(|event| event["level"] == "ERROR"), format == "json", "{said}");
        }
    }

    /// Whoever panics while a panic is told ends the process.
    #[test]
    fn a_log_that_nobody_takes_ends_nothing() {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let ended = panicked("text", "info", writer.into());
        assert!(ended.status.success(), "{ended:?}");
    }

    #[test]
    fn a_collector_is_an_address_of_http() {
        let at = |text: &str| text.parse::<Collector>();
        assert_eq!(at("http://collector:4318/"), Ok(Collector("http://collector:4318".to_owned())));
        assert_eq!(at("https://otlp.example.gov.cn/irs"), Ok(Collector("https://otlp.example.gov.cn/irs".to_owned())));
        for wrong in [
            "collector:4318",
            "grpc://collector:4317",
            "http://",
            "/v1/traces",
            "http://a b",
            "http://a/?b=c",
            "http://a:b@c",
        ] {
            assert_eq!(at(wrong), Err(NoCollector), "{wrong}");
        }
    }
}
