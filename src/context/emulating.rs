//! The emulator with what the flags say: where it listens, and where it delivers.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use indexmap::IndexMap;
use tempfile::TempDir;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::inspecting::{Beside, InspectorServer};
use super::publishing::TOKEN;
use super::source::bytes_of;
use super::{Context, STORE_KEY};
use crate::catalog::{Catalog, Scenario};
use crate::cli::{EmulateArgs, WorkerArgs};
use crate::delivery::Rate;
use crate::emulator::{ApiAccess, Emulation, Emulator, EmulatorOptions, Served, emulated, start};
use crate::exit::Failure;
use crate::http::AllowedHosts;
use crate::model::{InvalidText, RandomSource, Secret, TimeSource, counted, suggest};
use crate::receiver::{BindTo, SiteRules, bind};
use crate::report::{Note, Report};
use crate::search::{Pattern, Query};
use crate::settings::{SecretFlags, StorePlace};
use crate::store::{PageRequest, SqliteStore, Store, StoreOptions, WorkspaceTokens};
use crate::view::delivery_report;

/// Providers' APIs that can be served.
pub struct EmulatorServers {
    emulation: Emulation,
    store: Arc<dyn Store>,
    /// Where the store is, where it ends with this process.
    folder: Option<TempDir>,
    servers: Vec<Served>,
    sites: SiteRules,
    playing: Playing,
    /// Where each provider's API is.
    pub urls: IndexMap<String, String>,
}

impl EmulatorServers {
    /// Listens for the APIs, over the store.
    ///
    /// # Errors
    /// A provider cannot be emulated, or a port is taken.
    pub async fn bind(context: &Context, args: &EmulateArgs) -> Result<Self, Failure> {
        let catalog = context.catalog()?.clone();
        let providers = emulated(&catalog, &args.providers)?;
        if args.no_worker && context.settings.store.is_none() {
            let why = "--no-worker leaves deliveries in the store, and there is none";
            return Err(Failure::usage(why).hint("leave out --no-store or --no-worker"));
        }
        let (store, folder) = store_of(context)?;
        let random = args.seed.map(RandomSource::seeded);
        let options = EmulatorOptions {
            access: access(context, args, &store).await?,
            random: random.unwrap_or_default(),
            ..options(
                context,
                &catalog,
                (args.allow_http, args.allow_host.as_slice()),
                args.speed,
            )
        };
        let emulation = start(store.clone(), catalog, providers, options).await?;
        let emulation = match args.no_worker {
            true => emulation.without_worker(),
            false => emulation,
        };
        let playing = Playing::read(args, emulation.emulator()).await?;
        let (servers, urls) = listen(args).await?;
        let bound = (!args.bind.is_unspecified()).then(|| args.bind.to_string());
        let hosts = args.api_host.iter().map(|name| name.to_ascii_lowercase());
        Ok(Self {
            emulation,
            store,
            folder,
            servers,
            sites: SiteRules {
                hosts: hosts.chain(bound).collect(),
            },
            playing,
            urls,
        })
    }

    /// The deliveries of providers alone, which others have put into the store. None where their secrets cannot be read.
    ///
    /// # Errors
    /// A provider cannot be emulated, or the store cannot be used.
    pub async fn worker(
        context: &Context,
        args: &WorkerArgs,
        store: Arc<dyn Store>,
    ) -> Result<Option<Self>, Failure> {
        let catalog = context.catalog()?.clone();
        let names = match args.providers.is_empty() {
            true => {
                let (all, _) = catalog.all();
                let all = all.iter().filter(|one| one.management.is_some());
                all.map(|one| one.name.clone()).collect()
            }
            false => args.providers.clone(),
        };
        let providers = emulated(&catalog, &names)?;
        if let Some(StorePlace::Shared(_)) = context.settings.store
            && let Err(refused) = check_key(context)
        {
            let has_key = context.settings.environment.text(STORE_KEY);
            if !args.providers.is_empty() || has_key.is_some_and(|key| !key.is_empty()) {
                return Err(refused);
            }
            context.ui.note(Note::hint(format!(
                "without {STORE_KEY}, deliveries of emulated providers are left to other workers"
            )));
            return Ok(None);
        }
        let allowed = (args.allow_http, args.allow_host.as_slice());
        let options = EmulatorOptions {
            most_under_way: args.concurrency as usize,
            ..options(context, &catalog, allowed, args.speed)
        };
        Ok(Some(Self {
            emulation: start(store.clone(), catalog, providers, options).await?,
            store,
            folder: None,
            servers: Vec::new(),
            sites: SiteRules { hosts: Vec::new() },
            playing: Playing {
                scenario: None,
                traffic: None,
                seed: None,
            },
            urls: IndexMap::new(),
        }))
    }

