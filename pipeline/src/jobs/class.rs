//! The ABC and XYZ classes of the company's materials.

use chrono::NaiveDate;
use entity::words::{AbcBasis, AbcClass, XyzClass};
use planning::abc::{self, AbcCuts, AbcInput, XyzCuts};
use store::Database;
use store::class_facts::{self, ItemClass};

use super::JobError;

/// Classifies every material anew; returns how many changed.
pub(super) async fn classify(
    db: &Database,
    through: NaiveDate,
    abc_cuts: AbcCuts,
    xyz_cuts: XyzCuts,
) -> Result<u64, JobError> {
    let years = class_facts::item_years(db, through).await?;
    let inputs: Vec<AbcInput> = years
        .iter()
        .map(|year| AbcInput { quantity: year.quantity, lines: year.lines, unit_cost: year.unit_cost })
        .collect();
    let ranked = abc::abc(&inputs, abc_cuts);
    let basis = match ranked.basis {
        abc::AbcBasis::Value => AbcBasis::Value,
        abc::AbcBasis::DemandLines => AbcBasis::Lines,
    };
    let rows: Vec<ItemClass> = years
        .iter()
        .zip(ranked.classes)
        .map(|(year, class)| ItemClass {
            item_id: year.item_id,
            abc: stored(class),
            basis,
            xyz: abc::xyz(&year.weekly, xyz_cuts).map(varying),
        })
        .collect();
    Ok(class_facts::set(db, &rows).await?)
}

fn stored(class: abc::AbcClass) -> AbcClass {
    match class {
        abc::AbcClass::A => AbcClass::A,
        abc::AbcClass::B => AbcClass::B,
        abc::AbcClass::C => AbcClass::C,
    }
}

fn varying(class: abc::XyzClass) -> XyzClass {
    match class {
        abc::XyzClass::X => XyzClass::X,
        abc::XyzClass::Y => XyzClass::Y,
        abc::XyzClass::Z => XyzClass::Z,
    }
}
