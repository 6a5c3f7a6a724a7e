//! The parts pages are made of. They draw what they are given and report what was done to them; they never fetch.
//! [`chart`] is the one file that knows that ECharts exists. Start at [`panel`], the frame of everything on a page.

pub mod panel;

pub mod chart;
pub mod chart_panel;
pub mod data_table;
pub mod kpi_card;
pub mod legend;

pub mod date_range;
pub mod filter;
pub mod form;
pub mod pager;
pub mod search;
pub mod segmented;
pub mod selection;

pub mod alert_row;
pub mod list_row;
pub mod recommendation_row;

pub mod link;
pub mod loaded;
pub mod settings;
pub mod shown;
pub mod toasts;
