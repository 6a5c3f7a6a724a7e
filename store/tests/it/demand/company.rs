//! A company with a bit of everything, for questions whose answers are compared with plain SQL.

use chrono::Days;
use entity::words::{AbcClass, XyzClass};
use sea_orm::ActiveValue::Set;
use testkit::TestDatabase;
use testkit::builders::{a_region, a_site, a_supplier, an_item, an_order, day, demand as demand_of, number, run};

/// Items of all kinds at three sites, some without family, class or cost; costs that change from day to day; order
/// lines of two suppliers and of none.
pub async fn a_varied_company(db: &TestDatabase) {
    let region = a_region(db, "BA").await;
    let sites = [a_site(db, "one", Some(&region)).await, a_site(db, "two", None).await, a_site(db, "Três", None).await];
    let suppliers = [a_supplier(db, "acme").await, a_supplier(db, "Ômega").await];
    for n in 0..6_u64 {
        let mut item = an_item(&format!("i{n}"));
        if n % 3 != 2 {
            item = item
                .of_family(["F", "é", "Z"][(n % 3) as usize])
                .of_class([AbcClass::A, AbcClass::B][(n % 2) as usize]);
        }
        if n % 4 == 1 {
            item = item.varying(XyzClass::Z).as_service();
        }
        if n % 5 != 4 {
            item = item.costing(&format!("{n}.5"));
        }
        let item = item.insert(db).await;
        run(
            db,
            "UPDATE core.dim_item SET category = $1 WHERE id = $2 AND id % 2 = 0",
            vec!["C".into(), item.id.into()],
        )
        .await;
        for (place, site) in sites.iter().enumerate().filter(|(place, _)| (n as usize + place) % 3 != 1) {
            let days: Vec<(String, String)> = (0..300_u64)
                .filter(|d| (d * 7 + n * 3 + place as u64) % 5 < 2)
                .map(|d| {
                    let quantity = if d % 29 == n { "-".into() } else { format!("{}.{}", (d * 31 + n) % 13, d % 10) };
                    ((day("2024-04-17") + Days::new(d)).to_string(), quantity)
                })
                .collect();
            let days: Vec<(&str, &str)> =
                days.iter().map(|(date, quantity)| (date.as_str(), quantity.as_str())).collect();
            demand_of(db, &item, site, &days).await;
        }
        for line in 0..9_u64 {
            let supplier = suppliers.get((line % 3) as usize).map(|supplier| supplier.id);
            let on = (day("2024-05-30") + Days::new(line / 2 * 11)).to_string();
            an_order(db, &item, &sites[(line % 2) as usize], &format!("o{n}-{line}"), &on, |row| {
                row.supplier_id = Set(supplier);
                row.quantity = Set(number(&format!("{line}.25")));
                row.unit_price = Set((line % 4 != 0).then(|| number("3.1")));
                row.counts_as_demand = Set(line != 5);
            })
            .await;
        }
    }
    // A price that moves makes the mean something else than any price.
    run(
        db,
        "UPDATE core.fact_demand_daily SET unit_cost = unit_cost + extract(day FROM full_date)::integer % 3 WHERE unit_cost IS NOT NULL",
        vec![],
    )
    .await;
    for (table, bucket) in [("demand_weekly", "week"), ("demand_monthly", "month")] {
        let sql = format!(
            "UPDATE core.{table} r SET total_cost = (SELECT sum(total_cost) FROM core.fact_demand_daily f WHERE f.item_id = r.item_id \
             AND f.site_id = r.site_id AND date_trunc('{bucket}', f.full_date)::date = r.bucket)"
        );
        run(db, &sql, vec![]).await;
    }
}
