// @ringcentral/sdk: its own platform object for all of it, the call of the API too.

const platform = (config) => {
  const server = new URL(config.authorization_endpoint).origin;
  return new RingCentral.SDK({ server, clientId: config.client_id, redirectUri: config.redirect_uri }).platform();
};

export async function signIn(config) {
  location.assign(platform(config).loginUrl({ implicit: true, state: "a state of the application's" }));
}

export async function receive(config) {
  const own = platform(config);
  await own.login(own.parseLoginRedirect(location.hash));
  return async (url) => (await own.get(url)).status;
}

/** As its read-me shows, with the application's own page as the one that the popup comes back to. */
export async function byPopup(config) {
  const own = platform(config);
  const answer = await own.loginWindow({ url: own.loginUrl({ implicit: true }) });
  await own.login(answer);
  const before = (await own.get(config.calls[0].url)).status;
  await own.logout();
  const headers = { Authorization: `Bearer ${answer.access_token}` };
  const after = (await fetch(config.calls[0].url, { headers })).status;
  return ["by popup", before, `${after} once logged out`];
}

export const handOver = () => RingCentral.SDK.handleLoginRedirect();
