//! Why a request got no response, told apart.

use std::fmt;

use crate::model::RemoteText;

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendError {
    pub kind: SendErrorKind,
    pub message: RemoteText,
}

/// Says the kind alone: the message is somebody else's text.
impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())
    }
}

impl std::error::Error for SendError {}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendErrorKind {
    Dns,
    /// Nothing listens at the port.
    Refused,
    Connect,
    Tls,
    Timeout,
    /// The connection broke before the response was complete.
    Broken,
    /// The request cannot be sent at all.
    Request,
}

impl SendErrorKind {
    /// The stable code for documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Refused => "connection_refused",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Broken => "connection_broken",
            Self::Request => "request",
        }
    }
}
