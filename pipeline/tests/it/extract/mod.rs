//! What a file is, which table in it is meant, and which files are refused with which sentence.

mod broken;
mod refusals;
mod text;
mod workbook;
