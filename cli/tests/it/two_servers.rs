//! Two servers of one database, each a process of its own.

use std::sync::atomic::{AtomicUsize, Ordering};

use store::audit::Verdict;
use testkit::TestDatabase;

use crate::binary::{Server, command, run};
use crate::control::{graph, sign_in};

const MUTATIONS: usize = 200;
/// How many ask at once, of both servers together.
const AT_ONCE: usize = 20;
const SECRET: &str = "a secret that both servers sign with";

#[test]
fn two_hundred_mutations_at_once_through_two_processes_make_one_valid_chain() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let db = runtime.block_on(TestDatabase::new());
    let Some(url) = db.url() else {
        eprintln!("skipped: one process holds the embedded engine");
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let mut add = command(home.path());
    add.args(["user", "add", "planner@example.com", "--role", "viewer"]);
    add.env("CORRENTE_PASSWORD", "a long password").env("DATABASE_URL", url);
    assert_eq!(run(add).code, 0);
    let environment = [("DATABASE_URL", url), ("CORRENTE_JWT_SECRET", SECRET)];
    let servers = [(); 2].map(|()| Server::start_with(home.path(), &environment));
    // What one signed, the other believes.
    let token = sign_in(&servers[0].address);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for client in 0..AT_ONCE {
            let (server, token, next) = (&servers[client % 2], &token, &next);
            scope.spawn(move || {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= MUTATIONS {
                        break;
                    }
                    let save = format!("mutation {{ saveView(name: \"View {n}\", page: \"/materials\", query: \"\") {{ view {{ name }} }} }}");
                    let answer = graph(&server.address, Some(token), &save);
                    assert_eq!(answer["data"]["saveView"]["view"]["name"], format!("View {n}"), "{answer}");
                }
            });
        }
    });
    for server in servers {
        assert_eq!(server.stop(), Some(0));
    }
    let (verdict, saved) = runtime.block_on(async {
        let saves = store::audit::AuditFilter { action: Some("view.save".into()), ..Default::default() };
        (store::audit::verify(&db).await.unwrap(), store::audit::count(&db, &saves).await.unwrap())
    });
    assert_eq!(saved, MUTATIONS as u64);
    assert!(matches!(verdict, Verdict::Intact { entries } if entries > MUTATIONS as i64), "{verdict:?}");
}
