//! The container of old Office files (.xls), checked before a spreadsheet reader trusts it.
//!
//! It is a small file system with chains of sectors. A chain that comes back to itself, or a sheet that claims every cell there is,
//! would make a reader fill all memory; here both are found by walking the chains and reading only where cells stand.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::ExtractError;

pub(super) const MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const MIB: u64 = 1024 * 1024;
/// A sheet has at most 65,536 rows of 256 columns; real workbooks are a tenth of this.
const FILE_LIMIT: u64 = 128 * MIB;
/// Cells that are held in memory, empty ones between the others included.
pub(super) const CELLS_LIMIT: u64 = 5_000_000;
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
/// Sector numbers from here on have other meanings.
const RESERVED: u32 = 0xFFFF_FFFA;
/// Streams shorter than this live in the small sectors of another stream.
const SMALL: usize = 4096;
const SMALL_SECTOR: usize = 64;

/// Reads a workbook whole and refuses what no reader should be given.
pub(super) fn read(path: &Path, name: &str) -> Result<Vec<u8>, ExtractError> {
    let unreadable = |error| ExtractError::unreadable(name, error);
    let mut file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    if length > FILE_LIMIT {
        let what = format!("{} MB, and an .xls workbook may have {}", length / MIB, FILE_LIMIT / MIB);
        return Err(too_large(name, what));
    }
    let mut bytes = Vec::with_capacity(length as usize);
    file.read_to_end(&mut bytes).map_err(unreadable)?;
    // Office puts an encrypted .xlsx into such a container, under this name.
    let mark: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(mark.len()).any(|part| part == mark) {
        return Err(ExtractError::PasswordProtected { file: name.into() });
    }
    let broken = |what: &str| ExtractError::damaged(name, what);
    let container = Container::open(&bytes).ok_or_else(|| broken("its table of contents is missing or broken"))?;
    let stream = container.workbook().ok_or_else(|| broken("its table of contents is missing or broken"))?;
    if stream.is_empty() {
        return Err(ExtractError::Unsupported {
            file: name.into(),
            what: "an old Office file without a workbook in it".into(),
            instead: "name a workbook or a CSV file".into(),
        });
    }
    match cells(&stream) {
        Claim::Encrypted => Err(ExtractError::PasswordProtected { file: name.into() }),
        Claim::Broken => Err(broken("its sheets are cut off or overwritten")),
        Claim::Cells(cells) if cells > CELLS_LIMIT => {
            Err(too_large(name, format!("its sheets span {cells} cells, and {CELLS_LIMIT} are allowed")))
        }
        Claim::Cells(_) => Ok(bytes),
    }
}

fn too_large(name: &str, what: String) -> ExtractError {
    ExtractError::TooLarge { file: name.into(), what, instead: "save it as .xlsx or CSV".into() }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

struct Container<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// For each sector the next one of its chain.
    next: Vec<u32>,
}

impl<'a> Container<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut container = Self { bytes, sector, next: Vec::new() };
        let most = bytes.len() / sector + 1;
        // The first 109 sectors of the chain table are in the header, the others in a chain of their own.
        let mut tables: Vec<u32> = (0..109).filter_map(|index| u32_at(bytes, 76 + index * 4)).collect();
        let mut more = u32_at(bytes, 68)?;
        while more < RESERVED {
            let part = container.sector(more)?;
            tables.extend((0..sector / 4 - 1).filter_map(|index| u32_at(part, index * 4)));
            more = u32_at(part, sector - 4)?;
            if tables.len() > most + 2 * sector {
                return None;
            }
        }
        let tables: Vec<u32> = tables.into_iter().filter(|id| *id < RESERVED).collect();
        if tables.len() > most {
            return None;
        }
        for id in tables {
            let part = container.sector(id)?;
            container.next.extend((0..sector / 4).filter_map(|index| u32_at(part, index * 4)));
        }
        Some(container)
    }

    /// A sector; the last one of a file may be cut short.
    fn sector(&self, id: u32) -> Option<&'a [u8]> {
        let start = (id as usize).checked_add(1)?.checked_mul(self.sector)?;
        let part = self.bytes.get(start..)?;
        Some(&part[..part.len().min(self.sector)])
    }

    /// The content of a chain; `None` when it leaves the file or comes back to itself.
    fn chain(&self, first: u32) -> Option<Vec<u8>> {
        let mut content = Vec::new();
        let (mut id, mut length) = (first, 0);
        while id != END_OF_CHAIN {
            length += 1;
            if length > self.next.len() {
                return None;
            }
            content.extend_from_slice(self.sector(id)?);
            id = *self.next.get(id as usize)?;
        }
        Some(content)
    }

    /// The stream with the cells; empty when there is none.
    fn workbook(&self) -> Option<Vec<u8>> {
        let directory = self.chain(u32_at(self.bytes, 48)?)?;
        let entries: Vec<Entry> = directory.chunks_exact(128).filter_map(Entry::read).collect();
        // Whatever a reader may look at must be sound, not only what is looked at here.
        if entries.iter().any(|entry| entry.length > self.bytes.len()) {
            return None;
        }
        let root = entries.first()?;
        let smalls = if root.first < RESERVED { self.chain(root.first)? } else { Vec::new() };
        let small_table = match u32_at(self.bytes, 60)? {
            id if id < RESERVED => self.chain(id)?,
            _ => Vec::new(),
        };
        if (u32_at(self.bytes, 64)? as usize).saturating_mul(self.sector) > self.bytes.len() {
            return None;
        }
        let Some(entry) = ["workbook", "book"].iter().find_map(|name| entries.iter().find(|e| e.name == *name)) else {
            return Some(Vec::new());
        };
        let mut stream = Vec::new();
        if entry.length >= SMALL {
            stream = self.chain(entry.first)?;
        } else {
            let mut id = entry.first;
            while stream.len() < entry.length {
                let start = (id as usize).checked_mul(SMALL_SECTOR)?;
                stream.extend_from_slice(smalls.get(start..start + SMALL_SECTOR)?);
                id = u32_at(&small_table, (id as usize).checked_mul(4)?)?;
            }
        }
        stream.truncate(entry.length);
        Some(stream)
    }
}

