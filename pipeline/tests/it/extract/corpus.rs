//! The corpus of broken inputs as one table: what each is, and what must come of it. More of its kind are in `broken` and `refusals`;
//! those of Parquet are in `corpus_parquet`.

use std::path::Path;
use std::time::{Duration, Instant};

use pipeline::extract::{ExtractOptions, open};
use pipeline::transform::transform;

use super::corpus_parquet;
use crate::files::{HEADER, line, made, options, purchases, sheet_xml, workbook, workbook_parts, zip_parts, zipped};

/// What must come of an input.
#[derive(Debug)]
pub enum End {
    /// One sentence with these words in it.
    Refused(&'static [&'static str]),
    /// How many rows are taken, and the reasons of those that are not, in the file's order.
    Taken(usize, &'static [&'static str]),
}
use End::{Refused, Taken};

pub struct Broken {
    pub what: &'static str,
    pub name: &'static str,
    pub content: Vec<u8>,
    pub end: End,
}

pub fn broken(what: &'static str, name: &'static str, content: impl AsRef<[u8]>, end: End) -> Broken {
    Broken { what, name, content: content.as_ref().to_vec(), end }
}

/// Reads a file to its end and holds what came of it against what should.
fn judge(case: &Broken, path: &Path) -> Result<(), String> {
    let begin = Instant::now();
    let result = open(path, &ExtractOptions::default()).and_then(|mut source| {
        let tables = source.read()?;
        Ok(transform(&source.file.name, &tables, &options()))
    });
    let what = case.what;
    if begin.elapsed() > Duration::from_secs(20) {
        return Err(format!("{what} took {:?}", begin.elapsed()));
    }
    let right = match (&result, &case.end) {
        (Err(error), Refused(words)) => {
            let sentence = error.to_string();
            let one = sentence.starts_with(case.name) && !sentence.contains('\n');
            one && words.iter().all(|word| sentence.contains(word))
        }
        (Ok(outcome), Taken(rows, reasons)) => {
            let found: Vec<_> = outcome.rejects.iter().map(|reject| reject.reason.as_str()).collect();
            let said = outcome.rejects.iter().all(|reject| !reject.expected.is_empty());
            said && (outcome.accepted() as usize, found.as_slice()) == (*rows, *reasons)
        }
        _ => false,
    };
    if right { Ok(()) } else { Err(format!("{what}: expected {:?}, got {result:?}", case.end)) }
}

const DEMAND: &str = "date,sku,quantity\n";

fn demand(what: &'static str, body: &str, end: End) -> Broken {
    broken(what, "demanda.csv", format!("{DEMAND}{body}"), end)
}

