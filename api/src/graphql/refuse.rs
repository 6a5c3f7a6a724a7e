//! What of a document the asker may not have, decided before execution and without awaiting anything.
//!
//! A refused selection answers null with one error however many rows it would have had; resolvers answer null by
//! themselves (they need a proof value to read the column), so this pass only writes the errors. Using a hidden value
//! in an argument refuses the whole request, because a filter tells by its answer what a column holds.

use std::collections::BTreeSet;

use async_graphql::parser::types::{
    BaseType, Directive, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet, Type,
};
use async_graphql::{Name, PathSegment, Positioned, ServerError, Value as ConstValue, Variables};
use entity::words::Role;

use super::policy::{Access, Policy};
use super::shape::{Shape, TypeShape, base_name};
use crate::error::{Code, request_error, with_code};

/// What was refused.
#[derive(Debug, Default)]
pub struct Refusals {
    /// One error a selection, path without indices.
    pub fields: Vec<ServerError>,
    /// `Type.field` of each, for the audit log.
    pub names: BTreeSet<String>,
    /// Refuses the whole request.
    pub whole: Option<ServerError>,
}

/// The refusals of `operation`, of type `root`, for `role` (none: nobody is signed in).
pub fn of(
    (shape, policy): (&Shape, &Policy),
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    root: &str,
    variables: &Variables,
    role: Option<Role>,
) -> Refusals {
    let mut walk = Walk {
        shape,
        policy,
        document,
        variables,
        role,
        path: Vec::new(),
        seen: BTreeSet::new(),
        found: Refusals::default(),
    };
    walk.set(root, &operation.selection_set.node);
    walk.found
}

struct Walk<'a> {
    shape: &'a Shape,
    policy: &'a Policy,
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    role: Option<Role>,
    path: Vec<String>,
    seen: BTreeSet<Vec<String>>,
    found: Refusals,
}

impl<'a> Walk<'a> {
    fn set(&mut self, parent: &str, set: &'a SelectionSet) {
        for selection in &set.items {
            if self.skipped(selection.node.directives()) {
                continue;
            }
            match &selection.node {
                Selection::Field(field) => self.field(parent, field),
                Selection::InlineFragment(inline) => {
                    let on =
                        inline.node.type_condition.as_ref().map_or(parent, |condition| condition.node.on.node.as_str());
                    self.set(on, &inline.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) {
                        self.set(fragment.node.type_condition.node.on.node.as_str(), &fragment.node.selection_set.node);
                    }
                }
            }
        }
    }

    fn field(&mut self, parent: &str, field: &'a Positioned<Field>) {
        let name = field.node.name.node.as_str();
        self.path.push(field.node.response_key().node.to_string());
        if self.policy.field(parent, name).is_some_and(|access| !access.admits(self.role)) {
            self.refuse(parent, name, field);
        } else if let Some(shape) = self.shape.field(parent, name) {
            for (argument, value) in &field.node.arguments {
                if let Some(input) = shape.arguments.get(argument.node.as_str()) {
                    let variables = self.variables;
                    let value = value
                        .node
                        .clone()
                        .into_const_with(|name| Ok::<_, ()>(variables.get(&name).cloned().unwrap_or_default()));
                    if let Ok(value) = value {
                        self.argument(&input.ty, &value);
                    }
                }
            }
            self.set(base_name(&shape.ty), &field.node.selection_set.node);
        }
        self.path.pop();
    }

    fn refuse(&mut self, parent: &str, name: &str, field: &Positioned<Field>) {
        self.found.names.insert(format!("{parent}.{name}"));
        if !self.seen.insert(self.path.clone()) {
            return;
        }
        let mut error = ServerError::new(format!("Your role may not read {parent}.{name}."), Some(field.pos));
        error.path = self.path.iter().cloned().map(PathSegment::Field).collect();
        self.found.fields.push(with_code(error, Code::Forbidden));
    }

    /// Looks for hidden enum values and input fields inside an argument.
    fn argument(&mut self, ty: &Type, value: &ConstValue) {
        let name = match &ty.base {
            BaseType::List(inner) => {
                match value {
                    ConstValue::List(values) => {
                        for value in values {
                            self.argument(inner, value);
                        }
                    }
                    value => self.argument(inner, value),
                }
                return;
            }
            BaseType::Named(name) => name,
        };
        match (self.shape.get(name), value) {
            (Some(TypeShape::Enum(_)), ConstValue::Enum(word)) => self.input(name, word),
            (Some(TypeShape::Enum(_)), ConstValue::String(word)) => self.input(name, word),
            (Some(TypeShape::Input(fields)), ConstValue::Object(object)) => {
                for (key, value) in object {
                    self.input(name, key);
                    if let Some(input) = fields.get(key.as_str()) {
                        self.argument(&input.ty, value);
                    }
                }
            }
            _ => {}
        }
    }

    fn input(&mut self, parent: &str, member: &str) {
        if self.policy.input(parent, member).is_some_and(|access: Access| !access.admits(self.role)) {
            self.found.names.insert(format!("{parent}.{member}"));
            let message = format!("Your role may not filter, sort or group by {parent}.{member}.");
            self.found.whole = Some(request_error(Code::Forbidden, message));
        }
    }

    fn skipped(&self, directives: &[Positioned<Directive>]) -> bool {
        directives.iter().any(|directive| {
            let when = match directive.node.name.node.as_str() {
                "skip" => true,
                "include" => false,
                _ => return false,
            };
            let condition = directive.node.get_argument("if").map(|value| value.node.clone());
            let condition = condition.and_then(|value| {
                value.into_const_with(|name: Name| self.variables.get(&name).cloned().ok_or(())).ok()
            });
            condition == Some(ConstValue::Boolean(when))
        })
    }
}