struct Entry {
    /// In lower case.
    name: String,
    first: u32,
    length: usize,
}

impl Entry {
    fn read(bytes: &[u8]) -> Option<Self> {
        let letters: Vec<u16> = (0..32).filter_map(|index| u16_at(bytes, index * 2)).take_while(|c| *c != 0).collect();
        let first = u32_at(bytes, 116)?;
        Some(Self {
            name: String::from_utf16_lossy(&letters).to_lowercase(),
            first,
            length: u32_at(bytes, 120)? as usize,
        })
    }
}

/// What a workbook's stream says about its sheets.
enum Claim {
    Cells(u64),
    Encrypted,
    Broken,
}

/// The records of a stream: their type and their content.
fn records(stream: &[u8]) -> impl Iterator<Item = Option<(u16, &[u8])>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= stream.len() {
            return None;
        }
        let record = (|| {
            let (kind, length) = (u16_at(stream, at)?, u16_at(stream, at + 2)? as usize);
            Some((kind, stream.get(at + 4..at + 4 + length)?))
        })();
        at = record.map_or(stream.len(), |(_, content)| at + 4 + content.len());
        Some(record)
    })
}

/// The cells that the sheets span together.
fn cells(stream: &[u8]) -> Claim {
    let mut sheets = Vec::new();
    for record in records(stream) {
        match record {
            None => return Claim::Broken,
            Some((0x002F, content)) if u16_at(content, 0) != Some(0) => return Claim::Encrypted,
            Some((0x0085, content)) => match u32_at(content, 0) {
                Some(start) => sheets.push(start as usize),
                None => return Claim::Broken,
            },
            Some((0x000A, _)) => break,
            Some(_) => {}
        }
    }
    let mut total = 0_u64;
    for start in sheets {
        let Some(sheet) = stream.get(start..) else { return Claim::Broken };
        let Some(area) = area(sheet) else { return Claim::Broken };
        total = total.saturating_add(area);
    }
    Claim::Cells(total)
}

/// The rectangle around a sheet's cells.
fn area(sheet: &[u8]) -> Option<u64> {
    let [mut rows, mut columns] = [None; 2];
    let widen = |span: &mut Option<(u16, u16)>, value: u16| {
        let (low, high) = span.unwrap_or((value, value));
        *span = Some((low.min(value), high.max(value)));
    };
    let mut depth = 0_u32;
    for record in records(sheet) {
        let (kind, content) = record?;
        match kind {
            0x0809 => depth += 1,
            0x000A => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            // The size that the sheet announces; a reader makes room for it.
            0x0200 if content.len() >= 14 => {
                let rows = u32_at(content, 4)?.checked_sub(u32_at(content, 0)?)?;
                let columns = u16_at(content, 10)?;
                if rows > 65_536 || columns > 256 {
                    return None;
                }
            }
            0x0006 | 0x00D6 | 0x00FD | 0x0203 | 0x0204 | 0x0205 | 0x027E => {
                widen(&mut rows, u16_at(content, 0)?);
                widen(&mut columns, u16_at(content, 2)?);
            }
            0x00BD => {
                widen(&mut rows, u16_at(content, 0)?);
                widen(&mut columns, u16_at(content, 2)?);
                widen(&mut columns, u16_at(content, content.len().checked_sub(2)?)?);
            }
            _ => {}
        }
    }
    let span = |span: Option<(u16, u16)>| span.map_or(0, |(low, high)| u64::from(high - low) + 1);
    Some(span(rows) * span(columns))
}
