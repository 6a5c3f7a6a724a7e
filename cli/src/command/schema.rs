//! `corrente schema`: the contract, as the code has it.

use anyhow::Result;

use crate::output::Output;

/// Prints the SDL; no database is opened.
pub fn run(out: &dyn Output) -> Result<u8> {
    out.out(api::sdl()?.trim_end());
    Ok(0)
}
