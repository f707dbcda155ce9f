// oidc-client: `UserManager`, told of the server by its metadata, as a plain OAuth client.

const manager = (config) =>
  new Oidc.UserManager({
    authority: config.issuer,
    metadataUrl: `${config.issuer}/.well-known/oauth-authorization-server`,
    client_id: config.client_id,
    redirect_uri: config.redirect_uri,
    response_type: "token",
    scope: config.scope,
    loadUserInfo: false,
  });

export const signIn = (config) => manager(config).signinRedirect();

export async function receive(config) {
  const user = await manager(config).signinRedirectCallback();
  const headers = { Authorization: `Bearer ${user.access_token}` };
  return async (url) => (await fetch(url, { headers })).status;
}
