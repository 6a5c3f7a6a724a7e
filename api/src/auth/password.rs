//! Passwords: Argon2id with 19 MiB and two passes, a few at a time so that logins cannot eat the memory.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

/// Memory of one hash, KiB.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Hashes at a time; the rest wait their turn.
const AT_ONCE: usize = 4;

/// Characters of a password at least.
pub const SHORTEST: usize = 8;
/// Bytes of a password at most: hashing megabytes is work.
pub const LONGEST: usize = 1_024;

/// Why something cannot be a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// It could be guessed.
    #[error("the password is shorter than {SHORTEST} characters")]
    TooShort,
    /// Nobody could type it.
    #[error("the password is longer than {LONGEST} bytes")]
    TooLong,
}

/// Can this be somebody's new password?
pub fn check(password: &str) -> Result<(), PasswordFault> {
    if password.len() > LONGEST {
        Err(PasswordFault::TooLong)
    } else if password.chars().count() < SHORTEST {
        Err(PasswordFault::TooShort)
    } else {
        Ok(())
    }
}

/// Hashes and checks passwords.
#[derive(Debug)]
pub struct Passwords {
    turns: Semaphore,
}

/// A password could not be hashed: the system gave no memory or no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("cannot hash a password: {0}")]
pub struct HashError(String);

impl Passwords {
    /// Nothing waits yet.
    pub fn new() -> Self {
        Self { turns: Semaphore::new(AT_ONCE) }
    }

    /// Is `password` the one behind `hash`? Without a hash the same work is done and the answer is no, so that an
    /// unknown user takes as long as a wrong password.
    pub async fn verify(&self, password: String, hash: Option<String>) -> bool {
        let Ok(_turn) = self.turns.acquire().await else {
            return false;
        };
        let checked = tokio::task::spawn_blocking(move || {
            let (hash, real) = match hash {
                Some(hash) => (hash, true),
                None => (decoy(), false),
            };
            let verified =
                hasher().is_ok_and(|argon| argon.verify_password(password.as_bytes(), hash.as_str()).is_ok());
            verified && real
        });
        checked.await.unwrap_or(false)
    }

    /// [`hash`], in its turn and off the runtime's threads.
    pub async fn hash(&self, password: String) -> Result<String, HashError> {
        let _turn = self.turns.acquire().await.map_err(|error| HashError(error.to_string()))?;
        let hashed = tokio::task::spawn_blocking(move || hash(&password)).await;
        hashed.map_err(|error| HashError(error.to_string()))?
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

/// The PHC string of `password` with a fresh salt. Takes tens of milliseconds: call it off the runtime's threads.
pub fn hash(password: &str) -> Result<String, HashError> {
    let argon = hasher()?;
    let hash = argon.hash_password_with_salt(password.as_bytes(), &rand::random::<[u8; 16]>());
    Ok(hash.map_err(|error| HashError(error.to_string()))?.to_string())
}

fn hasher() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| HashError(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A hash that no password has, with the same parameters.
fn decoy() -> String {
    format!(
        "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1$Y29ycmVudGVkZWNveQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    )
}
