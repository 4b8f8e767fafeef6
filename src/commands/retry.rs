//! `deliveries retry`: what was recorded goes out again.

use std::collections::BTreeSet;

use futures_util::TryStreamExt as _;

use crate::cli::RetryArgs;
use crate::compose::{ComposeNotice, PreparedRequest};
use crate::context::selecting::{self, Selected};
use crate::context::target::Target;
use crate::context::{Context, sending};
use crate::dispatch::{Resumption, owed_to};
use crate::exit::{Exit, Failure};
use crate::http::{Destination, Resolved};
use crate::model::{Delivery, Id, IdKind, Outcome};
use crate::report::Note;
use crate::search::Query;
use crate::store::Store;

/// Continues with failed deliveries, endpoint by endpoint. Those that cannot be sent again are reported and left out; that is
/// found out for all of them before the first one goes.
pub async fn run(context: &Context, args: &RetryArgs) -> Result<Exit, Failure> {
    if !args.delivery.transport.headers.is_empty() || args.delivery.method.is_some() {
        return Err(Failure::usage(
            "-H and --method cannot be used here: a retry sends the request as it was recorded",
        )
        .hint("use them with `hookcli send`"));
    }
    let store = context.needed_store()?;
    let records = claimed(context, &*store, args).await?;
    if records.is_empty() {
        if !args.failed {
            return Ok(Exit::Usage);
        }
        context.tell([Note::hint("there are no failed deliveries")]);
        return Ok(Exit::Done);
    }
    report_unknown(context, &records);
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut exits = Vec::new();
    let mut is_told = false;
    for record in &records {
        let at = groups.iter().position(|group| group.fits(record));
        let at = match at {
            Some(at) => at,
            None => {
                groups.push(Group::of(context, args, record).await?);
                groups.len() - 1
            }
        };
        match groups[at].add(context, args, &*store, record).await {
            // The same of each would drown what else there is to say.
            Ok(notice) if !is_told => {
                is_told = notice.is_some();
                context.tell(notice);
            }
            Ok(_) => {}
            Err(failure) => {
                store.release(&[record.id]).await?;
                context.tell(failure.notes());
                exits.push(Exit::Negative);
            }
        }
    }
    if groups.iter().all(|group| group.requests.is_empty()) {
        return Ok(Exit::Usage);
    }
    for mut group in groups {
        let sent = sending::send_all(
            context,
            &group.target,
            group.resolved,
            &mut group.requests,
            &args.delivery,
            &[],
            sending::Command::new("retrying", &args.secrets),
        );
        exits.push(sent.await?);
    }
    Ok(Exit::worst(exits))
}

/// What goes to one endpoint.
struct Group<'c> {
    target: Target<'c>,
    resolved: Resolved,
    requests: Vec<PreparedRequest>,
}

impl<'c> Group<'c> {
    async fn of(
        context: &'c Context,
        args: &RetryArgs,
        record: &Delivery,
    ) -> Result<Self, Failure> {
        let destination: Destination = record.url.parse().map_err(Failure::usage)?;
        let name = record.endpoint.as_deref();
        let endpoint = name.and_then(|name| context.settings.endpoints.get(name));
        Ok(Self {
            resolved: destination.resolve().await,
            target: Target {
                destination,
                endpoint,
                endpoint_name: record.endpoint.clone(),
                // No one says so now; a secret that travels stays on this machine.
                chosen_by_user: false,
                catalog: context.catalog_for(&args.scheme, endpoint)?,
            },
            requests: Vec::new(),
        })
    }

    fn fits(&self, record: &Delivery) -> bool {
        self.target.endpoint_name == record.endpoint
            && self.target.destination.to_string() == record.url
    }

    async fn add(
        &mut self,
        context: &Context,
        args: &RetryArgs,
        store: &dyn Store,
        record: &Delivery,
    ) -> Result<Option<ComposeNotice>, Failure> {
        let owed_to = owed_to(store, record).await;
        let resumption = Resumption {
            catalog: &self.target.catalog,
            keyring: &self.target.keyring(context, args.secrets.flags()),
            recipient: &self.target.recipient(&self.resolved),
        };
        let (request, notice) = resumption.prepare(record, owed_to)?;
        self.requests.push(request);
        Ok(notice)
    }
}

/// The deliveries that are meant, oldest first, each once, and leased: no one else sends them meanwhile. What
/// someone else works at is left to them, and told where it was named.
async fn claimed(
    context: &Context,
    store: &dyn Store,
    args: &RetryArgs,
) -> Result<Vec<Delivery>, Failure> {
    let mut ids = if args.failed {
        let unsettled = [Outcome::Failed, Outcome::Pending, Outcome::Unknown];
        let unsettled = Query::Any(unsettled.map(Query::Outcome).into());
        let selected = selecting::selected(&args.deliveries, &args.filter)?;
        let query = selected
            .only_query("--failed")?
            .and(unsettled)
            .and(Query::Not(Box::new(Query::Faulted)));
        store.claim(&query, usize::MAX).await?
    } else {
        let named = Selected {
            names: args.deliveries.clone(),
            query: Query::default(),
        };
        let named = selecting::each(context, store, IdKind::Delivery, &named);
        let named: BTreeSet<Id> = named.try_collect().await?;
        let mut claimed = Vec::new();
        for id in named {
            let own = store.claim(&Query::Id(id), 1).await?;
            if own.is_empty() {
                report_worker(context, &store.delivery(id).await?);
            }
            claimed.extend(own);
        }
        claimed
    };
    ids.sort();
    let mut records = Vec::with_capacity(ids.len());
    for id in ids {
        // From here on no one else writes to it.
        records.push(store.delivery(id).await?);
    }
    Ok(records)
}

fn report_worker(context: &Context, record: &Delivery) {
    let id = record.id;
    let failure = match record.worker {
        Some(worker) => Failure::usage(format!("{id} is being delivered by process {worker}")),
        None => Failure::usage(format!("{id} is being delivered by another process")),
    };
    context.tell(
        failure
            .hint("wait until it has finished, or stop it first")
            .notes(),
    );
}

/// A delivery that may have arrived is sent once more: receivers expect that, and the user gets a warning.
fn report_unknown(context: &Context, records: &[Delivery]) {
    let unknown = records
        .iter()
        .filter(|record| record.outcome == Outcome::Unknown);
    let count = unknown.count();
    if count > 0 {
        context.ui.note(Note::warning(format!(
            "{count} of {} may already have been delivered: the result of the last attempt was not recorded",
            records.len()
        )));
    }
}
