//! Who may ask: each request is checked for where it is from, and for the token.

use axum::http::{HeaderMap, Method, Uri, header};

use crate::receiver::{AccessToken, SiteRefusal, SiteRules, only};
use crate::store::WorkspaceTokens;

/// Who may use the inspector.
pub struct AccessRules {
    /// Of this process or of its store's file.
    pub token: AccessToken,
    /// Those that let in besides, where others than this machine come.
    pub workspace: Option<WorkspaceTokens>,
    /// Host names besides `localhost` and the loopback addresses, in lower case.
    pub hosts: Vec<String>,
}

/// A token of the workspace, with which a request came.
#[derive(Clone)]
pub struct WorkspaceToken(String);

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the Host header is not localhost, a loopback address, or a name given with --ui-host")]
    Host,
    #[error("the request is from a page of another origin")]
    Origin,
    #[error("the request is from another site")]
    CrossSite,
    #[error(
        "the token is missing: open the URL that hookcli printed, or send it as Authorization: Bearer"
    )]
    NoToken,
    #[error(
        "the token is not one that opens this page: open the URL that hookcli printed, or use a token of this workspace"
    )]
    WrongToken,
}

impl From<SiteRefusal> for Refusal {
    fn from(refusal: SiteRefusal) -> Self {
        match refusal {
            SiteRefusal::Host => Self::Host,
            SiteRefusal::Origin => Self::Origin,
            SiteRefusal::CrossSite => Self::CrossSite,
        }
    }
}

impl AccessRules {
    /// Checks the head of a request.
    ///
    /// # Errors
    /// It is not answered.
    pub async fn check(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<Option<WorkspaceToken>, Refusal> {
        let path = uri.path();
        let is_api = path.starts_with("/api/") || path == "/metrics";
        let site = SiteRules {
            hosts: self.hosts.clone(),
        };
        site.check(method, uri, headers, is_api)?;
        if is_api {
            let given = only(headers, &header::AUTHORIZATION).ok_or(Refusal::NoToken)?;
            let given = given.strip_prefix("Bearer ").ok_or(Refusal::NoToken)?;
            if !self.token.is(given) {
                let token = WorkspaceToken(given.to_owned());
                return match self.still_lets_in(&token).await {
                    true => Ok(Some(token)),
                    false => Err(Refusal::WrongToken),
                };
            }
        }
        Ok(None)
    }

    /// Whether a token is one of the workspace's: it may have been removed.
    pub async fn still_lets_in(&self, token: &WorkspaceToken) -> bool {
        match &self.workspace {
            Some(tokens) => tokens.has(&token.0).await,
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;
    use tokio::runtime::Builder;

    use super::*;

    fn check(path: &str, lines: &[(&str, &str)]) -> Result<(), Refusal> {
        method(&Method::GET, path, lines)
    }

    fn method(method: &Method, path: &str, lines: &[(&str, &str)]) -> Result<(), Refusal> {
        let rules = AccessRules {
            token: AccessToken::new().unwrap(),
            workspace: None,
            hosts: vec!["dev.test".to_owned()],
        };
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let value = match *value {
                "Bearer TOKEN" => format!("Bearer {}", rules.token.expose()),
                value => value.to_owned(),
            };
            let name: HeaderName = name.parse().unwrap();
            headers.append(name, value.parse().unwrap());
        }
        let (path, runtime) = (path.parse().unwrap(), Builder::new_current_thread().build());
        let checked = rules.check(method, &path, &headers);
        runtime.unwrap().block_on(checked).map(drop)
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for host in [
            "localhost",
            "localhost:4040",
            "LocalHost:1",
            "localhost.:80",
            "127.0.0.1:4040",
            "127.9.9.9",
            "[::1]:4040",
            "dev.test:4040",
        ] {
            assert_eq!(check("/", &[("host", host)]), Ok(()), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "192.168.0.1",
            "[::2]:4040",
            "0.0.0.0",
            "sub.dev.test",
            "[127.0.0.1].evil.example",
            "[127.0.0.1]:4040",
            "[::1].evil.example",
            "[::1",
            "[localhost]evil",
            "localhost:evil.com",
            "localhost:x@evil.example",
            "localhost:",
            "localhost:1:2",
            ":4040",
        ] {
            assert_eq!(check("/", &[("host", host)]), Err(Refusal::Host), "{host}");
        }
        assert_eq!(check("/", &[]), Err(Refusal::Host));
        let own = [("host", "localhost")];
        assert_eq!(check("http://localhost:4040/", &own), Ok(()));
        assert_eq!(check("http://evil.example/", &own), Err(Refusal::Host));
        let twice = [("host", "localhost"), ("host", "localhost")];
        assert_eq!(check("/", &twice), Err(Refusal::Host));
    }

    #[test]
    fn pages_of_other_origins_and_sites_are_refused() {
        let host = ("host", "localhost:4040");
        for origin in [
            "null",
            "http://evil.example",
            "http://localhost:3000",
            "http://127.0.0.1:4040",
            "ftp://localhost:4040",
        ] {
            let checked = check("/api/captures", &[host, ("origin", origin)]);
            assert_eq!(checked, Err(Refusal::Origin), "{origin}");
        }
        let token = ("authorization", "Bearer TOKEN");
        let own = [host, ("origin", "http://localhost:4040"), token];
        assert_eq!(check("/api/captures", &own), Ok(()));
        for site in ["cross-site", "same-site", "other"] {
            let asked = [host, ("sec-fetch-site", site), token];
            assert_eq!(
                check("/api/events", &asked),
                Err(Refusal::CrossSite),
                "{site}"
            );
            let posted = method(&Method::POST, "/", &asked);
            assert_eq!(posted, Err(Refusal::CrossSite), "{site}");
        }
        let typed = [host, ("sec-fetch-site", "none"), token];
        assert_eq!(check("/", &typed), Ok(()));
        let posted = method(&Method::POST, "/api/captures", &typed);
        assert_eq!(posted, Err(Refusal::CrossSite));
        // A link to the page may be followed; the page may not be framed or fetched.
        let link = [
            host,
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        assert_eq!(check("/", &link), Ok(()));
        let framed = [link[0], link[1], link[2], ("sec-fetch-dest", "iframe")];
        assert_eq!(check("/", &framed), Err(Refusal::CrossSite));
    }

    #[test]
    fn the_api_needs_the_token() {
        let host = ("host", "localhost:4040");
        assert_eq!(check("/api/captures", &[host]), Err(Refusal::NoToken));
        assert_eq!(check("/metrics", &[host]), Err(Refusal::NoToken));
        for given in ["Bearer x", "Bearer "] {
            let asked = [host, ("authorization", given)];
            assert_eq!(check("/api/captures", &asked), Err(Refusal::WrongToken));
        }
        let basic = [host, ("authorization", "Basic eDp5")];
        assert_eq!(check("/api/captures", &basic), Err(Refusal::NoToken));
        let own = [host, ("authorization", "Bearer TOKEN")];
        assert_eq!(check("/api/captures", &own), Ok(()));
        assert_eq!(check("/livez", &[host]), Ok(()));
    }
}