fn text() -> Vec<Broken> {
    let latin = b"date,sku,site,quantity\n2025-01-02,1,\xC3\xA3,1\n2025-01-03,1,\xE7,1\n";
    let twice = [b"\xEF\xBB\xBF\xEF\xBB\xBF".as_slice(), DEMAND.as_bytes(), b"2025-01-02,1,2\n"].concat();
    let half: Vec<u8> =
        "\u{feff}date;sku;quantity\n2025-01-02;1;2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let deep = "\n".repeat(30) + DEMAND + "2025-01-02,1,2\n";
    let long = format!("2025-01-02,1,2\n2025-01-03,{},2\n", "x".repeat(10 << 20));
    let quote = format!("2025-01-02,\"1,2\n{}", "2025-01-02,1,2\n".repeat(700_000));
    let wide = format!("2025-01-02,1,2{}\n", ",".repeat(100_000));
    vec![
        broken(
            "NUL bytes from the start",
            "demanda.csv",
            b"date,sku,quantity\n2025-01-02,1\0,2\n",
            Refused(&["neither"]),
        ),
        broken("mixed encodings", "demanda.csv", latin, Refused(&["mixes text encodings", "line 3"])),
        broken("a byte-order mark twice", "demanda.csv", twice, Taken(1, &[])),
        broken(
            "UTF-16 cut in the middle of a character",
            "demanda.csv",
            &half[..half.len() - 1],
            Taken(0, &["NOT_A_NUMBER"]),
        ),
        broken("a header in line 31", "demanda.csv", deep, Refused(&["no table that can be imported"])),
        broken("only a header", "demanda.csv", DEMAND, Taken(0, &[])),
        broken("a header without a line end", "demanda.csv", DEMAND.trim(), Taken(0, &[])),
        broken(
            "a column twice",
            "demanda.csv",
            "date,sku,quantity,Quantity\n",
            Refused(&["column quantity", "more than once"]),
        ),
        broken("a hundred thousand columns", "demanda.csv", ",x".repeat(100_000), Refused(&["100001 columns"])),
        broken("one line of text without any delimiter", "demanda.csv", "x".repeat(3 << 20), Refused(&["no table"])),
        broken("a blank file", "demanda.csv", " \n\t\n", Refused(&["no table"])),
        broken("an empty file", "demanda.csv", "", Refused(&["0 bytes"])),
        broken("an HTML page that calls itself a workbook", "demanda.xls", "<html><table>", Refused(&["HTML"])),
        broken("a JSON file", "demanda.csv", "{\"date\": \"2025-01-02\"}\n", Refused(&["no table"])),
        demand("a row of a hundred thousand columns", &wide, Refused(&["line 2", "100003 columns"])),
        demand("a quote that is never closed", &quote, Refused(&["quotation mark"])),
        demand("a line of ten megabytes", &long, Refused(&["longer than 8 MB"])),
        demand("line ends of an old Mac", "2025-01-02,1,2\r2025-01-03,1,x\r", Taken(1, &["NOT_A_NUMBER"])),
        demand("every kind of line end", "2025-01-02,1,2\r\n2025-01-03,1,2\r2025-01-04,1,2\n", Taken(3, &[])),
        demand("missing cells", "2025-01-02\n2025-01-02,1\n", Taken(0, &["MISSING_KEY", "MISSING_KEY"])),
        demand("the header again", DEMAND, Taken(0, &["IMPOSSIBLE_DATE"])),
        demand("not a number", "2025-01-02,1,NaN\n", Taken(0, &["NOT_A_NUMBER"])),
        demand("infinity", "2025-01-02,1,inf\n2025-01-02,1,-Infinity\n", Taken(0, &["NOT_A_NUMBER", "NOT_A_NUMBER"])),
        demand("1e400", "2025-01-02,1,1e400\n", Taken(0, &["NOT_A_NUMBER"])),
        demand("forty digits", &format!("2025-01-02,1,{}\n", "9".repeat(40)), Taken(0, &["NUMBER_TOO_LARGE"])),
        demand("a negative quantity", "2025-01-02,1,-1\n", Taken(0, &["NEGATIVE_QUANTITY"])),
        demand("a formula for a code", "2025-01-02,=cmd|' /C calc'!A0,1\n", Taken(0, &["INVALID_KEY"])),
        demand("a formula for a quantity", "2025-01-02,1,=1+1\n", Taken(0, &["NOT_A_NUMBER"])),
        demand("the year 1900", "1900-01-01,1,1\n", Taken(0, &["IMPOSSIBLE_DATE"])),
        demand("the year 2099", "2099-01-01,1,1\n", Taken(0, &["FUTURE_DATE"])),
        demand("the last day of all", "9999-12-31,1,1\n", Taken(0, &["FUTURE_DATE"])),
        demand("the year 99999", "99999-01-01,1,1\n", Taken(0, &["IMPOSSIBLE_DATE"])),
        demand("30 February", "2025-02-30,1,1\n", Taken(0, &["IMPOSSIBLE_DATE"])),
        demand("a line twice", "2025-01-02,1,1\n2025-01-02,1,1\n", Taken(1, &["DUPLICATE_LINE"])),
        demand("two values for one day", "2025-01-02,1,1\n2025-01-02,1,2\n", Taken(1, &["CONFLICTING_LINE"])),
        broken(
            "decimals in every way",
            "demanda.csv",
            "date;sku;quantity\n2025-01-02;1;1,5\n2025-01-03;1;1.5\n2025-01-04;1;1.234\n2025-01-05;1;1.234,5\n2025-01-06;1;1,234.5\n\
             2025-01-07;1;1,2,3\n",
            Taken(3, &["AMBIGUOUS_NUMBER", "NOT_A_NUMBER", "NOT_A_NUMBER"]),
        ),
    ]
}

