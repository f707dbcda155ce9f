//! One of a provider's environments: production, or a sandbox.

use alloc::format;

use fragrant::value::{AuthorizationEndpoint, HttpUri, InvalidEndpoint, InvalidUri, Origin};

use crate::Paths;

/// The servers of one environment.
///
/// The texts are constants of this crate, and a test reads each of them; the methods return a `Result` all the same,
/// as the core checks every address and this crate does not go behind its back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Environment {
    /// The word by which programs know it, such as `production`; unique within the provider.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// The origin of the authorization server.
    pub login_origin: &'static str,
    /// The origin of the API server: the only one that a token may be sent to.
    pub api_origin: &'static str,
    /// The paths on both.
    pub paths: Paths,
}

impl Environment {
    /// Where step 1 sends the user agent.
    ///
    /// # Errors
    /// [`InvalidEndpoint`] would say what is wrong with the address. The environments of this crate give no error.
    pub fn authorization_endpoint(&self) -> Result<AuthorizationEndpoint, InvalidEndpoint> {
        self.paths.authorization_endpoint(&self.login_origin()?)
    }

    /// The authorization server's origin.
    ///
    /// # Errors
    /// [`InvalidUri`] would say what is wrong with the address. The environments of this crate give no error.
    pub fn login_origin(&self) -> Result<Origin, InvalidUri> {
        Origin::new(self.login_origin)
    }

    /// The API server's origin, for the list of those that a token may be sent to.
    ///
    /// # Errors
    /// [`InvalidUri`] would say what is wrong with the address. The environments of this crate give no error.
    pub fn api_origin(&self) -> Result<Origin, InvalidUri> {
        Origin::new(self.api_origin)
    }

    /// The base of the API's addresses; its path ends with `/`.
    ///
    /// # Errors
    /// [`InvalidUri`] would say what is wrong with the address. The environments of this crate give no error.
    pub fn api_base(&self) -> Result<HttpUri, InvalidUri> {
        self.paths.api_base(&self.api_origin()?)
    }

    /// Where a token is revoked (RFC 7009), if the provider says where.
    ///
    /// # Errors
    /// [`InvalidUri`] would say what is wrong with the address. The environments of this crate give no error.
    pub fn revocation_endpoint(&self) -> Result<Option<HttpUri>, InvalidUri> {
        self.on_login_host(self.paths.revocation)
    }

    /// Where the bearer of a token asks about it, if the provider says where.
    ///
    /// # Errors
    /// [`InvalidUri`] would say what is wrong with the address. The environments of this crate give no error.
    pub fn token_info_endpoint(&self) -> Result<Option<HttpUri>, InvalidUri> {
        self.on_login_host(self.paths.token_info)
    }

    // req: RFC7009-2-1
    fn on_login_host(&self, path: Option<&str>) -> Result<Option<HttpUri>, InvalidUri> {
        path.map(|path| HttpUri::parse(format!("{}{path}", self.login_origin))).transpose()
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use crate::ALL;

    #[test]
    // req(test): RFC7009-2-1
    fn every_address_is_a_normal_https_one() {
        for provider in ALL {
            for environment in provider.environments {
                let endpoint = environment.authorization_endpoint().unwrap();
                assert_eq!(endpoint.origin(), environment.login_origin().unwrap());
                assert!(endpoint.uri().is_https(), "{endpoint}");
                let base = environment.api_base().unwrap();
                assert_eq!(base.origin(), environment.api_origin().unwrap().as_str());
                assert!(base.is_https(), "{base}");
                for (endpoint, path) in [
                    (environment.revocation_endpoint().unwrap(), provider.paths.revocation),
                    (environment.token_info_endpoint().unwrap(), provider.paths.token_info),
                ] {
                    assert_eq!(endpoint.as_ref().map(|endpoint| endpoint.path()), path);
                    assert!(endpoint.is_none_or(|endpoint| endpoint.origin() == environment.login_origin));
                }
                assert_eq!(environment.paths, provider.paths);
            }
            let ids: BTreeSet<&str> =
                provider.environments.iter().map(|environment| environment.id).collect();
            assert_eq!(ids.len(), provider.environments.len(), "{}", provider.id);
        }
    }
}
