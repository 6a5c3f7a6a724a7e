//! Requests made to hurt a graph: small ones that would be much work, and great ones.

use std::fmt::Write as _;

/// The greatest body that a server takes by default.
pub const BODY_BYTES: usize = 128 * 1024;

/// A request that must be refused.
#[derive(Debug, Clone)]
pub struct Hostile {
    /// What is bad about it.
    pub name: &'static str,
    /// The body of a POST, as JSON.
    pub body: String,
    /// The status of its refusal.
    pub status: u16,
}

/// All of them.
pub fn requests() -> Vec<Hostile> {
    let mut requests: Vec<Hostile> =
        documents().into_iter().map(|(name, document)| Hostile { name, body: body(&document), status: 400 }).collect();
    let small = body("{ __typename }");
    requests.push(Hostile {
        name: "a batch of ten",
        body: format!("[{}]", [small.as_str(); 10].join(",")),
        status: 400,
    });
    requests.push(Hostile { name: "128 KiB and a byte", body: padded(BODY_BYTES + 1), status: 413 });
    requests
}

/// A harmless request of so many bytes.
pub fn padded(bytes: usize) -> String {
    let frame = r#"{"query":"{ __typename }","pad":""}"#;
    frame.replace(r#""""#, &format!(r#""{}""#, "x".repeat(bytes.saturating_sub(frame.len()))))
}

fn body(document: &str) -> String {
    // No document here holds a quote or a backslash.
    format!(r#"{{"query":"{document}"}}"#)
}

fn documents() -> Vec<(&'static str, String)> {
    let many = |times: usize, text: &dyn Fn(usize) -> String| (0..times).map(text).collect::<Vec<_>>().join(" ");
    let lists =
        |depth: usize| format!("{{ items(first: {}{}) {{ totalCount }} }}", "[".repeat(depth), "]".repeat(depth));
    vec![
        ("26 levels of fragments, 2 each", bomb(26, 2)),
        ("30 levels of fragments, 2 each", bomb(30, 2)),
        ("8 levels of fragments, 10 each", bomb(8, 10)),
        ("a circle of fragments", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".into()),
        ("a fragment that spreads itself", "{ ...A } fragment A on Query { ...A }".into()),
        (
            "a circle that no operation leads to",
            "{ __typename } fragment A on Query { ...B } fragment B on Query { ...A }".into(),
        ),
        ("10,000 aliases", format!("{{ {} }}", many(10_000, &|n| format!("a{n}:id")))),
        ("31 aliases", format!("{{ {} }}", many(31, &|n| format!("a{n}: __typename")))),
        ("10,000 directives", format!("{{ __typename {} }}", "@a ".repeat(10_000))),
        ("11 directives at a place", format!("{{ __typename {} }}", "@a ".repeat(11))),
        ("lists 10,000 deep", lists(10_000)),
        ("lists 50,000 deep", lists(50_000)),
        (
            "objects 100 deep",
            format!("{{ items(filter: {}1{}) {{ totalCount }} }}", "{ a: ".repeat(100), "}".repeat(100)),
        ),
        ("selections 10,000 deep", format!("{}a{}", "{ a ".repeat(10_000), " }".repeat(10_000))),
        (
            "pages of 2,147,483,647, three deep",
            "{ importRuns(first: 2147483647) { nodes { rejects(first: 2147483647) { nodes { line } } } } \
               items(first: 2147483647) { nodes { orders(first: 2147483647) { supplier { code } } } } }"
                .into(),
        ),
        (
            "16 levels of fields",
            format!("{{ items {{ nodes {{ {} sku {} }} }} }}", "recommendations { item { ".repeat(7), "} }".repeat(7)),
        ),
        ("21 fields of the root", format!("{{ {} }}", many(21, &|n| format!("f{n}: families")))),
        ("100 operations of 30 fields", many(100, &|n| format!("query Q{n} {{ {} }}", "families ".repeat(30)))),
    ]
}

/// Fragments that each spread the next several times.
fn bomb(levels: usize, width: usize) -> String {
    let mut document = String::from("{ ...F0 }");
    for level in 0..levels {
        let spreads = format!("...F{} ", level + 1).repeat(width);
        // Writing to a String does not fail.
        let _ = write!(document, " fragment F{level} on Query {{ {spreads}}}");
    }
    let _ = write!(document, " fragment F{levels} on Query {{ __typename }}");
    document
}
