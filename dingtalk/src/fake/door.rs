//! The door that calls come through: a connection that can be reset in the middle of a call.

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Serves until it is aborted.
pub(super) async fn serve(listener: TcpListener, router: Router) {
    // It never ends by itself.
    let _ = axum::serve(Doors(listener), router.into_make_service_with_connect_info::<Latch>()).await;
}

/// Of one connection. Once it has fallen, the next byte resets the connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Latch(Arc<AtomicBool>);

impl Latch {
    pub(super) fn fall(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

struct Doors(TcpListener);

struct Door {
    stream: TcpStream,
    latch: Latch,
}

impl Listener for Doors {
    type Io = Door;
    type Addr = Latch;

    async fn accept(&mut self) -> (Door, Latch) {
        let (stream, _) = Listener::accept(&mut self.0).await;
        // Without it, what is written in pieces waits for the other side.
        let _ = stream.set_nodelay(true);
        let latch = Latch::default();
        (Door { stream, latch: latch.clone() }, latch)
    }

    fn local_addr(&self) -> io::Result<Latch> {
        Ok(Latch::default())
    }
}

impl Connected<IncomingStream<'_, Doors>> for Latch {
    fn connect_info(stream: IncomingStream<'_, Doors>) -> Self {
        stream.remote_addr().clone()
    }
}

impl AsyncRead for Door {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buf)
    }
}

impl AsyncWrite for Door {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.latch.0.load(Ordering::SeqCst) {
            // Closing the socket is a reset then, not an orderly end.
            let _ = self.stream.set_zero_linger();
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
