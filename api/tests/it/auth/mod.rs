//! Signing in and staying in.

mod api_tokens;
mod password;
mod sign_in;
mod tokens;
mod users;
