//! Which addresses are not the public internet.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// The kind of an address that tools may not reach by default (IANA special-purpose registries,
/// RFC 6890).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Unspecified,
    Loopback,
    Private,
    LinkLocal,
    /// Carrier-grade NAT (RFC 6598).
    Shared,
    /// RFC 4193.
    UniqueLocal,
    Multicast,
    Broadcast,
    Documentation,
    Benchmark,
    /// A cloud's metadata or platform service outside the ranges above.
    Metadata,
    Reserved,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unspecified => "an unspecified address",
            Self::Loopback => "a loopback address",
            Self::Private => "a private address",
            Self::LinkLocal => "a link-local address",
            Self::Shared => "a carrier-grade NAT address",
            Self::UniqueLocal => "a unique local address",
            Self::Multicast => "a multicast address",
            Self::Broadcast => "a broadcast address",
            Self::Documentation => "a documentation address",
            Self::Benchmark => "a benchmark address",
            Self::Metadata => "a cloud metadata address",
            Self::Reserved => "a reserved address",
        })
    }
}

/// The class of an address that is not public, however the address is written.
pub(super) fn special(ip: IpAddr) -> Option<Class> {
    match ip {
        IpAddr::V4(ip) => special_v4(ip),
        IpAddr::V6(ip) => special_v6(ip),
    }
}

fn special_v4(ip: Ipv4Addr) -> Option<Class> {
    let class = match ip.octets() {
        // Azure's platform service has a public address.
        [168, 63, 129, 16] => Class::Metadata,
        [255, 255, 255, 255] => Class::Broadcast,
        [0, ..] => Class::Unspecified,
        [127, ..] => Class::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Class::Private,
        [169, 254, ..] => Class::LinkLocal,
        [100, 64..=127, ..] => Class::Shared,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Class::Documentation,
        [198, 18 | 19, ..] => Class::Benchmark,
        [192, 0, 0, _] | [192, 88, 99, _] => Class::Reserved,
        [224..=239, ..] => Class::Multicast,
        [240..=255, ..] => Class::Reserved,
        _ => return None,
    };
    Some(class)
}

fn special_v6(ip: Ipv6Addr) -> Option<Class> {
    if ip.is_unspecified() {
        return Some(Class::Unspecified);
    }
    if ip.is_loopback() {
        return Some(Class::Loopback);
    }
    if let Some(embedded) = embedded_v4(ip) {
        return special_v4(embedded);
    }
    let class = match ip.segments() {
        [0xfe80..=0xfebf, ..] => Class::LinkLocal,
        // Site-local, deprecated by RFC 3879 and still routed by some; NAT64 for local use (RFC 8215).
        [0xfec0..=0xfeff, ..] | [0x64, 0xff9b, 1, ..] => Class::Private,
        [0xfc00..=0xfdff, ..] => Class::UniqueLocal,
        [0xff00..=0xffff, ..] => Class::Multicast,
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Class::Documentation,
        [0x2001, 2, 0, ..] => Class::Benchmark,
        // IETF protocol assignments, Teredo and ORCHID among them.
        [0x2001, 0..=0x1ff, ..] => Class::Reserved,
        // A tunnel to an IPv4 address within a site (ISATAP, RFC 5214 §6.1).
        [0x2000..=0x3fff, _, _, _, 0 | 0x200, 0x5efe, high, low] => {
            return special_v4(v4(high, low));
        }
        [0x2000..=0x3fff, ..] => return None,
        // Global unicast is 2000::/3 and nothing else.
        _ => Class::Reserved,
    };
    Some(class)
}

/// The IPv4 address inside an IPv6 one: mapped and compatible (RFC 4291 §2.5.5), translated
/// (RFC 2765 §2.1), NAT64 (RFC 6052 §2.1), 6to4 (RFC 3056 §2).
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let (high, low) = match ip.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => (high, low),
        _ => return None,
    };
    Some(v4(high, low))
}

fn v4(high: u16, low: u16) -> Ipv4Addr {
    let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
    Ipv4Addr::new(a, b, c, d)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_told_however_it_is_written() {
        for (text, class) in [
            ("0.0.0.0", Class::Unspecified),
            ("0.1.2.3", Class::Unspecified),
            ("::", Class::Unspecified),
            ("127.0.0.1", Class::Loopback),
            ("127.255.0.9", Class::Loopback),
            ("::1", Class::Loopback),
            ("::ffff:127.0.0.1", Class::Loopback),
            ("::127.0.0.1", Class::Loopback),
            ("::ffff:0:127.0.0.1", Class::Loopback),
            ("64:ff9b::7f00:1", Class::Loopback),
            ("2002:7f00:1::", Class::Loopback),
            ("2606:4700::5efe:127.0.0.1", Class::Loopback),
            ("2606:4700::200:5efe:a00:1", Class::Private),
            ("10.1.2.3", Class::Private),
            ("172.16.0.1", Class::Private),
            ("172.31.255.255", Class::Private),
            ("192.168.0.1", Class::Private),
            ("2002:c0a8:1::1", Class::Private),
            ("64:ff9b:1::a00:1", Class::Private),
            ("fec0::1", Class::Private),
            ("169.254.169.254", Class::LinkLocal),
            ("::ffff:169.254.169.254", Class::LinkLocal),
            ("fe80::1", Class::LinkLocal),
            ("fe80::5efe:8.8.8.8", Class::LinkLocal),
            ("100.64.0.1", Class::Shared),
            ("100.100.100.200", Class::Shared),
            ("fd00::1", Class::UniqueLocal),
            ("fd00:ec2::254", Class::UniqueLocal),
            ("224.0.0.1", Class::Multicast),
            ("ff02::1", Class::Multicast),
            ("255.255.255.255", Class::Broadcast),
            ("192.0.2.1", Class::Documentation),
            ("203.0.113.7", Class::Documentation),
            ("2001:db8::1", Class::Documentation),
            ("3fff::1", Class::Documentation),
            ("198.18.0.1", Class::Benchmark),
            ("2001:2::1", Class::Benchmark),
            ("168.63.129.16", Class::Metadata),
            ("192.0.0.192", Class::Reserved),
            ("240.0.0.1", Class::Reserved),
            ("2001::1", Class::Reserved),
            ("100::1", Class::Reserved),
            ("4000::1", Class::Reserved),
        ] {
            assert_eq!(special(text.parse().unwrap()), Some(class), "{text}");
        }
        for public in [
            "8.8.8.8",
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "169.253.0.1",
            "192.0.1.1",
            "2606:4700::1111",
            "2a00:1450::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
            "2606:4700::5efe:8.8.8.8",
        ] {
            assert_eq!(special(public.parse().unwrap()), None, "{public}");
        }
    }
}
