//! Connections to the database, which live on a thread of their own: who uses the store may come and go with its runtime.

use std::future::Future;
use std::sync::mpsc;
use std::time::Duration;

use deadpool_postgres::{Connect, Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::PostgresError;
use super::location::Location;
use crate::store::StoreError;

/// How many connections a process has at most.
const CONNECTIONS: usize = 16;
/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A connection of which nothing is heard for so long, while something was sent, is broken.
const BROKEN_AFTER: Duration = Duration::from_secs(30);
/// How long an open store is waited for when it is closed.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// The database's connections, and the thread that they live on.
pub(super) struct Database {
    pool: Pool,
    runtime: Option<Runtime>,
    handle: Handle,
}

impl Database {
    /// Nothing is connected yet.
    pub(super) fn new(location: &Location) -> Result<Self, StoreError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("store")
            .enable_all()
            .build()
            .map_err(StoreError::read)?;
        let handle = runtime.handle().clone();
        let mut config = location.config.clone();
        config
            .application_name("hookcli")
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_user_timeout(BROKEN_AFTER);
        let connector = Connector {
            handle: handle.clone(),
            tls: location.tls.clone(),
        };
        let manager = Manager::from_connect(
            config,
            connector,
            ManagerConfig {
                recycling_method: RecyclingMethod::Fast,
            },
        );
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .build()
            .map_err(StoreError::read)?;
        Ok(Self {
            pool,
            runtime: Some(runtime),
            handle,
        })
    }

    /// A connection, once one is free.
    pub(super) async fn client(&self) -> Result<Object, PostgresError> {
        Ok(self.pool.get().await?)
    }

    /// Where its connections live.
    pub(super) fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Runs something where the connections live, and waits for it without a runtime.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
        timeout: Option<Duration>,
    ) -> Option<T> {
        let (done, waiting) = mpsc::channel();
        self.handle.spawn(async move {
            // Who waited may have gone.
            let _ = done.send(work.await);
        });
        match timeout {
            Some(timeout) => waiting.recv_timeout(timeout).ok(),
            None => waiting.recv().ok(),
        }
    }

    /// As [`Database::wait`], for what is done while a store is closed.
    pub(super) fn finish(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.wait(work, Some(CLOSE_TIMEOUT));
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Makes connections where they live.
struct Connector {
    handle: Handle,
    tls: Option<MakeRustlsConnect>,
}

impl Connect for Connector {
    fn connect(
        &self,
        config: &Config,
    ) -> BoxFuture<'_, Result<(Client, JoinHandle<()>), tokio_postgres::Error>> {
        let (config, tls) = (config.clone(), self.tls.clone());
        let connecting = self.handle.spawn(async move {
            match tls {
                Some(tls) => begin(&config, tls).await,
                None => begin(&config, NoTls).await,
            }
        });
        async move {
            match connecting.await {
                Ok(connected) => connected,
                // The store is being closed: who still waits for it is gone in a moment.
                Err(_) => std::future::pending().await,
            }
        }
        .boxed()
    }
}

async fn begin<T>(
    config: &Config,
    tls: T,
) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error>
where
    T: MakeTlsConnect<Socket> + Send,
    T::Stream: Send + 'static,
    T::TlsConnect: Send,
    <T::TlsConnect as tokio_postgres::tls::TlsConnect<Socket>>::Future: Send,
{
    let (client, connection) = config.connect(tls).await?;
    let driven = tokio::spawn(async move {
        // Whoever uses it hears of what breaks it.
        let _ = connection.await;
    });
    Ok((client, driven))
}
