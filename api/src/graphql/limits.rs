//! The limits of one document: how much it asks for once its fragments are expanded, without expanding them.
//!
//! Each fragment is measured once and remembered, so thirty levels of doubling cost thirty steps; the sums saturate.
//! This runs before async-graphql sees the document, whose own depth check walks every expansion.

use std::collections::HashMap;

use async_graphql::parser::types::{Directive, ExecutableDocument, OperationDefinition, Selection, SelectionSet};
use async_graphql::{Positioned, ServerError};

use crate::config::Limits;
use crate::error::{Code, request_error};

/// What a selection set comes to, fragments expanded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Fields and spreads.
    pub selections: usize,
    /// Fields that are renamed.
    pub aliases: usize,
    /// Fields at the first level.
    pub fields: usize,
    /// Fields nested in one another.
    pub depth: usize,
}

impl Size {
    fn beside(self, other: Self) -> Self {
        Self {
            selections: self.selections.saturating_add(other.selections),
            aliases: self.aliases.saturating_add(other.aliases),
            fields: self.fields.saturating_add(other.fields),
            depth: self.depth.max(other.depth),
        }
    }
}

/// Refuses `document` when any of its operations passes a limit or its fragments go in circles.
pub fn check(document: &ExecutableDocument, limits: &Limits) -> Result<(), ServerError> {
    let mut measure = Measure { document, limits, known: HashMap::new() };
    for fragment in document.fragments.keys() {
        measure.fragment(fragment)?;
    }
    for (_, operation) in document.operations.iter() {
        measure.operation(&operation.node)?;
    }
    Ok(())
}

/// A limit was passed.
pub fn exceeded(what: &str, limit: usize, name: &str) -> ServerError {
    request_error(Code::LimitExceeded, format!("The document has more than {limit} {what} ({name})."))
}

struct Measure<'a> {
    document: &'a ExecutableDocument,
    limits: &'a Limits,
    /// `None` while a fragment is being measured: meeting it again is a circle.
    known: HashMap<&'a str, Option<Size>>,
}

impl<'a> Measure<'a> {
    fn operation(&mut self, operation: &'a OperationDefinition) -> Result<(), ServerError> {
        self.directives(&operation.directives)?;
        for variable in &operation.variable_definitions {
            self.directives(&variable.node.directives)?;
        }
        let size = self.set(&operation.selection_set.node)?;
        let limits = self.limits;
        if size.selections > limits.selections {
            return Err(exceeded("selections, fragments expanded", limits.selections, "CORRENTE_MAX_SELECTIONS"));
        }
        if size.depth > limits.depth {
            return Err(exceeded("levels of fields", limits.depth, "CORRENTE_MAX_DEPTH"));
        }
        if size.aliases > limits.aliases {
            return Err(exceeded("aliases", limits.aliases, "CORRENTE_MAX_ALIASES"));
        }
        if size.fields > limits.root_fields {
            return Err(exceeded("root fields", limits.root_fields, "CORRENTE_MAX_ROOT_FIELDS"));
        }
        Ok(())
    }

    fn set(&mut self, set: &'a SelectionSet) -> Result<Size, ServerError> {
        let mut total = Size::default();
        for selection in &set.items {
            self.directives(selection.node.directives())?;
            let size = match &selection.node {
                Selection::Field(field) => {
                    let inner = self.set(&field.node.selection_set.node)?;
                    Size {
                        selections: inner.selections.saturating_add(1),
                        aliases: inner.aliases.saturating_add(usize::from(field.node.alias.is_some())),
                        fields: 1,
                        depth: inner.depth.saturating_add(1),
                    }
                }
                Selection::InlineFragment(inline) => {
                    let inner = self.set(&inline.node.selection_set.node)?;
                    Size { selections: inner.selections.saturating_add(1), ..inner }
                }
                Selection::FragmentSpread(spread) => {
                    let inner = self.fragment(&spread.node.fragment_name.node)?;
                    Size { selections: inner.selections.saturating_add(1), ..inner }
                }
            };
            total = total.beside(size);
        }
        Ok(total)
    }

    fn fragment(&mut self, name: &str) -> Result<Size, ServerError> {
        // An unknown fragment is a matter of validation, not of size.
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(Size::default());
        };
        match self.known.get(name.as_str()) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => {
                let message = format!("The fragment {name} spreads itself.");
                return Err(request_error(Code::ValidationFailed, message));
            }
            None => {}
        }
        self.known.insert(name.as_str(), None);
        self.directives(&fragment.node.directives)?;
        let size = self.set(&fragment.node.selection_set.node)?;
        self.known.insert(name.as_str(), Some(size));
        Ok(size)
    }

    fn directives(&self, directives: &[Positioned<Directive>]) -> Result<(), ServerError> {
        if directives.len() > self.limits.directives {
            return Err(exceeded("directives at one place", self.limits.directives, "CORRENTE_MAX_DIRECTIVES"));
        }
        Ok(())
    }
}
