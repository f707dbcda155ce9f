// hellojs: the library takes the answer by itself, as soon as it is loaded, and goes back to the page that it began on. Its
// state is a JSON text with that page's address in it.

const NETWORK = "test-server";

function prepare(config) {
  const server = { oauth: { version: 2, auth: config.authorization_endpoint }, scope_delim: " " };
  hello.init({ [NETWORK]: server });
  hello.init({ [NETWORK]: config.client_id }, { redirect_uri: config.redirect_uri, display: "page" });
}

export async function signIn(config) {
  prepare(config);
  hello.login(NETWORK, { scope: config.scope });
}

/** What the library has stored, if it has come back from a sign-in. */
export async function returned(config) {
  prepare(config);
  const answer = hello.getAuthResponse(NETWORK);
  if (!answer) return null;
  if (answer.error) throw { error: answer.error.code };
  const headers = { Authorization: `Bearer ${answer.access_token}` };
  return async (url) => (await fetch(url, { headers })).status;
}
