//! One kept connection to the server, and what is sent over it.

use crate::Outcome;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, COOKIE, HOST, HeaderMap, ORIGIN, SET_COOKIE};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::{TcpSocket, TcpStream};

/// A connection.
pub(crate) struct Client {
    sender: SendRequest<Full<Bytes>>,
    address: SocketAddr,
    host: String,
    cookie: Option<String>,
    /// Where it comes from; `None`: the system chooses.
    from: Option<Ipv4Addr>,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// What it says, if what was asked of `path` was done; nothing is `null`.
    pub(crate) fn taken(&self, path: &str) -> Outcome<Value> {
        if !self.status.is_success() {
            return Err(format!("{path} was answered {}: {}", self.status, String::from_utf8_lossy(&self.body)));
        }
        if self.body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&self.body).map_err(|e| format!("{path}: {e}"))
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wants {
    Page,
    /// Compressed, as every browser asks for it.
    PageAsSent,
    Data,
    /// Compressed, where there is such a variant.
    FileAsSent,
    /// In gzip and nothing better, as servers without brotli have it.
    Gzipped,
}

impl Wants {
    /// The same content, readable.
    pub(crate) fn uncompressed(self) -> Self {
        match self {
            Self::PageAsSent => Self::Page,
            other => other,
        }
    }
}

async fn connected(address: SocketAddr, from: Option<Ipv4Addr>) -> Outcome<SendRequest<Full<Bytes>>> {
    let stream = match from {
        None => TcpStream::connect(address).await,
        Some(from) => {
            let socket = TcpSocket::new_v4().map_err(|e| e.to_string())?;
            socket.bind(SocketAddr::from((from, 0))).map_err(|e| format!("{from}: {e}"))?;
            socket.connect(address).await
        }
    };
    let stream = stream.map_err(|e| format!("{address}: {e}"))?;
    stream.set_nodelay(true).map_err(|e| e.to_string())?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|e| e.to_string())?;
    tokio::spawn(connection);
    Ok(sender)
}

impl Client {
    /// Connects; `cookie` is a session's.
    pub(crate) async fn connect(address: SocketAddr, cookie: Option<String>) -> Outcome<Self> {
        Ok(Self { sender: connected(address, None).await?, address, host: address.to_string(), cookie, from: None })
    }

    /// Connects from an address of this machine's own network (127.0.0.0/8), without a session.
    pub(crate) async fn connect_from(address: SocketAddr, from: Ipv4Addr) -> Outcome<Self> {
        let sender = connected(address, Some(from)).await?;
        Ok(Self { sender, address, host: address.to_string(), cookie: None, from: Some(from) })
    }

    /// Asks in this name: an application's host leads to the same address.
    pub(crate) fn in_name_of(self, host: &str) -> Self {
        Self { host: host.to_owned(), ..self }
    }

    /// Reads.
    pub(crate) async fn get(&mut self, path: &str, wants: Wants) -> Outcome<Answer> {
        self.send(Method::GET, path, wants, None, Bytes::new()).await
    }

    /// Reads what is JSON.
    pub(crate) async fn read(&mut self, path: &str) -> Outcome<Value> {
        self.get(path, Wants::Data).await?.taken(path)
    }

    /// Posts a form as a script of ours does.
    pub(crate) async fn post(&mut self, path: &str, form: String) -> Outcome<Answer> {
        let kind = Some("application/x-www-form-urlencoded");
        self.send(Method::POST, path, Wants::Data, kind, form.into()).await
    }

    /// Posts JSON, which must be taken.
    pub(crate) async fn tell(&mut self, path: &str, what: &Value) -> Outcome<Value> {
        let body = what.to_string().into();
        self.send(Method::POST, path, Wants::Data, Some("application/json"), body).await?.taken(path)
    }

    /// Sends bytes, which must be taken.
    pub(crate) async fn put(&mut self, path: &str, bytes: Bytes) -> Outcome<()> {
        let kind = Some("application/octet-stream");
        self.send(Method::PUT, path, Wants::Data, kind, bytes).await?.taken(path).map(|_| ())
    }

    /// Opens a stream of events, which ends with the connection.
    pub(crate) async fn listen(mut self, path: &str) -> Outcome<Incoming> {
        let mut request = Request::builder().uri(path).header(HOST, &self.host).header(ACCEPT, "text/event-stream");
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let request = request.body(Full::new(Bytes::new())).map_err(|e| e.to_string())?;
        let answer = self.sender.send_request(request).await.map_err(|e| format!("{path}: {e}"))?;
        if answer.status().is_success() {
            Ok(answer.into_body())
        } else {
            Err(format!("{path} was answered {}", answer.status()))
        }
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        wants: Wants,
        kind: Option<&str>,
        body: Bytes,
    ) -> Outcome<Answer> {
        let accept = match wants {
            Wants::Page | Wants::PageAsSent => "text/html",
            Wants::Data => "application/json",
            Wants::FileAsSent | Wants::Gzipped => "*/*",
        };
        let mut request = Request::builder().method(method).uri(path).header(HOST, &self.host).header(ACCEPT, accept);
        match wants {
            Wants::PageAsSent | Wants::FileAsSent => request = request.header(ACCEPT_ENCODING, "gzip, deflate, br"),
            Wants::Gzipped => request = request.header(ACCEPT_ENCODING, "gzip"),
            Wants::Page | Wants::Data => {}
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        if let Some(kind) = kind {
            request = request.header(CONTENT_TYPE, kind).header(ORIGIN, format!("http://{}", self.host));
            request = request.header("sec-fetch-site", "same-origin");
        }
        let request = request.body(Full::new(body)).map_err(|e| e.to_string())?;
        // The server ends a connection that nothing came over for half a minute.
        if self.sender.is_closed() {
            self.sender = connected(self.address, self.from).await?;
        }
        self.sender.ready().await.map_err(|e| e.to_string())?;
        let answer = self.sender.send_request(request).await.map_err(|e| format!("{path}: {e}"))?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.map_err(|e| format!("{path}: {e}"))?.to_bytes();
        Ok(Answer { status: head.status, headers: head.headers, body })
    }

    /// Signs a demo person in; answers the session's cookie.
    pub(crate) async fn sign_in(address: SocketAddr, account: &str) -> Outcome<String> {
        let mut client = Self::connect(address, None).await?;
        let answer = client.post("/api/session/sign_in_demo", format!("account={account}&next=/")).await?;
        let cookie = answer.headers.get(SET_COOKIE).and_then(|value| value.to_str().ok());
        let pair = cookie.and_then(|cookie| cookie.split(';').next());
        pair.map(str::to_owned).ok_or_else(|| format!("the sign-in was answered {} without a session", answer.status))
    }
}
