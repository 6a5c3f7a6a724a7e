use std::path::Path;

use api::config::Limits;
use api::graphql::{Graph, prepare};
use async_graphql::{Request, Variables};
use entity::words::Role;

#[test]
fn the_committed_schema_is_the_code() {
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../schema.graphql")).unwrap();
    assert!(committed == api::sdl().unwrap(), "schema.graphql is not what the code says: run `cargo xtask schema`");
}

#[test]
fn every_field_and_argument_is_documented() {
    use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
    let document = async_graphql::parser::parse_schema(api::sdl().unwrap()).unwrap();
    let mut bare = Vec::new();
    for definition in document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else {
            continue;
        };
        let name = definition.node.name.node.to_string();
        if definition.node.description.is_none() {
            bare.push(name.clone());
        }
        match definition.node.kind {
            TypeKind::Object(object) => bare.extend(
                object
                    .fields
                    .iter()
                    .filter(|field| field.node.description.is_none())
                    .map(|field| format!("{name}.{}", field.node.name.node)),
            ),
            TypeKind::InputObject(input) => bare.extend(
                input
                    .fields
                    .iter()
                    .filter(|field| field.node.description.is_none())
                    .map(|field| format!("{name}.{}", field.node.name.node)),
            ),
            TypeKind::Enum(values) => bare.extend(
                values
                    .values
                    .iter()
                    .filter(|value| value.node.description.is_none())
                    .map(|value| format!("{name}.{}", value.node.value.node)),
            ),
            _ => {}
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}

#[tokio::test]
async fn every_operation_of_the_dashboard_is_valid_within_the_default_limits() {
    let graph = Graph::build().unwrap();
    let limits = Limits::default();
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../frontend/queries");
    let Ok(files) = std::fs::read_dir(&home) else {
        return;
    };
    for file in files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "graphql"))
    {
        let text = std::fs::read_to_string(&file).unwrap();
        let parsed = prepare::parse(&text, None, &limits).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        // Nobody gives variables here, so only what needs none of them is checked: size, cost, roles.
        match parsed.check((&graph.shape, &graph.policy), &Variables::default(), Some(Role::Admin), &limits) {
            Ok(checked) => assert!(checked.refused.is_empty(), "{}: {:?}", file.display(), checked.refused),
            Err(error) => {
                assert!(error.message.contains("a value is required"), "{}: {}", file.display(), error.message);
            }
        }
        // The rules of the specification, by a run of introspection beside the operation's own checks: a document that
        // does not fit the schema is refused before any resolver needs a database.
        let probe = Request::new(format!("{text} query __Probe__ {{ __typename }}")).operation_name("__Probe__");
        let faults = graph.schema.execute(probe).await.errors;
        assert!(faults.is_empty(), "{}: {faults:?}", file.display());
    }
}
