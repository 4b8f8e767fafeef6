//! What a listener is made of, by flags and settings.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::cli::{HeaderFlag, ListenArgs, SchemeArgs};
use crate::context::certificates::{acceptor_of_files, authority};
use crate::context::{Context, target};
use crate::exit::{Exit, Failure};
use crate::process::Tunnel;
use crate::receiver::{BindTo, Protocol, acceptor, bind, loopback_certificate};
use crate::report::{Bytes, Note, Report};
use crate::store::{Store, StoreOptions};

const DEFAULT_PORT: u16 = 8787;

/// Flags that no listener can follow.
pub fn check(args: &ListenArgs) -> Result<(), Failure> {
    let framing = |header: &&HeaderFlag| {
        ["content-length", "transfer-encoding"]
            .iter()
            .any(|name| header.name.eq_ignore_ascii_case(name))
    };
    if let Some(header) = args.responses.respond_header.iter().find(framing) {
        return Err(Failure::usage(format!(
            "--respond-header {}: Content-Length is set automatically and cannot be overridden",
            header.name
        )));
    }
    if let (false, Some(flag)) = (args.ui, args.page.flag_given()) {
        return Err(
            Failure::usage(format!("{flag} is about the inspector")).hint("add --ui to serve it")
        );
    }
    Ok(())
}

/// `--print-ca`.
pub fn print_ca(context: &Context) -> Result<Exit, Failure> {
    let (ca, _) = authority(context)?;
    context.emit(&Report::Bytes(Bytes {
        bytes: ca.certificates.into_bytes(),
        safe: true,
    }))?;
    Ok(Exit::Done)
}

/// What TLS is spoken with, if it is; with HTTP/2 where the sender wants it.
pub fn tls(context: &Context, args: &ListenArgs) -> Result<Option<TlsAcceptor>, Failure> {
    let protocols = [Protocol::Http2, Protocol::Http1];
    if let (Some(certificate), Some(key)) = (&args.cert, &args.key) {
        return acceptor_of_files(certificate, key, &protocols).map(Some);
    }
    if !args.tls {
        return Ok(None);
    }
    let (ca, file) = authority(context)?;
    context.ui.note(Note::hint(format!(
        "to make senders trust it, run {}, then use hookcli send --cacert FILE or curl --cacert FILE",
        file.display()
    )));
    let pem = loopback_certificate(&ca, Timestamp::now()).map_err(Failure::usage)?;
    acceptor(&pem, &protocols).map(Some).map_err(Failure::usage)
}

/// The store, with the bound that the flags say.
pub async fn store(
    context: &Context,
    args: &ListenArgs,
) -> Result<Option<Arc<dyn Store>>, Failure> {
    let keep = match args.keep {
        Some(keep) => keep,
        None => context.keep_of_new_stores()?,
    };
    let store = context.store_with(StoreOptions {
        keep,
        full_sync: args.sync == "full",
        ..StoreOptions::default()
    })?;
    if let (Some(store), Some(keep)) = (&store, args.keep) {
        context.change_bound(&**store, keep, args.prune).await?;
    }
    Ok(store)
}

/// Where it listens.
pub struct Bound {
    pub listeners: Vec<TcpListener>,
    pub address: SocketAddr,
    pub url: String,
}

/// Listens by flags, environment and settings.
pub async fn listen(
    context: &Context,
    args: &ListenArgs,
    is_https: bool,
) -> Result<Bound, Failure> {
    let to = match (args.bind, &context.settings.listen_bind) {
        (Some(to), _) => to,
        (None, Some(text)) => text
            .parse()
            .map_err(|error| Failure::usage(format!("listen.bind: {error}")))?,
        (None, None) => BindTo::Address(Ipv4Addr::LOCALHOST.into()),
    };
    let from_environment = context
        .settings
        .environment
        .text("HOOKCLI_PORT")
        .map(|text| {
            text.parse::<u16>().map_err(|_| {
                Failure::usage(format!(
                    "HOOKCLI_PORT: invalid port `{text}`: use a number from 0 to 65535"
                ))
            })
        })
        .transpose()?;
    let port = args
        .port
        .or(from_environment)
        .or(context.settings.listen_port)
        .unwrap_or(DEFAULT_PORT);
    if args.test_secret && !to.ip().is_loopback() {
        return Err(Failure::usage(format!(
            "--test-secret cannot be used at {}, which other machines can reach: everyone knows that secret",
            to.ip()
        ))
        .hint("listen on 127.0.0.1, or set a secret of your own"));
    }
    if !to.ip().is_loopback() {
        context.ui.note(Note::warning(format!(
            "{} can be reached from other machines",
            to.ip()
        )));
    }
    let listeners = bind(to, port).await?;
    let address = match listeners.first() {
        Some(listener) => listener.local_addr()?,
        None => return Err(Failure::machine("there is no address to listen on")),
    };
    let scheme = if is_https { "https" } else { "http" };
    let url = match listeners.len() {
        1 => format!("{scheme}://{address}"),
        _ => format!("{scheme}://localhost:{}", address.port()),
    };
    Ok(Bound {
        listeners,
        address,
        url,
    })
}

/// Makes the listener public, where that is asked for. What comes from anywhere may not go everywhere.
pub async fn open_tunnel(
    context: &Context,
    args: &ListenArgs,
    url: &str,
) -> Result<Option<Tunnel>, Failure> {
    let Some(tool) = &args.tunnel else {
        return Ok(None);
    };
    let routes = context.settings.listen_routes.iter();
    let routes = routes.map(|(route, _)| &route.to);
    for text in args.forward.forward_to.iter().chain(routes) {
        let place = target::target(context, None, Some(text), &SchemeArgs::default())?.destination;
        if place.target() == "/" {
            return Err(Failure::usage(format!(
                "with a tunnel, anyone could request any path of {place}"
            ))
            .hint("use --forward-to with a URL that has a path"));
        }
    }
    let secrets = args.secrets.flags();
    let withheld = context.settings.secret_variables(&secrets);
    Ok(Some(Tunnel::open(tool, url, withheld).await?))
}
