use crate::mail::Mail;

/// For an owner who wants to know whether mail arrives.
pub(in crate::mail) fn test(to: &str) -> Mail {
    Mail::new(to, "A test mail from TengineAI")
        .text("Mail from your TengineAI instance arrives.")
        .text("An owner of the instance asked for this mail on the page about its health.")
}
