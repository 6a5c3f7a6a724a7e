//! `corrente migrate`: the schema's steps.

use std::io::{IsTerminal as _, Write as _};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use store::backup::{self, Lost};

use crate::context::Context;

/// Which way to go.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[arg(value_enum, default_value = "up")]
    way: Way,
    /// Do not ask before data are lost (down, fresh)
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Way {
    /// Apply every step that is missing
    Up,
    /// Take the newest step back, with the data in it
    Down,
    /// Show every step; changes nothing
    Status,
    /// Take everything back, data included, and begin anew
    Fresh,
}

/// Goes that way.
pub async fn run(context: &Context, arguments: Arguments) -> Result<u8> {
    let connection = context.db.writer();
    match arguments.way {
        Way::Up => applied(context, migration::up(connection).await?),
        Way::Down | Way::Fresh => return back(context, &arguments).await,
        Way::Status => {
            for step in migration::status(connection).await? {
                context.say(format!("{:<10} {}", if step.applied { "applied" } else { "pending" }, step.name));
            }
        }
    }
    Ok(0)
}

/// Takes steps back once somebody has agreed to what is lost.
async fn back(context: &Context, arguments: &Arguments) -> Result<u8> {
    let connection = context.db.writer();
    let applied_now = migration::status(connection).await?.into_iter().filter(|step| step.applied).count();
    let count = if arguments.way == Way::Fresh { applied_now } else { applied_now.min(1) };
    if count == 0 && arguments.way == Way::Down {
        context.say("nothing to do: no step is applied");
        return Ok(0);
    }
    let steps = &migration::steps()[applied_now - count..applied_now];
    let lost = backup::lost_by(&context.db, steps.iter().rev().map(|(_, _, down)| *down).collect()).await?;
    let (rows, told) = count_rows(context, &lost).await?;
    let names: Vec<&str> = steps.iter().rev().map(|(name, ..)| *name).collect();
    if rows > 0 {
        let sentence = format!("taking back {} loses {told}", names.join(", "));
        if !agreed(context, arguments, &sentence)? {
            context.say("nothing was changed");
            return Ok(1);
        }
    }
    migration::down(connection, u32::try_from(count).ok()).await?;
    context.say(if rows > 0 {
        format!("taken back: {}; {rows} rows are gone", names.join(", "))
    } else {
        format!("taken back: {}", names.join(", "))
    });
    if arguments.way == Way::Fresh {
        applied(context, migration::up(connection).await?);
    }
    Ok(0)
}

/// How many rows lose something, and where the most of them are.
async fn count_rows(context: &Context, lost: &[Lost]) -> Result<(i64, String)> {
    let mut counted = Vec::new();
    for table in backup::tables(&context.db).await? {
        if let Some(lost) = lost.iter().find(|lost| lost.table == table.name()) {
            let rows = backup::rows(&context.db, &table).await?;
            // The head of the empty audit log is nobody's data.
            if rows > 0 && lost.table != "support.audit_head" {
                counted.push((rows, lost));
            }
        }
    }
    let rows = counted.iter().map(|(rows, _)| rows).sum();
    counted.sort_by_key(|(rows, _)| std::cmp::Reverse(*rows));
    let told = counted.iter().map(|(rows, lost)| match &lost.columns {
        Some(columns) => format!("{rows} of {} (only {})", lost.table, columns.join(", ")),
        None => format!("{rows} of {}", lost.table),
    });
    Ok((rows, format!("{rows} rows: {}", told.collect::<Vec<_>>().join(", "))))
}

/// A person at a terminal is asked; elsewhere `--yes` must have been said.
fn agreed(context: &Context, arguments: &Arguments, sentence: &str) -> Result<bool> {
    if arguments.yes {
        return Ok(true);
    }
    if !std::io::stdin().is_terminal() {
        bail!("{sentence}; add --yes if that is meant, and make a backup first (`corrente backup FILE`)");
    }
    context.out.err(&format!("{sentence}. `corrente backup FILE` would keep them."));
    let mut terminal = std::io::stderr().lock();
    write!(terminal, "Type yes to go on: ").and_then(|()| terminal.flush()).context("cannot ask")?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).context("cannot read the answer")?;
    Ok(answer.trim() == "yes")
}

fn applied(context: &Context, steps: usize) {
    context.say(if steps == 0 {
        "nothing to do: the schema is up to date".into()
    } else {
        format!("{steps} step(s) applied")
    });
}
