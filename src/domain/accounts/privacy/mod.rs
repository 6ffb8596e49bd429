//! A person's own data: all of it as one document, and its end.

mod delete;
mod export;
mod rows;
mod store;

pub use delete::Deletion;
pub use export::EXPORTED_ROWS;
