//! The schema as data: types, fields, arguments, read from the SDL so that no second list can drift from the code.

use std::collections::HashMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition,
};

/// Every type of the schema by name.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    types: HashMap<String, TypeShape>,
}

/// One type.
#[derive(Debug, Clone)]
pub enum TypeShape {
    /// An object or interface, with its fields.
    Composite(HashMap<String, FieldShape>),
    /// A union: only `__typename` can be asked of it directly.
    Union,
    /// An input object, with its fields.
    Input(HashMap<String, InputShape>),
    /// An enum, with its values.
    Enum(Vec<String>),
    /// A scalar.
    Scalar,
}

/// One field of an object or interface.
#[derive(Debug, Clone)]
pub struct FieldShape {
    /// Its type, with lists and nullability.
    pub ty: Type,
    /// Its arguments.
    pub arguments: HashMap<String, InputShape>,
}

/// One argument or field of an input object.
#[derive(Debug, Clone)]
pub struct InputShape {
    /// Its type, with lists and nullability.
    pub ty: Type,
    /// Has it a default?
    pub has_default: bool,
}

impl Shape {
    /// Reads `sdl`; `Err` is the parser's sentence.
    pub fn read(sdl: &str) -> Result<Self, String> {
        let document = parse_schema(sdl).map_err(|error| error.to_string())?;
        let mut types = HashMap::new();
        for scalar in ["Int", "Float", "String", "Boolean", "ID"] {
            types.insert(scalar.to_owned(), TypeShape::Scalar);
        }
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else {
                continue;
            };
            let shape = match definition.node.kind {
                TypeKind::Object(object) => {
                    TypeShape::Composite(fields(object.fields.into_iter().map(|field| field.node)))
                }
                TypeKind::Interface(interface) => {
                    TypeShape::Composite(fields(interface.fields.into_iter().map(|field| field.node)))
                }
                TypeKind::InputObject(input) => {
                    TypeShape::Input(inputs(input.fields.into_iter().map(|field| field.node)))
                }
                TypeKind::Enum(values) => {
                    TypeShape::Enum(values.values.into_iter().map(|value| value.node.value.node.to_string()).collect())
                }
                TypeKind::Union(_) => TypeShape::Union,
                TypeKind::Scalar => TypeShape::Scalar,
            };
            types.insert(definition.node.name.node.to_string(), shape);
        }
        Ok(Self { types })
    }

    /// The type called `name`.
    pub fn get(&self, name: &str) -> Option<&TypeShape> {
        self.types.get(name)
    }

    /// The field `field` of the object or interface `parent`.
    pub fn field(&self, parent: &str, field: &str) -> Option<&FieldShape> {
        match self.types.get(parent)? {
            TypeShape::Composite(fields) => fields.get(field),
            _ => None,
        }
    }

    /// Every `(type, field, shape)` of objects and interfaces, sorted.
    pub fn fields(&self) -> Vec<(&str, &str, &FieldShape)> {
        let mut all: Vec<_> = self
            .types
            .iter()
            .filter_map(|(name, shape)| match shape {
                TypeShape::Composite(fields) => Some((name, fields)),
                _ => None,
            })
            .flat_map(|(name, fields)| fields.iter().map(|(field, shape)| (name.as_str(), field.as_str(), shape)))
            .collect();
        all.sort_unstable_by_key(|(parent, field, _)| (*parent, *field));
        all
    }
}

/// The named type at the heart of `ty`.
pub fn base_name(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => base_name(inner),
    }
}

/// Is `ty` a list, null or not?
pub fn is_list(ty: &Type) -> bool {
    matches!(ty.base, BaseType::List(_))
}

fn fields(fields: impl Iterator<Item = FieldDefinition>) -> HashMap<String, FieldShape> {
    fields
        .map(|field| {
            let arguments = inputs(field.arguments.into_iter().map(|argument| argument.node));
            (field.name.node.to_string(), FieldShape { ty: field.ty.node, arguments })
        })
        .collect()
}

fn inputs(inputs: impl Iterator<Item = InputValueDefinition>) -> HashMap<String, InputShape> {
    inputs
        .map(|input| {
            let has_default = input.default_value.is_some();
            (input.name.node.to_string(), InputShape { ty: input.ty.node, has_default })
        })
        .collect()
}
