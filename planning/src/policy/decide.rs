//! Decisions on one item at all its sites, which may help each other out.

use super::position::Position;
use super::recommend::{PolicyInput, Spare, recommend_at};
use super::recommendation::Recommendation;

/// Where an item stands at a site, and what to do about it there.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteDecision {
    pub position: Position,
    pub recommendations: Vec<Recommendation>,
}

/// One decision for each input, which are the sites of one item. What a site has beyond its order-up-to level is offered to
/// the others, and what one of them gets is no longer there for the next.
pub fn decide(sites: &[PolicyInput<'_>]) -> Vec<SiteDecision> {
    let positions: Vec<Position> = sites.iter().map(Position::of).collect();
    let spare = |(site, position): (&PolicyInput<'_>, &Position)| Spare {
        site: site.site.to_owned(),
        quantity: site.on_hand.map_or(0.0, |on_hand| (on_hand - position.order_up_to).max(0.0)),
    };
    let mut elsewhere: Vec<Spare> = sites.iter().zip(&positions).map(spare).collect();
    let mut decisions = Vec::with_capacity(sites.len());
    for (site, position) in sites.iter().zip(positions) {
        let recommendations = recommend_at(&PolicyInput { elsewhere: &elsewhere, ..*site }, &position);
        for made in &recommendations {
            if let Some(giver) = &made.from_site
                && let Some(spare) = elsewhere.iter_mut().find(|spare| spare.site == *giver)
            {
                spare.quantity = (spare.quantity - made.quantity).max(0.0);
            }
        }
        decisions.push(SiteDecision { position, recommendations });
    }
    decisions
}
