//! Whether the functions answer.

use std::{io, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The health of the channel `rest`.
const PATH: &str = "/webhooks/rest/";
/// More than any health answer.
const MOST_BYTES: u64 = 16 * 1024;

/// What came back.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Health {
    /// `{"status":"ok"}`, or that there is no channel `rest`.
    Healthy,
    /// Nobody listens yet, or the connection was closed.
    Silent,
    /// Something else, in one line.
    Unwell(String),
}

/// Asks once, and waits as long as it takes: cargo lambda keeps the request until the function is
/// compiled, and would keep a second one as well.
pub(super) async fn ask(addr: SocketAddr) -> Health {
    match request(addr).await {
        Ok(answer) => judge(&String::from_utf8_lossy(&answer)),
        Err(_) => Health::Silent,
    }
}

async fn request(addr: SocketAddr) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(addr).await?;
    let request = format!("GET {PATH} HTTP/1.1\r\nhost: {addr}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(MOST_BYTES).read_to_end(&mut answer).await?;
    Ok(answer)
}

fn judge(answer: &str) -> Health {
    let Some((head, body)) = answer.split_once("\r\n\r\n") else { return Health::Silent };
    let status = head.split(' ').nth(1).unwrap_or_default();
    let compact: String = body.split_whitespace().collect();
    let is_well = status == "200" && compact.contains(r#"{"status":"ok"}"#);
    // The function runs as well where no channel is called `rest`, and says so.
    let has_other_channels = status == "404" && body.contains("a configured channel");
    if is_well || has_other_channels {
        return Health::Healthy;
    }
    let body: String = body.split_whitespace().collect::<Vec<_>>().join(" ");
    Health::Unwell(format!("{status} {}", body.chars().take(300).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judges_answers() {
        let unwell = |text: &str| Health::Unwell(text.to_owned());
        let cases = [
            ("plain", "HTTP/1.1 200 OK\r\n\r\n{\"status\": \"ok\"}", Health::Healthy),
            (
                "chunked",
                "HTTP/1.1 200 OK\r\n\r\nf\r\n{\"status\":\"ok\"}\r\n0\r\n\r\n",
                Health::Healthy,
            ),
            (
                "error",
                "HTTP/1.1 404 Not Found\r\na: b\r\n\r\n{\n \"title\": 1 }",
                unwell("404 { \"title\": 1 }"),
            ),
            (
                "other channels",
                "HTTP/1.1 404 Not Found\r\n\r\n{\"detail\":\"expected the name of a configured channel\"}",
                Health::Healthy,
            ),
            ("other", "HTTP/1.1 200 OK\r\n\r\nhello", unwell("200 hello")),
            ("cut", "HTTP/1.1 200", Health::Silent),
        ];
        for (name, answer, expected) in cases {
            assert_eq!(judge(answer), expected, "{name}");
        }
    }

    #[tokio::test]
    async fn nobody_is_silent() {
        // Bound, so that nobody else gets the port, and not listening.
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        assert_eq!(ask(socket.local_addr().unwrap()).await, Health::Silent);
    }
}
