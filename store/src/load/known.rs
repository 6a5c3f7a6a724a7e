//! Months of demand whose content is known by a digest: a file that brings the very same again need not be compared with it.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use sha2::{Digest as _, Sha256};
use sqlx::{PgConnection, Row as _};

use super::binary::ten_thousandths;
use super::fact::Day;
use super::merge::run;
use crate::Result;

/// What a month holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) rows: u64,
    pub(super) digest: [u8; 32],
}

/// The months whose content is known.
pub(super) type Known = BTreeMap<NaiveDate, Content>;

impl Content {
    /// Of the rows of one month, in the order of their key.
    pub(super) fn of(rows: &[Day]) -> Self {
        let mut digest = Sha256::new();
        for row in rows {
            let mut bytes = [0; 54];
            bytes[..8].copy_from_slice(&row.item_id.to_le_bytes());
            bytes[8..16].copy_from_slice(&row.site_id.to_le_bytes());
            bytes[16..20].copy_from_slice(&row.full_date.num_days_from_ce().to_le_bytes());
            bytes[20..36].copy_from_slice(&ten_thousandths(row.quantity).to_le_bytes());
            if let Some(cost) = row.unit_cost {
                bytes[36..52].copy_from_slice(&ten_thousandths(cost).to_le_bytes());
                bytes[52] = 1;
            }
            bytes[53] = u8::from(row.stocked_out);
            digest.update(bytes);
        }
        Self { rows: rows.len() as u64, digest: digest.finalize().into() }
    }
}

/// Everything that is known.
pub(super) async fn read(connection: &mut PgConnection) -> Result<Known> {
    let rows = sqlx::query("SELECT month, row_count, digest FROM support.demand_digests").fetch_all(connection).await?;
    let mut known = Known::new();
    for row in rows {
        let (month, count, digest): (NaiveDate, i64, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        if let Ok(digest) = digest.try_into() {
            known.insert(month, Content { rows: count as u64, digest });
        }
    }
    Ok(known)
}

/// Notes what a month holds now; nothing where that is not known.
pub(super) async fn note(connection: &mut PgConnection, month: NaiveDate, content: Option<&Content>) -> Result<()> {
    let Some(content) = content else {
        run(connection, sqlx::query("DELETE FROM support.demand_digests WHERE month = $1").bind(month)).await?;
        return Ok(());
    };
    let note = "INSERT INTO support.demand_digests (month, row_count, digest) VALUES ($1, $2, $3)
        ON CONFLICT (month) DO UPDATE SET row_count = excluded.row_count, digest = excluded.digest";
    let note = sqlx::query(note).bind(month).bind(content.rows as i64).bind(content.digest.to_vec());
    run(connection, note).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_row(quantity: i64, unit_cost: Option<i64>, stocked_out: bool) -> Day {
        let full_date = NaiveDate::from_ymd_opt(2025, 3, 1).unwrap();
        let (quantity, unit_cost) = (quantity.into(), unit_cost.map(Into::into));
        Day { item_id: 1, site_id: 2, full_date, quantity, unit_cost, stocked_out }
    }

    #[test]
    fn any_difference_is_another_content() {
        let row = a_row(3, Some(0), false);
        let others = [
            a_row(4, Some(0), false),
            a_row(3, None, false),
            a_row(3, Some(0), true),
            Day { item_id: 2, ..row },
            Day { site_id: 1, ..row },
            Day { full_date: row.full_date.succ_opt().unwrap(), ..row },
        ];
        let content = Content::of(&[row]);
        assert_eq!(content, Content::of(&[row]));
        for other in others {
            assert_ne!(content, Content::of(&[other]), "{other:?}");
        }
        assert_ne!(content, Content::of(&[row, row]));
        assert_ne!(Content::of(&[row, others[0]]).digest, Content::of(&[others[0], row]).digest);
    }
}
