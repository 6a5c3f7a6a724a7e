//! `corrente token`: how BI tools come in.

use anyhow::{Context as _, Result};
use api::auth::api_token::{DEFAULT_DAYS, MOST_DAYS, Wanted, create};
use chrono::{DateTime, SecondsFormat, Utc};
use clap::Subcommand;
use serde_json::{Value as Json, json};
use store::audit::NewEntry;

use super::user::{RoleName, nobody};
use crate::context::Context;

/// Which token, and what about it.
#[derive(Debug, Subcommand)]
pub enum Arguments {
    /// Make a token; it is printed once and stored nowhere
    Create {
        /// The e-mail of whose it will be
        #[arg(long, value_name = "EMAIL")]
        user: String,
        /// What it may do, at most what its user may [default: the same]
        #[arg(long, value_enum)]
        role: Option<RoleName>,
        /// Days that it lives
        #[arg(long, default_value_t = DEFAULT_DAYS, value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_DAYS)))]
        days: u16,
        /// What it is for
        #[arg(long, default_value = "made by corrente token")]
        name: String,
        /// Print one JSON object last
        #[arg(long)]
        json: bool,
    },
    /// List every token
    List {
        /// Print one JSON object last
        #[arg(long)]
        json: bool,
    },
    /// Revoke a token, at its next request
    Revoke {
        /// As `token list` shows it
        id: i64,
        /// Print one JSON object last
        #[arg(long)]
        json: bool,
    },
}

/// Does it, with an entry in the audit log.
pub async fn run(context: &Context, arguments: Arguments) -> Result<u8> {
    match arguments {
        Arguments::Create { user, role, days, name, json } => {
            let owner = store::users::by_email(&context.db, &user).await?.with_context(|| nobody(&user))?;
            let role = role.map(|role| role.word().parse()).transpose()?;
            let wanted = Wanted { owner_id: owner.id, owner_role: owner.role, name, role, days: days.into() };
            let made = create(&context.db, wanted, entry(context, "token.create", None)).await?;
            let (id, ends) = (made.row.id, made.row.expires_at.map(written));
            if json {
                context.say(json!({ "token": made.token, "id": id, "expiresAt": ends }).to_string());
            } else {
                let ends = ends.unwrap_or_default();
                let told = format!("token {id} of {user} as {}, until {ends}; it is not shown again:", made.row.role);
                context.out.err(&told);
                context.say(made.token);
            }
        }
        Arguments::List { json } => list(context, json).await?,
        Arguments::Revoke { id, json } => {
            let entry = entry(context, "token.revoke", Some(id));
            let revoked = store::tokens::revoke_api(&context.db, id, None, context.now(), entry).await?;
            let row = revoked.with_context(|| format!("there is no token {id}; `corrente token list` shows them"))?;
            let revoked = row.revoked_at.map(written);
            if json {
                context.say(json!({ "id": id, "revokedAt": revoked }).to_string());
            } else {
                context.say(format!("token {id} ({}) is revoked", row.name));
            }
        }
    }
    Ok(0)
}

async fn list(context: &Context, json: bool) -> Result<()> {
    let tokens = store::tokens::list_api(&context.db, None).await?;
    let owners: Vec<i64> = tokens.iter().map(|token| token.user_id).collect();
    let owners = store::users::by_ids(&context.db, &owners).await?;
    let email = |user_id: i64| owners.get(&user_id).map_or("", |user| user.email.as_str());
    if json {
        let all: Vec<Json> = tokens
            .iter()
            .map(|token| {
                json!({
                    "id": token.id, "name": token.name, "prefix": token.prefix, "user": email(token.user_id), "role": token.role.as_str(),
                    "createdAt": written(token.created_at), "expiresAt": token.expires_at.map(written),
                    "lastUsedAt": token.last_used_at.map(written), "revokedAt": token.revoked_at.map(written),
                })
            })
            .collect();
        context.say(json!({ "tokens": all }).to_string());
        return Ok(());
    }
    for token in &tokens {
        let state = match (token.revoked_at, token.expires_at) {
            (Some(at), _) => format!("revoked {}", at.format("%F")),
            (None, Some(end)) if end <= context.now() => format!("expired {}", end.format("%F")),
            (None, Some(end)) => format!("until {}", end.format("%F")),
            (None, None) => "for ever".to_owned(),
        };
        let used =
            token.last_used_at.map_or_else(|| "never used".into(), |at| format!("used {}", at.format("%F %T UTC")));
        let (id, prefix, role) = (token.id, &token.prefix, token.role.as_str());
        context.say(format!(
            "{id:>5} {prefix}... {:<32} {role:<8} {state:<18} {used}  {}",
            email(token.user_id),
            token.name
        ));
    }
    Ok(())
}

fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn entry(context: &Context, action: &str, id: Option<i64>) -> NewEntry {
    NewEntry {
        at: context.now(),
        actor_id: None,
        actor: "corrente token".into(),
        action: action.into(),
        entity: Some("api_token".into()),
        entity_id: id.map(|id| id.to_string()),
        details: json!({}),
        address: None,
        agent: None,
    }
}
