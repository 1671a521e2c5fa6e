//! HTTP as a group's robot speaks it.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// A whole request: `None` if it did not come whole.
pub async fn read(socket: TcpStream) -> Option<(BufReader<TcpStream>, (String, String))> {
    let mut socket = BufReader::new(socket);
    let (mut id, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if socket.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("idempotency-key") => id = value.to_owned(),
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().ok()?,
            _ if line.trim_end().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    socket.read_exact(&mut body).await.ok()?;
    Some((socket, (id, String::from_utf8(body).ok()?)))
}

/// It is taken.
pub async fn answer(mut socket: BufReader<TcpStream>) {
    let body = r#"{"errcode":0,"errmsg":"ok"}"#;
    let text = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    let _ = socket.write_all(text.as_bytes()).await;
}
