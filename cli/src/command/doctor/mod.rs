//! `corrente doctor`: what is well, what is not, and what to do about it.
//!
//! The checks are in `database` (how it answers and what is in it), `data` (do the data fit together) and `machine` (what
//! this process has to work with). Each gives [`Check`]s; here they are told.

mod data;
mod database;
mod machine;

use anyhow::Result;
use serde::Serialize;
use serde_json::json;

use crate::context::Context;

/// How to tell it.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Print one JSON object last
    #[arg(long)]
    json: bool,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

impl Verdict {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warn => "WARN",
            Self::Fail => "FAIL",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    verdict: Verdict,
    /// What was found.
    found: String,
    /// What to do; `None` when all is well.
    #[serde(rename = "do")]
    advice: Option<String>,
}

impl Check {
    fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Ok, found: found.into(), advice: None }
    }

    fn warn(name: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Warn, found: found.into(), advice: Some(advice.into()) }
    }

    fn fail(name: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Fail, found: found.into(), advice: Some(advice.into()) }
    }
}

/// Looks at everything; exits with 1 when something failed.
pub async fn run(context: &Context, arguments: Arguments) -> Result<u8> {
    let mut told = Told { context, checks: Vec::new() };
    context.say(format!("corrente {}", env!("CARGO_PKG_VERSION")));
    told.all(machine::checks(context));
    told.all(database::connection(context).await?);
    let migrated = database::migrations(context).await?;
    let has_schema = migrated.verdict == Verdict::Ok;
    told.all(vec![migrated]);
    let mut rows = serde_json::Map::new();
    if has_schema {
        told.all(database::checks(context).await?);
        told.all(data::checks(context).await?);
        for table in store::backup::tables(&context.db).await? {
            let count = store::backup::rows(&context.db, &table).await?;
            context.say(format!("rows  {:<34} {count:>12}", table.name()));
            rows.insert(table.name(), count.into());
        }
    }
    let worst = told.checks.iter().map(|check| check.verdict).max().unwrap_or(Verdict::Ok);
    let count = |verdict| told.checks.iter().filter(|check| check.verdict == verdict).count();
    context.say(format!(
        "{} checks: {} OK, {} WARN, {} FAIL",
        told.checks.len(),
        count(Verdict::Ok),
        count(Verdict::Warn),
        count(Verdict::Fail)
    ));
    if arguments.json {
        context.say(json!({ "verdict": worst, "checks": told.checks, "rows": rows }).to_string());
    }
    Ok(u8::from(worst == Verdict::Fail))
}

/// What was told so far.
struct Told<'a> {
    context: &'a Context,
    checks: Vec<Check>,
}

impl Told<'_> {
    fn all(&mut self, checks: Vec<Check>) {
        for check in checks {
            self.context.say(format!("{:<5} {:<12} {}", check.verdict.as_str(), check.name, check.found));
            if let Some(advice) = &check.advice {
                self.context.say(format!("{:<18} do: {advice}", ""));
            }
            self.checks.push(check);
        }
    }
}
