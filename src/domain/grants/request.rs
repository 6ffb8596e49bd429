//! An authorization request: what is checked before anyone is asked (RFC 6749 §4.1.1, RFC 7636
//! §4.3, RFC 8707 §2).

use super::{Grants, ResourceUrl, Scopes};
use crate::{
    Error,
    clients::{FindError, KnownClient},
    events::{Cause, Trail, attempt_of},
    ids::{IntegrationId, UserId},
    integrations::{self, Integration},
};

/// The parameters as they came.
#[derive(Debug, Clone, Default)]
pub struct AuthorizeParameters {
    pub response_type: Option<String>,
    pub client_id: Option<String>,
    pub redirect_uri: Option<String>,
    pub scope: Option<String>,
    pub code_challenge: Option<String>,
    pub code_challenge_method: Option<String>,
    pub resource: Option<String>,
    /// A parameter besides the client's id and redirect URI came more than once (RFC 6749 §3.1).
    pub has_duplicates: bool,
    /// Ours: which integration a client that registered itself is to be connected to.
    pub integration: Option<String>,
}

/// What the check of a request comes to.
#[derive(Debug)]
pub enum Checked {
    /// Everything is known that consent needs.
    Ready(Box<AuthorizeRequest>),
    /// The client registered itself, and the person has to say which integration it is for.
    Choose(Box<OpenRequest>),
    /// Nothing can be said of this client until somebody signs in.
    SignInFirst,
}

/// A request that passed every check. Only [`Grants::authorize_request`] makes one.
#[derive(Debug, Clone)]
pub struct AuthorizeRequest {
    pub(super) client: KnownClient,
    pub(super) integration: Integration,
    pub(super) redirect_uri: String,
    pub(super) code_challenge: String,
    pub(super) resource: Option<ResourceUrl>,
    pub(super) scopes: Scopes,
}

impl AuthorizeRequest {
    #[must_use]
    pub const fn client(&self) -> &KnownClient {
        &self.client
    }

    #[must_use]
    pub const fn integration(&self) -> &Integration {
        &self.integration
    }

    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    #[must_use]
    pub fn trail(&self) -> Trail {
        Trail {
            integration_id: Some(self.integration.id.clone()),
            client_id: Some(self.client.client_id.clone()),
            attempt: Some(attempt_of(&self.code_challenge)),
            ..Trail::default()
        }
    }
}

/// A request of a client that registered itself, good but for the integration.
#[derive(Debug, Clone)]
pub struct OpenRequest {
    client: KnownClient,
    redirect_uri: String,
    code_challenge: String,
}

impl OpenRequest {
    #[must_use]
    pub const fn client(&self) -> &KnownClient {
        &self.client
    }

    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    #[must_use]
    pub fn trail(&self) -> Trail {
        Trail {
            attempt: Some(attempt_of(&self.code_challenge)),
            ..Trail::of_client_id(Some(&self.client.client_id))
        }
    }
}

/// The error codes that go back to the client (RFC 6749 §4.1.2.1, RFC 8707 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorizeErrorCode {
    InvalidRequest,
    UnsupportedResponseType,
    InvalidTarget,
}

