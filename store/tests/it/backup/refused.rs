use std::fs;
use std::io::{Read as _, Write};
use std::sync::Arc;

use store::backup::{self, BackupError};
use testkit::TestDatabase;
use testkit::builders::{an_item, instant, run};

use super::{digests, fill, restore, write};

#[tokio::test]
async fn an_archive_that_is_cut_or_changed_anywhere_is_refused_and_nothing_is_stored() {
    let (from, to) = (TestDatabase::new().await, TestDatabase::new().await);
    fill(&from).await;
    let home = tempfile::tempdir().unwrap();
    let (file, broken) = (home.path().join("all.corrente"), home.path().join("broken.corrente"));
    write(&from, &file).await.unwrap();
    let (bytes, before) = (fs::read(&file).unwrap(), digests(&to).await);
    for tenth in 0..10 {
        fs::write(&broken, &bytes[..bytes.len() * tenth / 10]).unwrap();
        let error = restore(&to, &broken).await.unwrap_err();
        let expected = match tenth {
            0 => matches!(error, BackupError::NotAnArchive { .. }),
            _ => matches!(error, BackupError::CutShort { .. }),
        };
        assert!(expected, "{tenth} tenths: {error:?}");
        assert!(error.to_string().contains("broken.corrente"), "{error}");
    }
    for at in (0..bytes.len()).step_by(bytes.len() / 20) {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x10;
        fs::write(&broken, bytes).unwrap();
        restore(&to, &broken).await.unwrap_err();
    }
    let twice = [bytes.as_slice(), bytes.as_slice()].concat();
    fs::write(&broken, twice).unwrap();
    let error = restore(&to, &broken).await.unwrap_err().to_string();
    assert!(error.contains("goes on after its end"), "{error}");
    assert_eq!(digests(&to).await, before);
    restore(&to, &file).await.unwrap();
}

#[tokio::test]
async fn what_is_no_archive_of_ours_is_told_in_a_sentence() {
    let db = TestDatabase::new().await;
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    let zipped = |content: &str| {
        let mut archive = zstd::Encoder::new(Vec::new(), 1).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
        archive.finish().unwrap()
    };
    let endless = format!("{{\"correnteBackup\": 2, {}", " ".repeat(20 << 20));
    let newer = "{\"correnteBackup\":2,\"createdAt\":\"2025-01-01T00:00:00Z\",\"server\":\"17\",\"migrations\":[\"m0001_core\",\"m9999_later\"]}\n{\"manifest\":{\"tables\":[],\"sha256\":\"\"}}\n";
    for (bytes, told) in [
        (b"sku,quantity\n1,2\n".to_vec(), "does not begin as one does"),
        (Vec::new(), "it is empty"),
        (zipped("sku,quantity\n1,2\n"), "something else was compressed"),
        (zipped("{\"correnteBackup\": 3}\n"), "its format is 3"),
        (zipped(&endless), "a line has no end"),
        (zipped(newer), "SHA-256"),
        (zipped(""), "cut short"),
    ] {
        fs::write(&file, bytes).unwrap();
        let error = restore(&db, &file).await.unwrap_err().to_string();
        assert!(error.contains(told) && error.len() < 300, "{told}: {error}");
    }
    let missing = restore(&db, &home.path().join("missing")).await.unwrap_err().to_string();
    assert!(missing.contains("cannot read") && missing.contains("missing"), "{missing}");
}

#[tokio::test]
async fn an_archive_of_a_newer_schema_is_refused_by_name() {
    let (from, to) = (TestDatabase::new().await, TestDatabase::new().await);
    run(&from, "INSERT INTO public.seaql_migrations VALUES ('m9999_later', 0)", vec![]).await;
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("newer.corrente");
    write(&from, &file).await.unwrap();
    let error = restore(&to, &file).await.unwrap_err().to_string();
    assert!(error.contains("newer.corrente") && error.contains("m9999_later"), "{error}");
    // The other way round: an archive of ours, a database of tomorrow.
    write(&to, &file).await.unwrap();
    let error = restore(&from, &file).await.unwrap_err().to_string();
    assert!(error.contains("the database has the step m9999_later"), "{error}");
}

