//! Signing in and staying in.

mod password;
mod sign_in;
mod tokens;
