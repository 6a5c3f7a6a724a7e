//! No SQL outside the crates that own it.

use super::House;

/// xtask is here for the examples of these rules, testkit for the databases it makes and inspects.
const OWNERS: [&str; 5] = ["bench/", "migration/", "store/", "testkit/", "xtask/"];

/// First word of a statement, and a word that must follow for it to be one.
const STATEMENTS: [(&str, &[&str]); 11] = [
    ("alter", &["table", "index", "schema", "type"]),
    ("copy", &["from", "to"]),
    ("create", &["table", "index", "schema", "view", "materialized", "unique", "unlogged", "type", "function"]),
    ("delete", &["from"]),
    ("drop", &["table", "index", "schema", "view", "materialized"]),
    ("insert", &["into"]),
    ("refresh", &["materialized"]),
    ("select", &["from"]),
    ("truncate", &["table", "core", "staging", "analytics", "support"]),
    ("update", &["set"]),
    ("with", &["select", "insert"]),
];

/// Sources of the product only: a test may look into the database that testkit gave it.
pub fn check(house: &House) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, source) in &house.rust {
        if !path.contains("/src/") || OWNERS.iter().any(|owner| path.starts_with(owner)) {
            continue;
        }
        for (line, _) in source.strings.iter().filter(|(_, text)| is_sql(text)) {
            findings.push(format!("{path}:{line}: SQL belongs in store (or migration, bench)"));
        }
    }
    findings
}

/// SQL is written in capitals or in small letters; prose begins with one capital ("Select the items from ...").
fn is_sql(text: &str) -> bool {
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| !word.is_empty()).collect();
    let Some(first) = words.first().filter(|word| one_case(word)) else {
        return false;
    };
    STATEMENTS.iter().any(|(start, then)| {
        first.eq_ignore_ascii_case(start)
            && words[1..]
                .iter()
                .any(|word| one_case(word) && then.iter().any(|follows| word.eq_ignore_ascii_case(follows)))
    })
}

fn one_case(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_uppercase()) || word.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::is_sql;

    #[test]
    fn statements_are_told_from_prose() {
        for sql in [
            "SELECT 1 FROM core.dim_item",
            "\n    select id\n    from core.dim_item",
            "INSERT INTO t VALUES (1)",
            "update t set a = 1",
            "DELETE FROM t",
            "CREATE UNLOGGED TABLE t (a int)",
            "WITH x AS (SELECT 1) SELECT * FROM x",
            "COPY t FROM STDIN",
        ] {
            assert!(is_sql(sql), "{sql}");
        }
        for prose in [
            "Select the items from the list",
            "Update all, then set a date",
            "delete",
            "with",
            "",
            "selected from",
            "Create a table",
        ] {
            assert!(!is_sql(prose), "{prose}");
        }
    }
}