    /// The page, where it is to be served beside.
    ///
    /// # Errors
    /// Its port is taken, or there is no token.
    pub async fn page(
        &self,
        context: &Context,
        args: &EmulateArgs,
    ) -> Result<Option<InspectorServer>, Failure> {
        if !args.ui {
            if let Some(flag) = args.page.flag_given() {
                return Err(Failure::usage(format!("{flag} needs --ui")));
            }
            return Ok(None);
        }
        let beside = Beside {
            emulator: Some(self.emulation.emulator().clone()),
            ..Beside::default()
        };
        let (store, flags) = (self.store.clone(), SecretFlags::default());
        let page = InspectorServer::bind(context, &args.page, flags, None, beside, store);
        page.await.map(Some)
    }

    /// Serves until `stop` resolves, and shows what is delivered meanwhile.
    pub async fn serve(
        self,
        context: &Context,
        page: Option<InspectorServer>,
        stop: impl Future<Output = ()>,
    ) -> Result<(), Failure> {
        let emulator = self.emulation.emulator().clone();
        let mut attempts = emulator.attempts();
        let mut unfinished = usize::from(self.playing.scenario.is_some());
        let mut played = self.playing.start(&emulator);
        let (tell, stopping) = oneshot::channel::<()>();
        let serving = async {
            let served = self.emulation.serve(self.servers, self.sites, stop);
            served.await;
            drop(tell);
        };
        let paging = async {
            if let Some(page) = page {
                let stopped = async { drop(stopping.await) };
                page.serve(stopped).await;
            }
        };
        let serving = async { tokio::join!(serving, paging) };
        let mut serving = std::pin::pin!(serving);
        loop {
            let attempt = tokio::select! {
                _ = &mut serving => break,
                Some(Ok((is_scenario, note))) = played.join_next() => {
                    unfinished -= usize::from(is_scenario);
                    context.ui.note(note);
                    continue;
                }
                attempt = attempts.recv() => attempt,
            };
            match attempt {
                Ok(delivery) => {
                    let provider = delivery.provider.as_deref();
                    let provider = provider.and_then(|name| emulator.catalog().provider(name).ok());
                    let mut report = delivery_report(&delivery, provider.as_deref());
                    let of = delivery.emulated.map(|of| of.subscription);
                    report.subscription = of.and_then(|number| emulator.id_of_subscription(number));
                    context
                        .emit_beside(Report::Delivery(Box::new(report)))
                        .await?;
                }
                Err(RecvError::Lagged(count)) => context.ui.note(Note::warning(format!(
                    "{count} deliveries are not shown here: hookcli deliveries list shows all"
                ))),
                Err(RecvError::Closed) => {
                    serving.await;
                    break;
                }
            }
        }
        unfinished += emulator.count_playing();
        if unfinished > 0 {
            let scenarios = counted(unfinished as u64, "scenario");
            context.ui.note(Note::warning(format!(
                "{scenarios} not played to the end: the next start begins again"
            )));
        }
        match self.folder {
            // What is kept for no one is not spoken of.
            Some(_) => Ok(()),
            None => tell_pending(context, &*self.store, &self.urls).await,
        }
    }
}

/// No key that others may guess.
const SHORTEST_KEY: usize = 32;

/// The secrets of webhooks are not kept as they are where others can read them.
fn check_key(context: &Context) -> Result<(), Failure> {
    let key = context.settings.environment.text(STORE_KEY);
    let length = key.as_ref().map_or(0, String::len);
    if length >= SHORTEST_KEY {
        return Ok(());
    }
    let why = match length {
        0 => format!(
            "a shared store keeps the secrets of webhooks encrypted, with a key in {STORE_KEY}"
        ),
        _ => format!("the key in {STORE_KEY} is shorter than {SHORTEST_KEY} characters"),
    };
    Err(Failure::usage(why).hint(format!(
        "make one, the same for all nodes: export {STORE_KEY}=$(openssl rand -hex 32)"
    )))
}

