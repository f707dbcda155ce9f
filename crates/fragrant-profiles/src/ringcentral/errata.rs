//! Where RingCentral's guide errs.

use crate::Erratum;

/// The mistakes of the guide.
pub const ERRATA: &[Erratum] = &[
    Erratum {
        id: "ringcentral-1",
        guide_says: "A token's lifetime of 3600 is in milliseconds.",
        implemented: "`expires_in` counts seconds: such a token lives an hour.",
        source: "RFC 6749 section 4.2.2",
        shown_by: Some("ringcentral_tokens_live_3600_seconds"),
    },
    Erratum {
        id: "ringcentral-2",
        guide_says: "page, popup, touch and mobile are values of `prompt`.",
        implemented: "They are the values of `display`, whose row is missing from the table of parameters.",
        source: "OpenID Connect Core 1.0 section 3.1.2.1, the provider's API index",
        shown_by: Some("display_is_a_parameter_of_its_own"),
    },
    Erratum {
        id: "ringcentral-3",
        guide_says: "`prompt` must name login or sso, and must be none in all requests but the first.",
        implemented: "`prompt` is optional; none stands alone and is for a renewal without any page. A person who \
                      logs in again, after the login session has ended, needs pages again.",
        source: "OpenID Connect Core 1.0 section 3.1.2.1",
        shown_by: Some("prompt_none_stands_alone_and_is_for_renewals"),
    },
    Erratum {
        id: "ringcentral-4",
        guide_says: "The last two rows of the table of parameters have no closing pipe, and bare pipes inside a \
                     cell cut it into further columns.",
        implemented: "Values are separate data in our tables, and a pipe inside a cell is escaped.",
        source: "GitHub Flavored Markdown section 4.10",
        shown_by: None,
    },
    Erratum {
        id: "ringcentral-5",
        guide_says: "The request has a body, and a header `Content Type`.",
        implemented: "The request is a GET with everything in its query. It has no body, so it needs no content \
                      type; the header's name would be `Content-Type`.",
        source: "RFC 6749 section 4.2.1, RFC 9110 section 8.3",
        shown_by: Some("the_whole_request_stands_in_the_query"),
    },
    Erratum {
        id: "ringcentral-6",
        guide_says: "The sample request goes to the path `/authorize`.",
        implemented: "The path is `/restapi/oauth/authorize`, as the guide's own text has it.",
        source: "the provider's guide and API index",
        shown_by: Some("the_sample_request_goes_to_the_real_path"),
    },
    Erratum {
        id: "ringcentral-7",
        guide_says: "The answer is a page with status 200 and the token in a JSON object.",
        implemented: "The answer is a redirect (302 or 303) whose Location carries the token in its fragment, as \
                      the guide shows two lines later. JSON is what a token endpoint answers, and this grant uses \
                      none.",
        source: "RFC 6749 section 4.2.2",
        shown_by: Some("the_answer_is_a_redirect_with_a_fragment"),
    },
    Erratum {
        id: "ringcentral-8",
        guide_says: "The flow has two legs.",
        implemented: "Client, authorization server and resource owner take part: what the trade calls three legs, \
                      the provider's SDK too.",
        source: "RFC 6749 section 4.2",
        shown_by: Some("the_resource_owner_takes_part"),
    },
    Erratum {
        id: "ringcentral-9",
        guide_says: "The user confirms the permissions and enters credentials afterwards.",
        implemented: "Login comes first: nobody's consent counts before it is known whose it is.",
        source: "RFC 6749 section 3.1",
        shown_by: Some("login_comes_before_consent"),
    },
    Erratum {
        id: "ringcentral-10",
        guide_says: "In step 3 the app redirects to the redirection URI.",
        implemented: "The authorization server has done that at the end of step 2. In step 3 the app only reads the \
                      address it is at.",
        source: "RFC 6749 section 4.2",
        shown_by: Some("the_redirect_ends_the_second_step"),
    },
    Erratum {
        id: "ringcentral-11",
        guide_says: "The samples of one run have two different tokens, and two different scopes.",
        implemented: "An answer names the scope that was granted, which may differ from the one that was asked for; \
                      the difference is shown as data.",
        source: "RFC 6749 section 3.3",
        shown_by: Some("the_granted_scope_may_differ_from_the_requested_one"),
    },
    Erratum {
        id: "ringcentral-12",
        guide_says: "`state` is optional, the sample request sends it, and the sample answer has none.",
        implemented: "A login that begins here always sends a state, and an answer without it is refused. Only a \
                      caller who says that none was sent has the sample answer accepted.",
        source: "RFC 6749 section 4.2.2, RFC 9700 section 2.1",
        shown_by: Some("an_answer_without_the_requests_state_is_refused"),
    },
    Erratum {
        id: "ringcentral-13",
        guide_says: "The implicit grant is recommended for apps in a browser, and an example redirects to an \
                     address with http.",
        implemented: "The recommendation has been withdrawn, and our notice says so. A redirection URI with http on \
                      another machine is recognised as insecure.",
        source: "RFC 9700 section 2.1.2, RFC 6749 section 3.1.2.1",
        shown_by: Some("the_notice_is_there_and_plain_http_is_recognised"),
    },
    Erratum {
        id: "ringcentral-14",
        guide_says: "The sentence about the endpoint to call lacks its verb.",
        implemented: "The client sends the user agent to that endpoint.",
        source: "RFC 6749 section 4.2.1",
        shown_by: None,
    },
];
