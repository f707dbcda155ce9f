//! Connections: taken, limited, served and closed.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::routing::RouterIntoService;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_rustls::TlsAcceptor;

use crate::limits::{Caller, Limits};

/// The longest head of a request, its line and headers, in **bytes**.
const MAX_HEAD: usize = 64 * 1024;
/// The most headers of a request.
const MAX_HEADERS: usize = 64;
/// How long the head of a request may take, and how long a connection may say nothing.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long requests may take to end once the server is to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);
/// How long the last answer of a connection may take once its lifetime is over.
const LAST_ANSWER: Duration = Duration::from_secs(10);
/// How long to wait when the system gives out no more connections.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` is done, and then until the requests that are under way have ended.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    tls: Option<TlsAcceptor>,
    stop: impl Future<Output = ()>,
) {
    let (stopping, is_stopping) = watch::channel(false);
    let slots =
        Arc::new(Semaphore::new(limits.connections.get().try_into().unwrap_or(Semaphore::MAX_PERMITS)));
    tokio::pin!(stop);
    let lifetime = Duration::from_secs(limits.connection_lifetime.get().into());
    loop {
        let (stream, caller, slot) = tokio::select! {
            taken = accept(&listener, &slots) => match taken {
                Some(taken) => taken,
                None => break,
            },
            () = &mut stop => break,
        };
        let service = TowerToHyperService::new(
            router.clone().layer(Extension(caller)).into_service::<hyper::body::Incoming>(),
        );
        let (tls, end) = (tls.clone(), End { at: Instant::now() + lifetime, stop: is_stopping.clone() });
        tokio::spawn(async move {
            match tls {
                None => speak(stream, service, end).await,
                // Whoever speaks no TLS, or not ours, has heard so by the end of this.
                Some(tls) => {
                    if let Ok(Ok(stream)) = timeout(HEAD_TIMEOUT, tls.accept(stream)).await {
                        speak(stream, service, end).await;
                    }
                }
            }
            drop(slot);
        });
    }
    drop((listener, is_stopping));
    let _ = stopping.send(true);
    let _ = timeout(STOP_TIMEOUT, stopping.closed()).await;
}

/// When a connection takes no further request.
struct End {
    at: Instant,
    stop: watch::Receiver<bool>,
}

/// Answers what comes over a connection, until one side ends it or its time is over; then only the answer under way is sent.
/// Nobody is left to be told of an error.
async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    service: TowerToHyperService<RouterIntoService<hyper::body::Incoming>>,
    mut end: End,
) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD)
        .max_headers(MAX_HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        _ = &mut connection => return,
        () = sleep_until(end.at) => {}
        _ = end.stop.wait_for(|stops| *stops) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(LAST_ANSWER, connection).await;
}

/// The next connection and its place among those that are open; `None` if there will be none.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> Option<(TcpStream, Caller, OwnedSemaphorePermit)> {
    let slot = slots.clone().acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                // Answers are small and whole: waiting for more to send only costs time.
                let _ = stream.set_nodelay(true);
                return Some((stream, address.into(), slot));
            }
            // The caller has gone again, or there are too many open files.
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}
