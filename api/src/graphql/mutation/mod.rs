//! The root of changing, one file a kind of change.
//!
//! Here lives the merged root, and how lists of ids are read. Never here: what a change does, which is one call of
//! `store` or of `auth`. Start with [`Mutation`].

mod api_tokens;
mod decisions;
mod exports;
mod inbox;
mod refresh;
mod session;
mod users;
mod views;

use async_graphql::{ID, MergedObject};

use super::ids::{self, Kind};
use super::types::payload::UserError;
use crate::auth::password::{LONGEST, PasswordFault, SHORTEST};
use api_tokens::ApiTokens;
use decisions::Decisions;
use exports::Exports;
use inbox::Inbox;
use refresh::Refresh;
use session::SignIn;
use users::Users;
use views::Views;

/// Ids of one mutation at most.
const MAX_IDS: usize = 1_000;

/// Everything that can be changed.
#[derive(Default, MergedObject)]
pub struct Mutation(SignIn, Decisions, Inbox, ApiTokens, Exports, Users, Views, Refresh);

/// The rows that `ids` name, or what is wrong with them.
fn read_ids(kind: Kind, ids: &[ID]) -> (Vec<i64>, Vec<UserError>) {
    if ids.len() > MAX_IDS {
        let error = UserError::new("TOO_MANY", format!("At most {MAX_IDS} at a time, not {}.", ids.len()), &["ids"]);
        return (Vec::new(), vec![error]);
    }
    let (mut numbers, mut errors) = (Vec::new(), Vec::new());
    for (at, id) in ids.iter().enumerate() {
        match ids::expect(kind, id) {
            Ok(number) if numbers.contains(&number) => {}
            Ok(number) => numbers.push(number),
            Err(error) => errors.push(UserError::new("BAD_ID", error.message, &["ids", &at.to_string()])),
        }
    }
    (numbers, errors)
}

/// What is wrong with the password that `argument` gives.
fn unfit(fault: PasswordFault, argument: &str) -> UserError {
    match fault {
        PasswordFault::TooShort => {
            UserError::new("TOO_SHORT", format!("A password has at least {SHORTEST} characters."), &[argument])
        }
        PasswordFault::TooLong => {
            UserError::new("TOO_LONG", format!("A password has at most {LONGEST} bytes."), &[argument])
        }
    }
}