fn workbooks() -> Vec<Broken> {
    let whole = purchases(&[line(&[]), line(&[(1, "2")])]);
    let mut bomb = workbook_parts(&[("COMPRAS", String::new())], false);
    bomb.last_mut().unwrap().1 = vec![b' '; 64 << 20];
    let merged = sheet_xml(&[HEADER.to_vec(), line(&[]), line(&[(1, ""), (2, "")])])
        .replace("</sheetData>", r#"</sheetData><mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>"#);
    let deep: Vec<Vec<&str>> = std::iter::repeat_n(vec!["x"], 29).chain([HEADER.to_vec(), line(&[])]).collect();
    let far = sheet_xml(&[HEADER.to_vec(), line(&[])]).replace("r=\"K2\"", "r=\"XFD2\"");
    let parts = |xml: String| zip_parts(&workbook_parts(&[("COMPRAS", xml)], false));
    vec![
        broken("a workbook cut in half", "compras.xlsx", &whole[..whole.len() / 2], Refused(&["damaged"])),
        broken("a workbook without its last byte", "compras.xlsx", &whole[..whole.len() - 1], Refused(&["damaged"])),
        broken("a zip bomb", "compras.xlsx", zip_parts(&bomb), Refused(&["times its size"])),
        broken(
            "a zip without a workbook",
            "compras.xlsx",
            zipped(&[("a.txt", b"x")]),
            Refused(&["without a workbook"]),
        ),
        broken("an empty zip", "compras.xlsx", zipped(&[]), Refused(&["without a workbook"])),
        broken("a workbook without sheets", "compras.xlsx", workbook(&[]), Refused(&["compras.xlsx"])),
        broken("an empty sheet", "compras.xlsx", workbook(&[("A", vec![])]), Refused(&["'A'", "no known header"])),
        broken("only a header", "compras.xlsx", purchases(&[]), Taken(0, &[])),
        broken("a header in line 30", "compras.xlsx", workbook(&[("A", deep)]), Refused(&["no known header"])),
        broken("merged cells", "compras.xlsx", parts(merged), Taken(1, &["MISSING_KEY"])),
        broken("a value in the last column there is", "compras.xlsx", parts(far), Refused(&["column 16384"])),
        broken("a sheet that is no markup", "compras.xlsx", parts("<<<".into()), Refused(&["compras.xlsx"])),
        broken(
            "numbers beyond all numbers",
            "compras.xlsx",
            purchases(&[line(&[(5, "n:1e400")]), line(&[(5, "n:NaN")])]),
            Taken(0, &["NOT_A_NUMBER", "NOT_A_NUMBER"]),
        ),
        broken(
            "days beyond all days",
            "compras.xlsx",
            purchases(&[line(&[(9, "d:1")]), line(&[(9, "d:2958465")]), line(&[(9, "d:1e18")])]),
            Taken(0, &["IMPOSSIBLE_DATE", "FUTURE_DATE", "IMPOSSIBLE_DATE"]),
        ),
        broken(
            "an error for a code",
            "compras.xlsx",
            purchases(&[line(&[(1, "e:#REF!")])]),
            Taken(0, &["INVALID_KEY"]),
        ),
    ]
}

const MIMETYPE: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// An `.ods` around the markup of its tables.
fn ods(tables: &str) -> Vec<u8> {
    let content = format!("<document><body>{tables}</body></document>");
    zipped(&[("mimetype", MIMETYPE), ("META-INF/manifest.xml", b"<manifest/>"), ("content.xml", content.as_bytes())])
}

fn open_documents() -> Vec<Broken> {
    let cell = |text: &str, more: &str| {
        format!("<table:table-cell office:value-type=\"string\" {more}><text:p>{text}</text:p></table:table-cell>")
    };
    let row = |cells: &str, more: &str| format!("<table:table-row {more}>{cells}</table:table-row>");
    let table = |rows: &str| format!("<table:table table:name=\"A\">{rows}</table:table>");
    let header = row(&["date", "sku", "quantity"].map(|name| cell(name, "")).concat(), "");
    let bad = row(&["2025-01-02", "1", "muitos"].map(|text| cell(text, "")).concat(), "");
    let million = row(&cell("x", "table:number-columns-repeated=\"16384\""), "table:number-rows-repeated=\"1000000\"");
    let apart = format!("{header}{}{bad}", row("<table:table-cell/>", "table:number-rows-repeated=\"4000000000\""));
    let spaces =
        row("<table:table-cell office:value-type=\"string\"><text:s text:c=\"9000000000\"/></table:table-cell>", "");
    let fat = row(&cell(&"x".repeat(100_000), "table:number-columns-repeated=\"16384\""), "");
    let secret = zipped(&[
        ("mimetype", MIMETYPE),
        ("META-INF/manifest.xml", b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"),
        ("content.xml", b"\x8F\x11\x02"),
    ]);
    let name = "demanda.ods";
    vec![
        broken("a word for a quantity", name, ods(&table(&(header.clone() + &bad))), Taken(0, &["NOT_A_NUMBER"])),
        broken(
            "sixteen billion cells in a line",
            name,
            ods(&table(&(header.clone() + &million))),
            Refused(&["16384016384 cells"]),
        ),
        broken("four billion empty rows", name, ods(&table(&apart)), Refused(&["beyond row"])),
        broken("nine billion spaces", name, ods(&table(&(header.clone() + &spaces))), Refused(&["spaces"])),
        broken(
            "a long text sixteen thousand times",
            name,
            ods(&table(&(header.clone() + &fat))),
            Refused(&["MB of text"]),
        ),
        broken(
            "markup that ends inside a table",
            name,
            ods(&format!("<table:table table:name=\"A\">{header}")),
            Refused(&["markup"]),
        ),
        broken("markup inside itself without end", name, ods(&"<a>".repeat(100_000)), Refused(&["inside each other"])),
        broken("content that is no markup", name, ods("\0\x01<"), Refused(&["markup"])),
        broken(
            "a repetition that is no number",
            name,
            ods(&table(&row("", "table:number-rows-repeated=\"-5\""))),
            Refused(&["-5"]),
        ),
        broken("a password", name, secret, Refused(&["password-protected"])),
        broken(
            "a text document",
            "carta.odt",
            zipped(&[("mimetype", b"text"), ("content.xml", b"<a/>")]),
            Refused(&["not a spreadsheet"]),
        ),
    ]
}

/// The fixture in the old format, with some bytes written over.
fn xls(changes: &[(usize, &[u8])]) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/demand.xls");
    let mut bytes = std::fs::read(path).unwrap();
    for (at, with) in changes {
        bytes[*at..*at + with.len()].copy_from_slice(with);
    }
    bytes
}

fn number(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

fn old_workbooks() -> Vec<Broken> {
    let whole = xls(&[]);
    let (table, directory) = ((number(&whole, 76) + 1) * 512, number(&whole, 48));
    let entry = table + directory * 4;
    let itself = u32::try_from(directory).unwrap().to_le_bytes();
    let stream = whole.windows(4).position(|part| part == [0x00, 0x02, 0x0E, 0x00]).unwrap();
    let record = whole.windows(4).position(|part| part == [0x09, 0x08, 0x10, 0x00]).unwrap();
    let number_cell = whole
        .windows(4)
        .rposition(|part| part == [0x03, 0x02, 0x0E, 0x00] || part == [0x7E, 0x02, 0x0A, 0x00])
        .unwrap();
    let mut secret = whole.clone();
    secret.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let mut garbage = whole[..8].to_vec();
    garbage.extend((0..20_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()));
    let name = "demanda.xls";
    vec![
        broken("garbage behind the mark of an old workbook", name, garbage, Refused(&["damaged"])),
        broken("only the mark", name, &whole[..8], Refused(&["damaged"])),
        broken("an old workbook cut in half", name, &whole[..whole.len() / 2], Refused(&["damaged"])),
        broken("a chain that comes back to itself", name, xls(&[(entry, &itself)]), Refused(&["damaged"])),
        broken("a chain that leaves the file", name, xls(&[(entry, &[0xF0, 0xFF, 0xFF, 0x7F])]), Refused(&["damaged"])),
        broken(
            "a sheet that announces every cell there is",
            name,
            xls(&[(stream + 8, &[0xFF; 4])]),
            Refused(&["damaged"]),
        ),
        broken(
            "a cell in the last row and column",
            name,
            xls(&[(number_cell + 4, &[0xFF, 0xFF, 0xFF, 0x00])]),
            Refused(&["cells"]),
        ),
        broken("a record longer than the file", name, xls(&[(record + 2, &[0xFF, 0xFF])]), Refused(&["damaged"])),
        broken("an encrypted workbook", "segredo.xlsx", secret, Refused(&["password-protected"])),
        broken(
            "a password of an old workbook",
            name,
            xls(&[(record + 20, &[0x2F, 0x00, 0x02, 0x00, 0x01, 0x00])]),
            Refused(&["password-protected"]),
        ),
    ]
}

#[test]
fn at_least_forty_broken_inputs_end_in_rejects_or_one_clear_error() {
    let corpora = [text(), workbooks(), open_documents(), old_workbooks(), corpus_parquet::parquet()];
    assert!(corpora.iter().all(|corpus| corpus.len() >= 9));
    let corpus: Vec<Broken> = corpora.into_iter().flatten().collect();
    assert!(corpus.len() >= 40, "only {}", corpus.len());
    let mut wrong = Vec::new();
    for case in &corpus {
        let file = made(case.name, &case.content);
        wrong.extend(judge(case, &file.path).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_refused_before_it_is_opened() {
    use std::os::unix::fs::symlink;
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    symlink(path("b.csv"), path("a.csv")).unwrap();
    symlink(path("a.csv"), path("b.csv")).unwrap();
    symlink(path("nowhere.csv"), path("lost.csv")).unwrap();
    symlink(directory.path(), path("dir.csv")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(path("pipe.csv")).status().unwrap();
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(path("socket.csv")).unwrap();
    for (name, words) in [
        ("a.csv", "symbolic links"),
        ("lost.csv", "does not exist"),
        ("dir.csv", "is a directory"),
        ("pipe.csv", "not a regular file"),
        ("socket.csv", "not a regular file"),
    ] {
        let sentence = open(&path(name), &ExtractOptions::default()).unwrap_err().to_string();
        assert!(sentence.starts_with(name) && sentence.contains(words), "{sentence}");
    }
}

#[test]
fn an_old_or_open_workbook_with_damaged_bytes_never_ends_in_a_panic() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for name in ["demand.xls", "demand.ods", "demand.parquet", "features.parquet"] {
        let whole = std::fs::read(directory.join(name)).unwrap();
        // Fixed steps: the same damage in every run.
        for at in (0..whole.len()).step_by(11) {
            let mut bytes = whole.clone();
            bytes[at] = [0x00, 0xFF, whole[at] ^ 0x55][at % 3];
            let file = made(name, &bytes);
            let begin = Instant::now();
            if let Ok(mut source) = open(&file.path, &ExtractOptions::default())
                && let Ok(tables) = source.read()
            {
                let _ = transform(name, &tables, &options());
            }
            assert!(begin.elapsed() < Duration::from_secs(10), "{name} at {at}: {:?}", begin.elapsed());
        }
    }
}
