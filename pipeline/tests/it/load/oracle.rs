//! A streamed load against an oracle that takes one row at a time and keeps everything in a map.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use pipeline::transform::{Outcome, TransformOptions};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use testkit::TestDatabase;

use super::{import, options, rollups_agree, stocked};
use crate::files::{imported, made};

/// Item, site, day: quantity, cost, stocked out.
type Cells = BTreeMap<(String, String, String), (String, Option<String>, bool)>;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    /// One of the first `good`; once in `seldom` times one of all.
    fn mostly(&mut self, good: u64, all: u64, seldom: u64) -> usize {
        let most = if self.below(seldom) == 0 { all } else { good };
        self.below(most) as usize
    }

    /// Rows over three months with everything that can be wrong with them, in no order.
    fn file(&mut self, rows: u64) -> String {
        let mut text = "date,sku,site,quantity,unit_cost,stocked_out\n".to_owned();
        for _ in 0..rows {
            let day = 25 + self.below(70);
            let date = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + chrono::Days::new(day);
            let date = match self.below(40) {
                0 => "2025-02-30".into(),
                1 => "2099-01-01".into(),
                2 => date.format("%d/%m/%Y").to_string(),
                _ => date.to_string(),
            };
            let sku = ["1", "2", "3", "4", "5", "77", ""][self.mostly(5, 7, 20)];
            let site = ["A", "a", "Torre B", "", "C-1"][self.below(5) as usize];
            let quantity = ["0", "1", "2.5", "2.50", "1.23456", "-1", "x", "99999999999999999"][self.mostly(5, 8, 10)];
            let cost = ["", "3", "0.01", "1e3"][self.mostly(3, 4, 30)];
            let out = ["", "true", "false", "maybe"][self.mostly(3, 4, 30)];
            writeln!(text, "{date},{sku},{site},{quantity},{cost},{out}").unwrap();
        }
        text
    }
}

async fn stored(db: &TestDatabase) -> Cells {
    let sql = "SELECT i.sku, s.code, full_date::text, trim_scale(quantity)::text, trim_scale(d.unit_cost)::text, stocked_out
        FROM core.fact_demand_daily d JOIN core.dim_item i ON i.id = d.item_id JOIN core.dim_site s ON s.id = d.site_id";
    let rows = db.reader().query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap();
    let cell = |row: &sea_orm::QueryResult| -> Result<_, sea_orm::DbErr> {
        let key = (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        Ok((key, (row.try_get_by_index(3)?, row.try_get_by_index(4)?, row.try_get_by_index(5)?)))
    };
    rows.iter().map(|row| cell(row).unwrap()).collect()
}

/// Applies what a file says to the cells; answers how many of them are new or different.
fn apply(cells: &mut Cells, outcome: &Outcome) -> u64 {
    let mut changed = 0;
    for row in &outcome.demand {
        let key = (row.sku.clone(), row.site_code.clone(), row.date.to_string());
        let cost = row.unit_cost.map(|cost| cost.normalize().to_string());
        let value = (row.quantity.normalize().to_string(), cost, row.stocked_out);
        changed += u64::from(cells.insert(key, value.clone()) != Some(value));
    }
    changed
}

#[tokio::test]
async fn a_streamed_load_and_a_row_by_row_oracle_agree() {
    let db = stocked().await;
    let mut cells = Cells::new();
    let mut dice = Dice(11);
    let taking = options();
    let known: HashMap<String, String> = (1..=5).map(|item: u32| (item.to_string(), "UN".to_owned())).collect();
    let judging =
        TransformOptions { known_units: known, only_known_items: true, ..TransformOptions::new(taking.today) };
    for round in 0..6 {
        let rows = [400, 30, 1_500, 1, 700, 1_500][round];
        let file = made("table.csv", dice.file(rows).as_bytes());
        let outcome = imported(&file.path, &judging);
        let changed = apply(&mut cells, &outcome);
        let report = import(&db, &file.path, &taking).await;

        let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
        for reject in &outcome.rejects {
            *reasons.entry(reject.reason.as_str().into()).or_default() += 1;
        }
        assert_eq!(report.refusals.into_iter().collect::<BTreeMap<_, _>>(), reasons, "round {round}");
        assert_eq!((report.read, report.rejected), (rows, outcome.rejects.len() as u64), "round {round}");
        assert_eq!((report.loaded, report.unchanged), (changed, outcome.accepted() - changed), "round {round}");
        assert_eq!(report.flagged, outcome.flagged(), "round {round}");
        assert_eq!(stored(&db).await, cells, "round {round}");
        rollups_agree(&db).await;
    }
}

#[tokio::test]
async fn a_month_that_is_rewritten_whole_keeps_its_rollups_right() {
    let db = stocked().await;
    let table = |from: u32, to: u32, quantity: u32| {
        let mut text = "date,sku,site,quantity\n".to_owned();
        for day in from..to {
            let date = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + chrono::Days::new(u64::from(day));
            for item in 1..=5 {
                for site in 0..450 {
                    writeln!(text, "{date},{item},S{site},{quantity}").unwrap();
                }
            }
        }
        made("table.csv", text.as_bytes())
    };
    // Into March, so that the corrected February shares its last week with a month that stays.
    import(&db, &table(55, 62, 2).path, &options()).await;
    let report = import(&db, &table(31, 59, 3).path, &options()).await;
    assert_eq!((report.read, report.unchanged, report.rejected), (28 * 5 * 450, 0, 0));
    rollups_agree(&db).await;
}
