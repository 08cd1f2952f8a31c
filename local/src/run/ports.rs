//! Whether a port can be had.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use super::RunError;

/// A connection on this machine is made at once, or refused at once.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(300);

/// A port of this machine.
pub(super) const fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

/// Fails if somebody listens on the port, also if on every address of the machine.
pub(super) fn check_free(
    port: u16,
    purpose: &'static str,
    variable: &'static str,
) -> Result<(), RunError> {
    let addr = loopback(port);
    // Where the system lets two listen, on one address and on all of them, binding succeeds.
    let answered = TcpStream::connect_timeout(&addr, CONNECT_TIMEOUT).is_ok();
    if answered || TcpListener::bind(addr).is_err() {
        return Err(RunError::PortTaken { port, purpose, variable });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANYWHERE: [&str; 2] = ["127.0.0.1:0", "0.0.0.0:0"];

    fn check(port: u16) -> Result<(), RunError> {
        check_free(port, "the functions", "PATCHCORD_PORT")
    }

    #[test]
    fn a_taken_port_says_what_to_do() {
        for address in ANYWHERE {
            let listener = TcpListener::bind(address).unwrap();
            let port = listener.local_addr().unwrap().port();
            assert_eq!(
                check(port).unwrap_err().to_string(),
                format!(
                    "port {port} on 127.0.0.1, needed for the functions, is taken; stop what \
                     listens there, or choose another port with PATCHCORD_PORT=…"
                )
            );
        }
    }

    #[test]
    fn a_port_given_back_is_free() {
        // Another test may get one at once, or have begun a child that still holds it; not each.
        let given_back = |_| TcpListener::bind(ANYWHERE[0]).unwrap().local_addr().unwrap().port();
        assert!((0..100).map(given_back).any(|port| check(port).is_ok()));
    }
}
