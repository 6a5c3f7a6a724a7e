//! The SDL as it is committed: async-graphql's export, with the policy table written beside each field.

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{ConstDirective, TypeKind, TypeSystemDefinition};
use async_graphql::{Positioned, SDLExportOptions};

use super::policy::Policy;

/// The options of every export; sorted by type, fields in the order of the code.
pub fn options() -> SDLExportOptions {
    SDLExportOptions::new().prefer_single_line_descriptions().use_space_ident()
}

/// Writes `@auth(requires: ROLE)` behind each field of `sdl`, and each word or part of an input, that asks for more than
/// being signed in.
///
/// The export puts one field a line, two spaces in; a field with described arguments ends on its line `  ): Type`.
/// The result is parsed and counted, so that a change of that layout is an error and not a missing directive.
pub fn with_auth(sdl: &str, policy: &Policy) -> Result<String, String> {
    let mut lines = Vec::new();
    let mut parent = None;
    let mut field: Option<String> = None;
    let mut in_description = false;
    let mut written = 0;
    for line in sdl.lines() {
        let trimmed = line.trim_start();
        let indent = line.len() - trimmed.len();
        if trimmed.starts_with("\"\"\"") {
            // A description on one line opens and closes at once.
            in_description = if in_description { false } else { !(trimmed.len() >= 6 && trimmed.ends_with("\"\"\"")) };
            lines.push(line.to_owned());
            continue;
        }
        if in_description {
            lines.push(line.to_owned());
            continue;
        }
        if indent == 0 {
            let named = |kind: &str| trimmed.strip_prefix(kind).map(first_name);
            parent = ["type ", "interface ", "enum ", "input "].into_iter().find_map(named);
        }
        let mut text = line.to_owned();
        if let Some(parent) = &parent
            && indent == 2
        {
            if trimmed.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
                field = Some(first_name(trimmed));
            }
            let ends_here = trimmed.starts_with("): ") || (!trimmed.starts_with(')') && !trimmed.ends_with('('));
            if ends_here
                && let Some(name) = field.take()
                && let Some(access) = policy.field(parent, &name).or_else(|| policy.input(parent, &name))
                && let Some(role) = access.required_role()
            {
                text = format!("{line} @auth(requires: {role})");
                written += 1;
            }
        }
        lines.push(text);
    }
    let mut sdl = lines.join("\n");
    sdl.push_str(
        "\n\"The least role that may read, do or ask by this; a field without it asks for being signed in.\"\n",
    );
    sdl.push_str("directive @auth(requires: Role!) on FIELD_DEFINITION | ENUM_VALUE | INPUT_FIELD_DEFINITION\n");
    let counted = count_directives(&sdl)?;
    if counted == written {
        Ok(sdl)
    } else {
        Err(format!("{written} policies written into the SDL, {counted} found in it"))
    }
}

fn first_name(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

fn count_directives(sdl: &str) -> Result<usize, String> {
    let document = parse_schema(sdl).map_err(|error| error.to_string())?;
    let marks = document.definitions.into_iter().map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => match definition.node.kind {
            TypeKind::Object(object) => marked(object.fields.iter().map(|field| &field.node.directives)),
            TypeKind::Interface(interface) => marked(interface.fields.iter().map(|field| &field.node.directives)),
            TypeKind::Enum(words) => marked(words.values.iter().map(|word| &word.node.directives)),
            TypeKind::InputObject(input) => marked(input.fields.iter().map(|field| &field.node.directives)),
            _ => 0,
        },
        _ => 0,
    });
    Ok(marks.sum())
}

/// How many of these carry the directive.
fn marked<'a>(all: impl Iterator<Item = &'a Vec<Positioned<ConstDirective>>>) -> usize {
    all.filter(|directives| directives.iter().any(|directive| directive.node.name.node == "auth")).count()
}
