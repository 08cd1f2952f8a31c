//! A port where nobody listens, and nobody else will meanwhile.

use tokio::net::TcpSocket;

/// Takes a port of this machine without listening there.
pub struct Nobody {
    _socket: TcpSocket,
    /// Such as `127.0.0.1:49152`.
    pub address: String,
}

impl Nobody {
    pub fn anywhere() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = socket.local_addr().unwrap().to_string();
        Self { _socket: socket, address }
    }
}
