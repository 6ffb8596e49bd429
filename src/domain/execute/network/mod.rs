//! Where tools may go. The one guard against server-side request forgery: resolve, check every
//! address, and connect to a checked one, with no second look-up.

mod address;
mod allowlist;
mod base_url;
mod connector;
mod in_time;
mod resolve;

use std::{
    fmt,
    io::ErrorKind,
    net::{IpAddr, SocketAddr, UdpSocket},
    sync::Arc,
};

use self::resolve::SystemResolver;
pub use self::{
    address::Class,
    allowlist::Allowlist,
    resolve::{LookUp, Resolver},
};
pub(super) use self::{
    connector::{ConnectError, GuardedConnector},
    in_time::InTime,
};

/// The host that only the executor maps.
const SAMPLES_HOST: &str = "samples.tengine.internal";

/// The instance's rules about where tools may go. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Network(Arc<Rules>);

#[derive(Debug)]
struct Rules {
    allow: Allowlist,
    own_listeners: Vec<SocketAddr>,
    samples: Option<SocketAddr>,
    resolver: Arc<dyn Resolver>,
}

/// Why the guard does not let a request through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The host is, or resolves to, an address of this class.
    Address(Class),
    /// A listener of this instance.
    OwnListener,
    /// A name under `tengine.internal`.
    ReservedName,
    /// http to a host that is not on the list.
    PlainHttp,
    /// The samples are not served.
    NoSamples,
    /// Not a URL that can be connected to.
    NotAnAddress,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(class) => write!(
                f,
                "The tool's host has {class}, which tools may not reach unless the owner of this \
                 instance lists it in TENGINE_TOOLS_ALLOW."
            ),
            Self::OwnListener => {
                f.write_str("The tool's URL leads to this instance itself, which no tool may call.")
            }
            Self::ReservedName => f.write_str("Names under tengine.internal are reserved."),
            Self::PlainHttp => f.write_str(
                "The tool's URL is plain http, which needs the host to be listed in \
                 TENGINE_TOOLS_ALLOW by the owner of this instance. Use https.",
            ),
            Self::NoSamples => f.write_str("This instance does not serve the sample tools."),
            Self::NotAnAddress => f.write_str("The tool's URL has no host to connect to."),
        }
    }
}

/// A host that may be resolved and connected to, if its addresses pass.
#[derive(Debug, PartialEq, Eq)]
enum Target<'a> {
    Samples(SocketAddr),
    Host {
        name: &'a str,
        /// The owner lists this host, so any address of it will do.
        is_listed: bool,
    },
}

impl Network {
    /// `own_listeners` are all sockets of this instance, the samples' included; one bound to the
    /// unspecified address stands for every address of the machine.
    #[must_use]
    pub fn new(
        allow: Allowlist,
        own_listeners: Vec<SocketAddr>,
        samples: Option<SocketAddr>,
    ) -> Self {
        Self::with_resolver(allow, own_listeners, samples, SystemResolver::default())
    }

    /// The same with another resolver than the system's.
    #[must_use]
    pub fn with_resolver(
        allow: Allowlist,
        own_listeners: Vec<SocketAddr>,
        samples: Option<SocketAddr>,
        resolver: impl Resolver,
    ) -> Self {
        Self(Arc::new(Rules {
            allow,
            own_listeners,
            samples,
            resolver: Arc::new(resolver),
        }))
    }

    fn look_up(&self, name: &str, port: u16) -> LookUp {
        self.0.resolver.look_up(name, port)
    }

    /// What can be judged before a name is resolved. `host` is without brackets.
    fn target<'a>(&self, is_https: bool, host: &'a str, port: u16) -> Result<Target<'a>, Refusal> {
        let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        // Zones, escapes and empty labels are for each resolver to read as it likes.
        if port == 0 || name.contains(['%', '@', '\\']) || name.split('.').any(str::is_empty) {
            return Err(Refusal::NotAnAddress);
        }
        if name == SAMPLES_HOST && host.len() == name.len() && !is_https && port == 80 {
            return self
                .0
                .samples
                .map(Target::Samples)
                .ok_or(Refusal::NoSamples);
        }
        if name == "tengine.internal" || name.ends_with(".tengine.internal") {
            return Err(Refusal::ReservedName);
        }
        let is_listed = match connector::literal(&name) {
            Some(ip) => self.0.allow.has_address(SocketAddr::new(ip, port)),
            None => self.0.allow.has_host(&name, port),
        };
        if !is_https && !is_listed {
            return Err(Refusal::PlainHttp);
        }
        Ok(Target::Host {
            name: host,
            is_listed,
        })
    }

    /// Whether a resolved address may be connected to.
    fn check(&self, address: SocketAddr, host_is_listed: bool) -> Result<(), Refusal> {
        if self.is_own_listener(address) {
            return Err(Refusal::OwnListener);
        }
        match address::special(address.ip()) {
            Some(class) if !host_is_listed && !self.0.allow.has_address(address) => {
                Err(Refusal::Address(class))
            }
            _ => Ok(()),
        }
    }

    fn is_own_listener(&self, address: SocketAddr) -> bool {
        let ip = address.ip().to_canonical();
        self.0.own_listeners.iter().any(|own| {
            let bound = own.ip().to_canonical();
            own.port() == address.port()
                && (bound == ip
                    // Connecting to the unspecified address reaches this machine.
                    || ip.is_unspecified()
                    || (bound.is_unspecified() && is_of_this_machine(ip)))
        })
    }
}

/// Whether the address is one of this machine's: only those can be bound to.
fn is_of_this_machine(ip: IpAddr) -> bool {
    match UdpSocket::bind((ip, 0)) {
        Ok(_) => true,
        // Any other failure says nothing, and the guard is the side to err on.
        Err(error) => error.kind() != ErrorKind::AddrNotAvailable,
    }
}
