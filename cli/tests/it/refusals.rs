//! Files and words that cannot be imported: one clear sentence, an exit code, and a database that is as it was.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use crate::binary::{Run, corrente, report, workbook};

/// What is stored, in the words of the program itself; the runs that failed are no data.
fn stored(data: &Path) -> String {
    let run = corrente(data, &["import", "--dry-run", "--json", workbook().to_str().unwrap()]);
    assert_eq!(run.code, 0, "{run:?}");
    let report = report(&run);
    let file = &report["files"][0];
    format!("{} loaded, {} unchanged", file["loaded"], file["unchanged"])
}

/// Imports one file that must be refused; answers the sentence.
fn refused(data: &Path, file: &Path, more: &[&str]) -> String {
    let mut arguments = vec!["import"];
    arguments.extend(more);
    arguments.push(file.to_str().unwrap());
    let run = corrente(data, &arguments);
    assert_eq!(run.code, 1, "{run:?}");
    let sentence = run.sentence().to_owned();
    assert!(sentence.contains(file.file_name().unwrap().to_str().unwrap()) && sentence.len() < 400, "{sentence}");
    assert!(!run.err.contains("panicked"), "{run:?}");
    sentence
}

fn write(home: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = home.join(name);
    fs::write(&path, content).unwrap();
    path
}

/// A gigabyte on paper: a head, some garbage in the middle, and nothing else.
fn gigabyte(home: &Path, name: &str, head: &[u8]) -> PathBuf {
    let path = write(home, name, head);
    let file = File::options().write(true).open(&path).unwrap();
    file.set_len(1 << 30).unwrap();
    file.write_all_at(b"garbage \x00\xFF\x13 garbage", 1 << 29).unwrap();
    path
}

const PASSWORD: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

#[test]
fn what_cannot_be_imported_is_one_sentence_and_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let first = corrente(&data, &["import", workbook().to_str().unwrap()]);
    assert_eq!(first.code, 0, "{first:?}");
    let before = stored(&data);
    assert_eq!(before, "0 loaded, 44 unchanged");

    let mut secret = PASSWORD.to_vec();
    secret.resize(2048, 0);
    secret.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    secret.resize(8192, 0);
    let good = fs::read(workbook()).unwrap();
    let cases: Vec<(PathBuf, &[&str], &str)> = vec![
        (write(home.path(), "nota.xlsx", "%PDF-1.7 ..."), &[], "a PDF document"),
        (write(home.path(), "foto.csv", b"\x89PNG\r\n\x1A\n\0\0"), &[], "neither a workbook nor text"),
        (write(home.path(), "vazio.csv", ""), &[], "is empty"),
        (home.path().to_path_buf(), &[], "is a directory"),
        (home.path().join("sumiu.csv"), &[], "does not exist"),
        (write(home.path(), "cortado.xlsx", &good[..good.len() / 2]), &[], "damaged"),
        (write(home.path(), "segredo.xlsx", secret), &[], "password-protected"),
        (write(home.path(), "velho.xls", PASSWORD), &[], "damaged"),
        (write(home.path(), "corte.parquet", "PAR1PAR1"), &[], "not a valid Parquet file"),
        (write(home.path(), "outro.csv", "a;b\n1;2\n"), &[], "no table that can be imported"),
        // The right file, but no sheet of it holds what was asked for.
        (
            write(home.path(), "compras.xlsx", &good),
            &["--kind", "inventory"],
            "an inventory table has date, sku, on_hand",
        ),
        (gigabyte(home.path(), "zeros.xlsx", b"\0\0"), &[], "neither a workbook nor text"),
        (gigabyte(home.path(), "zip.xlsx", b"PK\x03\x04"), &[], "1024 MB"),
        (gigabyte(home.path(), "velho-grande.xls", PASSWORD), &[], "1024 MB"),
        (gigabyte(home.path(), "grande.parquet", b"PAR1"), &[], "not a valid Parquet file"),
        (
            gigabyte(home.path(), "grande.csv", b"date,sku,quantity\n2025-01-02,1,2\n"),
            &[],
            "neither a workbook nor text",
        ),
    ];
    for (file, more, words) in cases {
        let sentence = refused(&data, &file, more);
        assert!(sentence.contains(words), "{words} is not in: {sentence}");
    }
    // A gigabyte whose garbage only begins behind a head of good rows: the load that began is taken back.
    let rows =
        b"date,sku,quantity\n".iter().copied().chain(b"2025-01-02,010825,2\n".repeat(10_000)).collect::<Vec<u8>>();
    let sentence = refused(&data, &gigabyte(home.path(), "depois.csv", &rows), &[]);
    assert!(sentence.contains("longer than 8 MB") || sentence.contains("mixes text encodings"), "{sentence}");
    assert_eq!(stored(&data), before);
}

