//! Where Procore's guide errs.

use crate::Erratum;

/// The mistakes of the guide and of the sample code it links to.
pub const ERRATA: &[Erratum] = &[
    Erratum {
        id: "procore-1",
        guide_says: "The authorization endpoint is `/authorize`.",
        implemented: "It is `/oauth/authorize`, on the login host.",
        source: "the provider's description of its endpoints",
        shown_by: Some("the_authorization_endpoint_is_below_oauth"),
    },
    Erratum {
        id: "procore-2",
        guide_says: "It names no request parameter at all, and the sample code sends no `state`.",
        implemented: "A request has `response_type`, `client_id` and `redirect_uri`, and a `state` to tie the \
                      answer to it.",
        source: "RFC 6749 sections 4.2.1 and 10.12",
        shown_by: Some("the_request_has_every_parameter_and_a_state"),
    },
    Erratum {
        id: "procore-3",
        guide_says: "The control that begins the login is on a page of the authentication server.",
        implemented: "It is on the app's own page, as the move before says.",
        source: "RFC 6749 section 4.2",
        shown_by: Some("the_control_is_on_the_apps_page"),
    },
    Erratum {
        id: "procore-4",
        guide_says: "Login and the consent dialog are part of every run.",
        implemented: "A login session (single sign-on, too) or an earlier consent can make either unnecessary.",
        source: "RFC 6749 section 4.2",
        shown_by: Some("login_and_consent_can_be_skipped"),
    },
    Erratum {
        id: "procore-5",
        guide_says: "A browser complains that `Access-Control-Allow-Origin` is there; the quotation breaks off in \
                     damaged characters.",
        implemented: "It complains that the header is not there: an API server answers a page only if the page's \
                      origin is registered.",
        source: "the Fetch Standard on the CORS protocol",
        // The API server answers so; this crate has no code for it.
        shown_by: None,
    },
    Erratum {
        id: "procore-6",
        guide_says: "The sample code cuts the token at the first character that is no letter, digit, `_`, `.` or \
                     `-`, and does not decode it. It reads no lifetime, leaves the fragment in the address, and \
                     uses the address of the page as its redirection URI, without encoding it.",
        implemented: "A token is any printable ASCII, decoded once. The lifetime is read, and the redirection URI \
                      is the registered one, encoded.",
        source: "RFC 6749 section 4.2.2, appendices A.12 and B",
        shown_by: Some("a_token_is_taken_whole_and_the_redirect_uri_is_encoded"),
    },
    Erratum {
        id: "procore-7",
        guide_says: "It points to the threats to the grant, and its sample code counters none of them.",
        implemented: "An answer without the request's state is refused, and so is one at another address than the \
                      request's or with its token in the query. No token shows in a debug text.",
        source: "RFC 6819 section 4.4.2",
        shown_by: Some("the_threats_that_a_client_can_counter_are_countered"),
    },
];
