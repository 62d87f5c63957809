//! A router at work on a socket, until it is told to stop. Blocks its thread, so that a program without an asynchronous
//! core can serve several.

use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::time::Duration;

use axum::Router;
use tokio::sync::oneshot;

use crate::app::App;
use crate::routes;

/// Requests that are under way when the end is asked for may take so long to finish: the record is safe at any moment, and
/// whoever waits for the program to end should not wait for somebody's slow line.
const FINISHING_MAX: Duration = Duration::from_secs(10);

/// Why serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Somebody asked for it.
    Asked,
    /// The disk failed. Nobody knows what it holds; the next start reads what is really there.
    DiskFailed,
}

/// Serves the pages of `app` on `listener` until `stop` is done or the disk fails.
pub fn pages(
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<End> {
    let (failing, failed) = oneshot::channel();
    let watched = app.clone();
    let either = async move {
        tokio::select! {
            () = stop => {}
            () = watched.ending() => { let _told = failing.send(()); }
        }
    };
    serve(listener, routes::router(app), either)?;
    let mut failed = failed;
    Ok(match failed.try_recv() {
        Ok(()) => End::DiskFailed,
        Err(_) => End::Asked,
    })
}

/// Serves `router` on `listener` until `stop` is done; requests that are under way may finish first.
pub fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let served = runtime.block_on(async move {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let (stopping, stopped) = oneshot::channel::<()>();
        let stop = async move {
            stop.await;
            drop(stopping);
        };
        tokio::select! {
            served = axum::serve(listener, router).with_graceful_shutdown(stop).into_future() => served,
            () = after(stopped) => Ok(()),
        }
    });
    // A file that never comes to its end holds a thread; what it sent is not received.
    runtime.shutdown_timeout(Duration::ZERO);
    served
}

async fn after(stopped: oneshot::Receiver<()>) {
    // An error means that the end was asked for: the sender is gone.
    let _ended = stopped.await;
    tokio::time::sleep(FINISHING_MAX).await;
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