#[test]
fn what_the_offline_pipeline_computed_is_sent_to_its_own_command() {
    let home = tempfile::tempdir().unwrap();
    for name in ["forecasts", "features"] {
        let file = workbook().with_file_name(format!("{name}.parquet"));
        let sentence = refused(home.path(), &file, &[]);
        assert!(sentence.contains(&format!("holds {name}")) && sentence.contains("corrente load DIR"), "{sentence}");
    }
}

#[test]
fn a_wrong_word_is_wrong_usage() {
    let home = tempfile::tempdir().unwrap();
    for (option, value, allowed) in [
        ("--delimiter", "ab", "semicolon"),
        ("--decimal", "x", "comma"),
        ("--date-order", "dmy", "month-first"),
        ("--encoding", "ebcdic", "windows-1252"),
        ("--kind", "sales", "inventory"),
    ] {
        let run = corrente(home.path(), &["import", option, value, "x.csv"]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains(option) && run.err.contains(allowed), "{run:?}");
    }
}

#[test]
fn a_star_schema_is_imported_by_the_mapping_that_ships_whatever_the_order_of_its_files() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let demand = "full_date,item_id,site_id,quantity\n2025-01-02,11,7,12.5\n2025-01-03,12,7,4\n2025-01-03,99,7,4\n";
    let files = [
        ("fact_demand_daily.csv", demand),
        ("dim_item.csv", "item_id,sku,name,unit\n11,010825,CONEXÃO,UN\n12,77,CABO,M\n"),
        ("dim_site.csv", "site_id,site_code,name,type,region_id\n7,TWBA001,Torre Açu,TOWER,1\n"),
        ("dim_region.csv", "region_id,name,state\n1,Bahia,BA\n"),
        ("dim_supplier.csv", "supplier_id,name\n3,ELETRO LTDA\n"),
        ("dim_calendar.csv", "date_id\n1\n"),
    ];
    let mapping = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pipeline/mappings/star-schema.toml");
    let mut arguments = vec!["import".to_owned(), "--json".into(), "--mapping".into(), mapping.display().to_string()];
    arguments.extend(files.map(|(name, content)| write(home.path(), name, content).display().to_string()));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let counts = |run: &Run| {
        let report = report(run);
        let files = report["files"].as_array().unwrap().clone();
        let count = |file: &serde_json::Value, what: &str| file[what].as_u64().unwrap();
        files.iter().map(|f| (count(f, "loaded"), count(f, "unchanged"), count(f, "rejected"))).collect::<Vec<_>>()
    };
    let run = corrente(&data, &arguments);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("dim_calendar.csv: left alone"), "{run:?}");
    assert!(run.err.contains("UNKNOWN_REFERENCE \"99\"; expected a row with this item_id in dim_item.csv"), "{run:?}");
    // Regions, sites, suppliers, items, demand.
    assert_eq!(counts(&run), [(1, 0, 0), (1, 0, 0), (1, 0, 0), (2, 0, 0), (2, 0, 1)], "{run:?}");
    let again = corrente(&data, &arguments);
    assert_eq!(counts(&again), [(0, 1, 0), (0, 1, 0), (0, 1, 0), (0, 2, 0), (0, 2, 1)], "{again:?}");

    // A mapping that is wrong stops everything before the first file.
    let wrong = write(home.path(), "m.toml", "[[table]]\nfile = \"x\"\nkind = \"sales\"\n");
    let run = corrente(&data, &["import", "--mapping", wrong.to_str().unwrap(), arguments[4]]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.sentence().contains("the mapping m.toml, line 3: kind is \"sales\"; it can be"), "{run:?}");
}
