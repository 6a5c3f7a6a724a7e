//! `corrente verify-audit`: was the audit log changed behind our back?

use anyhow::{Result, bail};
use store::audit::{Fault, Verdict, verify};

use crate::context::Context;

/// Walks the chain and names the first entry that does not fit.
pub async fn run(context: &Context) -> Result<u8> {
    match verify(&context.db).await? {
        Verdict::Intact { entries } => context.say(format!("the audit log is intact: {entries} entries")),
        Verdict::Broken { at, fault } => bail!("the audit log is broken at entry {at}: {}", told(fault)),
    }
    Ok(0)
}

fn told(fault: Fault) -> &'static str {
    match fault {
        Fault::Changed => "it was changed",
        Fault::Removed => "it was removed",
        Fault::Reordered => "it stands where another stood",
        Fault::CutTail => "it and all behind it were removed",
        Fault::Added => "it was added without being chained",
    }
}
