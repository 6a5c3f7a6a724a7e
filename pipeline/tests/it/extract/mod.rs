//! What a file is, which table in it is meant, and which files are refused with which sentence.

mod broken;
mod corpus;
mod corpus_parquet;
mod documented;
mod formats;
mod mapping;
mod mapping_refusals;
mod parquet;
mod refusals;
mod spelling;
mod text;
mod workbook;
