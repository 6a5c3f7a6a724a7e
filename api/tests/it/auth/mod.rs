//! Signing in and staying in.

mod sign_in;
mod tokens;
