//! What was forecast of items for whole weeks that are over, beside what came.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::demand::DATA_THROUGH;
use crate::statement::raw;
use crate::{Database, Result};

/// Whose weeks, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WeeksKey {
    pub item_id: i64,
    /// `None`: the item over all sites.
    pub site_id: Option<i64>,
    /// Whole weeks that end at `dataThrough` at the latest.
    pub weeks: i16,
}

/// A whole week from Monday with the newest forecast made before it began.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JudgedWeek {
    pub week: NaiveDate,
    pub forecast: f64,
    pub actual: f64,
}

/// The weeks of `keys` that were forecast, the oldest first; a key without any is absent.
pub async fn weeks_by_keys(db: &Database, keys: &[WeeksKey]) -> Result<HashMap<WeeksKey, Vec<JudgedWeek>>> {
    let ids = |pick: fn(&WeeksKey) -> i64| -> Vec<i64> { keys.iter().map(pick).collect() };
    let weeks: Vec<i16> = keys.iter().map(|key| key.weeks).collect();
    let most = weeks.iter().copied().max().map_or(0, i32::from);
    // Unnested keys, and the newest run of each week by LATERAL with LIMIT 1.
    let rows = raw(
        format!(
            "WITH keys AS (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::smallint[]) WITH ORDINALITY AS k(item_id, site_id, weeks, n)), \
             weeks AS (SELECT w.age, date_trunc('week', {DATA_THROUGH} - 6)::date - 7 * (w.age - 1) AS week \
                       FROM generate_series(1, $4::int) w(age)), \
             made AS (SELECT w.*, r.id AS run_id, r.origin FROM weeks w CROSS JOIN LATERAL ( \
                 SELECT id, origin FROM analytics.forecast_runs WHERE status = 'READY' AND complete AND origin <= w.week \
                 ORDER BY origin DESC, id DESC LIMIT 1) r) \
             SELECT k.n, m.week, f.forecast, COALESCE(c.actual, 0) AS actual FROM keys k JOIN made m ON m.age <= k.weeks \
             CROSS JOIN LATERAL ( \
                 SELECT sum(mean) AS forecast FROM analytics.forecasts f WHERE f.item_id = k.item_id AND f.site_id = k.site_id \
                   AND f.run_id = m.run_id AND f.origin = m.origin AND f.target_date BETWEEN m.week AND m.week + 6 HAVING count(*) = 7) f \
             CROSS JOIN LATERAL ( \
                 SELECT sum(quantity)::float8 AS actual FROM core.demand_weekly d \
                 WHERE d.item_id = k.item_id AND d.bucket = m.week AND (k.site_id = 0 OR d.site_id = k.site_id)) c \
             ORDER BY k.n, m.week"
        ),
        [ids(|key| key.item_id).into(), ids(|key| key.site_id.unwrap_or(0)).into(), weeks.into(), most.into()],
    )
    .all(db.reader())
    .await?;
    let mut answer: HashMap<WeeksKey, Vec<JudgedWeek>> = HashMap::new();
    for row in rows {
        let n: i64 = row.try_get("", "n")?;
        if let Some(key) = usize::try_from(n - 1).ok().and_then(|place| keys.get(place)) {
            answer.entry(*key).or_default().push(JudgedWeek {
                week: row.try_get("", "week")?,
                forecast: row.try_get("", "forecast")?,
                actual: row.try_get("", "actual")?,
            });
        }
    }
    Ok(answer)
}
