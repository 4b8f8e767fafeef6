//! `providers`: who is known, and what of them.

use crate::cli::ProvidersArgs;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::report::{Note, Report};
use crate::view::{provider_detail, provider_item};

pub fn run(context: &Context, args: &ProvidersArgs) -> Result<Exit, Failure> {
    if let Some(name) = &args.name {
        let provider = context.provider(name)?;
        context.emit(&Report::ProviderDetail(Box::new(provider_detail(
            &provider,
        ))))?;
        return Ok(Exit::Done);
    }
    let (providers, errors) = context.catalog()?.all();
    for error in &errors {
        context.ui.note(Note::error(error.to_string()));
    }
    for provider in providers {
        context.emit(&Report::Provider(provider_item(&provider)))?;
    }
    Ok(if errors.is_empty() {
        Exit::Done
    } else {
        Exit::Usage
    })
}
