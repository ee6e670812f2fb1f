//! Whose request it is: the client's address, seen through the proxies that the operator trusts.
//!
//! `X-Forwarded-For` and `X-Forwarded-Proto` are believed only from a trusted proxy, and of the
//! former only the last address that is not itself such a proxy: whatever stands before it was
//! written by the client.

use std::net::IpAddr;
use std::str::FromStr;

use axum::http::HeaderMap;
use serde::Deserialize;

/// An address or a range of them: `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    base: u128,
    /// How many bits of `base` count, as an IPv6 address.
    bits: u32,
}

impl FromStr for Network {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let (address, bits) = text.split_once('/').map_or((text, None), |(a, bits)| (a, Some(bits)));
            let address: IpAddr = address.parse().ok()?;
            let most: u32 = if address.is_ipv4() { 32 } else { 128 };
            let bits = bits.map_or(Some(most), |bits| bits.parse().ok().filter(|bits| *bits <= most))?;
            Some(Self {
                base: number(address),
                bits: bits.saturating_add(128_u32.saturating_sub(most)),
            })
        };
        read().ok_or_else(|| "expected an address such as 127.0.0.1 or a range such as 10.0.0.0/8".to_owned())
    }
}

impl TryFrom<String> for Network {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl Network {
    /// Whether an address is in it.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        let ignored = 128_u32.saturating_sub(self.bits);
        let kept = |number: u128| number.checked_shr(ignored).unwrap_or(0);
        kept(number(address)) == kept(self.base)
    }
}

/// An address as a number; an IPv4 address as the IPv6 address that stands for it.
fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// The address.
    pub address: IpAddr,
    /// Whether the request came by https, here or as a trusted proxy says.
    pub https: bool,
}

impl Client {
    /// Reads it from the other end of the connection and what that end says.
    #[must_use]
    pub fn new(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let peer = peer.to_canonical();
        let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
        if !is_trusted(peer) {
            return Self {
                address: peer,
                https: false,
            };
        }
        let lines = headers.get_all("x-forwarded-for").iter();
        let hops: Vec<&str> = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .collect();
        let mut address = peer;
        for hop in hops.iter().rev() {
            match hop.trim().parse::<IpAddr>() {
                Ok(hop) => address = hop.to_canonical(),
                Err(_) => break,
            }
            if !is_trusted(address) {
                break;
            }
        }
        let scheme = headers.get("x-forwarded-proto");
        Self {
            address,
            https: scheme.is_some_and(|scheme| scheme.as_bytes() == b"https"),
        }
    }

    /// What counts as one client: an IPv4 address, or the /64 that an IPv6 subscriber has.
    #[must_use]
    pub fn subscriber(self) -> u128 {
        let number = number(self.address);
        if self.address.is_ipv4() {
            number
        } else {
            number >> 64 << 64
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        headers.insert("x-forwarded-proto", "https".parse().unwrap());
        let trusted = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"].map(|text| text.parse().unwrap());
        let client = Client::new(peer.parse().unwrap(), &headers, &trusted);
        format!("{}{}", client.address, if client.https { " https" } else { "" })
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_its_last_word() {
        for (peer, forwarded, whose) in [
            ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
            ("127.0.0.1", &[], "127.0.0.1 https"),
            ("127.0.0.1", &["198.51.100.1"], "198.51.100.1 https"),
            (
                "::ffff:127.0.0.1",
                &["1.2.3.4, 198.51.100.1, 10.1.2.3"],
                "198.51.100.1 https",
            ),
            ("10.9.9.9", &["1.2.3.4", "2001:db8::1"], "2001:db8::1 https"),
            ("fd00::7", &["1.2.3.4, nonsense"], "fd00::7 https"),
            ("11.0.0.1", &["1.2.3.4"], "11.0.0.1"),
        ] {
            assert_eq!(client(peer, forwarded), whose);
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in ["", "x", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
        assert!(
            "0.0.0.0/0"
                .parse::<Network>()
                .unwrap()
                .contains("1.2.3.4".parse().unwrap())
        );
        assert!(!"0.0.0.0/0".parse::<Network>().unwrap().contains("::1".parse().unwrap()));
        assert!("::/0".parse::<Network>().unwrap().contains("1.2.3.4".parse().unwrap()));
    }

    #[test]
    fn an_ipv6_subscriber_is_one_client() {
        let subscriber = |text: &str| {
            let address = text.parse().unwrap();
            Client { address, https: false }.subscriber()
        };
        assert_eq!(subscriber("2001:db8::1"), subscriber("2001:db8::ffff:1"));
        assert_ne!(subscriber("2001:db8::1"), subscriber("2001:db8:0:1::1"));
        assert_ne!(subscriber("192.0.2.1"), subscriber("192.0.2.2"));
    }
}
