//! The statement of a grouped question: cells of its sources, the groups that are kept, the cells of those.

use super::DemandQuery;
use super::filter::Conditions;
use super::measure::{GroupSort, Measure};
use super::source::{self, Extent, Sources};
use crate::demand::DATA_THROUGH;
use crate::page::Direction;
use crate::statement::{Bound, Raw, concat};

/// One row a cell of each kept group, in the groups' order and then by day, with the totals of its group; one row
/// without a day when there is none.
pub(super) fn statement(query: &DemandQuery, extent: Option<Extent>) -> Raw {
    let mut bound = Bound::default();
    let conditions = Conditions::new(&query.filter, &mut bound);
    let sources = Sources::new(query, &conditions, extent).selects().join(" UNION ALL ");
    let names: Vec<String> = (1..=query.group_by.len()).map(|n| format!("k{n}")).collect();
    let keys = concat(names.iter().map(|name| format!("{name}, ")));
    let labels = concat((1..=names.len()).map(|n| format!("max(l{n}) AS l{n}, ")));
    let details = source::details(query);
    let detail = concat(details.iter().map(|detail| format!(", {} AS {}", detail.of_cells, detail.name)));
    // What of the sources is not yet one row a group and bucket becomes it here.
    let cells = format!(
        "SELECT {keys}{labels}day, sum(quantity) AS quantity, sum(cost) AS cost, sum(demand_days) AS demand_days, \
                sum(stocked_out_days) AS stocked_out_days{detail} FROM ({sources}) c GROUP BY {keys}day"
    );
    let having: Vec<String> = query.having.iter().flat_map(|having| having.conditions(&mut bound)).collect();
    let having = if having.is_empty() { String::new() } else { format!(" HAVING {}", having.join(" AND ")) };
    let group = if names.is_empty() { String::new() } else { format!(" GROUP BY {}", names.join(", ")) };
    let totals = concat(columns(query).iter().zip(1..).map(|(measure, n)| format!(", {} AS t{n}", measure.sum())));
    let kept = format!(
        "SELECT {keys}{labels}row_number() OVER (ORDER BY {}) AS place{totals} FROM cells{group}{having} ORDER BY place LIMIT {}",
        order(query, &names),
        // One group more than asked tells whether the limit cut.
        query.limit.max(1) + 1
    );
    let joined =
        if names.is_empty() { "true".into() } else { format!("({0}) = ({1})", list("c", &names), list("k", &names)) };
    let array = |prefix: &str, letter: &str| {
        let names: Vec<String> = (1..=names.len()).map(|n| format!("{prefix}.{letter}{n}")).collect();
        format!("ARRAY[{}]::text[]", names.join(", "))
    };
    let (keys, labels) = (array("k", "k"), array("k", "l"));
    let totals = concat((1..=columns(query).len()).map(|n| format!(", k.t{n}")));
    let detail = concat(details.iter().map(|detail| format!(", c.{}", detail.name)));
    bound.raw(format!(
        "WITH cells AS ({cells}), kept AS ({kept}) \
         SELECT {DATA_THROUGH} AS through, k.place, {keys} AS keys, {labels} AS labels, c.day, c.quantity, c.cost, c.demand_days::numeric, \
                c.stocked_out_days::numeric{detail}{totals} \
         FROM (SELECT 1) one LEFT JOIN (kept k JOIN cells c ON {joined}) ON true ORDER BY k.place, c.day"
    ))
}

/// The measures whose totals are answered: quantity and cost, then those asked for.
pub(super) fn columns(query: &DemandQuery) -> Vec<Measure> {
    [Measure::Quantity, Measure::Cost].into_iter().chain(query.measures.iter().copied()).collect()
}

fn list(table: &str, names: &[String]) -> String {
    names.iter().map(|name| format!("{table}.{name}")).collect::<Vec<_>>().join(", ")
}

fn order(query: &DemandQuery, names: &[String]) -> String {
    let direction = match query.order_by.direction {
        Direction::Ascending => "",
        Direction::Descending => " DESC",
    };
    let bytewise =
        |direction: &str| names.iter().map(|name| format!("{name} COLLATE \"C\"{direction}")).collect::<Vec<_>>();
    let terms = match query.order_by.by {
        GroupSort::Name => bytewise(direction),
        GroupSort::Total(measure) => {
            let mut terms = vec![format!("{}{direction} NULLS LAST", measure.sum())];
            terms.extend(bytewise(""));
            terms
        }
    };
    // Without names there is one group, and any order will do.
    if terms.is_empty() { "1".into() } else { terms.join(", ") }
}
