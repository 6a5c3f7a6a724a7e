//! Questions about sites.

use std::collections::HashMap;

use entity::core::{region, site};
use entity::words::SiteType;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult as _, QueryFilter as _, QueryOrder as _, QuerySelect,
    QueryTrait as _, Select,
};

use crate::counts::counted;
use crate::fold::like_words;
use crate::names::{NameOrder, Named};
use crate::page::{Page, Window, among, names};
use crate::statement::raw;
use crate::{Database, Result};

/// A site with the region it lies in.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    pub row: site::Model,
    pub region: Option<region::Model>,
}

/// Which sites; `None` does not restrict, an empty list matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct SiteFilter {
    /// Words that must all appear in code or name, whatever their case and accents.
    pub search: Option<String>,
    pub kinds: Option<Vec<SiteType>>,
    pub region_ids: Option<Vec<i64>>,
    pub active: Option<bool>,
}

/// The list of sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sites;

/// An ordering of sites.
pub type SiteOrder = NameOrder<Sites>;

impl Named for Sites {
    type Row = Site;
    const LIST: &'static str = "sites";

    fn columns() -> [Expr; 3] {
        [site::Column::Id.into_expr(), site::Column::Code.into_expr(), site::Column::NameFolded.into_expr()]
    }

    fn values(row: &Site) -> (i64, &str, &str) {
        (row.row.id, &row.row.code, &row.row.name_folded)
    }
}

/// One page of the sites that match.
pub async fn page(db: &Database, filter: &SiteFilter, window: &Window<SiteOrder>) -> Result<Page<Site>> {
    let mut select = filtered(filter).find_also_related(region::Entity);
    window.apply(QuerySelect::query(&mut select));
    let rows = select.all(db.reader()).await?;
    Ok(window.page(rows.into_iter().map(|(row, region)| Site { row, region }).collect()))
}

/// How many sites match; counted once per filter and version of the data.
pub async fn count(db: &Database, filter: &SiteFilter) -> Result<u64> {
    let select = filtered(filter).select_only().column(site::Column::Id).into_query();
    counted(db, "sites", filter, &select).await
}

fn filtered(filter: &SiteFilter) -> Select<site::Entity> {
    use site::Column;
    site::Entity::find()
        .apply_if(filter.search.as_deref(), |select, search| {
            like_words(search).into_iter().fold(select, |select, word| {
                let code = Expr::cust("lower(\"dim_site\".\"code\")").like(word.clone());
                select.filter(code.or(Column::NameFolded.like(word)))
            })
        })
        .apply_if(filter.kinds.as_deref(), |select, kinds| {
            select.filter(among(Column::Kind.into_expr(), names(kinds, SiteType::as_str)))
        })
        .apply_if(filter.region_ids.clone(), |select, regions| {
            select.filter(among(Column::RegionId.into_expr(), regions))
        })
        .apply_if(filter.active, |select, active| select.filter(Column::Active.eq(active)))
}

/// Every site, by folded name.
pub async fn all(db: &Database) -> Result<Vec<Site>> {
    let rows = site::Entity::find()
        .find_also_related(region::Entity)
        .order_by_asc(site::Column::NameFolded)
        .order_by_asc(site::Column::Id)
        .all(db.reader())
        .await?;
    Ok(rows.into_iter().map(|(row, region)| Site { row, region }).collect())
}

/// Sites by id; absent ids are absent from the answer.
pub async fn by_ids(db: &Database, ids: &[i64]) -> Result<HashMap<i64, Site>> {
    let rows = site::Entity::find()
        .find_also_related(region::Entity)
        .filter(among(site::Column::Id.into_expr(), ids.to_vec()))
        .all(db.reader())
        .await?;
    Ok(rows.into_iter().map(|(row, region)| (row.id, Site { row, region })).collect())
}

/// The sites of each item, those with demand or stock of it, by folded name; every asked item is in the answer.
pub async fn by_item_ids(db: &Database, item_ids: &[i64]) -> Result<HashMap<i64, Vec<Site>>> {
    // A union of two facts joined to a dimension: the entity builder cannot say it in one statement.
    let rows = raw(
        r"SELECT p.item_id, s.id, s.code, s.name, s.name_folded, s.type, s.region_id, s.latitude, s.longitude, s.active,
                  r.id AS r_id, r.code AS r_code, r.name AS r_name, r.name_folded AS r_name_folded, r.state AS r_state,
                  r.economic_zone AS r_economic_zone
           FROM (SELECT item_id, site_id FROM core.demand_monthly WHERE item_id = ANY($1)
                 UNION SELECT item_id, site_id FROM core.fact_inventory_daily WHERE item_id = ANY($1)) p
           JOIN core.dim_site s ON s.id = p.site_id
           LEFT JOIN core.dim_region r ON r.id = s.region_id
           ORDER BY p.item_id, s.name_folded, s.id",
        [item_ids.to_vec().into()],
    )
    .all(db.reader())
    .await?;
    let mut answer: HashMap<i64, Vec<Site>> = item_ids.iter().map(|&id| (id, Vec::new())).collect();
    for row in rows {
        let site = Site {
            row: site::Model::from_query_result(&row, "")?,
            region: region::Model::from_query_result_optional(&row, "r_")?,
        };
        answer.entry(row.try_get("", "item_id")?).or_default().push(site);
    }
    Ok(answer)
}

/// The codes of sites by id; absent ids are absent from the answer.
pub async fn codes(db: &Database, ids: &[i64]) -> Result<HashMap<i64, String>> {
    let select = site::Entity::find().select_only().columns([site::Column::Id, site::Column::Code]);
    let select = select.filter(among(site::Column::Id.into_expr(), ids.to_vec()));
    Ok(select.into_tuple::<(i64, String)>().all(db.reader()).await?.into_iter().collect())
}
