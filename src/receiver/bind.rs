//! The port of a receiver.

use crate::model::InvalidText;
use std::io::{Error, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use rustix::io::Errno;
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::net::TcpListener;

/// File descriptors that are reserved for other things than incoming connections: the store, destinations, a command.
const DESCRIPTORS_BESIDES: u64 = 1200;

/// Where is listened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BindTo {
    Address(IpAddr),
    /// Both loopback addresses, at one port: what a client means by `localhost` is either.
    Localhost,
}

impl BindTo {
    /// The address, or the first of both.
    pub fn ip(self) -> IpAddr {
        match self {
            Self::Address(ip) => ip,
            Self::Localhost => Ipv4Addr::LOCALHOST.into(),
        }
    }
}

impl FromStr for BindTo {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        if text == "localhost" {
            return Ok(Self::Localhost);
        }
        text.parse().map(Self::Address).map_err(|_| {
            format!(
                "invalid address `{text}`: use localhost or an IP address, for example 127.0.0.1"
            )
            .into()
        })
    }
}

/// A port that cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {source}")]
pub struct BindError {
    pub address: SocketAddr,
    pub source: Error,
}

/// Listens; port 0 is any free one.
pub async fn bind(to: BindTo, port: u16) -> Result<Vec<TcpListener>, BindError> {
    let listen = async |address: SocketAddr| {
        let bound = TcpListener::bind(address).await;
        bound.map_err(|source| BindError { address, source })
    };
    let address = SocketAddr::new(to.ip(), port);
    let first = listen(address).await?;
    if to != BindTo::Localhost {
        return Ok(vec![first]);
    }
    let taken = first.local_addr();
    let taken = taken.map_err(|source| BindError { address, source })?;
    match listen(SocketAddr::new(Ipv6Addr::LOCALHOST.into(), taken.port())).await {
        Ok(second) => Ok(vec![first, second]),
        // A machine without IPv6 has one loopback address.
        Err(error) if is_without_ipv6(&error.source) => Ok(vec![first]),
        Err(error) => Err(error),
    }
}

fn is_without_ipv6(error: &Error) -> bool {
    error.kind() == ErrorKind::AddrNotAvailable
        || error.raw_os_error() == Some(Errno::AFNOSUPPORT.raw_os_error())
}

/// Asks for as many descriptors as the connections may need. Where there are fewer, what cannot be accepted
/// waits in the system's queue.
pub fn raise_descriptor_limit(connections: u32) {
    let mut limit = getrlimit(Resource::Nofile);
    let wanted = u64::from(connections) + DESCRIPTORS_BESIDES;
    if limit.current.is_some_and(|current| current < wanted) {
        limit.current = Some(limit.maximum.map_or(wanted, |most| most.min(wanted)));
        // A system that does not allow it has said so with its limit.
        let _ = setrlimit(Resource::Nofile, limit);
    }
}
