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
