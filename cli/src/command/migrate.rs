//! `corrente migrate`: the schema's steps.

use anyhow::Result;
use clap::ValueEnum;

use crate::context::Context;

/// Which way to go.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[arg(value_enum, default_value = "up")]
    way: Way,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
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
        Way::Down => {
            migration::down(connection, Some(1)).await?;
            context.say("the newest step is taken back");
        }
        Way::Status => {
            for step in migration::status(connection).await? {
                context.say(format!("{:<10} {}", if step.applied { "applied" } else { "pending" }, step.name));
            }
        }
        Way::Fresh => {
            migration::down(connection, None).await?;
            applied(context, migration::up(connection).await?);
        }
    }
    Ok(0)
}

fn applied(context: &Context, steps: usize) {
    context.say(if steps == 0 {
        "nothing to do: the schema is up to date".into()
    } else {
        format!("{steps} step(s) applied")
    });
}
