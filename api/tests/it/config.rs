//! What the environment may say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use api::config::Config;

const EXAMPLE: &str = include_str!("../../../.env.example");

fn documented() -> BTreeMap<String, String> {
    let lines = EXAMPLE.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('=')).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[test]
fn every_variable_read_is_documented_and_no_other() {
    let read = Mutex::new(BTreeSet::new());
    let lookup = |name: &str| {
        read.lock().unwrap().insert(name.to_owned());
        None
    };
    Config::read(lookup).unwrap();
    // The binary reads these two before there is a configuration.
    let binary = ["CORRENTE_LOG", "CORRENTE_PASSWORD"];
    let documented: BTreeSet<String> =
        documented().into_keys().filter(|name| !binary.contains(&name.as_str())).collect();
    // Three of them may stand in files, which the head of the example says once for all.
    let (files, read): (BTreeSet<String>, BTreeSet<String>) =
        read.into_inner().unwrap().into_iter().partition(|name| name.ends_with("_FILE"));
    assert_eq!(read, documented);
    let of_files = ["CORRENTE_JWT_SECRET_FILE", "DATABASE_REPLICA_URL_FILE", "DATABASE_URL_FILE"];
    assert_eq!(files, of_files.map(str::to_owned).into());
}

#[test]
fn the_example_holds_the_defaults() {
    let example = documented();
    let from_example = Config::read(|name| example.get(name).cloned()).unwrap();
    let from_nothing = Config::read(|_| None).unwrap();
    assert_eq!(format!("{from_example:?}"), format!("{from_nothing:?}"));
}

#[test]
fn a_wrong_value_is_named_with_what_is_allowed() {
    let cases = [
        ("CORRENTE_BIND", "8080", "an address and port"),
        ("CORRENTE_TIMEZONE", "Bahia", "an IANA time zone"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example.com", "without TLS, such as http://127.0.0.1:4318"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "the address of an OTLP/HTTP collector"),
        ("CORRENTE_CURRENCY", "real", "three capital letters"),
        ("CORRENTE_ACCESS_TOKEN_TTL", "15", "a duration such as"),
        ("CORRENTE_ACCESS_TOKEN_TTL", "1s", "from 30s to 24h"),
        ("CORRENTE_CARRYING_RATE", "NaN", "a number from 0 to 10"),
        ("CORRENTE_ABC_CUTS", "0.8", "two shares of the whole above 0 and up to 1"),
        ("CORRENTE_ABC_CUTS", "0.95,0.80", "the smaller first, such as 0.8,0.95"),
        ("CORRENTE_ABC_CUTS", "0.8,1.2", "up to 1"),
        ("CORRENTE_ABC_CUTS", "0.8,NaN", "two shares"),
        ("CORRENTE_ABC_CUTS", "0.8,x,0.95", "two shares"),
        ("CORRENTE_ABC_CUTS", "0,0.95", "above 0"),
        ("CORRENTE_XYZ_CUTS", "0.5;1.0", "two coefficients of variation"),
        ("CORRENTE_XYZ_CUTS", "0.5,0.5", "two coefficients of variation"),
        ("CORRENTE_RELIABILITY_TOLERANCE", "0.9", "a number from 1 to 100"),
        ("CORRENTE_REVIEW_DAYS", "0", "a number from 1 to 90"),
        ("CORRENTE_STALE_DAYS", "0", "a number from 1 to 3650"),
        ("CORRENTE_MAX_REJECT_SHARE", "5%", "a number from 0 to 1"),
        ("CORRENTE_MAX_DEPTH", "0", "a number from 3 to 32"),
        ("CORRENTE_CORS_ORIGINS", "https://a.example, *", "origins such as"),
        ("CORRENTE_TRUSTED_PROXIES", "10.0.0.0/8", "IP addresses"),
        ("ENABLE_ML_PROCESSING", "maybe", "true or false"),
        ("DATABASE_URL", "mysql://user:secret@host/db", "postgres://"),
        ("CORRENTE_JWT_SECRET", "short", "at least 32 bytes"),
    ];
    for (name, value, allowed) in cases {
        let error = Config::read(|asked| (asked == name).then(|| value.to_owned())).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(allowed), "{name}={value}: {error}");
    }
}

#[test]
fn secrets_do_not_appear_in_errors_or_debug_output() {
    let error =
        Config::read(|name| (name == "CORRENTE_JWT_SECRET").then(|| "hush-hush".into())).unwrap_err().to_string();
    assert!(!error.contains("hush"), "{error}");
    let error = Config::read(|name| (name == "DATABASE_URL").then(|| "mysql://user:hush@host/db".into()))
        .unwrap_err()
        .to_string();
    assert!(!error.contains("hush"), "{error}");
    let config =
        Config::read(|name| (name == "CORRENTE_JWT_SECRET").then(|| "hush, a secret of thirty-two bytes!".into()))
            .unwrap();
    assert!(!format!("{config:?}").contains("hush"));
}

#[test]
fn a_native_server_needs_the_secret_to_be_given() {
    let error =
        Config::read(|name| (name == "DATABASE_URL").then(|| "postgres://u:p@h/d".into())).unwrap_err().to_string();
    assert!(error.contains("CORRENTE_JWT_SECRET"), "{error}");
}

#[test]
fn secrets_may_stand_in_files() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("a-secret-of-config");
    std::fs::write(&file, "a secret of thirty-two bytes, in a file\n").unwrap();
    let path = file.display().to_string();
    let read = |name: &str| (name == "CORRENTE_JWT_SECRET_FILE").then(|| path.clone());
    let secret = Config::read(read).unwrap().auth.jwt_secret;
    assert_eq!(secret.as_deref(), Some("a secret of thirty-two bytes, in a file".as_bytes()));
    let both = |name: &str| name.starts_with("CORRENTE_JWT_SECRET").then(|| path.clone());
    let error = Config::read(both).unwrap_err().to_string();
    assert!(error.contains("CORRENTE_JWT_SECRET_FILE, not both") && !error.contains("thirty-two"), "{error}");
    let absent = |name: &str| (name == "DATABASE_URL_FILE").then(|| "/nowhere/at/all".to_owned());
    let error = Config::read(absent).unwrap_err().to_string();
    assert!(error.contains("DATABASE_URL_FILE") && error.contains("/nowhere/at/all"), "{error}");
}

#[test]
fn cuts_are_read_as_they_are_written() {
    let config = Config::read(|name| match name {
        "CORRENTE_ABC_CUTS" => Some(" 0.7 , 1".into()),
        "CORRENTE_XYZ_CUTS" => Some("0.25,1.33".into()),
        _ => None,
    });
    let measures = config.unwrap().measures;
    assert_eq!((measures.abc_cuts, measures.xyz_cuts), ([0.7, 1.0], [0.25, 1.33]));
}
