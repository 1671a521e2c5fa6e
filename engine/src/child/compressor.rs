//! Compression, as the server sees it.

use super::{PATIENCE, start};
use crate::Engine;
use crate::error::{Error, Result};
use std::process::Stdio;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout};

/// A child that compresses one content after another. It ends with this.
pub(crate) struct Compressor {
    _child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Compressor {
    /// Starts it, for brotli of this level (0 to 11); gzip is always of its own.
    ///
    /// # Errors
    /// Our program can't be started.
    pub(crate) fn start(engine: &Engine, level: u8) -> Result<Self> {
        let mut child = start(engine, "compress", &level.to_string(), Stdio::piped())?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (stdin, stdout) = pipes.ok_or_else(|| Error::Work("compressing: no pipes".to_owned()))?;
        Ok(Self { _child: child, stdin, stdout: BufReader::new(stdout) })
    }

    /// The content in gzip and in brotli. After an error it is of no use any more.
    ///
    /// # Errors
    /// The child died, or takes too long.
    pub(crate) async fn compress(&mut self, content: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
        let compressed = tokio::time::timeout(PATIENCE, self.exchange(content)).await;
        let failed = |why: String| Error::Work(format!("compressing: {why}"));
        compressed.map_err(|_| failed("it takes too long".to_owned()))?.map_err(|error| failed(error.to_string()))
    }

    async fn exchange(&mut self, content: &[u8]) -> std::io::Result<(Vec<u8>, Vec<u8>)> {
        self.stdin.write_all(&(content.len() as u64).to_be_bytes()).await?;
        self.stdin.write_all(content).await?;
        Ok((self.variant().await?, self.variant().await?))
    }

    async fn variant(&mut self) -> std::io::Result<Vec<u8>> {
        let length = self.stdout.read_u64().await?;
        let mut variant = Vec::new();
        (&mut self.stdout).take(length).read_to_end(&mut variant).await?;
        if variant.len() as u64 == length { Ok(variant) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
    }
}
