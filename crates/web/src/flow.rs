//! A body that comes from a channel, piece by piece.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Bytes;
use futures_core::Stream;
use tokio::sync::mpsc::Receiver;

/// The pieces of a body. An error ends the connection, so that what broke off is not taken for whole.
pub struct Flow(pub Receiver<std::io::Result<Bytes>>);

impl Stream for Flow {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}
