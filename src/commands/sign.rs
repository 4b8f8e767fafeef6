//! `sign`: the headers for a body.

use jiff::Timestamp;

use crate::catalog::GENERIC;
use crate::cli::SignArgs;
use crate::context::Context;
use crate::context::source::bytes_of;
use crate::exit::{Exit, Failure};
use crate::model::Headers;
use crate::report::{Report, SignatureReport};
use crate::signature::{Envelope, sign};

pub async fn run(context: &Context, args: &SignArgs) -> Result<Exit, Failure> {
    let endpoint = context.endpoint(args.to.as_deref())?;
    let catalog = context.catalog_for(&args.scheme, endpoint)?;
    let name = args
        .provider
        .as_deref()
        .or_else(|| endpoint?.provider.as_deref())
        .or(context.settings.default_provider.as_deref())
        .unwrap_or(GENERIC);
    let provider = catalog.provider(name)?;
    let Some(scheme) = &provider.signature else {
        return Err(Failure::usage(format!(
            "{name} has no signature scheme, so there is nothing to sign"
        ))
        .hint("use --provider generic to sign with a scheme of your own"));
    };
    let secrets = context
        .settings
        .signing_secrets(&args.secrets.flags(), &provider, endpoint)
        .map_err(Failure::usage)?;
    if secrets.is_empty() {
        let variable = crate::settings::variable_of(name);
        return Err(
            Failure::usage("no secret to sign with is set").hint(format!(
                "set {variable}, or add --secret-env NAME or --secret-file FILE"
            )),
        );
    }
    let body = bytes_of(&args.body).await?;
    let headers: Headers = args
        .headers
        .iter()
        .map(|header| (&header.name, &header.value))
        .collect();
    let now = args.now.unwrap_or_else(Timestamp::now);
    let id = args.id.clone().unwrap_or_else(|| {
        format!(
            "msg_{}",
            crate::model::Id::delivery(now, &mut fastrand::Rng::new()).ulid
        )
    });
    let envelope = Envelope {
        method: &args.method,
        url: args.url.as_deref(),
        headers: &headers,
    };
    let signed = sign(scheme, &secrets, envelope, &body, now, &id).map_err(Failure::usage)?;
    context.emit(&Report::Signature(SignatureReport {
        provider: name.to_owned(),
        headers: signed.headers,
        url: signed.url,
        body: signed
            .body
            .map(|body| String::from_utf8_lossy(&body).into_owned()),
    }))?;
    Ok(Exit::Done)
}
