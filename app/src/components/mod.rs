//! Pieces that pages are made of. No data access: what they show is handed to them.

pub mod audit;
pub mod badge;
pub mod button;
pub mod chart;
pub mod choice;
pub mod code_block;
pub mod connection;
#[cfg(test)]
mod contrast;
pub mod copy;
pub mod dialog;
pub mod empty;
pub mod failure;
pub mod field;
pub mod findings;
pub mod footer;
pub mod form;
pub mod list_query;
pub mod live;
pub mod loaded;
pub mod logo;
pub mod menu;
pub mod notice;
pub mod one_time_secret;
pub mod pagination;
pub mod palette;
pub mod project_menu;
pub mod shortcuts;
pub mod shown_once;
pub mod switch;
pub mod table;
pub mod tabs;
pub mod time_ago;
pub mod toast;
pub mod topbar;
pub mod user_menu;
