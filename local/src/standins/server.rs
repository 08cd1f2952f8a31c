//! An HTTP server whose connections can be closed in the middle of a request, without an answer.
//!
//! `axum::serve` keeps its connections to itself, so they are served here one by one.

use std::{future::pending, io, net::SocketAddr, sync::Arc};

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::{AbortHandle, JoinSet},
};

/// A stand-in did not start.
#[derive(Debug, thiserror::Error)]
pub enum StandinError {
    /// The port is taken, or the address is not one of this machine.
    #[error("cannot listen on {addr} for a stand-in")]
    Listen {
        /// What was asked for.
        addr: SocketAddr,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// There is no client to deliver with.
    #[error(transparent)]
    Client(#[from] patchcord::ground::http::HttpClientError),
}

/// A running server. Dropping it ends it, with every connection.
#[derive(Debug)]
pub(super) struct Server {
    addr: SocketAddr,
    task: AbortHandle,
}

impl Server {
    /// Listens on `addr`; port 0 takes a free one.
    pub(super) async fn start(addr: SocketAddr, routes: Router) -> Result<Self, StandinError> {
        let failed = |source| StandinError::Listen { addr, source };
        let listener = TcpListener::bind(addr).await.map_err(failed)?;
        let addr = listener.local_addr().map_err(failed)?;
        let task = tokio::spawn(serve(listener, routes)).abort_handle();
        Ok(Self { addr, task })
    }

    pub(super) const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Ends it, and returns once nothing listens any more.
    pub(super) async fn stop(self) {
        self.task.abort();
        while !self.task.is_finished() {
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A handler's hold on the connection that its request came by.
#[derive(Clone, Debug, Default)]
pub(super) struct Cut(Arc<Notify>);

impl Cut {
    /// Closes the connection. It does not return: who answered would answer on a closed connection.
    pub(super) async fn connection(&self) -> ! {
        self.0.notify_one();
        pending().await
    }
}

async fn serve(listener: TcpListener, routes: Router) {
    // Ends with this task, and all of them with it.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                connections.spawn(connection(stream, routes.clone()));
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, routes: Router) {
    // An answer is a small packet; it must not wait for the next one.
    let _ = stream.set_nodelay(true);
    let cut = Cut::default();
    let service = TowerToHyperService::new(routes.layer(Extension(cut.clone())));
    let serving = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // An error is a client that went away.
        _ = serving => {}
        () = cut.0.notified() => {}
    }
}
