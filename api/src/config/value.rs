//! One kind of value a function: each says what it read and what it would have taken.

use std::fmt::Display;
use std::fs;
use std::str::FromStr;
use std::time::Duration;

use axum::http::Uri;

/// Why the environment cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// The value is not one of those allowed.
    #[error("{name} is {found:?}, which is not allowed: expected {allowed}")]
    Wrong {
        /// The variable.
        name: &'static str,
        /// What was read; secrets are told by their length only.
        found: String,
        /// What would have been taken.
        allowed: String,
    },
    /// A variable must be set and is not.
    #[error("{name} is not set: {reason}")]
    Missing {
        /// The variable.
        name: &'static str,
        /// Why it is needed.
        reason: &'static str,
    },
    /// A variable names a file that cannot be read.
    #[error("{name}_FILE is {path:?}, which cannot be read: {reason}")]
    Unreadable {
        /// The variable whose value should stand there.
        name: &'static str,
        /// What was read.
        path: String,
        /// What the system says.
        reason: String,
    },
}

/// The end of the name of a variable that says in which file the value of another stands.
const BY_FILE: &str = "_FILE";

type Read<T> = Result<T, ConfigError>;

/// The environment, as one function from name to value. An empty value counts as unset.
pub struct Lookup<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(get: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { get }
    }

    fn get(&self, name: &str) -> Option<String> {
        (self.get)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// A value that nobody else should read: it may stand in the file that `NAME_FILE` names, as container secrets do.
    fn guarded(&self, name: &'static str) -> Read<Option<String>> {
        let by_file = format!("{name}{BY_FILE}");
        let Some(path) = self.get(&by_file) else { return Ok(self.get(name)) };
        if self.get(name).is_some() {
            return Err(wrong(name, "set".into(), &format!("{name} or {by_file}, not both")));
        }
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
            Err(error) => Err(ConfigError::Unreadable { name, path, reason: error.to_string() }),
        }
    }

    pub(super) fn text(&self, name: &'static str, default: &str) -> String {
        self.get(name).unwrap_or_else(|| default.to_owned())
    }

    pub(super) fn parsed<T: FromStr>(&self, name: &'static str, default: &str, allowed: &str) -> Read<T> {
        let found = self.text(name, default);
        found.parse().map_err(|_| wrong(name, found, allowed))
    }

    pub(super) fn number<T>(&self, name: &'static str, default: T, least: T, most: T) -> Read<T>
    where
        T: FromStr + PartialOrd + Display + Copy,
    {
        let Some(found) = self.get(name) else {
            return Ok(default);
        };
        match found.parse::<T>() {
            // A NaN is in no range.
            Ok(value) if value >= least && value <= most => Ok(value),
            _ => Err(wrong(name, found, &format!("a number from {least} to {most}"))),
        }
    }

    /// Two numbers, the first less than the second, neither 0 nor above `most`.
    pub(super) fn cuts(&self, name: &'static str, default: [f64; 2], most: f64, what: &str) -> Read<[f64; 2]> {
        let Some(found) = self.get(name) else {
            return Ok(default);
        };
        let numbers: Vec<f64> = found.split(',').filter_map(|part| part.trim().parse().ok()).collect();
        match numbers[..] {
            // A NaN is in no order. The count of parts tells of one that is no number.
            [low, high] if found.split(',').count() == 2 && 0.0 < low && low < high && high <= most => Ok([low, high]),
            _ => {
                let [low, high] = default;
                let allowed = format!("two {what} above 0 and up to {most}, the smaller first, such as {low},{high}");
                Err(wrong(name, found, &allowed))
            }
        }
    }

    pub(super) fn flag(&self, name: &'static str, default: bool) -> Read<bool> {
        match self.get(name) {
            None => Ok(default),
            Some(found) => match found.to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => Ok(true),
                "false" | "0" | "no" | "off" => Ok(false),
                _ => Err(wrong(name, found, "true or false")),
            },
        }
    }

    pub(super) fn duration(&self, name: &'static str, default: &str, least: &str, most: &str) -> Read<Duration> {
        let found = self.text(name, default);
        let allowed = format!("a duration such as 500ms, 20s, 15m, 8h or 7d, from {least} to {most}");
        let bound = |text| duration(text).unwrap_or(Duration::MAX);
        match duration(&found) {
            Some(value) if value >= bound(least) && value <= bound(most) => Ok(value),
            _ => Err(wrong(name, found, &allowed)),
        }
    }

    pub(super) fn list<T: FromStr>(&self, name: &'static str, allowed: &str) -> Read<Vec<T>> {
        let found = self.text(name, "");
        let parts = found.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| part.parse().map_err(|_| wrong(name, found.clone(), allowed))).collect()
    }

    pub(super) fn origins(&self, name: &'static str) -> Read<Vec<String>> {
        let allowed = "origins such as https://bi.example.com, separated by commas";
        let origins: Vec<String> = self.list(name, allowed)?;
        let good = |origin: &String| {
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '*', ' ']))
        };
        match origins.iter().find(|origin| !good(origin)) {
            Some(bad) => Err(wrong(name, bad.clone(), allowed)),
            None => Ok(origins.into_iter().map(|origin| origin.to_ascii_lowercase()).collect()),
        }
    }

    /// The address of what takes OTLP over plain HTTP.
    pub(super) fn collector(&self, name: &'static str) -> Read<Option<String>> {
        let Some(found) = self.get(name) else { return Ok(None) };
        let plain = |uri: &Uri| uri.scheme_str() == Some("http") && uri.host().is_some() && uri.query().is_none();
        if found.parse().is_ok_and(|uri| plain(&uri)) {
            return Ok(Some(found.trim_end_matches('/').to_owned()));
        }
        let allowed = "the address of an OTLP/HTTP collector without TLS, such as http://127.0.0.1:4318; one beside this \
                       server can pass traces on with TLS";
        Err(wrong(name, found, allowed))
    }

    pub(super) fn currency(&self, name: &'static str, default: &str) -> Read<String> {
        let found = self.text(name, default);
        if found.len() == 3 && found.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Ok(found)
        } else {
            Err(wrong(name, found, "three capital letters of ISO 4217, such as BRL"))
        }
    }

    pub(super) fn secret(&self, name: &'static str, least: usize) -> Read<Option<Vec<u8>>> {
        match self.guarded(name)? {
            Some(found) if found.len() < least => {
                Err(wrong(name, format!("{} bytes long", found.len()), &format!("at least {least} bytes")))
            }
            found => Ok(found.map(String::into_bytes)),
        }
    }

    pub(super) fn address(&self, name: &'static str) -> Read<Option<String>> {
        match self.guarded(name)? {
            Some(found) if !found.starts_with("postgres://") && !found.starts_with("postgresql://") => {
                // An address holds a password: tell only how it begins.
                let scheme = found.split(':').next().unwrap_or_default().chars().take(12).collect::<String>();
                Err(wrong(name, format!("{scheme}..."), "postgres://user:password@host:port/database"))
            }
            found => Ok(found),
        }
    }
}

fn wrong(name: &'static str, found: String, allowed: &str) -> ConfigError {
    ConfigError::Wrong { name, found, allowed: allowed.to_owned() }
}

/// `500ms`, `20s`, `15m`, `8h`, `7d`; a bare number is refused, because its unit would be a guess.
fn duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (count, unit) = text.split_at(digits);
    let count: u64 = count.parse().ok()?;
    match unit.trim() {
        "ms" => Some(Duration::from_millis(count)),
        "s" => Some(Duration::from_secs(count)),
        "m" => Some(Duration::from_secs(count.checked_mul(60)?)),
        "h" => Some(Duration::from_secs(count.checked_mul(3_600)?)),
        "d" => Some(Duration::from_secs(count.checked_mul(86_400)?)),
        _ => None,
    }
}
