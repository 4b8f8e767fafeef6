//! The emulator with what the flags say: where it listens, and where it delivers.

use std::net::{IpAddr, Ipv4Addr};

use indexmap::IndexMap;

use super::Context;
use crate::cli::EmulateArgs;
use crate::emulator::{AllowedHosts, Emulation, EmulatorOptions, Served, start};
use crate::exit::Failure;
use crate::model::{RandomSource, TimeSource};
use crate::receiver::{BindTo, SiteRules, bind};
use crate::report::Note;

/// Providers' APIs that can be served.
pub struct EmulatorServers {
    emulation: Emulation,
    servers: Vec<Served>,
    sites: SiteRules,
    /// Where each provider's API is.
    pub urls: IndexMap<String, String>,
}

impl EmulatorServers {
    /// Listens for the APIs, over the store.
    ///
    /// # Errors
    /// A provider cannot be emulated, or a port is taken.
    pub async fn bind(context: &Context, args: &EmulateArgs) -> Result<Self, Failure> {
        let store = context.needed_store()?;
        let catalog = context.catalog()?.clone();
        let options = EmulatorOptions {
            allowed: AllowedHosts {
                http_on_loopback: args.allow_http,
                hosts: args.allow_host.clone(),
            },
            speed: args.speed.unwrap_or(1.0),
            tokens: context.token_names_of(&catalog),
            time: TimeSource::default(),
            random: RandomSource::default(),
        };
        let emulation = start(store, catalog, &args.providers, options).await?;
        let (servers, urls) = listen(args).await?;
        let hosts = args.api_host.iter();
        Ok(Self {
            emulation,
            servers,
            sites: SiteRules {
                hosts: hosts.map(|name| name.to_ascii_lowercase()).collect(),
            },
            urls,
        })
    }

    /// Serves until `stop` resolves.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        self.emulation.serve(self.servers, self.sites, stop).await;
    }
}

/// Listens for each provider, and says at which URLs.
async fn listen(args: &EmulateArgs) -> Result<(Vec<Served>, IndexMap<String, String>), Failure> {
    let mut servers = Vec::with_capacity(args.providers.len());
    let mut urls = IndexMap::new();
    for (index, provider) in args.providers.iter().enumerate() {
        let port = match args.port {
            0 => 0,
            first => u16::try_from(index)
                .ok()
                .and_then(|index| first.checked_add(index))
                .ok_or_else(|| Failure::usage("there are not that many ports behind --port"))?,
        };
        let bound = bind(BindTo::Address(IpAddr::V4(Ipv4Addr::LOCALHOST)), port).await;
        let bound = bound.map_err(|error| {
            Failure::from(error).hint("use --port 0 for any free port, or another port")
        })?;
        let listener = bound.into_iter().next();
        let listener =
            listener.ok_or_else(|| Failure::machine("there is no address to listen on"))?;
        let url = format!("http://{}", listener.local_addr()?);
        urls.insert(provider.clone(), url);
        servers.push(Served {
            provider: provider.clone(),
            listener,
        });
    }
    Ok((servers, urls))
}

/// Says where deliveries may go.
pub fn tell_rules(context: &Context, args: &EmulateArgs) {
    let mut hosts = vec!["this machine".to_owned()];
    hosts.extend(args.allow_host.iter().cloned());
    let http = match args.allow_http {
        true => ", where http:// is accepted, too",
        false => "",
    };
    context.ui.note(Note::hint(format!(
        "webhooks are delivered to {} only{http}",
        hosts.join(", ")
    )));
}
