//! Demand grouped and bucketed at will, the same question as text for who wants to ask it elsewhere, and the views of it
//! that were saved.

use std::fmt::Write;

use serde_json::json;

use super::enums::{AbcClass, DemandGroup, DemandMeasure, DemandOrderField, Granularity, XyzClass, member};
use super::people::IdVariablesFields;
use super::{Day, UserError};
use crate::schema;

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct DemandFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub families: Option<Vec<String>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub abc_classes: Option<Vec<AbcClass>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub xyz_classes: Option<Vec<XyzClass>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub region_ids: Option<Vec<cynic::Id>>,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct ExplorationVariables {
    pub filter: DemandFilter,
    pub granularity: Granularity,
    pub group_by: Option<Vec<DemandGroup>>,
    pub measures: Option<Vec<DemandMeasure>>,
    pub order: DemandOrderField,
    pub first: i32,
}

impl Default for ExplorationVariables {
    fn default() -> Self {
        Self {
            filter: DemandFilter::default(),
            granularity: Granularity::Month,
            group_by: None,
            measures: None,
            order: DemandOrderField::Quantity,
            first: 50,
        }
    }
}

impl ExplorationVariables {
    /// The same question as text with its values in it, as one would write it by hand.
    pub fn written(&self) -> String {
        let filter = &self.filter;
        let quoted = |text: &str| json!(text).to_string();
        let list = |words: Vec<String>| format!("[{}]", words.join(", "));
        let day = |day: &Day| quoted(&day.to_string());
        let parts = [
            ("from", filter.from.as_ref().map(day)),
            ("to", filter.to.as_ref().map(day)),
            ("families", filter.families.as_ref().map(|all| list(all.iter().map(|name| quoted(name)).collect()))),
            (
                "abcClasses",
                filter.abc_classes.as_ref().map(|all| list(all.iter().map(|of| of.word().to_owned()).collect())),
            ),
            (
                "xyzClasses",
                filter.xyz_classes.as_ref().map(|all| list(all.iter().map(|of| of.word().to_owned()).collect())),
            ),
            (
                "regionIds",
                filter.region_ids.as_ref().map(|all| list(all.iter().map(|id| quoted(id.inner())).collect())),
            ),
        ];
        let parts = parts.into_iter().filter_map(|(name, value)| value.map(|value| format!("{name}: {value}")));
        let mut text = String::from("{\n  demand(\n");
        let arguments = [
            ("filter", format!("{{ {} }}", parts.collect::<Vec<_>>().join(", "))),
            ("granularity", member(self.granularity.word())),
            ("groupBy", list(self.group_by.iter().flatten().map(|group| member(group.word())).collect())),
            ("measures", list(self.measures.iter().flatten().map(|measure| member(measure.word())).collect())),
            ("orderBy", format!("{{ field: {} }}", member(self.order.word()))),
            ("first", self.first.to_string()),
        ];
        for (name, value) in arguments {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "    {name}: {value}");
        }
        text + "  ) {\n    keys { group value label }\n    dates\n    measures { measure values total }\n  }\n}\n"
    }
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query", variables = "ExplorationVariables")]
pub struct Exploration {
    #[arguments(filter: $filter, granularity: $granularity, groupBy: $group_by, measures: $measures, orderBy: { field: $order }, first: $first)]
    pub demand: Vec<Explored>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "DemandGroupSeries")]
pub struct Explored {
    pub keys: Vec<DemandGroupKey>,
    pub dates: Vec<Day>,
    pub measures: Vec<DemandMeasureSeries>,
}

impl Explored {
    /// What the group is called, outermost part first; nothing for the whole.
    pub fn name(&self) -> String {
        self.keys.iter().map(|key| if key.label.is_empty() { "–" } else { &key.label }).collect::<Vec<_>>().join(" · ")
    }
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DemandGroupKey {
    pub label: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DemandMeasureSeries {
    pub values: Vec<Option<f64>>,
    pub total: Option<f64>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query")]
pub struct SavedViews {
    #[arguments(page: "/explore")]
    pub saved_views: Vec<SavedView>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct SavedView {
    pub id: cynic::Id,
    pub name: String,
    pub query: String,
    pub shared: bool,
    pub own: bool,
    pub owner: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct SaveViewVariables {
    pub name: String,
    pub query: String,
    pub shared: bool,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct SavedViewPayload {
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "SaveViewVariables")]
pub struct SaveView {
    #[arguments(name: $name, page: "/explore", query: $query, shared: $shared)]
    pub save_view: SavedViewPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct DeleteViewPayload {
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "IdVariables")]
pub struct DeleteView {
    #[arguments(id: $id)]
    pub delete_view: DeleteViewPayload,
}
