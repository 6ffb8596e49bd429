//! The mails that there are: each file has the words of one.

mod confirm_email;
mod invitation;
mod notice;
mod reset_password;
mod sign_up;
mod somebody_tried;
mod test;

pub use confirm_email::confirm_email;
pub use invitation::{Invitation, invitation};
pub use notice::{Notice, notice};
pub use reset_password::reset_password;
pub use sign_up::{sign_up, somebody_signed_up};
pub use somebody_tried::somebody_tried;
pub(super) use test::test;
