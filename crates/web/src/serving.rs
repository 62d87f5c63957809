//! A router at work on a socket, until it is told to stop. Blocks its thread, so that a program without an asynchronous
//! core can serve several.

use std::future::Future;
use std::io;
use std::net::TcpListener;

use axum::Router;

/// Serves `router` on `listener` until `stop` is done; requests that are under way are finished first.
pub fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async move {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        axum::serve(listener, router)
            .with_graceful_shutdown(stop)
            .await
    })
}

/// Done when the person at the terminal, or the system, asks the program to end.
pub async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut ended) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = ended.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
