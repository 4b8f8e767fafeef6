//! Servers: a bounded one that hands whole requests to a handler and sends its replies; and one for applications.

mod access_token;
mod application;
mod authority;
mod bind;
mod body;
mod connection;
mod crowd;
mod error;
mod limits;
mod local_ca;
mod paced;
mod replies;
mod server;
mod site;
mod tls;
mod workers;

pub use access_token::{AccessToken, TokenError};
pub use application::serve_application;
pub use authority::{Pem, loopback_certificate, new_authority};
pub use bind::{BindError, BindTo, bind, raise_descriptor_limit};
pub use body::{BodyReader, BodyShare, Refusal};
pub use error::CertificateError;
pub use limits::Limits;
pub use local_ca::{LocalCaError, local_ca};
pub use replies::{Delay, Per, PlannedResponse, Sequence, status_of_path};
pub use server::{Handler, Received, Reply, serve};
pub use site::{SiteRefusal, SiteRules, only};
pub use tls::{Protocol, acceptor};
