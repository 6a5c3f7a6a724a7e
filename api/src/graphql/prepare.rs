//! From a request's text to a document that may run: counted, parsed once, measured, checked against the policy.
//!
//! The order matters: nothing recursive before the counts, nothing that walks expansions before the memoised measure.

use std::collections::BTreeSet;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Positioned, ServerError, Variables};
use entity::words::Role;

use super::policy::Policy;
use super::shape::Shape;
use super::tokens::{self, Count};
use super::{coerce, cost, limits, refuse};
use crate::config::Limits;
use crate::error::{Code, request_error, with_code};

/// A document that was parsed and measured.
#[derive(Debug)]
pub struct Parsed {
    /// The document itself; handed on so that it is parsed once.
    pub document: ExecutableDocument,
    /// The chosen operation's type.
    pub kind: OperationType,
    name: Option<String>,
}

/// What the checks of a request came to.
#[derive(Debug)]
pub struct Checked {
    /// What it costs.
    pub cost: usize,
    /// One error for each refused selection.
    pub refused: Vec<ServerError>,
    /// `Type.field` of each.
    pub refused_names: BTreeSet<String>,
}

/// Parses `text`, if it is within the limits, and finds the operation called `operation`.
pub fn parse(text: &str, operation: Option<&str>, limits: &Limits) -> Result<Parsed, ServerError> {
    match tokens::count(text, limits.tokens) {
        Count::Tokens(_) => {}
        Count::TooMany => {
            return Err(limits::exceeded("tokens", limits.tokens, "CORRENTE_MAX_TOKENS"));
        }
        Count::TooDeep => {
            return Err(request_error(Code::LimitExceeded, "The document's brackets are nested too deep."));
        }
    }
    let document = parse_query(text).map_err(|error| with_code(ServerError::from(error), Code::ParseFailed))?;
    limits::check(&document, limits)?;
    let chosen = choose(&document, operation)?;
    let kind = chosen.node.ty;
    let name = operation.map(str::to_owned);
    Ok(Parsed { document, kind, name })
}

impl Parsed {
    /// The chosen operation.
    fn operation(&self) -> Result<&Positioned<OperationDefinition>, ServerError> {
        choose(&self.document, self.name.as_deref())
    }

    /// The name of the chosen operation, for logs.
    pub fn operation_name(&self) -> Option<&str> {
        match &self.document.operations {
            DocumentOperations::Single(_) => None,
            DocumentOperations::Multiple(operations) => {
                self.name.as_deref().or_else(|| operations.keys().next().map(async_graphql::Name::as_str))
            }
        }
    }

    /// The root fields of the chosen operation, fragments expanded; the limits were checked before.
    pub fn root_fields(&self) -> Result<Vec<&str>, ServerError> {
        fn collect<'a>(document: &'a ExecutableDocument, selection: &'a SelectionSet, fields: &mut Vec<&'a str>) {
            for item in &selection.items {
                match &item.node {
                    Selection::Field(field) => fields.push(field.node.name.node.as_str()),
                    Selection::InlineFragment(inline) => collect(document, &inline.node.selection_set.node, fields),
                    Selection::FragmentSpread(spread) => {
                        if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                            collect(document, &fragment.node.selection_set.node, fields);
                        }
                    }
                }
            }
        }
        let mut fields = Vec::new();
        collect(&self.document, &self.operation()?.node.selection_set.node, &mut fields);
        Ok(fields)
    }

    /// Checks the chosen operation for `role` (none: nobody is signed in).
    pub fn check(
        &self,
        (shape, policy): (&Shape, &Policy),
        variables: &Variables,
        role: Option<Role>,
        limits: &Limits,
    ) -> Result<Checked, ServerError> {
        let operation = &self.operation()?.node;
        let root = match operation.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        let cost = cost::of(shape, &self.document, operation, root, variables);
        if cost > limits.cost {
            let message = format!(
                "The request costs {cost}, above {} (CORRENTE_MAX_COST): ask for fewer fields or shorter lists.",
                limits.cost
            );
            return Err(request_error(Code::LimitExceeded, message));
        }
        let refused = refuse::of((shape, policy), &self.document, operation, root, variables, role);
        if role.is_none() && (!refused.fields.is_empty() || refused.whole.is_some()) {
            return Err(request_error(Code::Unauthenticated, "Sign in to read this."));
        }
        if let Some(whole) = refused.whole {
            return Err(whole);
        }
        coerce::check(shape, operation, variables)?;
        Ok(Checked { cost, refused: refused.fields, refused_names: refused.names })
    }
}

fn choose<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a Positioned<OperationDefinition>, ServerError> {
    let unknown = |name: &str| request_error(Code::ValidationFailed, format!("The document has no operation {name}."));
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(operation),
        (DocumentOperations::Single(_), Some(name)) => Err(unknown(name)),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name).ok_or_else(|| unknown(name)),
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.values();
            match (all.next(), all.next()) {
                (Some(only), None) => Ok(only),
                _ => Err(request_error(
                    Code::ValidationFailed,
                    "The document has several operations: say operationName.",
                )),
            }
        }
    }
}