#[derive(Debug, thiserror::Error)]
pub enum AuthorizeError {
    /// Nobody we know is asking: shown to the person, never redirected.
    #[error("No client has the id {client_id:?}.")]
    UnknownClient { client_id: String },
    /// The document that would describe it cannot be used: shown to the person.
    #[error("{why}")]
    ClientDocument { client_id: String, why: String },
    /// This instance has such clients switched off: shown to the person.
    #[error("This instance has clients that introduce themselves switched off.")]
    SwitchedOff { client_id: String },
    /// The way back is not the client's: shown to the person, never redirected.
    #[error("The redirect URI {redirect_uri:?} is not registered for this client.")]
    UnknownRedirectUri {
        client: Box<KnownClient>,
        redirect_uri: String,
    },
    /// Shown to the person: the client cannot mend it, and must keep its tokens.
    #[error("The integration is inactive.")]
    Inactive(Box<Integration>),
    /// Shown to the person: a project admin can mend it.
    #[error("The integration takes no clients that register themselves.")]
    NotSelfRegistered(Box<Integration>),
    /// Goes back to the client, whose redirect URI is known by now.
    #[error("{}", .cause.sentence())]
    Refused {
        client: Box<KnownClient>,
        redirect_uri: String,
        code: AuthorizeErrorCode,
        cause: Cause,
        trail: Box<Trail>,
    },
    #[error(transparent)]
    Domain(#[from] Error),
}

impl AuthorizeError {
    /// Why, for the record.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::UnknownClient { .. } => Cause::UnknownClient,
            Self::ClientDocument { .. } => Cause::ClientDocument,
            Self::SwitchedOff { .. } => Cause::SwitchedOff,
            Self::UnknownRedirectUri { .. } => Cause::UnknownRedirectUri,
            Self::Inactive(_) => Cause::Inactive,
            Self::NotSelfRegistered(_) => Cause::NotSelfRegistered,
            Self::Refused { cause, .. } => *cause,
            Self::Domain(Error::Throttled { .. }) => Cause::Throttled,
            Self::Domain(_) => Cause::Broken,
        }
    }

    /// What it belongs to, as far as it is known.
    #[must_use]
    pub fn trail(&self) -> Trail {
        match self {
            Self::UnknownClient { client_id }
            | Self::ClientDocument { client_id, .. }
            | Self::SwitchedOff { client_id } => Trail::of_client_id(Some(client_id)),
            Self::UnknownRedirectUri { client, .. } => Trail {
                integration_id: client.integration.as_ref().map(|one| one.id.clone()),
                ..Trail::of_client_id(Some(&client.client_id))
            },
            Self::Inactive(integration) | Self::NotSelfRegistered(integration) => Trail {
                integration_id: Some(integration.id.clone()),
                ..Trail::default()
            },
            Self::Refused { trail, .. } => (**trail).clone(),
            Self::Domain(_) => Trail::default(),
        }
    }
}

impl Grants {
    /// Checks a request, client and redirect URI first; `person` is who is signed in.
    ///
    /// # Errors
    /// [`AuthorizeError`], which says where its answer goes.
    pub async fn authorize_request(
        &self,
        parameters: &AuthorizeParameters,
        person: Option<&UserId>,
    ) -> Result<Checked, AuthorizeError> {
        let client_id = parameters.client_id.clone().unwrap_or_default();
        let client = match self.clients.find(&client_id, person).await {
            Ok(client) => client,
            Err(FindError::SignInFirst) => return Ok(Checked::SignInFirst),
            Err(FindError::Unknown) => return Err(AuthorizeError::UnknownClient { client_id }),
            Err(FindError::Document(why)) => {
                return Err(AuthorizeError::ClientDocument { client_id, why });
            }
            Err(FindError::SwitchedOff) => return Err(AuthorizeError::SwitchedOff { client_id }),
            Err(FindError::Domain(error)) => return Err(error.into()),
        };
        let redirect_uri = parameters.redirect_uri.clone().unwrap_or_default();
        if !client.allows(&redirect_uri) {
            return Err(AuthorizeError::UnknownRedirectUri {
                client: Box::new(client),
                redirect_uri,
            });
        }
        if let Some(integration) = client.integration.as_ref().filter(|one| !one.is_active) {
            return Err(AuthorizeError::Inactive(Box::new(integration.clone())));
        }
        let checked = self.check_parameters(parameters, &client, &redirect_uri)?;
        let integration = match &client.integration {
            Some(own) => Some(own.clone()),
            None => self.open_integration(parameters, &client, &checked).await?,
        };
        let Some(integration) = integration else {
            return Ok(Checked::Choose(Box::new(OpenRequest {
                client,
                redirect_uri,
                code_challenge: checked.code_challenge,
            })));
        };
        Ok(Checked::Ready(Box::new(AuthorizeRequest {
            client,
            integration,
            redirect_uri,
            code_challenge: checked.code_challenge,
            resource: checked.resource,
            scopes: Scopes::requested(parameters.scope.as_deref()),
        })))
    }

