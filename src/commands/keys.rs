//! `keys`: new secrets and key pairs.

use crate::cli::NewKeysArgs;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::model::Secret;
use crate::report::{KeysReport, Report};
use crate::signature::new_keys;

pub fn new(context: &Context, args: &NewKeysArgs) -> Result<Exit, Failure> {
    let name = &args.provider;
    let provider = context.provider(name)?;
    let Some(scheme) = &provider.signature else {
        return Err(Failure::usage(format!(
            "{name} has no signature scheme, so it needs no key"
        ))
        .hint("run `hookcli providers` to see the scheme of each provider"));
    };
    let keys = new_keys(scheme).map_err(Failure::machine)?;
    let text = |secret: &Secret| String::from_utf8_lossy(secret.expose()).into_owned();
    context.emit(&Report::Keys(KeysReport {
        provider: name.clone(),
        signing: text(&keys.signing),
        verifying: text(&keys.verifying),
    }))?;
    Ok(Exit::Done)
}
