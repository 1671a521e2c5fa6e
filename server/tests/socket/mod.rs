//! HTTP by hand: one request a connection, any Host.

use serde_json::Value;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// A server that says nothing is one that is broken: longer than any answer takes, on a busy machine, too.
const PATIENCE: Duration = Duration::from_secs(180);

#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub method: &'a str,
    pub host: &'a str,
    pub path: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub cookie: &'a str,
    pub json: bool,
    pub body: &'a [u8],
    /// Whose address it comes from; `None`: whichever the system takes.
    pub from: Option<Ipv4Addr>,
}

impl<'a> Asked<'a> {
    pub fn get(path: &'a str) -> Self {
        let host = "localhost:3000";
        Self { method: "GET", host, path, headers: &[], cookie: "", json: false, body: &[], from: None }
    }

    #[allow(dead_code, reason = "not every test sends JSON")]
    pub fn post(path: &'a str, json: &'a str) -> Self {
        Self { method: "POST", json: true, body: json.as_bytes(), ..Self::get(path) }
    }

    #[allow(dead_code, reason = "not every test signs in")]
    pub fn cookie(self, cookie: &'a str) -> Self {
        Self { cookie, ..self }
    }
}

pub struct Answer {
    #[allow(dead_code, reason = "not every test reads it")]
    pub status: u16,
    #[allow(dead_code, reason = "not every test reads headers")]
    head: String,
    pub body: Vec<u8>,
    #[allow(dead_code, reason = "not every test kills")]
    is_whole: bool,
}

impl Answer {
    /// Empty if it is not there.
    #[allow(dead_code, reason = "not every test reads headers")]
    pub fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value).next().unwrap_or_default()
    }

    /// All of this name.
    #[allow(dead_code, reason = "not every test reads headers")]
    pub fn headers(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }

    fn of(answer: &[u8]) -> Option<Self> {
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut answer = Self { status, head, body: answer[end + 4..].to_vec(), is_whole: true };
        if answer.header("transfer-encoding").eq_ignore_ascii_case("chunked") {
            let chunks = chunks(&answer.body);
            answer.is_whole = chunks.is_some();
            answer.body = chunks.unwrap_or_default();
        } else if let Ok(length) = answer.header("content-length").parse::<usize>() {
            answer.is_whole = answer.body.len() == length;
        }
        Some(answer)
    }

    /// Whether as much came as its head says.
    #[allow(dead_code, reason = "not every test kills")]
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    #[allow(dead_code, reason = "not every test reads text")]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    #[allow(dead_code, reason = "not every test reads JSON")]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

pub async fn ask(address: SocketAddr, asked: Asked<'_>) -> Answer {
    tries(address, asked).await.unwrap()
}

/// The same, where the server may be killed meanwhile.
pub async fn tries(address: SocketAddr, asked: Asked<'_>) -> std::io::Result<Answer> {
    tokio::time::timeout(PATIENCE, answered(address, asked)).await?
}

async fn answered(address: SocketAddr, asked: Asked<'_>) -> std::io::Result<Answer> {
    let mut head = format!("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", asked.method, asked.path, asked.host);
    for (name, value) in asked.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !asked.cookie.is_empty() {
        head.push_str(&format!("Cookie: {}\r\n", asked.cookie));
    }
    if asked.json {
        head.push_str("Content-Type: application/json\r\n");
    }
    if !asked.body.is_empty() {
        head.push_str(&format!("Content-Length: {}\r\n", asked.body.len()));
    }
    let mut socket = match asked.from {
        Some(from) => {
            let socket = TcpSocket::new_v4()?;
            socket.bind((from, 0).into())?;
            socket.connect(address).await?
        }
        None => TcpStream::connect(address).await?,
    };
    socket.write_all(format!("{head}\r\n").as_bytes()).await?;
    socket.write_all(asked.body).await?;
    let mut answer = Vec::new();
    // A refused body may end in a reset after the answer.
    let _ = socket.read_to_end(&mut answer).await;
    Answer::of(&answer).ok_or(std::io::ErrorKind::UnexpectedEof.into())
}

/// What was sent in pieces, each after its length; `None`: the last one did not come.
fn chunks(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = body.windows(2).position(|two| two == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&body[..end]).ok()?, 16).ok()?;
        let (chunk, rest) = body[end + 2..].split_at_checked(length)?;
        if length == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(chunk);
        body = rest.strip_prefix(b"\r\n")?;
    }
}

/// As a browser writes it in a form: what is plain stays plain, or names in brackets are not read.
#[allow(dead_code, reason = "not every test sends forms")]
pub fn escaped(text: &str) -> String {
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(letter).collect()
}
