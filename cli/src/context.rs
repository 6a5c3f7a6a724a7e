//! What every command is given, whether it runs in its own process or inside `serve`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::app::App;
use api::config::Config;
use chrono::{DateTime, NaiveDate, Utc};
use store::{Database, Notice};

use crate::output::{Output, Progress};

/// Where a command runs and where its words go.
pub struct Context {
    /// The open, migrated database.
    pub db: Database,
    /// Where lines go: this terminal, or the one at the other end of the control socket.
    pub out: Arc<dyn Output>,
    /// The asker's directory, against which paths are meant.
    pub cwd: PathBuf,
    /// As it was read at start.
    pub config: Arc<Config>,
    /// The password that the asker typed or piped, where the command wants one.
    pub password: Option<String>,
    /// The running server, when the command runs inside it.
    pub app: Option<App>,
}

impl Context {
    /// A path as the asker meant it.
    pub fn path(&self, path: &Path) -> PathBuf {
        self.cwd.join(path)
    }

    /// What time it is.
    #[allow(clippy::unused_self, reason = "commands ask their context, so that a test clock has one place to go")]
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    /// The company's day of now.
    pub fn today(&self) -> NaiveDate {
        self.now().with_timezone(&self.config.timezone).date_naive()
    }

    /// A line of the answer.
    pub fn say(&self, line: impl AsRef<str>) {
        self.out.out(line.as_ref());
    }

    /// Progress of long work.
    pub fn progress(&self) -> Progress {
        Progress::new(Arc::clone(&self.out))
    }

    /// Tells whoever serves this database that a user was changed.
    pub async fn user_changed(&self, id: i64) {
        match &self.app {
            Some(app) => app.shared().user_changed(id).await,
            None => self.db.tell(Notice::UserChanged { id }).await,
        }
    }
}
