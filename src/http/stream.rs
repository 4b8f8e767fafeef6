//! A connection's bytes.

use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;

/// TCP, or TLS over it.
pub type Stream = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// The connection will be reset when it is dropped, not closed: what was sent and not yet read is lost.
pub fn reset_when_dropped(stream: &Stream) {
    let tcp = match stream {
        Either::Left(tcp) => tcp,
        Either::Right(tls) => tls.get_ref().0,
    };
    // Where it cannot be set, the connection is closed the ordinary way.
    let _ = tcp.set_zero_linger();
}
