//! Listening sockets.

use std::net::{SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

/// Connections that the system holds ready for us to accept.
const BACKLOG: i32 = 4096;

/// Binds a non-blocking listener; an IPv6 wildcard takes IPv4 too.
///
/// # Errors
/// In one line, with the address.
pub(super) fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    let attempt = |address: SocketAddr| -> std::io::Result<TcpListener> {
        let socket = Socket::new(
            Domain::for_address(address),
            Type::STREAM,
            Some(Protocol::TCP),
        )?;
        if address.is_ipv6() && address.ip().is_unspecified() {
            socket.set_only_v6(false)?;
        }
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        Ok(socket.into())
    };
    match attempt(address) {
        // A machine without IPv6 cannot bind its wildcard; IPv4's is what was meant.
        Err(_) if address == SocketAddr::from(([0u16; 8], address.port())) => {
            attempt(SocketAddr::from(([0, 0, 0, 0], address.port())))
        }
        outcome => outcome,
    }
    .map_err(|error| format!("cannot listen on {address}: {error}"))
}
