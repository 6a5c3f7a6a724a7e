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
use crate::tokens::{Keep, revoke_others};
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

/// What is to be different about a person; `None` leaves it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UserChange {
    pub name: Option<String>,
    pub role: Option<Role>,
    pub active: Option<bool>,
    /// In the PHC string format. Of the demo's people no longer everybody knows it.
    pub password_hash: Option<String>,
}

/// Why a person could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// Without them nobody could manage people any more.
    #[error("the last active ADMIN can be neither locked out nor given another role")]
    LastAdmin,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes a person and chains `entry` in the same transaction; `None` when nobody has this id. What changes nothing is not
/// audited. Another password ends every session.
pub async fn update(
    db: &Database,
    id: i64,
    change: UserChange,
    entry: NewEntry,
) -> Result<Option<user::Model>, ChangeError> {
    apply(db, id, change, None, entry).await
}

/// Changes the role; `None` when nobody has this id. The same role again changes nothing.
pub async fn set_role(db: &Database, id: i64, role: Role, entry: NewEntry) -> Result<Option<user::Model>, ChangeError> {
    apply(db, id, UserChange { role: Some(role), ..UserChange::default() }, None, entry).await
}

/// Changes the password's hash and ends the sessions begun with the old one, but for the kept one; `None` when nobody has
/// this id.
pub async fn set_password(
    db: &Database,
    id: i64,
    password_hash: String,
    keep: Option<Keep>,
    entry: NewEntry,
) -> Result<Option<user::Model>> {
    let change = UserChange { password_hash: Some(password_hash), ..UserChange::default() };
    match apply(db, id, change, keep, entry).await {
        Ok(changed) => Ok(changed),
        Err(ChangeError::Store(failure)) => Err(failure),
        Err(impossible @ ChangeError::LastAdmin) => Err(StoreError::Corrupt(impossible.to_string())),
    }
}

/// Lets somebody in or locks them out; `None` when nobody has this id. The same again changes nothing.
pub async fn set_active(
    db: &Database,
    id: i64,
    active: bool,
    entry: NewEntry,
) -> Result<Option<user::Model>, ChangeError> {
    apply(db, id, UserChange { active: Some(active), ..UserChange::default() }, None, entry).await
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

impl UserChange {
    /// Could this leave the company without an ADMIN?
    fn demotes(&self) -> bool {
        self.role.is_some_and(|role| role != Role::Admin) || self.active == Some(false)
    }

    /// What changes in the row, and whether running sessions must end; `None` when nothing does.
    fn of(self, row: &user::Model) -> Option<user::ActiveModel> {
        let name = self.name.filter(|name| *name != row.name);
        let role = self.role.filter(|role| *role != row.role);
        let active = self.active.filter(|active| *active != row.active);
        let ends = role.is_some() || active.is_some() || self.password_hash.is_some();
        if !ends && name.is_none() {
            return None;
        }
        let mut changed = user::ActiveModel { id: Unchanged(row.id), ..Default::default() };
        if let Some(name) = name {
            changed.name = Set(name);
        }
        if let Some(role) = role {
            changed.role = Set(role);
        }
        if let Some(active) = active {
            changed.active = Set(active);
        }
        if let Some(hash) = self.password_hash {
            changed.password_hash = Set(hash);
            changed.demo = Set(false);
        }
        if ends {
            changed.version = Set(row.version + 1);
        }
        Some(changed)
    }
}

/// What became of a change inside its transaction.
enum Applied {
    Row(Option<user::Model>),
    LastAdmin,
}

/// Applies `change` under the row's lock, lets the version grow, and chains `entry`.
async fn apply(
    db: &Database,
    id: i64,
    change: UserChange,
    keep: Option<Keep>,
    entry: NewEntry,
) -> Result<Option<user::Model>, ChangeError> {
    let applied = db.transaction(move |transaction| {
        Box::pin(async move {
            // Locked first and in one order, so that two ADMINs cannot remove each other at once, nor deadlock over it.
            let admins = if change.demotes() {
                let admins = user::Entity::find().filter(user::Column::Role.eq(Role::Admin));
                let admins = admins.filter(user::Column::Active.eq(true)).order_by_asc(user::Column::Id);
                admins.lock_exclusive().all(transaction).await?
            } else {
                Vec::new()
            };
            let Some(row) = user::Entity::find_by_id(id).lock_exclusive().one(transaction).await? else {
                return Ok(Applied::Row(None));
            };
            let another_password = change.password_hash.is_some();
            let Some(changed) = change.of(&row) else {
                return Ok(Applied::Row(Some(row)));
            };
            if matches!(admins.as_slice(), [only] if only.id == id) {
                return Ok(Applied::LastAdmin);
            }
            let row = changed.update(transaction).await?;
            if another_password {
                revoke_others(transaction, id, keep, entry.at).await?;
            }
            append_in(transaction, vec![entry]).await?;
            Ok(Applied::Row(Some(row)))
        })
    });
    match applied.await? {
        Applied::Row(row) => Ok(row),
        Applied::LastAdmin => Err(ChangeError::LastAdmin),
    }
}

fn normal(email: &str) -> String {
    email.trim().to_lowercase()
}