/// Deliveries of an emulator at one time.
const USUAL_DELIVERIES: usize = 512;

/// How providers are emulated where nothing else is said.
fn options(
    context: &Context,
    catalog: &Catalog,
    (http_on_loopback, hosts): (bool, &[String]),
    speed: Option<f64>,
) -> EmulatorOptions {
    EmulatorOptions {
        access: None,
        allowed: AllowedHosts {
            http_on_loopback,
            hosts: hosts.to_vec(),
        },
        speed: speed.unwrap_or(1.0),
        tokens: context.token_names_of(catalog),
        most_under_way: USUAL_DELIVERIES,
        time: TimeSource::default(),
        random: RandomSource::default(),
    }
}

/// The store, and its folder where it is for this process alone.
fn store_of(context: &Context) -> Result<(Arc<dyn Store>, Option<TempDir>), Failure> {
    if let Some(StorePlace::Shared(_)) = context.settings.store {
        check_key(context)?;
    }
    if let Some(store) = context.store()? {
        return Ok((store, None));
    }
    let folder = tempfile::tempdir()?;
    let store = SqliteStore::open(&folder.path().join("store.db"), StoreOptions::default())?;
    Ok((Arc::new(store), Some(folder)))
}

/// What happens by itself.
struct Playing {
    /// The provider's name, and the scenario.
    scenario: Option<(String, String, Scenario)>,
    traffic: Option<Rate>,
    seed: Option<u64>,
}

impl Playing {
    async fn read(args: &EmulateArgs, emulator: &Emulator) -> Result<Self, Failure> {
        let scenario = match &args.scenario {
            None => None,
            Some(text) => {
                let found = scenario(text, args, emulator).await?;
                let checked = emulator.check_scenario(&found.0, &found.2);
                checked.map_err(|why| {
                    Failure::usage(format!("the scenario {text} cannot be played: {why}"))
                        .hint("`hookcli events` lists the events that a step can have")
                })?;
                Some(found)
            }
        };
        Ok(Self {
            scenario,
            traffic: args.traffic,
            seed: args.seed,
        })
    }

    /// Begins; what is started ends with what is returned, and says whether it was a scenario, and what it came to.
    fn start(self, emulator: &Arc<Emulator>) -> JoinSet<(bool, Note)> {
        let mut started = JoinSet::new();
        let seed = self.seed;
        if let Some((provider, name, scenario)) = self.scenario {
            let emulator = emulator.clone();
            started.spawn(async move {
                let played = emulator.play_once_heard(&provider, &scenario, seed);
                let note = match played.await {
                    Ok(count) => Note::hint(format!("the scenario {name} is over: {count} events")),
                    Err(why) => Note::error(format!("the scenario {name}: {why}")),
                };
                (true, note)
            });
        }
        if let Some(rate) = self.traffic {
            let emulator = emulator.clone();
            started.spawn(async move {
                emulator.make_traffic(rate, seed).await;
                (
                    false,
                    Note::warning("the providers have no events to publish"),
                )
            });
        }
        started
    }
}

/// A scenario of a provider, or of a file.
async fn scenario(
    text: &str,
    args: &EmulateArgs,
    emulator: &Emulator,
) -> Result<(String, String, Scenario), Failure> {
    let file = Path::new(text);
    if !file.is_file() {
        let found = emulator.find_scenario(text).map_err(|why| {
            Failure::usage(why).hint("`hookcli providers NAME` shows the scenarios of a provider")
        })?;
        let (provider, scenario) = found;
        return Ok((provider, text.to_owned(), scenario));
    }
    let refused = |why: String| Failure::usage(format!("{}: {why}", file.display()));
    let read = bytes_of(text).await?;
    let read = String::from_utf8(read).map_err(|_| refused("it is not UTF-8".to_owned()))?;
    let scenario: Scenario = read
        .parse()
        .map_err(|error: InvalidText| refused(error.to_string()))?;
    let first = args.providers.first().cloned().unwrap_or_default();
    let provider = scenario.provider.clone().unwrap_or(first);
    if !args.providers.contains(&provider) {
        return Err(refused(format!(
            "{provider} is not among the providers that are emulated"
        ))
        .hint(format!("run `{}`", suggest(["emulate", &provider]))));
    }
    Ok((provider, text.to_owned(), scenario))
}

