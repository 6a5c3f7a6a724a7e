//! Borders inside crates: words that only some files may say.

use super::House;

/// A set of words, where they are looked for, and who may say them.
struct Border {
    words: &'static [&'static str],
    /// Paths that begin so are looked at.
    within: &'static [&'static str],
    /// Paths that begin so may say it all the same.
    except: &'static [&'static str],
    /// Whether string literals count too.
    strings: bool,
    why: &'static str,
}

const BORDERS: [Border; 8] = [
    Border {
        words: &["env::var", "env::var_os", "env::vars", "env::vars_os"],
        within: &[""],
        except: &["api/src/config", "bench/", "cli/", "frontend/tests/", "testkit/", "xtask/"],
        strings: false,
        why: "only config files read the environment",
    },
    Border {
        words: &["echarts", "correnteCharts"],
        within: &["frontend/src/"],
        except: &["frontend/src/components/chart.rs"],
        strings: true,
        why: "only components/chart.rs knows that ECharts exists",
    },
    Border {
        words: &["gloo_net"],
        within: &["frontend/"],
        except: &["frontend/src/graphql/", "frontend/src/graphql.rs"],
        strings: false,
        why: "only frontend/src/graphql fetches",
    },
    Border {
        words: &["crate::pages"],
        within: &["frontend/src/charts", "frontend/src/components", "frontend/src/graphql"],
        except: &[],
        strings: false,
        why: "pages use charts, components and graphql, never the other way round",
    },
    Border {
        words: &["crate::http", "crate::graphql"],
        within: &["api/src/loaders"],
        except: &[],
        strings: false,
        why: "http uses graphql, graphql uses loaders, never the other way round",
    },
    Border {
        words: &["crate::http"],
        within: &["api/src/graphql"],
        except: &[],
        strings: false,
        why: "http uses graphql, never the other way round",
    },
    Border {
        words: &[
            "Utc::now",
            "Local::now",
            "SystemTime",
            "Instant::now",
            "rand::rng",
            "rand::random",
            "thread_rng",
            "std::fs",
            "std::net",
            "File::open",
        ],
        within: &["planning/src/", "pipeline/src/transform", "pipeline/src/demo"],
        except: &[],
        strings: false,
        why: "this is pure: time and randomness are parameters, files are somebody else's",
    },
    Border {
        words: &["entity"],
        within: &["migration/src/"],
        except: &[],
        strings: false,
        why: "history must not change when a row type does",
    },
];

pub fn check(house: &House) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, source) in house.rust.iter().filter(|(path, _)| !path.ends_with("build.rs")) {
        for border in &BORDERS {
            let begins = |starts: &[&str]| starts.iter().any(|start| path.starts_with(start));
            if !begins(border.within) || begins(border.except) {
                continue;
            }
            for word in border.words {
                let mut lines: Vec<usize> = source.lines_with(word).collect();
                if border.strings {
                    let said =
                        source.strings.iter().filter(|(_, text)| text.to_lowercase().contains(&word.to_lowercase()));
                    lines.extend(said.map(|(line, _)| *line));
                }
                findings.extend(lines.into_iter().map(|line| format!("{path}:{line}: `{word}`: {}", border.why)));
            }
        }
    }
    findings
}
