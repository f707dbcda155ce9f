// auth0-js: `WebAuth`, which knows its server by a domain alone, and takes an address for one.

const web = (config) =>
  new auth0.WebAuth({
    domain: new URL(config.authorization_endpoint).origin,
    clientID: config.client_id,
    redirectUri: config.redirect_uri,
    responseType: "token",
    scope: config.scope,
  });

export const signIn = async (config) => web(config).authorize();

export async function receive(config) {
  const answer = await new Promise((resolve, reject) => {
    web(config).parseHash({}, (error, got) => (error ? reject(error) : resolve(got)));
  });
  const headers = { Authorization: `Bearer ${answer.accessToken}` };
  return async (url) => (await fetch(url, { headers })).status;
}
