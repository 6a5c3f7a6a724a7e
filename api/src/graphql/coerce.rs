//! Variables against their declared types, before execution: async-graphql looks at a variable only where it is used.

use async_graphql::parser::types::{BaseType, OperationDefinition, Type};
use async_graphql::{ServerError, Value as ConstValue, Variables};

use super::shape::{Shape, TypeShape};
use crate::error::{Code, request_error};

/// Refuses `variables` that the operation's declarations do not admit.
pub fn check(shape: &Shape, operation: &OperationDefinition, variables: &Variables) -> Result<(), ServerError> {
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let name = &definition.name.node;
        let problem = match variables.get(name) {
            Some(value) => admits(shape, &definition.var_type.node, value).err(),
            None if definition.default_value.is_none() && !definition.var_type.node.nullable => {
                Some("a value is required".to_owned())
            }
            None => None,
        };
        if let Some(problem) = problem {
            let message = format!("Variable ${name} of type {} cannot be taken: {problem}.", definition.var_type.node);
            return Err(request_error(Code::BadUserInput, message));
        }
    }
    Ok(())
}

/// Does `ty` admit `value`? `Err` says why not. Scalars of our own check themselves when they are used.
fn admits(shape: &Shape, ty: &Type, value: &ConstValue) -> Result<(), String> {
    if matches!(value, ConstValue::Null) {
        return if ty.nullable { Ok(()) } else { Err("null is not allowed".into()) };
    }
    match &ty.base {
        BaseType::List(inner) => match value {
            ConstValue::List(values) => values.iter().try_for_each(|value| admits(shape, inner, value)),
            // One value stands for a list of one.
            value => admits(shape, inner, value),
        },
        BaseType::Named(name) => named(shape, name, value),
    }
}

fn named(shape: &Shape, name: &str, value: &ConstValue) -> Result<(), String> {
    let fits = match name {
        "Int" => {
            matches!(value, ConstValue::Number(number) if number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()))
        }
        "Float" => matches!(value, ConstValue::Number(_)),
        "String" => matches!(value, ConstValue::String(_)),
        "Boolean" => matches!(value, ConstValue::Boolean(_)),
        "ID" => match value {
            ConstValue::String(_) => true,
            ConstValue::Number(number) => number.is_i64() || number.is_u64(),
            _ => false,
        },
        _ => return declared(shape, name, value),
    };
    if fits { Ok(()) } else { Err(format!("{value} is not of type {name}")) }
}

fn declared(shape: &Shape, name: &str, value: &ConstValue) -> Result<(), String> {
    match shape.get(name) {
        Some(TypeShape::Enum(values)) => {
            let word = match value {
                ConstValue::String(word) => word.as_str(),
                ConstValue::Enum(word) => word.as_str(),
                _ => "",
            };
            if values.iter().any(|value| value == word) {
                Ok(())
            } else {
                Err(format!("{value} is not a value of {name}"))
            }
        }
        Some(TypeShape::Input(fields)) => {
            let ConstValue::Object(object) = value else {
                return Err(format!("{value} is not an object"));
            };
            if let Some(unknown) = object.keys().find(|key| !fields.contains_key(key.as_str())) {
                return Err(format!("{name} has no field {unknown}"));
            }
            for (field, input) in fields {
                match object.get(field.as_str()) {
                    Some(value) => admits(shape, &input.ty, value).map_err(|problem| format!("{field}: {problem}"))?,
                    None if !input.ty.nullable && !input.has_default => {
                        return Err(format!("{field} is required"));
                    }
                    None => {}
                }
            }
            Ok(())
        }
        // Scalars of our own check themselves; a type that cannot be an input is a matter of validation.
        _ => Ok(()),
    }
}
