//! Who may read and do what: one table, exported into the SDL as `@auth(requires: ROLE)`.
//!
//! A type's line `Type.*` states what its fields ask for; a field's own line says otherwise. A field that no line covers
//! stops schema construction, and so does a line that covers nothing, or a field above VIEWER that cannot be null.

use std::collections::HashMap;

use entity::words::Role;

use super::shape::{Shape, TypeShape};

/// What a field asks of who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Anyone, signed in or not.
    Public,
    /// Anyone signed in.
    Viewer,
    /// Costs, values, decisions.
    Analyst,
    /// People, the audit log, imports.
    Admin,
}

use Access::{Admin, Analyst, Public, Viewer};

/// The table. Money is the analysts'; the rest of the company's numbers is everybody's.
#[rustfmt::skip]
pub const TABLE: &[(&str, Access)] = &[
    ("Query.*", Viewer),
    ("Query.demoLogins", Public),
    ("Query.importRuns", Admin),
    ("Query.importRun", Admin),
    ("Query.apiTokens", Analyst),
    ("Query.users", Admin),
    ("Query.auditLog", Admin),
    ("Query.auditVerdict", Admin),

    ("Mutation.login", Public),
    ("Mutation.refresh", Public),
    ("Mutation.logout", Public),
    ("Mutation.changePassword", Viewer),
    ("Mutation.acknowledgeRecommendations", Analyst),
    ("Mutation.completeRecommendations", Analyst),
    ("Mutation.dismissRecommendations", Analyst),
    ("Mutation.reopenRecommendations", Analyst),
    ("Mutation.markAlertsRead", Viewer),
    ("Mutation.markAllAlertsRead", Viewer),
    ("Mutation.resolveAlerts", Analyst),
    ("Mutation.createApiToken", Analyst),
    ("Mutation.revokeApiToken", Analyst),
    ("Mutation.createExportTicket", Viewer),
    // Sharing one asks for ANALYST, by a proof.
    ("Mutation.saveView", Viewer),
    ("Mutation.deleteView", Viewer),
    ("Mutation.createUser", Admin),
    ("Mutation.updateUser", Admin),
    ("Mutation.refreshData", Admin),

    ("Subscription.*", Viewer),
    ("DataRefreshed.*", Viewer),

    ("LoginPayload.*", Public),
    ("LogoutPayload.*", Public),
    ("RecommendationsPayload.*", Viewer),
    ("AlertsPayload.*", Viewer),
    ("AllAlertsPayload.*", Viewer),
    ("UserError.*", Public),
    ("Viewer.*", Public),
    // Only apiTokens, createApiToken and revokeApiToken lead here, and they ask for ANALYST.
    ("ApiToken.*", Viewer),
    ("NewApiTokenPayload.*", Viewer),
    ("ApiTokenPayload.*", Viewer),
    ("ExportTicketPayload.*", Viewer),
    ("SavedView.*", Viewer),
    ("SavedViewPayload.*", Viewer),
    ("DeleteViewPayload.*", Viewer),
    ("RefreshDataPayload.*", Viewer),
    // Only users, createUser and updateUser lead here, and they ask for ADMIN.
    ("User.*", Viewer),
    ("UserPayload.*", Viewer),
    // Only auditLog and auditVerdict lead here, and they ask for ADMIN.
    ("AuditConnection.*", Viewer),
    ("AuditEdge.*", Viewer),
    ("AuditEntry.*", Viewer),
    ("AuditVerdict.*", Viewer),
    ("DemoLogin.*", Public),

    ("Node.*", Viewer),
    ("PageInfo.*", Viewer),

    ("ItemConnection.*", Viewer),
    ("ItemEdge.*", Viewer),
    ("Item.*", Viewer),
    ("Item.unitCost", Analyst),
    ("Item.features", Analyst),
    // Only Item.features leads here, and it asks for ANALYST.
    ("FeatureSeries.*", Viewer),
    ("FeatureColumn.*", Viewer),
    ("ItemAttribute.*", Viewer),
    // Made of what everybody may read: stored forecasts and demand. How good whole runs are is for analysts.
    ("ItemAccuracy.*", Viewer),
    ("ItemSupplier.*", Viewer),
    ("ItemSupplier.lastUnitPrice", Analyst),
    ("Stock.*", Viewer),
    ("OrderLine.*", Viewer),
    ("OrderLine.unitPrice", Analyst),
    ("OrderLine.totalPrice", Analyst),
    ("Site.*", Viewer),
    ("RegionConnection.*", Viewer),
    ("RegionEdge.*", Viewer),
    ("Region.*", Viewer),
    ("SupplierConnection.*", Viewer),
    ("SupplierEdge.*", Viewer),
    ("Supplier.*", Viewer),
    ("Supplier.onTimeRate", Analyst),
    ("Supplier.reliability", Analyst),

    ("DemandPoint.*", Viewer),
    ("DemandSeries.*", Viewer),
    ("DemandGroupKey.*", Viewer),
    ("DemandGroupSeries.*", Viewer),
    ("DemandGroupSeries.cost", Analyst),
    ("DemandMeasureSeries.*", Viewer),
    // Who may not read a cost may not learn of it by a choice or an order of groups either.
    ("DemandMeasure.COST", Analyst),
    ("DemandMeasure.MEAN_UNIT_COST", Analyst),
    ("DemandOrderField.COST", Analyst),
    ("DemandOrderField.MEAN_UNIT_COST", Analyst),
    ("InventorySeries.*", Viewer),

    ("RowsPageInfo.*", Viewer),
    ("DemandRows.*", Viewer),
    ("DemandColumns.*", Viewer),
    ("DemandColumns.unitCosts", Analyst),
    ("DemandColumns.totalCosts", Analyst),
    ("InventoryRows.*", Viewer),
    ("InventoryColumns.*", Viewer),
    ("OrderRows.*", Viewer),
    ("OrderColumns.*", Viewer),
    ("OrderColumns.unitPrices", Analyst),
    ("OrderColumns.totalPrices", Analyst),
    ("ForecastRows.*", Viewer),
    ("ForecastColumns.*", Viewer),

    ("Forecast.*", Viewer),
    ("ForecastPoint.*", Viewer),
    ("Band.*", Viewer),
    ("Backtest.*", Viewer),
    ("Calibration.*", Viewer),

    ("ForecastRunConnection.*", Viewer),
    ("ForecastRunEdge.*", Viewer),
    ("ForecastRun.*", Viewer),
    ("ForecastRun.backtest", Analyst),
    ("ForecastRun.methods", Analyst),
    ("ForecastRun.accuracy", Analyst),
    ("ModelCount.*", Viewer),
    // Only ForecastRun.methods and ForecastRun.accuracy lead here, and they ask for ANALYST.
    ("MethodBacktest.*", Viewer),
    ("ForecastAccuracy.*", Viewer),

    ("Kpi.*", Viewer),
    ("Kpi.inventoryValue", Analyst),
    ("Kpi.carryingCost", Analyst),
    ("Kpi.demandValue", Analyst),
    ("KpiTargets.*", Viewer),
    ("KpiTargets.carryingCost", Analyst),

    ("RecommendationConnection.*", Viewer),
    ("RecommendationEdge.*", Viewer),
    ("Recommendation.*", Viewer),
    ("Recommendation.valueAtRisk", Analyst),
    ("Explanation.*", Viewer),
    ("TextbookSafetyStock.*", Viewer),
    ("LeadTimeDemand.*", Viewer),
    ("IfNothingIsDone.*", Viewer),
    ("IfNothingIsDone.unitCost", Analyst),
    ("IfNothingIsDone.valueAtRisk", Analyst),

    ("PolicySimulation.*", Viewer),
    ("SimulatedPolicy.*", Viewer),
    ("SimulatedPolicy.averageValue", Analyst),

    ("AlertConnection.*", Viewer),
    ("AlertEdge.*", Viewer),
    ("Alert.*", Viewer),

    ("Freshness.*", Viewer),

    // Only importRuns and importRun lead here, and they ask for ADMIN.
    ("ImportRunConnection.*", Viewer),
    ("ImportRunEdge.*", Viewer),
    ("ImportRun.*", Viewer),
    ("RejectReason.*", Viewer),
    ("ImportRejectConnection.*", Viewer),
    ("ImportRejectEdge.*", Viewer),
    ("ImportReject.*", Viewer),
];

