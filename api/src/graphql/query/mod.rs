//! The root of reading, in parts: each file answers one kind of question.

mod accounts;
mod reading;
mod rows;
mod trial;

use async_graphql::MergedObject;

/// Everything that can be read.
#[derive(Default, MergedObject)]
pub struct Query(reading::Reading, rows::Rows, trial::Trials, accounts::Accounts);
