//! One provider, with everything that this library knows of it.

use fragrant::profile::Profile;

use crate::{Environment, Erratum, Habits, Move, Notice, Paths, ProviderParameter};

/// A provider of the implicit grant, as data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Provider {
    /// The word by which programs know it: lower-case letters and digits, as in `--profile ringcentral`.
    pub id: &'static str,
    /// What people call it; the same as [`Profile::name`].
    pub name: &'static str,
    /// How a client treats it: the module's `PROFILE`, in a place from which it can be borrowed for good.
    pub profile: Profile,
    /// Its servers, the one for production first. The specification has none.
    pub environments: &'static [Environment],
    /// The paths of its endpoints, the same in every environment.
    pub paths: Paths,
    /// The parameters and headers that it adds to the protocol, or gives values of its own.
    pub parameters: &'static [ProviderParameter],
    /// What its servers do that no specification asks for.
    pub habits: Habits,
    /// The grant from beginning to end as its guide tells it.
    pub moves: &'static [Move],
    /// What became of its support for the grant, and what to use instead: its own notice first, then the one that
    /// holds for everybody. Never empty.
    pub notices: &'static [Notice],
    /// Where its guide errs, numbered.
    pub errata: &'static [Erratum],
}

impl Provider {
    /// Finds an environment by its [`id`](Environment::id). Case counts.
    pub fn environment(&self, id: &str) -> Option<&'static Environment> {
        self.environments.iter().find(|environment| environment.id == id)
    }

    /// Finds what the provider says of the parameter or header of this name. Case counts.
    pub fn parameter(&self, name: &str) -> Option<&'static ProviderParameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use fragrant::spec::{Place, RequestParameter};

    use crate::ALL;

    #[test]
    fn the_profile_lists_exactly_the_parameters_that_the_core_has_no_field_for() {
        for provider in ALL {
            let names_at = |place: Place| -> Vec<&str> {
                let parameters = provider.parameters.iter().filter(|parameter| parameter.place == place);
                let names = parameters.map(|parameter| parameter.name);
                names
                    .filter(|name| {
                        !RequestParameter::from_name(name).is_some_and(RequestParameter::is_reserved)
                    })
                    .collect()
            };
            assert_eq!(names_at(Place::Query), &*provider.profile.request_parameters, "{}", provider.id);
            assert_eq!(names_at(Place::Fragment), &*provider.profile.response_parameters, "{}", provider.id);
            if let Some(user_parameter) = &provider.profile.user_parameter {
                assert!(provider.profile.response_parameters.contains(user_parameter), "{}", provider.id);
            }
            assert_eq!(provider.profile.name, provider.name);
        }
    }

    #[test]
    fn environments_and_parameters_are_found_by_name() {
        let ringcentral = crate::by_id("ringcentral").unwrap();
        assert_eq!(ringcentral.environment("sandbox"), Some(&crate::ringcentral::SANDBOX));
        assert_eq!(ringcentral.environment("Sandbox"), None);
        assert_eq!(ringcentral.parameter("brand_id").map(|fact| fact.place), Some(Place::Query));
        assert_eq!(ringcentral.parameter("brandId"), None);
    }
}
