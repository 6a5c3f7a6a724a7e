//! The tables of who and where: regions, sites and suppliers by their own codes.

use entity::words::{SiteType, SupplierType};
use rust_decimal::prelude::ToPrimitive;

use super::read::Reader;
use super::reason::{Reject, RejectReason};
use super::row::{PlaceRow, RegionRow, VendorRow};
use super::{fold, slug};
use crate::extract::Field;

pub(super) fn region(reader: &Reader<'_>) -> Result<RegionRow, Reject> {
    let code = reader.key(Field::Region, "a region's code")?;
    let name = named(reader)?;
    let state = reader.text(Field::State).map(|state| state.to_uppercase());
    if state.as_ref().is_some_and(|state| state.chars().count() != 2) {
        return Err(reader.reject(Field::State, RejectReason::UnknownValue, "a state's two letters"));
    }
    let economic_zone = reader.text(Field::EconomicZone);
    Ok(RegionRow { code, name_folded: fold(&name), name, state, economic_zone })
}

/// Facts name a site as people write it, so its code goes the same way as theirs: `TWBA-001` is `twba-001` everywhere.
pub(super) fn site(reader: &Reader<'_>) -> Result<PlaceRow, Reject> {
    let code = slug(&reader.key(Field::Site, "a site's code")?);
    let name = named(reader)?;
    let words = "TOWER, WAREHOUSE, DISTRIBUTION_CENTER or STORE";
    Ok(PlaceRow {
        code,
        name_folded: fold(&name),
        name,
        kind: word::<SiteType>(reader, Field::SiteType, words)?,
        region: reader.optional_key(Field::Region, "a region's code")?,
        latitude: degrees(reader, Field::Latitude, 90.0)?,
        longitude: degrees(reader, Field::Longitude, 180.0)?,
    })
}

pub(super) fn supplier(reader: &Reader<'_>) -> Result<VendorRow, Reject> {
    let code = slug(&reader.key(Field::Supplier, "a supplier's code")?);
    let name = named(reader)?;
    let kind = word::<SupplierType>(reader, Field::SupplierType, "DOMESTIC, IMPORT or HYBRID")?;
    Ok(VendorRow { code, name_folded: fold(&name), name, kind })
}

fn named(reader: &Reader<'_>) -> Result<String, Reject> {
    reader.text(Field::Name).ok_or_else(|| reader.reject(Field::Name, RejectReason::MissingKey, "a name"))
}

/// One of a closed set of words, however it is spelled.
fn word<T: std::str::FromStr>(reader: &Reader<'_>, field: Field, words: &str) -> Result<Option<T>, Reject> {
    let Some(text) = reader.text(field) else { return Ok(None) };
    let word = fold(&text).to_uppercase().replace([' ', '-'], "_");
    word.parse().map(Some).map_err(|_| reader.reject(field, RejectReason::UnknownValue, words))
}

fn degrees(reader: &Reader<'_>, field: Field, most: f64) -> Result<Option<f64>, Reject> {
    if reader.is_absent(field) {
        return Ok(None);
    }
    let value = reader.number(field)?.to_f64().filter(|value| value.abs() <= most);
    let wrong = || reader.reject(field, RejectReason::UnknownValue, format!("degrees from -{most} to {most}"));
    value.map(Some).ok_or_else(wrong)
}
