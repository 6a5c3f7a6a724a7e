//! The graph: its types, its roots, and what is checked before any of it runs.
//!
//! Here live the schema, the policy table and the checks of a document. Never here: HTTP, SQL, or a resolver that asks the
//! database other than through a loader or one call of `store`. Start with [`Graph`], then [`query`] and [`policy`].

#![allow(clippy::unused_async, reason = "a resolver is async by its macro's contract, awaiting or not")]
#![allow(clippy::too_many_arguments, reason = "a resolver's arguments are its field's arguments")]

pub mod coerce;
pub mod column;
pub mod context;
pub mod cost;
pub mod ids;
pub mod limits;
pub mod mutation;
pub mod page;
pub mod policy;
pub mod prepare;
pub mod query;
pub mod refuse;
pub mod scalars;
pub mod sdl;
pub mod shape;
pub mod simulations;
pub mod subscription;
pub mod tokens;
pub mod types;

use async_graphql::Schema;

use crate::error::StartError;
use mutation::Mutation;
use policy::Policy;
use query::Query;
use shape::Shape;
use subscription::Subscription;

/// async-graphql's schema of our roots.
pub type GraphSchema = Schema<Query, Mutation, Subscription>;

/// The schema with what is known of it.
#[derive(Clone)]
pub struct Graph {
    /// Executes.
    pub schema: GraphSchema,
    /// Its types as data.
    pub shape: Shape,
    /// Who may read and do what.
    pub policy: Policy,
    sdl: String,
}

impl Graph {
    /// Builds the schema; fails when a field has no policy.
    pub fn build() -> Result<Self, StartError> {
        let schema = Schema::build(Query::default(), Mutation::default(), Subscription)
            .register_output_type::<types::node::Node>()
            // Suggestions would name fields that a role may not see.
            .disable_suggestions()
            .finish();
        let raw = schema.sdl_with_options(sdl::options());
        let shape = Shape::read(&raw).map_err(StartError::Policy)?;
        let policy = Policy::new(&shape, policy::TABLE).map_err(StartError::Policy)?;
        let sdl = sdl::with_auth(&raw, &policy).map_err(StartError::Policy)?;
        Ok(Self { schema, shape, policy, sdl })
    }

    /// The SDL as it is committed.
    pub fn sdl(&self) -> &str {
        &self.sdl
    }
}
