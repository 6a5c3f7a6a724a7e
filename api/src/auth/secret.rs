//! The signing secret: from the environment, or made once and kept beside the embedded database.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::config::Config;
use crate::error::StartError;

/// Random bytes of a generated secret; it is kept in base64, a little longer.
const BYTES: usize = 32;

/// The secret to sign with. A replica of a native server must be given it; [`Config::read`] insists.
pub fn load(config: &Config) -> Result<Vec<u8>, StartError> {
    if let Some(secret) = &config.auth.jwt_secret {
        return Ok(secret.clone());
    }
    let path = config.data_dir.join("jwt-secret");
    let failed = |error: &dyn std::fmt::Display| StartError::Secret {
        path: path.display().to_string(),
        reason: error.to_string(),
    };
    match fs::read(&path) {
        Ok(secret) if secret.len() >= BYTES => return Ok(secret),
        Ok(_) => {
            return Err(failed(&"it is shorter than 32 bytes; delete it to have a new one"));
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(&error)),
    }
    let secret = URL_SAFE_NO_PAD.encode(rand::random::<[u8; BYTES]>());
    fs::create_dir_all(&config.data_dir).map_err(|error| failed(&error))?;
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(|error| failed(&error))?;
    file.write_all(secret.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| failed(&error))?;
    Ok(secret.into_bytes())
}
