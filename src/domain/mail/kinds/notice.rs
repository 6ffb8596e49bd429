use std::net::IpAddr;

use crate::{mail::Mail, public_url::PublicUrl};

/// What was done to an account that its person is to hear of, whoever did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice<'a> {
    PasswordChanged,
    /// Said to the old address, with the beginning of the new one.
    EmailChanged {
        masked: &'a str,
    },
    PasskeyAdded,
    PasskeyRemoved,
    /// An authenticator app; in the place of another one, too.
    SecondFactorAdded,
    SecondFactorRemoved,
    RecoveryCodesMade,
    /// Of the account, for all of its projects; with what it begins with.
    ApiKeyMade {
        prefix: &'a str,
    },
    /// With the provider's name.
    IdentityLinked {
        provider: &'a str,
    },
    IdentityUnlinked {
        provider: &'a str,
    },
    /// By a link; `removed` says whether it took the second factor away.
    RecoveredByLink {
        removed: bool,
    },
    RecoveredByCode,
}

impl Notice<'_> {
    const fn subject(&self) -> &'static str {
        match self {
            Self::PasswordChanged => "Your TengineAI password was changed",
            Self::EmailChanged { .. } => "Your TengineAI email address was changed",
            Self::PasskeyAdded => "A passkey was added to your TengineAI account",
            Self::PasskeyRemoved => "A passkey was removed from your TengineAI account",
            Self::SecondFactorAdded => "An authenticator app was added to your TengineAI account",
            Self::RecoveryCodesMade => "New recovery codes of your TengineAI account",
            Self::ApiKeyMade { .. } => "An API key of your TengineAI account was made",
            Self::IdentityLinked { .. } => "A way to sign in was added to your TengineAI account",
            Self::IdentityUnlinked { .. } => {
                "A way to sign in was removed from your TengineAI account"
            }
            Self::SecondFactorRemoved => "Your TengineAI second factor was removed",
            Self::RecoveredByLink { .. } | Self::RecoveredByCode => {
                "Your TengineAI account was recovered"
            }
        }
    }

    fn what(&self) -> String {
        match self {
            Self::PasswordChanged => {
                "The password was changed, and other browsers were signed out.".to_owned()
            }
            Self::EmailChanged { masked } => {
                format!("The email address was changed to {masked}. This one is not used any more.")
            }
            Self::PasskeyAdded => "A passkey was added. Whoever has it can sign in.".to_owned(),
            Self::PasskeyRemoved => {
                "A passkey was removed. Nobody can sign in with it any more.".to_owned()
            }
            Self::SecondFactorAdded => {
                "An authenticator app was added. Signing in asks for its codes, and those of an app \
                 from before do not work any more."
                    .to_owned()
            }
            Self::RecoveryCodesMade => {
                "New recovery codes were made. Those from before do not work any more.".to_owned()
            }
            Self::ApiKeyMade { prefix } => format!(
                "An API key of the account was made; it begins with {prefix}. Whoever has it can use \
                 the API in your name."
            ),
            Self::IdentityLinked { provider } => {
                format!("An account at {provider} was linked. Whoever has it can sign in.")
            }
            Self::IdentityUnlinked { provider } => {
                format!("An account at {provider} was unlinked. Nobody can sign in with it any more.")
            }
            Self::SecondFactorRemoved => {
                "A second factor was removed. Signing in asks for less than before.".to_owned()
            }
            Self::RecoveredByLink { removed: false } => {
                "A new password was set by a link, and all browsers were signed out.".to_owned()
            }
            Self::RecoveredByLink { removed: true } => {
                "A new password was set by a link that also removed the second factor, the \
                 passkeys and the recovery codes. All browsers were signed out."
                    .to_owned()
            }
            Self::RecoveredByCode => {
                "A new password was set with a recovery code, which cannot be used again. All \
                 browsers were signed out."
                    .to_owned()
            }
        }
    }

    const fn mend(&self) -> &'static str {
        match self {
            // The old address can recover nothing any more.
            Self::EmailChanged { .. } => {
                "If it was not you, tell the owner of the instance at once."
            }
            _ => {
                "If it was not you, set a new password by mail at once, then look through your \
                 passkeys, API keys and connections, and tell the owner of the instance."
            }
        }
    }
}

/// To whom an account belongs, or did until now.
pub fn notice(to: &str, instance: &PublicUrl, from: IpAddr, notice: &Notice<'_>) -> Mail {
    Mail::new(to, notice.subject())
        .text(&format!(
            "This is about your account at {instance}. {} It was done from the network address \
             {from}.",
            notice.what()
        ))
        .text("If it was you, you need not do anything.")
        .text(notice.mend())
}
