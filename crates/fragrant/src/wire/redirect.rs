//! What came back: the address that the user agent was redirected to, cut into its parts.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::Limits;
use super::flaw::{Flaw, FlawAt, FlawKind};
use super::form::{self, Fault, Pair};
use super::known::{Known, is_token_or_error};
use super::parameters::{Parameters, Scan};
use crate::spec::ResponseParameter;
use crate::target::IS_SMALL;
use crate::text::{cut, holds, keep_pieces, pieces, split_at_first};
use crate::value::PendingKey;

/// A redirect, cut into its parts and not yet checked.
///
/// ```text
/// https://app.example/cb?keep=1#/route?access_token=2YotnFZFEjr1zCsicMWpAA&state=xyz
/// '--------- base ------''query''route''------------- answer ----------------------'
/// ```
///
/// The input is a whole address or a fragment that begins with `#`. A fragment that begins with `/` belongs to a hash
/// router: what stands before its first `?` is the application's route (`/` alone if there is no `?` in its first 4 KiB, or
/// if an answer's parameter stands before it).
#[derive(Clone, Copy)]
pub struct Redirect<'a> {
    input: &'a str,
    base: &'a str,
    query: Option<Part<'a>>,
    route: Option<Part<'a>>,
    answer: Option<Part<'a>>,
}

/// A part of the input and where it begins.
#[derive(Clone, Copy)]
struct Part<'a> {
    text: &'a str,
    offset: usize,
}

/// The parameters of a redirect whose structure is sound.
#[derive(Clone, Debug)]
pub struct RedirectParameters<'a> {
    /// Those of the query. The implicit grant puts nothing there; some servers put their errors there.
    pub query: Parameters<'a>,
    /// Those of the fragment, where the answer belongs.
    pub fragment: Parameters<'a>,
}

impl<'a> Redirect<'a> {
    /// Cuts any text into its parts.
    #[inline]
    pub fn split(input: &'a str) -> Self {
        // The common case: a fragment alone. What stands below makes the same of it.
        if !IS_SMALL && let Some(text) = input.strip_prefix('#') {
            let (route, answer) = split_route(Part { text, offset: 1 });
            return Self { input, base: "", query: None, route, answer };
        }
        let (before, fragment) = match split_at_first(input, b'#') {
            Some((before, text)) => (before, Some(Part { text, offset: before.len() + 1 })),
            None => (input, None),
        };
        let (base, query) = match split_at_first(before, b'?') {
            Some((base, text)) => (base, Some(Part { text, offset: base.len() + 1 })),
            None => (before, None),
        };
        let (route, answer) = fragment.map_or((None, None), split_route);
        Self { input, base, query, route, answer }
    }

    /// Cuts bytes into their parts.
    ///
    /// # Errors
    /// [`Flaw`] at the first byte that is not UTF-8.
    pub fn split_bytes(input: &'a [u8]) -> Result<Self, Flaw> {
        core::str::from_utf8(input).map(Self::split).map_err(|error| Flaw {
            kind: FlawKind::Malformed(Fault::NotUtf8),
            parameter: None,
            offset: error.valid_up_to(),
        })
    }

