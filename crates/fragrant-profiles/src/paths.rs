//! Where on its hosts a provider's endpoints are.

use alloc::format;

use fragrant::value::{AuthorizationEndpoint, HttpUri, InvalidEndpoint, InvalidUri, Origin};

/// The paths of a provider's endpoints. They begin with `/` and hold no query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Paths {
    /// The authorization endpoint (RFC 6749 section 3.1), where step 1 sends the user agent.
    pub authorization: &'static str,
    /// The revocation endpoint (RFC 7009), on the host of the authorization endpoint.
    pub revocation: Option<&'static str>,
    /// Where a bearer of a token asks about it with a GET, on the host of the authorization endpoint.
    pub token_info: Option<&'static str>,
    /// The base of the API, with a `/` at its end.
    pub api: &'static str,
    /// A harmless GET to try a token with: whose it is, where the provider can tell.
    pub sample_call: &'static str,
}

impl Paths {
    /// The authorization endpoint of a server at `origin`: one of the provider's own, or a test server in its shape.
    ///
    /// # Errors
    /// [`InvalidEndpoint`] when `origin` is `http` on another machine than this one.
    pub fn authorization_endpoint(&self, origin: &Origin) -> Result<AuthorizationEndpoint, InvalidEndpoint> {
        AuthorizationEndpoint::new(format!("{origin}{}", self.authorization))
    }

    /// The base of the API of a server at `origin`.
    ///
    /// # Errors
    /// [`InvalidUri`] would say that the path does not fit into an address. The paths of this crate do.
    pub fn api_base(&self, origin: &Origin) -> Result<HttpUri, InvalidUri> {
        HttpUri::parse(format!("{origin}{}", self.api))
    }
}

#[cfg(test)]
mod tests {
    use fragrant::value::{InvalidEndpoint, Origin};

    use crate::ALL;

    #[test]
    fn every_path_fits_on_a_test_server_of_this_machine() {
        let origin = Origin::new("http://127.0.0.1:8080").unwrap();
        for provider in ALL {
            let paths = provider.paths;
            let endpoint = paths.authorization_endpoint(&origin).unwrap();
            assert_eq!(endpoint.uri().path(), paths.authorization);
            let base = paths.api_base(&origin).unwrap();
            assert_eq!(base.path(), paths.api);
            assert!(paths.api.ends_with('/'), "{}", provider.id);
            assert!(paths.sample_call.starts_with(paths.api), "{}", provider.id);
            assert!(
                [paths.revocation, paths.token_info].iter().flatten().all(|path| path.starts_with('/')),
                "{}",
                provider.id
            );
        }
    }

    #[test]
    fn no_authorization_endpoint_is_made_for_http_elsewhere() {
        let origin = Origin::new("http://platform.example").unwrap();
        assert_eq!(crate::ringcentral::PATHS.authorization_endpoint(&origin), Err(InvalidEndpoint::Insecure));
    }
}
