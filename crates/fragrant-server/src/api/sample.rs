//! The sample APIs: made-up data in the providers' shapes, for the calls that their habits name.

use fragrant_profiles::procore::{self, CompanyId};
use fragrant_profiles::ringcentral;
use serde_json::{Value, json};

/// Whose token it is.
pub(super) struct Caller<'a> {
    pub(super) name: &'a str,
    /// Which client has it.
    pub(super) client_id: &'a str,
    pub(super) id: &'a str,
}

impl Caller<'_> {
    /// The identifier: a number if it is one, as the providers write it.
    fn id(&self) -> Value {
        self.id.parse::<u64>().map_or_else(|_| self.id.into(), Value::from)
    }
}

const EXTENSION: &str = ringcentral::PATHS.sample_call;
const ME: &str = procore::PATHS.sample_call;

/// What a GET of the path gives. What has no shape of its own here is told who asked.
pub(super) fn answer(path: &str, caller: &Caller<'_>) -> Value {
    const COMPANY: CompanyId = procore::SAMPLE_COMPANY;
    match path {
        EXTENSION => json!({
            "id": caller.id(),
            "extensionNumber": "101",
            "name": caller.name,
            "type": "User",
            "status": "Enabled",
        }),
        "/restapi/v1.0/account/~/extension/~/address-book/contact" => {
            json!({ "records": [{ "id": 1, "firstName": "Ada", "lastName": "Example" }] })
        }
        "/restapi/v1.0/account/~/extension/~/call-log" => {
            json!({ "records": [{ "id": "1", "direction": "Inbound", "duration": 42, "result": "Accepted" }] })
        }
        ME => json!({ "id": caller.id(), "login": caller.name, "name": caller.name }),
        "/rest/v1.0/companies" => {
            json!([{ "id": COMPANY.as_number(), "name": "Example Builders", "is_active": true }])
        }
        "/rest/v1.0/projects" => {
            let company = json!({ "id": COMPANY.as_number(), "name": "Example Builders" });
            json!([{ "id": 1, "name": "Bridge", "company": company }])
        }
        other => json!({ "resource": other, "owner": caller.name, "client": caller.client_id }),
    }
}

#[cfg(test)]
mod tests {
    use fragrant_profiles::ALL;

    use super::*;

    #[test]
    fn every_call_of_a_vendor_is_answered_in_its_shape() {
        let caller = Caller { name: "jane", client_id: "app", id: "4711" };
        for provider in ALL {
            for call in provider.habits.sample_calls {
                let is_plain = answer(call.path, &caller).get("resource").is_some();
                assert_eq!(is_plain, provider.environments.is_empty(), "{}", call.path);
            }
        }
    }
}
