//! A ticket for one link to an export, where no header can be sent.

use super::UserError;
use crate::schema;

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct ExportTicketPayload {
    pub ticket: String,
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation")]
pub struct ExportTicket {
    pub create_export_ticket: ExportTicketPayload,
}
