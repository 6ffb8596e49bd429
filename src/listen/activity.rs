//! Whether anything happens on a connection. A timer for each request would cost more than the
//! smallest of them, so a connection is looked at once a minute.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// What happened on a connection since it was last looked at.
#[derive(Debug, Default)]
pub struct Activity {
    /// Requests that are being answered.
    running: AtomicU32,
    /// Whether anything was written. What is read counts for nothing: a stranger could send a head
    /// byte by byte for ever.
    has_written: AtomicBool,
}

impl Activity {
    /// Whether anything happened since the last look.
    pub fn was_there(&self) -> bool {
        self.has_written.swap(false, Ordering::Relaxed) || self.running.load(Ordering::Relaxed) > 0
    }
}

/// A request that is being answered.
pub struct Running(Arc<Activity>);

impl Running {
    pub fn begin(activity: Arc<Activity>) -> Self {
        activity.running.fetch_add(1, Ordering::Relaxed);
        Self(activity)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A stream that notes what is written to it.
pub struct Watched {
    pub stream: TcpStream,
    pub activity: Arc<Activity>,
}

impl Watched {
    fn noted(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.activity.has_written.store(true, Ordering::Relaxed);
        }
        written
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.noted(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.noted(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_runs_and_an_answer_that_was_written_are_activity() {
        let activity = Arc::<Activity>::default();
        assert!(!activity.was_there());
        let running = Running::begin(activity.clone());
        assert!(activity.was_there() && activity.was_there());
        drop(running);
        assert!(!activity.was_there());
        activity.has_written.store(true, Ordering::Relaxed);
        assert!(activity.was_there());
        assert!(!activity.was_there(), "once");
    }
}
