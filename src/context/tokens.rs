//! `store token`: the tokens of a workspace.

use super::Context;
use crate::cli::{TokenArgs, TokenCommand};
use crate::exit::{Exit, Failure};
use crate::receiver::AccessToken;
use crate::report::{Note, Report, TokenReport};
use crate::store::token_digest;

/// Creates, lists or removes them.
///
/// # Errors
/// The store has none, or cannot be used; there is no such token.
pub async fn token(context: &Context, command: &TokenCommand) -> Result<Exit, Failure> {
    let store = context.needed_store()?;
    let shared = store.shared().ok_or_else(|| {
        let why = "only a store that nodes share has tokens";
        Failure::usage(why).hint("name one: --store postgres://USER@HOST/DATABASE")
    })?;
    let workspace = &context.settings.workspace;
    let shown = |kept, token| Report::Token(TokenReport::new(kept, workspace, token));
    match command {
        TokenCommand::New => {
            let token = AccessToken::new().map_err(Failure::machine)?.expose();
            let kept = shared.add_token(token_digest(&token)).await?;
            context.emit(&shown(kept, Some(token)))?;
            context
                .ui
                .note(Note::hint("keep it now: it is not shown again"));
        }
        TokenCommand::List => {
            for (kept, _) in shared.tokens().await? {
                context.emit(&shown(kept, None))?;
            }
        }
        TokenCommand::Rm(TokenArgs { id }) => {
            if !shared.remove_token(id).await? {
                let why = format!("the workspace {workspace} has no token {id}");
                return Err(Failure::usage(why).hint("`hookcli store token list` shows them"));
            }
        }
    }
    Ok(Exit::Done)
}
