//! What a document costs: its fields, times the length of the lists they are in; flat rows, which come as columns and not
//! as objects, cost 1 + first / 100. Sums saturate, so nothing wraps.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet};
use async_graphql::{Value, Variables};

use super::shape::{Shape, TypeShape, base_name, is_list};

/// The length of a list that names none.
const DEFAULT_LENGTH: usize = 20;
/// How many flat rows cost as much as one field.
const ROWS_OF_A_FIELD: usize = 100;

/// The cost of `operation`, of type `root`.
pub fn of(
    shape: &Shape,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    root: &str,
    variables: &Variables,
) -> usize {
    Cost { shape, document, variables, known: HashMap::new() }.set(root, &operation.selection_set.node)
}

struct Cost<'a> {
    shape: &'a Shape,
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    known: HashMap<&'a str, usize>,
}

impl<'a> Cost<'a> {
    fn set(&mut self, parent: &str, set: &'a SelectionSet) -> usize {
        let mut total = 0_usize;
        for selection in &set.items {
            let cost = match &selection.node {
                Selection::Field(field) => self.field(parent, &field.node),
                Selection::InlineFragment(inline) => {
                    let on =
                        inline.node.type_condition.as_ref().map_or(parent, |condition| condition.node.on.node.as_str());
                    self.set(on, &inline.node.selection_set.node)
                }
                Selection::FragmentSpread(spread) => self.fragment(spread.node.fragment_name.node.as_str()),
            };
            total = total.saturating_add(cost);
        }
        total
    }

    fn fragment(&mut self, name: &str) -> usize {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return 0;
        };
        if let Some(cost) = self.known.get(name.as_str()) {
            return *cost;
        }
        // Circles were refused before; this only keeps a stray one from running for ever.
        self.known.insert(name.as_str(), 0);
        let cost = self.set(fragment.node.type_condition.node.on.node.as_str(), &fragment.node.selection_set.node);
        self.known.insert(name.as_str(), cost);
        cost
    }

    fn field(&mut self, parent: &str, field: &'a Field) -> usize {
        let Some(shape) = self.shape.field(parent, field.name.node.as_str()) else {
            // Introspection and typing errors: each selection counts once.
            return self.set("", &field.selection_set.node).saturating_add(1);
        };
        let target = base_name(&shape.ty);
        let inner = self.set(target, &field.selection_set.node);
        if target.ends_with("Rows") {
            let rows = self.number(field, "first").unwrap_or(store::flat::DEFAULT_FLAT_ROWS as usize);
            return inner.saturating_add(rows / ROWS_OF_A_FIELD).saturating_add(1);
        }
        inner.saturating_mul(self.length(parent, field, target, is_list(&shape.ty))).saturating_add(1)
    }

    /// How many times the inside of `field` is resolved.
    fn length(&self, parent: &str, field: &Field, target: &str, list: bool) -> usize {
        let asked = ["first", "last"].iter().filter_map(|name| self.number(field, name)).max();
        // `nodes` and `edges` are as long as the connection that holds them, which has counted already.
        let counted = parent.ends_with("Connection");
        let composite = matches!(self.shape.get(target), Some(TypeShape::Composite(_) | TypeShape::Union));
        let asked = asked.or_else(|| self.ids(field).filter(|_| list && composite));
        match asked {
            Some(length) => length.max(1),
            None if target.ends_with("Connection") || (list && composite && !counted) => DEFAULT_LENGTH,
            None => 1,
        }
    }

    /// How many ids `field` names.
    fn ids(&self, field: &Field) -> Option<usize> {
        let value = field.get_argument("ids")?.node.clone();
        match value.into_const_with(|name| self.variables.get(&name).cloned().ok_or(())).ok()? {
            Value::List(ids) => Some(ids.len()),
            _ => None,
        }
    }

    fn number(&self, field: &Field, name: &str) -> Option<usize> {
        let value = field.get_argument(name)?.node.clone();
        match value.into_const_with(|name| self.variables.get(&name).cloned().ok_or(())).ok()? {
            Value::Number(number) => number.as_u64().map(|number| usize::try_from(number).unwrap_or(usize::MAX)),
            _ => None,
        }
    }
}