/// No token that others may guess.
const SHORTEST_TOKEN: usize = 16;

/// Beyond this machine everything needs a token.
async fn access(
    context: &Context,
    args: &EmulateArgs,
    store: &Arc<dyn Store>,
) -> Result<Option<ApiAccess>, Failure> {
    let token = context.settings.environment.text(TOKEN);
    let token = token.filter(|token| !token.is_empty());
    let is_loopback = args.bind.to_canonical().is_loopback();
    if token
        .as_ref()
        .is_some_and(|token| token.len() < SHORTEST_TOKEN)
    {
        let why = format!("the token in {TOKEN} is shorter than {SHORTEST_TOKEN} characters");
        return Err(
            Failure::usage(why).hint(format!("make one: export {TOKEN}=$(openssl rand -hex 16)"))
        );
    }
    let has_tokens = match store.shared().filter(|_| !is_loopback) {
        Some(shared) => !shared.tokens().await?.is_empty(),
        None => false,
    };
    if token.is_none() && is_loopback {
        return Ok(None);
    }
    if token.is_none() && !has_tokens {
        let why = format!(
            "--bind {} lets other machines in, which needs a token in {TOKEN}",
            args.bind
        );
        return Err(match store.shared() {
            None => Failure::usage(why)
                .hint(format!("make one: export {TOKEN}=$(openssl rand -hex 16)")),
            Some(_) => Failure::usage(format!("{why} or a token of the workspace")).hint(format!(
                "make one: {}",
                suggest([
                    "store",
                    "token",
                    "new",
                    "--workspace",
                    &context.settings.workspace
                ])
            )),
        });
    }
    Ok(Some(ApiAccess {
        token: token.map(Secret::new),
        workspace: WorkspaceTokens::of(store).filter(|_| !is_loopback),
    }))
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
        let bound = bind(BindTo::Address(args.bind), port).await;
        let bound = bound.map_err(|error| {
            Failure::from(error).hint("use --port 0 for any free port, or another port")
        })?;
        let listener = bound.into_iter().next();
        let listener =
            listener.ok_or_else(|| Failure::machine("there is no address to listen on"))?;
        let url = format!("http://{}", shown_address(args, listener.local_addr()?));
        urls.insert(provider.clone(), url);
        servers.push(Served {
            provider: provider.clone(),
            listener,
        });
    }
    Ok((servers, urls))
}

/// By which name and port clients call it.
fn shown_address(args: &EmulateArgs, bound: SocketAddr) -> String {
    match args.api_host.first() {
        Some(name) => format!("{name}:{}", bound.port()),
        None if bound.ip().is_unspecified() => format!("localhost:{}", bound.port()),
        None => bound.to_string(),
    }
}

/// Says where deliveries may go.
pub fn tell_rules(context: &Context, args: &EmulateArgs) {
    if args.no_worker {
        context.ui.note(Note::hint(
            "deliveries are left to `hookcli worker`, which needs the same --allow-host",
        ));
        return;
    }
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

/// How many deliveries that wait are counted.
const MOST_COUNTED: usize = 1000;

/// Says what is still to be delivered when it stops.
///
/// # Errors
/// The store cannot be read.
async fn tell_pending(
    context: &Context,
    store: &dyn Store,
    urls: &IndexMap<String, String>,
) -> Result<(), Failure> {
    let own = urls.keys().map(|name| Query::Provider(Pattern::new(name)));
    let waiting = Query::Any(own.collect()).and(Query::Pending);
    let page = PageRequest::newest(MOST_COUNTED);
    let found = store.deliveries(&waiting, page).await?;
    let count = match found.rows.len() {
        0 => return Ok(()),
        1 => "1 delivery is".to_owned(),
        MOST_COUNTED => format!("{MOST_COUNTED} deliveries or more are"),
        count => format!("{count} deliveries are"),
    };
    context.ui.note(Note::hint(format!(
        "{count} pending until the next start: hookcli deliveries list is:pending"
    )));
    Ok(())
}