    /// The whole input.
    pub const fn as_str(&self) -> &'a str {
        self.input
    }

    /// Whether the input is a fragment alone, so that nothing is known of the address it stood in.
    pub fn is_fragment_alone(&self) -> bool {
        self.input.starts_with('#')
    }

    /// The hash router's route, if the fragment has one: for the application, once the answer is out of the address.
    pub fn route(&self) -> Option<&'a str> {
        self.route.map(|route| route.text)
    }

    /// The key of the pending request that this could be the answer to: found without any check, whatever the input
    /// is, and proof of nothing. The fragment is looked at first where it holds an answer, the query first elsewhere.
    /// An input over the [default length](Limits::DEFAULT) has none, whatever the profile's limits are.
    pub fn pending_key(&self) -> Option<PendingKey> {
        if self.is_too_long() {
            return None;
        }
        let is_answer = |part: Part<'_>| {
            let mut known =
                present(part).filter_map(|pair| ResponseParameter::from_name(&pair.name.decode()));
            known.any(ResponseParameter::makes_an_answer)
        };
        let parts = if self.answer.is_some_and(is_answer) {
            [self.answer, self.query]
        } else {
            [self.query, self.answer]
        };
        parts.iter().flatten().find_map(|part| {
            let state = present(*part).find(|pair| pair.name.decode() == ResponseParameter::State.name())?;
            Some(PendingKey::of_state_text(&state.value.decode()))
        })
    }

    /// Reads the parameters and judges their structure: limits first, then malformed pairs, then repeated ones; of each
    /// kind the leftmost. `extras` are the names that the profile knows besides the protocol's own.
    ///
    /// # Errors
    /// The first [`Flaw`].
    #[inline]
    pub fn parameters(
        &self,
        limits: &Limits,
        extras: &[alloc::borrow::Cow<'static, str>],
    ) -> Result<RedirectParameters<'a>, Flaw> {
        let mut parameters = self.unread();
        self.read_into(&mut parameters, limits, extras)?;
        Ok(parameters)
    }

    /// Does what [`parameters`](Self::parameters) does for whom it is the same what is wrong: nothing is allocated.
    pub fn sound_parameters(
        &self,
        limits: &Limits,
        extras: &[alloc::borrow::Cow<'static, str>],
    ) -> Option<RedirectParameters<'a>> {
        let mut parameters = self.unread();
        self.read(&mut parameters, limits, extras).ok()?;
        Some(parameters)
    }

    /// The parameters, still to be [read](Self::read_into).
    #[inline]
    pub(crate) fn unread(&self) -> RedirectParameters<'a> {
        let (query, fragment) = (self.query.unwrap_or(self.end()), self.answer.unwrap_or(self.end()));
        RedirectParameters {
            query: Parameters::unread(query.text, query.offset),
            fragment: Parameters::unread(fragment.text, fragment.offset),
        }
    }

    /// Does what [`parameters`](Self::parameters) does where the parameters are to stand.
    #[inline]
    pub(crate) fn read_into(
        &self,
        parameters: &mut RedirectParameters<'a>,
        limits: &Limits,
        extras: &[alloc::borrow::Cow<'static, str>],
    ) -> Result<(), Flaw> {
        Ok(self.read(parameters, limits, extras)?)
    }

    #[inline]
    fn read(
        &self,
        parameters: &mut RedirectParameters<'a>,
        limits: &Limits,
        extras: &[alloc::borrow::Cow<'static, str>],
    ) -> Result<(), FlawAt<'a>> {
        // Places in the text are kept in 32 bits.
        let max_len = limits.max_len.min(u32::MAX as usize);
        if self.input.len() > max_len {
            return Err(self.too_long(max_len));
        }
        let known = Known { extras };
        if !IS_SMALL {
            if self.read_sound(parameters, &known, limits.max_parameters).is_some() {
                return Ok(());
            }
            *parameters = self.unread();
        }
        self.read_plainly(parameters, &known, limits.max_parameters)
    }

    #[cold]
    fn too_long(&self, max_len: usize) -> FlawAt<'a> {
        let offset = self.input.floor_char_boundary(max_len);
        FlawAt { kind: FlawKind::TooLong, parameter: None, offset }
    }

    /// Reads the parameters if nothing is wrong with them; `None` otherwise.
    #[inline]
    fn read_sound(
        &self,
        parameters: &mut RedirectParameters<'a>,
        known: &Known<'_>,
        max: usize,
    ) -> Option<()> {
        if self.flaw_in_route().is_some() {
            return None;
        }
        let mut left = max;
        if self.query.is_some() {
            left -= parameters.query.read_sound(known, left)?;
        }
        parameters.fragment.read_sound(known, left)?;
        Some(())
    }

    /// Reads the parameters, or says what is wrong with them.
    #[cold]
    fn read_plainly(
        &self,
        parameters: &mut RedirectParameters<'a>,
        known: &Known<'_>,
        max: usize,
    ) -> Result<(), FlawAt<'a>> {
        let mut scan = Scan::default();
        parameters.query.scan(known, max, &mut scan)?;
        scan.malformed = scan.malformed.or_else(|| self.flaw_in_route());
        parameters.fragment.scan(known, max, &mut scan)?;
        match scan.malformed.or(scan.duplicate) {
            Some(flaw) => Err(flaw),
            None => Ok(()),
        }
    }

    /// A part that is not there: empty, at the end.
    const fn end(&self) -> Part<'a> {
        Part { text: "", offset: self.input.len() }
    }

    /// What no fragment holds. The route's escapes are the application's own, and a browser leaves them as they are.
    fn flaw_in_route(&self) -> Option<FlawAt<'a>> {
        let route = self.route?;
        let mut faults =
            (0..).zip(route.text.bytes()).filter_map(|(at, byte)| Some((at, Fault::of_raw(byte)?)));
        let (at, fault) = faults.next()?;
        Some(FlawAt { kind: FlawKind::Malformed(fault), parameter: None, offset: route.offset + at })
    }

    /// Whether this is where the request's redirection URI leads: the address, less its fragment and less the answer's
    /// parameters in its query, equals it byte by byte. A fragment alone says nothing of its address and passes.
    pub fn is_at(&self, redirect_uri: &str, extras: &[alloc::borrow::Cow<'static, str>]) -> bool {
        if self.is_fragment_alone() {
            return true;
        }
        let (base, query) = match split_at_first(redirect_uri, b'?') {
            Some((base, query)) => (base, Some(query)),
            None => (redirect_uri, None),
        };
        if base != self.base {
            return false;
        }
        let Some(came_back) = self.query else { return query.is_none() };
        if query == Some(came_back.text) {
            return true;
        }
        let known = Known { extras };
        if !pieces(came_back.text, b'&').any(|pair| known.has_value(pair)) {
            return false;
        }
        // A known name without a value can be the application's own, or a part of the answer that was left empty.
        let is_rest = |is_answers: &dyn Fn(&str) -> bool| {
            let own = keep_pieces(came_back.text, b'&', &|pair| !is_answers(pair));
            // With nothing left there is no query, or the empty one that the answer was added to.
            if own.is_none() { query.unwrap_or_default().is_empty() } else { query == own.as_deref() }
        };
        is_rest(&|pair| known.has_value(pair)) || is_rest(&|pair| known.names(pair))
    }

    /// The address as it should stand once the answer has been read: without the answer, with the application's own query
    /// and route. What stands behind a second `#` can be part of an answer and is no part of any address, so it goes too.
    /// An address that holds nothing of an answer stays as it is. Of one over the [default length](Limits::DEFAULT)
    /// only what stands before its query and fragment is left: nothing else of it is looked at.
    pub fn without_answer(&self, extras: &[alloc::borrow::Cow<'static, str>]) -> String {
        if self.is_too_long() {
            return self.base.to_owned();
        }
        let known = Known { extras };
        let mut address = self.input.to_owned();
        // A pair that was taken out may have stood before a `?`, which then ends a route and begins parameters.
        loop {
            let redirect = Redirect::split(&address);
            if !redirect.holds_pair(&|pair| known.is_to_go(pair)) {
                return address;
            }
            address = redirect.without_known(&known);
        }
    }

    /// Whether it is too long for what is done with it before its limits are known.
    const fn is_too_long(&self) -> bool {
        self.input.len() > Limits::DEFAULT.max_len
    }

    /// Whether a token or an error stands anywhere, sound or not: in an address that cannot be read it tells an answer from
    /// what is the application's own.
    pub(crate) fn holds_token_or_error(&self) -> bool {
        self.holds_pair(&is_token_or_error)
    }

    /// Whether such a pair stands anywhere, behind a second `#` too.
    fn holds_pair(&self, is_such: &dyn Fn(&str) -> bool) -> bool {
        let [query, answer] = [self.query, self.answer].map(|part| part.map_or("", |part| part.text));
        let route = self.route().map_or("", without_slash);
        let holds_such = |text| pieces(text, b'&').any(is_such);
        [query, answer, route].iter().any(|text| pieces(text, b'#').any(holds_such))
    }

    fn without_known(&self, known: &Known<'_>) -> String {
        let is_own = |pair: &str| !holds(pair, b'#') && !known.is_to_go(pair);
        let keep = |text: &str| keep_pieces(text, b'&', &is_own).unwrap_or_default();
        let mut address = self.base.to_owned();
        if let Some(query) = self.query.map(|query| keep(query.text)).filter(|query| !query.is_empty()) {
            address.push('?');
            address.push_str(&query);
        }
        let rest = self.answer.map(|answer| keep(answer.text)).filter(|rest| !rest.is_empty());
        if let Some(route) = self.route() {
            address.push_str("#/");
            address.push_str(&keep(pieces(without_slash(route), b'#').next().unwrap_or_default()));
            if let Some(rest) = &rest {
                // `/` alone is the router's prefix, and what follows it stands behind no `?`.
                let has_query = self
                    .route
                    .zip(self.answer)
                    .is_some_and(|(route, answer)| answer.offset > route.offset + route.text.len());
                if has_query {
                    address.push('?');
                }
                address.push_str(rest);
            }
        } else if let Some(rest) = &rest {
            address.push('#');
            address.push_str(rest);
        }
        address
    }
}

impl core::fmt::Debug for Redirect<'_> {
    /// Shows what parts there are, and nothing of them: an answer that has lost its `#` stands where the address should.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Redirect")
            .field("len", &self.input.len())
            .field("has_query", &self.query.is_some())
            .field("has_route", &self.route.is_some())
            .field("has_fragment", &self.answer.is_some())
            .finish()
    }
}

