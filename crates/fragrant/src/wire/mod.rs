//! Text to parameters and back: borrowed views, and no judgement about what the parameters mean together.
//!
//! ```text
//! form      application/x-www-form-urlencoded: pairs, decoding, encoding (RFC 6749 appendix B)
//! redirect  what came back: the address before its query, the query, the hash router's route, the fragment
//! fragment  one pass over a component of it: structure, duplicates, every known parameter in its slot
//! request   the same for the authorization request's query
//! bearer    the Authorization and WWW-Authenticate headers (RFC 6750)
//! ```

pub mod form;
