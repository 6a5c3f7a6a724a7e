//! What rows become: the rules of purchases and of the plain tables, and the whole of a workbook.

mod purchases;
mod tables;
mod workbook;
