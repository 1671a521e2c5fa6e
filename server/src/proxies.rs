//! Whom a request is from, where proxies stand before us.
//!
//! Anybody can write `X-Forwarded-For`. It is believed only if the connection comes from an address that the settings trust, and then
//! from the right: each proxy appends whom it saw, so that the first address from the right that is no proxy of ours is the client's. From
//! anybody else the headers are taken away unread. Start at [`Trusted::client`].

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED: HeaderName = HeaderName::from_static("forwarded");

/// What only proxies write. Nothing of ours reads the others: host and scheme come from `Host` and the settings.
const WRITTEN_BY_PROXIES: [HeaderName; 7] = [
    FORWARDED_FOR,
    FORWARDED,
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-forwarded-port"),
    HeaderName::from_static("x-forwarded-prefix"),
    HeaderName::from_static("x-real-ip"),
];

/// A header with more addresses than this is nobody's honest one.
const ADDRESSES_MOST: usize = 32;

/// An address, or a network: `10.1.2.3`, `10.1.0.0/16`, `fd00::/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(IpNet);

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        let network =
            network.map_err(|_| "neither an address nor a network, such as 10.1.2.3 or 10.1.0.0/16".to_owned())?;
        // Everybody would be believed, and forge addresses at will.
        if network.prefix_len() == 0 {
            return Err("this trusts the whole Internet: name the proxies' own addresses".to_owned());
        }
        Ok(Self(network))
    }
}

/// The proxies that are believed.
#[derive(Debug, Clone, Default)]
pub struct Trusted(Vec<IpNet>);

impl Trusted {
    /// Those of the settings.
    pub fn new(networks: &[Network]) -> Self {
        Self(networks.iter().map(|network| network.0).collect())
    }

    /// Nobody is believed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The address that a request is from, for a connection from `peer`.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.has(peer) {
            return peer;
        }
        let mut client = peer;
        for said in addresses(headers) {
            // What a trusted proxy wrote that is no address says no more than that proxy's own.
            let Some(address) = said else { return client };
            client = address;
            if !self.has(address) {
                break;
            }
        }
        client
    }

    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Around the whole server: from here on a request's peer is its client, and nobody sees what proxies wrote.
pub fn around(router: Router, trusted: Trusted) -> Router {
    router.layer(from_fn_with_state(Arc::new(trusted), believe))
}

async fn believe(
    axum::extract::State(trusted): axum::extract::State<Arc<Trusted>>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>().copied() {
        let client = trusted.client(peer.ip(), request.headers());
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(client, peer.port())));
    }
    for header in WRITTEN_BY_PROXIES {
        request.headers_mut().remove(header);
    }
    next.run(request).await
}

/// From the right; `None` for what is no address. `X-Forwarded-For` counts where both are there: proxies that write `Forwarded` are few, and
/// those that do not hand it through as it came from the client.
fn addresses(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let split = |name: &HeaderName| {
        let lines = headers.get_all(name).iter();
        lines.flat_map(|line| line.to_str().unwrap_or("?").split(',').map(str::trim)).collect::<Vec<_>>()
    };
    let plain = split(&FORWARDED_FOR);
    let listed: Vec<Option<IpAddr>> = if plain.is_empty() {
        split(&FORWARDED).into_iter().map(|element| for_of(element).and_then(address)).collect()
    } else {
        plain.into_iter().map(address).collect()
    };
    listed.into_iter().rev().take(ADDRESSES_MOST).collect()
}

/// `for="[2001:db8::1]:4711";proto=https` (RFC 7239).
fn for_of(element: &str) -> Option<&str> {
    let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for")).map(|(_, value)| value.trim().trim_matches('"'))
}

/// An address, perhaps with brackets or a port.
fn address(text: &str) -> Option<IpAddr> {
    let plain = text.parse::<IpAddr>().ok();
    let bracketed =
        || text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).and_then(|text| text.parse().ok());
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    plain.or_else(bracketed).or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests;
