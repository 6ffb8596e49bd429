//! What every request passes through.

mod body_time;
mod client_address;
mod function_body;
pub mod media_type;
mod origin;
mod path;
mod request_id;
mod security_headers;
mod theme;
mod unread_body;
mod visitor;

pub use body_time::body_in_time;
pub use client_address::{ClientAddress, client_address};
pub use function_body::function_body;
pub use origin::{is_foreign, same_origin};
pub use path::{is_readable, readable_path};
pub use request_id::{RequestId, request_id, with_light_id};
pub use security_headers::{never_stored, security_headers};
pub use theme::theme;
pub use unread_body::{read_unread_body, refused_unread};
pub use visitor::Visitor;
