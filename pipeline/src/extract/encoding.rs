//! Text in whatever encoding a spreadsheet program wrote it: UTF-8, UTF-16 with a mark, or Windows-1252 (a superset of Latin-1).

use std::io::Read;

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// An encoding that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextEncoding {
    Utf8,
    /// What Windows writes in Western Europe and the Americas; all of Latin-1 and 27 signs more.
    Windows1252,
    Utf16Le,
    Utf16Be,
}

impl TextEncoding {
    pub(super) fn encoding(self) -> &'static Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Windows1252 => WINDOWS_1252,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
        }
    }

    /// Whether every character takes two bytes, one of which is often zero.
    pub(super) fn is_wide(self) -> bool {
        matches!(self, Self::Utf16Le | Self::Utf16Be)
    }
}

impl std::str::FromStr for TextEncoding {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.to_lowercase().as_str() {
            "utf-8" | "utf8" => Ok(Self::Utf8),
            "latin-1" | "latin1" | "iso-8859-1" | "windows-1252" | "cp1252" => Ok(Self::Windows1252),
            "utf-16le" => Ok(Self::Utf16Le),
            "utf-16be" => Ok(Self::Utf16Be),
            _ => Err(format!("\"{text}\" is not read; write utf-8, latin-1, windows-1252, utf-16le or utf-16be")),
        }
    }
}

/// Looks at a whole file, piece by piece, and knows at the end whether it is UTF-8.
#[derive(Default)]
pub(super) struct Utf8Check {
    /// The beginning of a character whose rest is in the next piece.
    pending: Vec<u8>,
    line: u64,
    /// How many characters outside ASCII were well-formed UTF-8.
    pub(super) multibyte: u64,
    /// The line of the first byte that is not UTF-8, counted from 1.
    pub(super) invalid_line: Option<u64>,
}

impl Utf8Check {
    pub(super) fn see(&mut self, piece: &[u8]) {
        let joined = [self.pending.as_slice(), piece].concat();
        let mut rest = joined.as_slice();
        self.pending.clear();
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => return self.count(text.as_bytes()),
                Err(error) => {
                    let (valid, tail) = rest.split_at(error.valid_up_to());
                    self.count(valid);
                    let Some(length) = error.error_len() else {
                        self.pending = tail.to_vec();
                        return;
                    };
                    self.invalid_line.get_or_insert(self.line + 1);
                    rest = &tail[length..];
                }
            }
        }
    }

    fn count(&mut self, valid: &[u8]) {
        self.line += valid.split(|byte| *byte == b'\n').count() as u64 - 1;
        self.multibyte += valid.iter().filter(|byte| **byte >= 0xC0).count() as u64;
    }
}

/// The encoding that a byte-order mark announces.
pub(super) fn marked(head: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_bom(head).map(|(encoding, _)| encoding)
}

/// Turns bytes of any encoding into UTF-8 while they are read. A byte-order mark is dropped, every line end becomes `\n`, and
/// the last line gets one too: only then do line numbers come out as an editor shows them.
pub(super) struct Decoding<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    /// Bytes of `input` not yet decoded.
    unread: std::ops::Range<usize>,
    /// Decoded bytes that did not fit into the caller's buffer.
    output: Vec<u8>,
    given: usize,
    /// The last character of the previous piece, before line ends were made equal.
    previous: u8,
    ended: bool,
}

impl<R: Read> Decoding<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            input: vec![0; 64 * 1024],
            unread: 0..0,
            output: Vec::new(),
            given: 0,
            previous: b'\n',
            ended: false,
        }
    }

    fn refill(&mut self) -> std::io::Result<()> {
        self.output.resize(256 * 1024, 0);
        self.given = 0;
        let mut filled = 0;
        while filled == 0 && !self.ended {
            if self.unread.is_empty() {
                self.unread = 0..self.inner.read(&mut self.input)?;
            }
            let last = self.unread.is_empty();
            let piece = &self.input[self.unread.clone()];
            let (result, read, written, _) = self.decoder.decode_to_utf8(piece, &mut self.output, last);
            self.unread.start += read;
            filled = self.equal_line_ends(written);
            self.ended = last && result == CoderResult::InputEmpty;
        }
        self.output.truncate(filled);
        if self.ended && self.previous != b'\n' && self.previous != b'\r' {
            self.output.push(b'\n');
        }
        Ok(())
    }

    /// Writes `\n` for `\r\n` and `\r` in the first `length` bytes of the output; answers how many bytes are left.
    fn equal_line_ends(&mut self, length: usize) -> usize {
        let mut kept = 0;
        for at in 0..length {
            let byte = self.output[at];
            if !(byte == b'\n' && self.previous == b'\r') {
                self.output[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
            self.previous = byte;
        }
        kept
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.given == self.output.len() && !self.ended {
            self.refill()?;
        }
        let length = buffer.len().min(self.output.len() - self.given);
        buffer[..length].copy_from_slice(&self.output[self.given..self.given + length]);
        self.given += length;
        Ok(length)
    }
}
