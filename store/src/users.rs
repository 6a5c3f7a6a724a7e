//! People who may sign in.
//!
//! E-mails are compared in lower case. Every change that must end running sessions makes `version` grow.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::support::user;
use entity::words::Role;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::audit::{NewEntry, append_in};
use crate::page::among;
use crate::{Database, Result, StoreError};

/// A person about to be added.
#[derive(Clone, PartialEq, Eq)]
pub struct NewUser {
    pub email: String,
    pub name: String,
    pub role: Role,
    /// In the PHC string format.
    pub password_hash: String,
    pub demo: bool,
    pub at: DateTime<Utc>,
}

/// Why a person could not be added.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// Somebody has this e-mail.
    #[error("a user with the e-mail {email} exists already")]
    EmailTaken { email: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The person with this e-mail, active or not.
pub async fn by_email(db: &Database, email: &str) -> Result<Option<user::Model>> {
    Ok(user::Entity::find().filter(user::Column::Email.eq(normal(email))).one(db.reader()).await?)
}

/// One person.
pub async fn by_id(db: &Database, id: i64) -> Result<Option<user::Model>> {
    Ok(user::Entity::find_by_id(id).one(db.reader()).await?)
}

/// People by id; absent ids are absent from the answer.
pub async fn by_ids(db: &Database, ids: &[i64]) -> Result<HashMap<i64, user::Model>> {
    let rows = user::Entity::find().filter(among(user::Column::Id.into_expr(), ids.to_vec())).all(db.reader()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Everybody, by e-mail.
pub async fn all(db: &Database) -> Result<Vec<user::Model>> {
    Ok(user::Entity::find().order_by_asc(user::Column::Email).all(db.reader()).await?)
}

/// The people whose password everybody knows, by e-mail: those the demo made, while they may come in, where this
/// database holds the demo company.
pub async fn of_demo(db: &Database) -> Result<Vec<user::Model>> {
    let people = user::Entity::find().filter(user::Column::Demo.eq(true)).filter(user::Column::Active.eq(true));
    let people = people.order_by_asc(user::Column::Email).all(db.reader()).await?;
    // Nearly every database has none, and is asked nothing more.
    Ok(if !people.is_empty() && crate::settings::is_demo(db).await? { people } else { Vec::new() })
}

/// Adds a person and chains `entry` in the same transaction; the entry's `entity_id` becomes the new id.
pub async fn create(db: &Database, new: NewUser, mut entry: NewEntry) -> Result<user::Model, CreateError> {
    let email = normal(&new.email);
    let row = user::ActiveModel {
        email: Set(email.clone()),
        name: Set(new.name),
        role: Set(new.role),
        password_hash: Set(new.password_hash),
        demo: Set(new.demo),
        created_at: Set(new.at),
        ..Default::default()
    };
    let created = db
        .transaction(move |transaction| {
            Box::pin(async move {
                let free = OnConflict::column(user::Column::Email).do_nothing().to_owned();
                let created =
                    user::Entity::insert_many([row]).on_conflict(free).exec_with_returning(transaction).await?;
                let Some(created) = created.into_iter().next() else {
                    return Ok(None);
                };
                entry.entity_id = Some(created.id.to_string());
                append_in(transaction, vec![entry]).await?;
                Ok(Some(created))
            })
        })
        .await?;
    created.ok_or(CreateError::EmailTaken { email })
}

/// Changes the role; `None` when nobody has this id. The same role again changes nothing.
pub async fn set_role(db: &Database, id: i64, role: Role, entry: NewEntry) -> Result<Option<user::Model>> {
    change(db, id, entry, move |row| {
        (row.role != role).then(|| user::ActiveModel { role: Set(role), ..Default::default() })
    })
    .await
}

/// Changes the password's hash; `None` when nobody has this id. Of the demo's people no longer everybody knows it.
pub async fn set_password(
    db: &Database,
    id: i64,
    password_hash: String,
    entry: NewEntry,
) -> Result<Option<user::Model>> {
    change(db, id, entry, move |_| {
        Some(user::ActiveModel { password_hash: Set(password_hash), demo: Set(false), ..Default::default() })
    })
    .await
}

/// Lets somebody in or locks them out; `None` when nobody has this id. The same again changes nothing.
pub async fn set_active(db: &Database, id: i64, active: bool, entry: NewEntry) -> Result<Option<user::Model>> {
    change(db, id, entry, move |row| {
        (row.active != active).then(|| user::ActiveModel { active: Set(active), ..Default::default() })
    })
    .await
}

/// Notes a sign-in; it ends no session.
pub async fn touch_login(db: &Database, id: i64, at: DateTime<Utc>) -> Result<()> {
    user::Entity::update_many()
        .col_expr(user::Column::LastLoginAt, Expr::val(at))
        .filter(user::Column::Id.eq(id))
        .exec(db.writer())
        .await?;
    Ok(())
}

/// Applies what `edit` makes of the row under its lock, lets the version grow, and chains `entry`.
async fn change<F>(db: &Database, id: i64, entry: NewEntry, edit: F) -> Result<Option<user::Model>>
where
    F: FnOnce(&user::Model) -> Option<user::ActiveModel> + Send + 'static,
{
    db.transaction(move |transaction| {
        Box::pin(async move {
            let Some(row) = user::Entity::find_by_id(id).lock_exclusive().one(transaction).await? else {
                return Ok(None);
            };
            let Some(mut changed) = edit(&row) else {
                return Ok(Some(row));
            };
            changed.id = Unchanged(id);
            changed.version = Set(row.version + 1);
            let row = changed.update(transaction).await?;
            append_in(transaction, vec![entry]).await?;
            Ok(Some(row))
        })
    })
    .await
}

fn normal(email: &str) -> String {
    email.trim().to_lowercase()
}
