//! Pieces that pages are made of. No data access: what they show is handed to them.

pub mod audit;
pub mod choice;
pub mod connection;
pub mod copy;
pub mod dialog;
pub mod failure;
pub mod field;
pub mod findings;
pub mod footer;
pub mod loaded;
pub mod logo;
pub mod one_time_secret;
pub mod switch;
pub mod time_ago;
pub mod topbar;