#[tokio::test]
async fn a_database_that_holds_anything_is_refused_with_what_it_holds() {
    let (from, to) = (TestDatabase::new().await, TestDatabase::new().await);
    fill(&from).await;
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("all.corrente");
    write(&from, &file).await.unwrap();
    an_item("mine").insert(&to).await;
    let before = digests(&to).await;
    let error = restore(&to, &file).await.unwrap_err().to_string();
    assert!(error.contains("1 row in core.dim_item") && error.contains("migrate fresh"), "{error}");
    assert_eq!(digests(&to).await, before);
}

#[tokio::test]
async fn a_restore_that_fails_midway_leaves_the_database_as_empty_as_it_was() {
    let (from, to) = (TestDatabase::new().await, TestDatabase::new().await);
    fill(&from).await;
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("all.corrente");
    write(&from, &file).await.unwrap();
    let before = digests(&to).await;
    // Fails in a late table, after the items and facts are in.
    run(&to, "ALTER TABLE support.users ADD CONSTRAINT nobody CHECK (email <> 'ana@example.com')", vec![]).await;
    let error = restore(&to, &file).await.unwrap_err().to_string();
    assert!(error.contains("nobody"), "{error}");
    assert_eq!(digests(&to).await, before);
    // A value that changes on its way in is found when the table is read back.
    run(&to, "ALTER TABLE support.users DROP CONSTRAINT nobody", vec![]).await;
    run(&to, "ALTER TABLE core.indicators ALTER COLUMN value TYPE numeric(18, 2)", vec![]).await;
    let error = restore(&to, &file).await.unwrap_err();
    assert!(matches!(&error, BackupError::Differs { table, .. } if table == "core.indicators"), "{error:?}");
    assert_eq!(digests(&to).await, before);
    run(&to, "ALTER TABLE core.indicators ALTER COLUMN value TYPE double precision", vec![]).await;
    restore(&to, &file).await.unwrap();
}

#[tokio::test]
async fn a_backup_that_cannot_be_written_leaves_what_was_there() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let db = TestDatabase::new().await;
    fill(&db).await;
    let error = backup::write(&db, Full(2_000), instant("2025-03-10T12:00:00Z"), Arc::new(|_, _, _| {})).await;
    let Err(error) = error else { panic!("written into a full disk") };
    assert!(error.to_string().contains("cannot be written"), "{error}");

    let home = tempfile::tempdir().unwrap();
    let precious = home.path().join("precious.xlsx");
    fs::write(&precious, "a workbook").unwrap();
    let error = write(&db, &precious).await.unwrap_err().to_string();
    assert!(error.contains("is no backup of Corrente"), "{error}");
    assert_eq!(fs::read(&precious).unwrap(), b"a workbook");
    for bad in [home.path().to_path_buf(), home.path().join("nowhere/file")] {
        write(&db, &bad).await.unwrap_err();
    }
    let file = home.path().join("all.corrente");
    write(&db, &file).await.unwrap();
    // Somebody else is in the middle of it.
    let partial = fs::File::create(home.path().join("all.corrente.partial")).unwrap();
    partial.lock().unwrap();
    let first = fs::read(&file).unwrap();
    let error = write(&db, &file).await.unwrap_err().to_string();
    assert!(error.contains("another process is writing"), "{error}");
    assert_eq!(fs::read(&file).unwrap(), first);
    drop(partial);
    write(&db, &file).await.unwrap();
    let names: Vec<_> = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[tokio::test]
async fn without_a_schema_there_is_nothing_to_back_up() {
    let db = TestDatabase::new().await;
    run(&db, "DROP TABLE public.seaql_migrations", vec![]).await;
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("none.corrente");
    assert!(matches!(write(&db, &file).await, Err(BackupError::NothingThere)));
    assert!(fs::read_dir(home.path()).unwrap().next().is_none());
}

#[tokio::test]
async fn an_archive_reads_as_lines_of_text() {
    let db = TestDatabase::new().await;
    fill(&db).await;
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("all.corrente");
    write(&db, &file).await.unwrap();
    let mut text = String::new();
    zstd::Decoder::new(fs::File::open(&file).unwrap()).unwrap().read_to_string(&mut text).unwrap();
    assert!(text.starts_with("{\"correnteBackup\":2,\"createdAt\":\"2025-03-10T12:00:00Z\","), "{}", &text[..200]);
    assert!(!text.contains("total_cost\",\"stocked_out"), "generated columns are computed again");
    let (header, manifest) = backup::check(&file).unwrap();
    assert_eq!(header.created_at, instant("2025-03-10T12:00:00Z"));
    assert_eq!(manifest.rows(), digests(&db).await.iter().map(|table| table.rows).sum::<u64>());
}