/// The table, checked against a schema and made quick to ask.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    fields: HashMap<String, HashMap<String, Access>>,
    inputs: HashMap<(String, String), Access>,
}

impl Access {
    /// May `role` (none: nobody is signed in) pass?
    pub fn admits(self, role: Option<Role>) -> bool {
        match role {
            None => self == Self::Public,
            Some(Role::Viewer) => self <= Self::Viewer,
            Some(Role::Analyst) => self <= Self::Analyst,
            Some(Role::Admin) => true,
        }
    }

    /// The role as `@auth` names it; nothing for what everybody signed in may read.
    pub fn required_role(self) -> Option<Role> {
        match self {
            Self::Public | Self::Viewer => None,
            Self::Analyst => Some(Role::Analyst),
            Self::Admin => Some(Role::Admin),
        }
    }
}

impl Policy {
    /// Checks `table` against `shape`: every field covered, no line idle, nothing hidden that cannot be null.
    ///
    /// Lines may also name a value of an enum or a field of an input type (`ItemOrderField.UNIT_COST`), which then may
    /// not be used in arguments below that role; those not named are free.
    pub fn new(shape: &Shape, table: &[(&str, Access)]) -> Result<Self, String> {
        let mut lines: HashMap<&str, Access> = HashMap::new();
        for (line, access) in table {
            if lines.insert(line, *access).is_some() {
                return Err(format!("{line} is stated twice"));
            }
        }
        let mut idle: Vec<&str> = lines.keys().copied().collect();
        let mut policy = Self::default();
        for (parent, field, field_shape) in shape.fields() {
            let (exact, whole) = (format!("{parent}.{field}"), format!("{parent}.*"));
            let line = if lines.contains_key(exact.as_str()) { &exact } else { &whole };
            let access = *lines.get(line.as_str()).ok_or_else(|| format!("{exact} has no policy"))?;
            idle.retain(|other| other != line);
            if access > Viewer && !field_shape.ty.nullable && parent != "Mutation" {
                return Err(format!("{exact} asks for {access:?} but cannot be null"));
            }
            policy.fields.entry(parent.to_owned()).or_default().insert(field.to_owned(), access);
        }
        for line in &idle {
            let (parent, member) = line.split_once('.').unwrap_or((line, ""));
            let known = match shape.get(parent) {
                Some(TypeShape::Input(fields)) => fields.contains_key(member),
                Some(TypeShape::Enum(values)) => values.iter().any(|value| value == member),
                _ => false,
            };
            if !known {
                return Err(format!("{line} is in the policy but not in the schema"));
            }
            policy.inputs.insert((parent.to_owned(), member.to_owned()), lines[line]);
        }
        Ok(policy)
    }

    /// What `parent.field` asks for; nothing for fields of the specification itself, such as `__typename`.
    pub fn field(&self, parent: &str, field: &str) -> Option<Access> {
        self.fields.get(parent)?.get(field).copied()
    }

    /// What using an enum value or an input field asks for, where a line says so.
    pub fn input(&self, parent: &str, member: &str) -> Option<Access> {
        if self.inputs.is_empty() {
            return None;
        }
        self.inputs.get(&(parent.to_owned(), member.to_owned())).copied()
    }
}
