//! `corrente user`: people who may sign in.

use std::io::{BufRead as _, IsTerminal as _};

use anyhow::{Context as _, Result, bail};
use clap::{Subcommand, ValueEnum};
use serde_json::json;
use store::audit::NewEntry;
use store::users::NewUser;

use crate::context::Context;

/// Who, and what about them.
#[derive(Debug, Subcommand)]
pub enum Arguments {
    /// Add somebody; the password is asked for, or read from `CORRENTE_PASSWORD`
    Add {
        email: String,
        #[arg(long, value_enum, default_value = "viewer")]
        role: RoleName,
        /// As it is shown [default: the e-mail's first part]
        #[arg(long)]
        name: Option<String>,
        /// Read the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List everybody
    List,
    /// Lock somebody out, at their next request
    Disable { email: String },
    /// Let somebody in again
    Enable { email: String },
    /// Give somebody another role
    SetRole {
        email: String,
        #[arg(value_enum)]
        role: RoleName,
    },
    /// Give somebody another password; the sessions they have end
    SetPassword {
        email: String,
        /// Read the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
    },
}

/// What somebody may do.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "lowercase")]
pub enum RoleName {
    #[value(alias = "VIEWER")]
    Viewer,
    #[value(alias = "ANALYST")]
    Analyst,
    #[value(alias = "ADMIN")]
    Admin,
}

impl RoleName {
    /// The role's word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Viewer => "VIEWER",
            Self::Analyst => "ANALYST",
            Self::Admin => "ADMIN",
        }
    }
}

impl Arguments {
    /// Reads the password on the asker's side of the control socket.
    pub fn password(&self, environment: impl Fn(&str) -> Option<String>) -> Result<Option<String>> {
        let (Self::Add { password_stdin, .. } | Self::SetPassword { password_stdin, .. }) = self else {
            return Ok(None);
        };
        let password = if *password_stdin {
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line).context("cannot read the password")?;
            line.trim_end_matches(['\r', '\n']).to_owned()
        } else if let Some(password) = environment("CORRENTE_PASSWORD").filter(|password| !password.is_empty()) {
            password
        } else if std::io::stdin().is_terminal() {
            let terminal = console::Term::stderr();
            terminal.write_str("Password: ")?;
            let password = terminal.read_secure_line()?;
            terminal.write_str("Again: ")?;
            if terminal.read_secure_line()? != password {
                bail!("the two passwords differ");
            }
            password
        } else {
            bail!("no password: set CORRENTE_PASSWORD, or pipe it in with --password-stdin");
        };
        api::auth::password::check(&password)?;
        Ok(Some(password))
    }
}

/// Does it, with an entry in the audit log.
pub async fn run(context: &Context, arguments: Arguments) -> Result<u8> {
    let db = &context.db;
    match arguments {
        Arguments::Add { email, role, name, .. } => {
            let name = name.unwrap_or_else(|| email.split('@').next().unwrap_or(&email).to_owned());
            let id = add(context, &email, &name, role, given(context)?, false).await?;
            context.say(format!("added {email} as {} (user {id})", role.word()));
            return Ok(0);
        }
        Arguments::List => {
            for user in store::users::all(db).await? {
                let state = if user.active { "active" } else { "disabled" };
                let seen = user
                    .last_login_at
                    .map_or_else(|| "never signed in".into(), |at| format!("signed in {}", at.format("%F %T UTC")));
                context.say(format!("{:<32} {:<8} {state:<9} {seen}", user.email, user.role.as_str()));
            }
            return Ok(0);
        }
        Arguments::Disable { email } => {
            let id = id_of(context, &email).await?;
            store::users::set_active(db, id, false, entry(context, "user.disable", id, json!({}))).await?;
            changed(context, id, &format!("{email} is disabled")).await;
        }
        Arguments::Enable { email } => {
            let id = id_of(context, &email).await?;
            store::users::set_active(db, id, true, entry(context, "user.enable", id, json!({}))).await?;
            changed(context, id, &format!("{email} may come in")).await;
        }
        Arguments::SetRole { email, role } => {
            let id = id_of(context, &email).await?;
            let entry = entry(context, "user.setRole", id, json!({ "role": role.word() }));
            store::users::set_role(db, id, role.word().parse()?, entry).await?;
            changed(context, id, &format!("{email} is {} now", role.word())).await;
        }
        Arguments::SetPassword { email, .. } => {
            let id = id_of(context, &email).await?;
            let hash = hash(given(context)?).await?;
            let entry = entry(context, "user.setPassword", id, json!({}));
            store::users::set_password(db, id, hash, None, entry).await?;
            changed(context, id, &format!("{email} has another password")).await;
        }
    }
    Ok(0)
}

/// Adds somebody; answers their id.
pub async fn add(
    context: &Context,
    email: &str,
    name: &str,
    role: RoleName,
    password: String,
    demo: bool,
) -> Result<i64> {
    if !email.split_once('@').is_some_and(|(who, at)| !who.is_empty() && !at.is_empty()) {
        bail!("{email:?} is not an e-mail address");
    }
    let new = NewUser {
        email: email.to_owned(),
        name: name.to_owned(),
        role: role.word().parse()?,
        password_hash: hash(password).await?,
        demo,
        at: context.now(),
    };
    let mut entry = entry(context, "user.add", 0, json!({ "email": email, "role": role.word(), "demo": demo }));
    entry.entity_id = None;
    Ok(store::users::create(&context.db, new, entry).await?.id)
}

fn given(context: &Context) -> Result<String> {
    context.password.clone().context("no password was given")
}

async fn hash(password: String) -> Result<String> {
    Ok(tokio::task::spawn_blocking(move || api::auth::password::hash(&password)).await??)
}

async fn id_of(context: &Context, email: &str) -> Result<i64> {
    Ok(store::users::by_email(&context.db, email).await?.with_context(|| nobody(email))?.id)
}

/// That nobody has this e-mail, and what to do.
pub fn nobody(email: &str) -> String {
    format!("there is no user {email}; `corrente user list` shows who there is")
}

async fn changed(context: &Context, id: i64, line: &str) {
    context.user_changed(id).await;
    context.say(line);
}

fn entry(context: &Context, action: &str, id: i64, details: serde_json::Value) -> NewEntry {
    NewEntry {
        at: context.now(),
        actor_id: None,
        actor: "corrente user".into(),
        action: action.into(),
        entity: Some("user".into()),
        entity_id: Some(id.to_string()),
        details,
        address: None,
        agent: None,
    }
}