    fn check_parameters(
        &self,
        parameters: &AuthorizeParameters,
        client: &KnownClient,
        redirect_uri: &str,
    ) -> Result<CheckedParameters, AuthorizeError> {
        let code_challenge = parameters.code_challenge.clone().unwrap_or_default();
        let refused = |code, cause| AuthorizeError::Refused {
            client: Box::new(client.clone()),
            redirect_uri: redirect_uri.to_owned(),
            code,
            cause,
            trail: Box::new(Trail {
                integration_id: client.integration.as_ref().map(|one| one.id.clone()),
                attempt: is_challenge(&code_challenge).then(|| attempt_of(&code_challenge)),
                ..Trail::of_client_id(Some(&client.client_id))
            }),
        };
        if parameters.has_duplicates {
            return Err(refused(
                AuthorizeErrorCode::InvalidRequest,
                Cause::Malformed,
            ));
        }
        if parameters.response_type.as_deref() != Some("code") {
            return Err(refused(
                AuthorizeErrorCode::UnsupportedResponseType,
                Cause::UnsupportedResponseType,
            ));
        }
        let is_s256 = parameters.code_challenge_method.as_deref() == Some("S256");
        if !is_s256 || !is_challenge(&code_challenge) {
            return Err(refused(
                AuthorizeErrorCode::InvalidRequest,
                Cause::PkceMissing,
            ));
        }
        let asked = parameters
            .resource
            .as_deref()
            .filter(|text| !text.is_empty());
        let resource = match asked {
            None => None,
            Some(text) => Some(
                ResourceUrl::parse(&self.core.public_url, text)
                    .filter(|resource| {
                        let own = client.integration.as_ref();
                        own.is_none_or(|integration| resource.is_for(integration))
                    })
                    .ok_or_else(|| {
                        refused(AuthorizeErrorCode::InvalidTarget, Cause::WrongResource)
                    })?,
            ),
        };
        Ok(CheckedParameters {
            code_challenge,
            resource,
        })
    }

    /// The integration that a client that registered itself is for: the one whose URL it names, or
    /// the one that the person chose.
    async fn open_integration(
        &self,
        parameters: &AuthorizeParameters,
        client: &KnownClient,
        checked: &CheckedParameters,
    ) -> Result<Option<Integration>, AuthorizeError> {
        let db = &self.core.db;
        let slug = checked.resource.as_ref().and_then(ResourceUrl::slug);
        let found = match (slug, &parameters.integration) {
            (Some(slug), _) => integrations::store::by_slug(db, slug).await?,
            (None, Some(id)) => {
                integrations::store::by_id(db, &IntegrationId::from(id.as_str())).await?
            }
            (None, None) => return Ok(None),
        };
        let Some(integration) = found else {
            // A choice that is gone is made again; a URL that never was is the client's mistake.
            return match slug {
                None => Ok(None),
                Some(_) => Err(AuthorizeError::Refused {
                    client: Box::new(client.clone()),
                    redirect_uri: parameters.redirect_uri.clone().unwrap_or_default(),
                    code: AuthorizeErrorCode::InvalidTarget,
                    cause: Cause::WrongResource,
                    trail: Box::new(Trail::of_client_id(Some(&client.client_id))),
                }),
            };
        };
        if !integration.self_registered {
            return Err(AuthorizeError::NotSelfRegistered(Box::new(integration)));
        }
        if !integration.is_active {
            return Err(AuthorizeError::Inactive(Box::new(integration)));
        }
        Ok(Some(integration))
    }

    /// The integrations that a person may connect a client to that registered itself.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn open_integrations(&self, person: &UserId) -> crate::Result<Vec<Integration>> {
        integrations::store::open_to(&self.core.db, person).await
    }
}

struct CheckedParameters {
    code_challenge: String,
    resource: Option<ResourceUrl>,
}

/// base64url of 32 bytes (RFC 7636 §4.2).
fn is_challenge(text: &str) -> bool {
    text.len() == 43
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