/// A hash router's route without the slash that it begins with.
fn without_slash(route: &str) -> &str {
    cut(route, 1, route.len())
}

/// The sound pairs of a part that have a value.
fn present(part: Part<'_>) -> impl Iterator<Item = Pair<'_>> {
    form::pairs(part.text, part.offset).filter_map(|pair| pair.ok().filter(|pair| !pair.value.is_empty()))
}

/// A fragment that begins with `/` is a hash router's. The route ends at the first `?`; without one, or if an answer's
/// parameter stands before it, only the slash is the router's.
#[inline]
fn split_route(fragment: Part<'_>) -> (Option<Part<'_>>, Option<Part<'_>>) {
    if fragment.text.starts_with('/') { cut_route(fragment) } else { (None, Some(fragment)) }
}

/// The longest route, in **bytes**: it is looked at before any limit is.
const MAX_ROUTE: usize = 4 * 1024;

fn cut_route(fragment: Part<'_>) -> (Option<Part<'_>>, Option<Part<'_>>) {
    let known = Known { extras: &[] };
    let end = fragment.text.bytes().take(MAX_ROUTE + 1).position(|byte| byte == b'?');
    let is_route = |at: &usize| {
        let route = cut(fragment.text, 1, *at);
        !pieces(route, b'&').any(|pair| known.has_value(pair))
    };
    let (route, skip) = match end.filter(is_route) {
        Some(at) => (at, at + 1),
        None => (1, 1),
    };
    let answer = cut(fragment.text, skip, fragment.text.len());
    let answer = Part { text: answer, offset: fragment.offset + skip };
    (Some(Part { text: cut(fragment.text, 0, route), offset: fragment.offset }), Some(answer))
}

#[cfg(test)]
mod tests {
    use alloc::{format, vec};

    use super::*;

    #[test]
    fn routes_of_hash_routers_are_cut_off() {
        for (input, route, answer) in [
            ("https://a/#access_token=x", None, "access_token=x"),
            ("#/access_token=x", Some("/"), "access_token=x"),
            ("#/cb?access_token=x", Some("/cb"), "access_token=x"),
            ("#/?access_token=x", Some("/"), "access_token=x"),
            ("#/items;id=3?a=b?c", Some("/items;id=3"), "a=b?c"),
            ("#access_token=x?y", None, "access_token=x?y"),
            ("#/access_token=x&state=a?b", Some("/"), "access_token=x&state=a?b"),
            ("#/a&%65rror=x?state=b", Some("/"), "a&%65rror=x?state=b"),
            // A parameter without a value is none.
            ("#/error?state=b", Some("/error"), "state=b"),
            ("#/error=&code?state=b", Some("/error=&code"), "state=b"),
            ("#", None, ""),
        ] {
            let redirect = Redirect::split(input);
            assert_eq!(redirect.route(), route, "{input}");
            let answer_part = redirect.answer.unwrap();
            assert_eq!(answer_part.text, answer, "{input}");
            assert_eq!(&input[answer_part.offset..], answer, "{input}");
        }
        assert!(Redirect::split("https://a/").answer.is_none());
    }

    #[test]
    fn the_pending_key_is_found_before_any_check() {
        let key = |input: &str| Redirect::split(input).pending_key();
        let expected = Some(PendingKey::of_state_text("x y"));
        assert_eq!(key("#state=x+y"), expected);
        assert_eq!(key("#%zz&st%61te=x%20y&state=other&error=%"), expected);
        assert_eq!(key("https://a/cb?error=access_denied&state=x+y"), expected);
        assert_eq!(key("https://a/cb?state=other#state=x+y&error=e"), expected);
        assert_eq!(key("https://a/cb?error=e&state=x+y#state=other"), expected);
        assert_eq!(key("#state="), None);
        assert_eq!(key(""), None);
    }

    #[test]
    fn the_redirection_uri_is_compared_without_the_answer() {
        let at = |input: &str, uri: &str| Redirect::split(input).is_at(uri, &[]);
        assert!(at("https://a/cb#access_token=x", "https://a/cb"));
        assert!(at("https://a/cb?keep=1#access_token=x", "https://a/cb?keep=1"));
        assert!(at("https://a/cb?error=x&state=y", "https://a/cb"));
        assert!(at("https://a/cb?keep=1&error=x&state=y", "https://a/cb?keep=1"));
        assert!(at("https://a/cb?error=x", "https://a/cb?"));
        assert!(at("#access_token=x", "https://a/cb"));
        assert!(at("com.example.app:/cb#access_token=x", "com.example.app:/cb"));
        assert!(!at("https://a/cb/#access_token=x", "https://a/cb"));
        assert!(!at("https://a/CB#access_token=x", "https://a/cb"));
        assert!(!at("https://a/cb?x=1#access_token=x", "https://a/cb"));
        assert!(!at("https://a/cb#access_token=x", "https://a/cb?keep=1"));
        assert!(!at("https://a/cb?keep=1&x=2&error=x", "https://a/cb?keep=1"));
        assert!(!at("https://a/cb?#access_token=x", "https://a/cb"));
        assert!(!at("https://a/cb?&error=x", "https://a/cb"));
        assert!(!at("https://a/cb?error=x&", "https://a/cb"));
        // A known name without a value may be the application's, or one that the server left empty.
        assert!(at("https://a/cb?scope&error=x&state=y", "https://a/cb?scope"));
        assert!(at("https://a/cb?error=x&error_description=&state=y", "https://a/cb"));
        assert!(!at("https://a/cb?scope", "https://a/cb"));
    }

    #[test]
    fn cleaning_keeps_what_is_the_applications() {
        let clean = |input: &str| Redirect::split(input).without_answer(&["endpoint_id".into()]);
        assert_eq!(clean("https://a/cb#access_token=x&state=y"), "https://a/cb");
        assert_eq!(clean("https://a/cb?keep=1#access_token=x&own=2"), "https://a/cb?keep=1#own=2");
        assert_eq!(clean("https://a/#/route?access_token=x&tab=2&endpoint_id=3"), "https://a/#/route?tab=2");
        assert_eq!(clean("https://a/#/access_token=x"), "https://a/#/");
        assert_eq!(clean("https://a/#/access_token=x&own=1"), "https://a/#/own=1");
        assert_eq!(clean("https://a/cb?error=x&state=y"), "https://a/cb");
        assert_eq!(clean("https://a/#section"), "https://a/#section");
        assert_eq!(clean("https://a/#/x#access_token=t&own=1"), "https://a/#/own=1");
        assert_eq!(clean("https://a/#/x#access_token=t?own=1"), "https://a/#/x?own=1");
        assert_eq!(clean("https://a/#/access_token=t&own=a?b"), "https://a/#/own=a?b");
        assert_eq!(clean("?error=access_denied&state=xyz#/error"), "#/error");
        assert_eq!(clean("https://a/#/error?access_token=x&state=y"), "https://a/#/error");
    }

    #[test]
    fn cleaning_leaves_no_secret_behind_a_prefix() {
        let clean = |input: &str| Redirect::split(input).without_answer(&[]);
        let answer = "access_token=SECRET&token_type=bearer&state=xyz";
        for prefix in ["?", "!", "!/cb?", "!/?", "?/", "%3F", "%zz?", "#", "#?", "cb;", "%21%2Fcb%3F"] {
            for before in ["", "https://a/cb"] {
                assert_eq!(clean(&format!("{before}#{prefix}{answer}")), before, "{prefix}");
                assert_eq!(clean(&format!("{before}#{prefix}{answer}&own=1")), format!("{before}#own=1"));
            }
        }
        assert_eq!(clean(&format!("#//{answer}")), "#/");
        assert_eq!(clean("#/cb/access_token=SECRET?own=1"), "#/?own=1");
        assert_eq!(clean(&format!("https://a/cb??{answer}")), "https://a/cb");
        assert_eq!(clean(&format!("https://a/cb?keep=1&amp;{answer}#x")), "https://a/cb?keep=1#x");
        // Only a secret's name is sought there: what else stands behind a mark is the application's own.
        for address in ["#!/cb?scope=all", "#/cb/error=1", "#/items;scope=3?x", "#!/zipcode=1", "#?state="] {
            assert_eq!(clean(address), address);
        }
    }

    #[test]
    fn cleaning_leaves_an_address_without_an_answer_as_it_is() {
        for address in [
            "?scope#x",
            "#/error",
            "https://a/?#",
            "https://a/#/?",
            "#state=&&code",
            "#/a#b",
            "#a#b",
            "##",
            "",
        ] {
            assert_eq!(Redirect::split(address).without_answer(&[]), address);
        }
    }

    #[test]
    fn limits_come_before_everything() {
        let limits = Limits { max_len: 20, max_parameters: 2 };
        let flaw = |input: &str| Redirect::split(input).parameters(&limits, &[]).unwrap_err();
        assert_eq!(
            flaw("#a=%zz&b=1&c=2&d=3&&&&&"),
            Flaw { kind: FlawKind::TooLong, parameter: None, offset: 20 }
        );
        assert_eq!(
            flaw("x?a=%zz#b=1&&c=2"),
            Flaw { kind: FlawKind::TooManyParameters, parameter: None, offset: 13 }
        );
        assert!(Redirect::split("#a=1&&&&b=1").parameters(&limits, &[]).is_ok());
    }

    #[test]
    fn a_long_route_is_none() {
        let [longest, longer] = [4_095, 4_096].map(|len| format!("#/{}?state=x", "a".repeat(len)));
        assert_eq!(Redirect::split(&longest).route(), longest.split('?').next().map(|route| &route[1..]));
        assert_eq!(Redirect::split(&longer).route(), Some("/"));
    }

    #[test]
    fn of_an_address_that_is_too_long_only_the_base_is_looked_at() {
        let address = |len| format!("https://a/cb?own=1&state=x#{}", "t".repeat(len));
        let longest = address(Limits::DEFAULT.max_len - address(0).len());
        assert_eq!(Redirect::split(&longest).pending_key(), Some(PendingKey::of_state_text("x")));
        assert_eq!(Redirect::split(&longest).without_answer(&[]), longest.replace("&state=x", ""));
        let longer = longest + "&access_token=t";
        assert_eq!(Redirect::split(&longer).pending_key(), None);
        assert_eq!(Redirect::split(&longer).without_answer(&[]), "https://a/cb");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_malformed() {
        assert_eq!(Redirect::split_bytes(b"#a=\xFF").unwrap_err().offset, 3);
        assert_eq!(Redirect::split_bytes(b"#a=b").unwrap().as_str(), "#a=b");
    }

    #[test]
    fn the_leftmost_flaw_of_the_first_kind_wins() {
        let flaw = |input: &str| {
            let flaw = Redirect::split(input).parameters(&Limits::DEFAULT, &[]).unwrap_err();
            (flaw.kind, flaw.offset)
        };
        let cases = vec![
            ("#state=1&state=2&x=%", FlawKind::Malformed(Fault::Escape), 17),
            ("?state=1&state=2#x=%", FlawKind::Malformed(Fault::Escape), 17),
            ("#/a#b?state=%", FlawKind::Malformed(Fault::Hash), 3),
            ("#/a%b c?state=%", FlawKind::Malformed(Fault::Space), 5),
            ("#/é#?state=%", FlawKind::Malformed(Fault::NonAscii), 2),
            ("#/\u{7f}?state=1&state=2", FlawKind::Malformed(Fault::Control), 2),
            ("?state=1&state=2#error=1&error=2", FlawKind::Duplicate, 9),
        ];
        for (input, kind, offset) in cases {
            assert_eq!(flaw(input), (kind, offset), "{input}");
        }
    }

    #[test]
    fn the_first_mark_is_split_at() {
        for len in 0..70 {
            for place in 0..len {
                let mut text = "a".repeat(len);
                text.replace_range(place..=place, "#");
                assert_eq!(split_at_first(&text, b'#'), text.split_once('#'));
            }
            let marks = "#".repeat(len);
            assert_eq!(split_at_first(&marks, b'#'), marks.split_once('#'));
        }
    }
}
