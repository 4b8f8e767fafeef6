//! Which hosts may be reached, where not all may.

use super::destination::is_localhost;

/// Where deliveries may go.
#[derive(Clone, Debug, Default)]
pub struct AllowedHosts {
    /// `http` is fine on this machine, though the provider takes `https` alone.
    pub http_on_loopback: bool,
    /// Names and addresses besides this machine's.
    pub hosts: Vec<String>,
}

impl AllowedHosts {
    /// Whether a host was named, or is this machine.
    pub fn allow(&self, host: &str) -> bool {
        is_this_machine(host) || self.names(host)
    }

    /// Whether `http` is fine for a host that has to be spoken to with `https` otherwise.
    pub fn excuse(&self, host: &str) -> bool {
        self.http_on_loopback && is_this_machine(host)
    }

    /// Whether a host was named.
    pub fn names(&self, host: &str) -> bool {
        self.hosts
            .iter()
            .any(|name| name.eq_ignore_ascii_case(host))
    }
}

/// Whether a host is a name or an address of this machine.
fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    is_localhost(host)
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.to_canonical().is_loopback())
}
