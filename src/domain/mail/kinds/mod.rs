//! The mails that there are: each file has the words of one.

mod confirm_email;
mod invitation;
mod notice;
mod reset_password;
mod somebody_tried;
mod test;

pub use confirm_email::confirm_email;
pub use invitation::{Invitation, invitation};
pub use notice::{Notice, notice};
pub use reset_password::reset_password;
pub use somebody_tried::somebody_tried;
pub(super) use test::test;
