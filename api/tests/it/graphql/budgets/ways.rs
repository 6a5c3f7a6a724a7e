//! How every type of the schema is reached from Query, through lists where there is a way through lists.

use std::collections::{BTreeMap, VecDeque};

use api::graphql::Graph;
use api::graphql::policy::Access;
use api::graphql::shape::{TypeShape, base_name, is_list};
use serde_json::Value;

/// One step: of which type, which field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub parent: String,
    pub field: String,
}

/// From the root to a type.
pub type Way = Vec<Step>;

/// A way to every type that Query leads to: the shortest through a list and what everybody may read, else the shortest
/// through a list, else the shortest.
pub fn from_query(graph: &Graph) -> BTreeMap<String, Way> {
    let mut ways = BTreeMap::from([("Query".to_owned(), Way::new())]);
    for (listed, free) in [(true, true), (true, false), (false, false)] {
        let mut next: VecDeque<String> = ways.keys().cloned().collect();
        while let Some(parent) = next.pop_front() {
            let way = ways[&parent].clone();
            for (_, field, shape) in graph.shape.fields().into_iter().filter(|(of, ..)| *of == parent) {
                let to = base_name(&shape.ty);
                let composite = matches!(graph.shape.get(to), Some(TypeShape::Composite(_)));
                let single = way.is_empty() && !is_list(&shape.ty) && !to.ends_with("Connection");
                let guarded = graph.policy.field(&parent, field).is_none_or(|access| access > Access::Viewer);
                if !composite || ways.contains_key(to) || (listed && single) || (free && guarded) {
                    continue;
                }
                let step = Step { parent: parent.clone(), field: field.to_owned() };
                ways.insert(to.to_owned(), way.iter().cloned().chain([step]).collect());
                next.push_back(to.to_owned());
            }
        }
    }
    ways
}

/// Does the way lead through a list?
pub fn has_list(graph: &Graph, way: &[Step]) -> bool {
    way.iter().any(|step| graph.shape.field(&step.parent, &step.field).is_some_and(|shape| is_list(&shape.ty)))
}

/// A query for `leaves` at the end of a way.
pub fn document(way: &[Step], leaves: &str, arguments: impl Fn(&Step) -> String) -> String {
    let step = |inner: String, step: &Step| format!("{}{} {{ {inner} }}", step.field, arguments(step));
    format!("{{ {} }}", way.iter().rev().fold(leaves.to_owned(), step))
}

/// How many objects there are at the end of a way.
pub fn reached(value: &Value, way: &[Step]) -> usize {
    match value {
        Value::Null => 0,
        Value::Array(all) => all.iter().map(|value| reached(value, way)).sum(),
        value => way.split_first().map_or(1, |(step, rest)| reached(&value[&step.field], rest)),
    }
}
