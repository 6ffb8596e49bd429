//! How many connections one peer may have, so that one stranger does not take all that there are.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use ipnet::IpNet;

/// Of one address, or of one IPv6 network of 64 bits, which is what one subscriber has.
const MOST: u32 = 1_000;
const BETWEEN_WARNINGS: Duration = Duration::from_secs(60);

/// The connections of each peer. Loopback and proxies that are trusted are not counted: behind them
/// are many.
pub struct Peers {
    trusted: Arc<Vec<IpNet>>,
    open: Mutex<HashMap<IpAddr, u32>>,
    warned_at: Mutex<Option<Instant>>,
}

/// A connection's place; it leaves with this.
pub struct Place {
    peers: Arc<Peers>,
    peer: Option<IpAddr>,
}

impl Peers {
    pub fn new(trusted: Arc<Vec<IpNet>>) -> Arc<Self> {
        Arc::new(Self {
            trusted,
            open: Mutex::default(),
            warned_at: Mutex::default(),
        })
    }

    /// `None` where the peer has its share already.
    pub fn admit(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let peer = peer.to_canonical();
        let is_free = peer.is_loopback() || self.trusted.iter().any(|net| net.contains(&peer));
        let counted = (!is_free).then(|| network(peer));
        if let Some(peer) = counted {
            let mut open = self.open();
            let count = open.entry(peer).or_default();
            if *count >= MOST {
                self.warn(peer);
                return None;
            }
            *count += 1;
        }
        Some(Place {
            peers: self.clone(),
            peer: counted,
        })
    }

    /// Now and then: it may be a stranger, and then there are many.
    fn warn(&self, peer: IpAddr) {
        let mut warned_at = self
            .warned_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if warned_at.is_none_or(|at| at.elapsed() >= BETWEEN_WARNINGS) {
            *warned_at = Some(Instant::now());
            tracing::warn!(
                %peer,
                "connections beyond {MOST} of one address are closed; if it is your proxy, name it in \
                 TENGINE_TRUSTED_PROXIES"
            );
        }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<IpAddr, u32>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(peer) = self.peer else {
            return;
        };
        let mut open = self.peers.open();
        if let Some(count) = open.get_mut(&peer) {
            *count -= 1;
            if *count == 0 {
                open.remove(&peer);
            }
        }
    }
}

fn network(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V4(_) => peer,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_peer_has_its_share_and_leaves_nothing_behind() {
        let peers = Peers::new(Arc::new(vec!["10.0.0.0/8".parse().unwrap()]));
        let admit = |peer: &str| peers.admit(peer.parse().unwrap());
        for (one, neighbour) in [
            ("192.0.2.1", "::ffff:192.0.2.1"),
            ("2001:db8::1", "2001:db8::f00d:1"),
        ] {
            let mut places: Vec<_> = (0..MOST).map(|_| admit(one).unwrap()).collect();
            assert!(admit(one).is_none() && admit(neighbour).is_none());
            for other in ["192.0.2.2", "2001:db8:0:1::1", "127.0.0.1", "10.1.2.3"] {
                assert!(admit(other).is_some());
            }
            places.pop();
            assert!(admit(neighbour).is_some());
        }
        for _ in 0..2 * MOST {
            std::mem::forget(admit("10.1.2.3").unwrap());
        }
        assert!(admit("10.1.2.3").is_some());
        assert!(peers.open().is_empty());
    }
}
