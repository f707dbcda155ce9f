//! The sample APIs: a few calls of each provider, answered with made-up data in the provider's shape.

use fragrant_profiles::procore::CompanyId;
use fragrant_profiles::{procore, rfc6749, ringcentral};
use serde_json::{Value, json};

/// A call that can be made with a GET.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// What it gives, in a few words.
    pub(crate) title: &'static str,
    pub(crate) path: &'static str,
    /// The scope that it needs, where the provider has scopes.
    pub(crate) required: Option<&'static str>,
    pub(super) answer: fn(&Caller<'_>) -> Value,
}

/// Whose token it is.
pub(super) struct Caller<'a> {
    pub(super) name: &'a str,
    /// Which client has it.
    pub(super) client_id: &'a str,
    pub(super) id: &'a str,
    pub(super) company: Option<CompanyId>,
}

impl Caller<'_> {
    /// The identifier: a number if it is one, as the providers write it.
    fn id(&self) -> Value {
        self.id.parse::<u64>().map_or_else(|_| self.id.into(), Value::from)
    }
}

/// The only company at the Procore of this server.
pub(crate) const COMPANY: CompanyId = CompanyId::from_number(8089);

pub(super) const RINGCENTRAL: &[Endpoint] = &[
    Endpoint {
        title: "Extension",
        path: ringcentral::PATHS.sample_call,
        required: None,
        answer: |caller| {
            json!({
                "id": caller.id(),
                "extensionNumber": "101",
                "name": caller.name,
                "type": "User",
                "status": "Enabled",
            })
        },
    },
    Endpoint {
        title: "Contacts",
        path: "/restapi/v1.0/account/~/extension/~/address-book/contact",
        required: Some("Contacts"),
        answer: |_| json!({ "records": [{ "id": 1, "firstName": "Ada", "lastName": "Example" }] }),
    },
    Endpoint {
        title: "Call log",
        path: "/restapi/v1.0/account/~/extension/~/call-log",
        required: Some("ReadCallLog"),
        answer: |_| json!({ "records": [{ "id": "1", "direction": "Inbound", "duration": 42, "result": "Accepted" }] }),
    },
];

pub(super) const PROCORE: &[Endpoint] = &[
    Endpoint {
        title: "Me",
        path: procore::PATHS.sample_call,
        required: None,
        answer: |caller| json!({ "id": caller.id(), "login": caller.name, "name": caller.name }),
    },
    Endpoint {
        title: "Companies",
        path: "/rest/v1.0/companies",
        required: None,
        answer: |_| json!([{ "id": COMPANY.as_number(), "name": "Example Builders", "is_active": true }]),
    },
    Endpoint {
        title: "Projects",
        path: "/rest/v1.0/projects",
        required: None,
        answer: |caller| {
            let company = caller.company.map(CompanyId::as_number);
            json!([{ "id": 1, "name": "Bridge", "company": { "id": company, "name": "Example Builders" } }])
        },
    },
];

pub(super) const RFC6749: &[Endpoint] = &[
    Endpoint {
        title: "Resource 1",
        path: rfc6749::PATHS.sample_call,
        required: None,
        answer: |caller| json!({ "resource": 1, "owner": caller.name, "client": caller.client_id }),
    },
    Endpoint {
        title: "Resource 2, which needs the scope write",
        path: "/resource/2",
        required: Some("write"),
        answer: |caller| json!({ "resource": 2, "owner": caller.name, "client": caller.client_id }),
    },
];

#[cfg(test)]
mod tests {
    use fragrant::value::Scope;
    use fragrant_profiles::ALL;

    use super::super::endpoints;

    #[test]
    fn every_call_is_under_the_providers_own_base_and_the_first_is_its_sample() {
        for provider in ALL {
            let endpoints = endpoints(provider);
            assert_eq!(endpoints[0].path, provider.paths.sample_call);
            assert_eq!(endpoints[0].required, None);
            for endpoint in endpoints {
                assert!(endpoint.path.starts_with(provider.paths.api), "{}", endpoint.path);
                assert!(endpoint.required.is_none_or(|scope| Scope::new(scope).is_ok()));
            }
        }
    }
}
