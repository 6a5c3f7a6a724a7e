//! Every role, every field, every way to it, made from the schema itself: what is refused is what the table says, no less and
//! no more.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use api::graphql::policy::Access;
use api::graphql::shape::{TypeShape, base_name};
use api::graphql::{Graph, refuse};
use async_graphql::Variables;
use async_graphql::parser::parse_query;
use entity::words::Role;

const ROLES: [Option<Role>; 4] = [None, Some(Role::Viewer), Some(Role::Analyst), Some(Role::Admin)];

/// One step: of which type, which field.
type Step = (String, String);

/// The shortest way from a root to each type that it leads to.
fn ways(graph: &Graph, root: &str) -> BTreeMap<String, Vec<Step>> {
    let mut ways = BTreeMap::from([(root.to_owned(), Vec::new())]);
    let mut next = VecDeque::from([root.to_owned()]);
    while let Some(parent) = next.pop_front() {
        let way = ways[&parent].clone();
        for (_, field, shape) in graph.shape.fields().into_iter().filter(|(of, ..)| *of == parent) {
            let to = base_name(&shape.ty).to_owned();
            if matches!(graph.shape.get(&to), Some(TypeShape::Composite(_))) && !ways.contains_key(&to) {
                let step = (parent.clone(), field.to_owned());
                ways.insert(to.clone(), way.iter().cloned().chain([step]).collect());
                next.push_back(to);
            }
        }
    }
    ways
}

/// The documents that ask for a field at the end of a way.
fn documents(keyword: &str, way: &[Step], parent: &str, leaf: &str) -> Vec<String> {
    let around =
        |inner: &str| way.iter().rev().fold(inner.to_owned(), |inner, (_, field)| format!("{field} {{ {inner} }}"));
    let mut documents = vec![
        format!("{keyword} {{ {} }}", around(leaf)),
        format!("{keyword} {{ {} }}", around(&format!("renamed: {leaf}"))),
        format!("{keyword} {{ {} }}", around(&format!("... on {parent} {{ {leaf} }}"))),
        format!("{keyword} {{ {} }}", around(&format!("... on Node {{ ... on {parent} {{ {leaf} }} }}"))),
        format!("{keyword} {{ {} }} fragment F on {parent} {{ {leaf} }}", around("...F")),
        format!(
            "{keyword} {{ {} }} fragment F on {parent} {{ ...G }} fragment G on {parent} {{ {leaf} }}",
            around("...F")
        ),
        // Twice is refused once.
        format!("{keyword} {{ {} }}", around(&format!("{leaf} ... on {parent} {{ {leaf} }}"))),
        format!("{keyword}($yes: Boolean!) {{ {} }}", around(&format!("... @include(if: $yes) {{ {leaf} }}"))),
    ];
    if !way.is_empty() {
        documents.push(format!("{keyword} {{ other: {} }}", around(leaf)));
    }
    documents
}

#[test]
fn every_role_is_refused_what_is_above_it_on_every_way_and_nothing_else() {
    let graph = Graph::build().unwrap();
    let admits = |step: &Step, role| {
        let access: Access = graph.policy.field(&step.0, &step.1).unwrap();
        access.admits(role)
    };
    let (mut asked, mut refused, mut reached) = (0, 0, BTreeSet::new());
    for (root, keyword) in [("Query", "query"), ("Mutation", "mutation"), ("Subscription", "subscription")] {
        let ways = ways(&graph, root);
        for (parent, field, shape) in graph.shape.fields() {
            let Some(way) = ways.get(parent) else { continue };
            reached.insert((parent, field));
            let composite = matches!(graph.shape.get(base_name(&shape.ty)), Some(TypeShape::Composite(_)));
            let leaf = if composite { format!("{field} {{ __typename }}") } else { field.to_owned() };
            let steps: Vec<Step> = way.iter().cloned().chain([(parent.to_owned(), field.to_owned())]).collect();
            for text in documents(keyword, way, parent, &leaf) {
                let document = parse_query(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
                let operation = document.operations.iter().next().unwrap().1;
                for role in ROLES {
                    let variables = Variables::from_json(serde_json::json!({ "yes": true }));
                    let found =
                        refuse::of((&graph.shape, &graph.policy), &document, &operation.node, root, &variables, role);
                    // What lies below a field that is refused is not looked at.
                    let first = steps.iter().find(|step| !admits(step, role));
                    let expected: Vec<String> = first.iter().map(|(of, field)| format!("{of}.{field}")).collect();
                    assert_eq!(found.names.iter().cloned().collect::<Vec<_>>(), expected, "{role:?}: {text}");
                    assert_eq!(found.fields.len(), expected.len(), "{role:?}: {text}");
                    asked += 1;
                    refused += expected.len();
                }
            }
        }
    }
    let fields = graph.shape.fields();
    let never: Vec<_> = fields.iter().filter(|(parent, field, _)| !reached.contains(&(*parent, *field))).collect();
    assert!(
        never.is_empty(),
        "no root leads to {:?}",
        never.iter().map(|(of, field, _)| (of, field)).collect::<Vec<_>>()
    );
    assert!(asked > 10_000 && refused > 1_000, "{asked} asked, {refused} refused");
}
