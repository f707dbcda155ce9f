// oidc-client: `UserManager`, told of the server by its metadata, as a plain OAuth client.

const manager = (config) =>
  new Oidc.UserManager({
    authority: config.issuer,
    metadataUrl: `${config.issuer}/.well-known/oauth-authorization-server`,
    client_id: config.client_id,
    redirect_uri: config.redirect_uri,
    popup_redirect_uri: config.redirect_uri,
    silent_redirect_uri: config.redirect_uri,
    response_type: "token",
    scope: config.scope,
    loadUserInfo: false,
  });

async function call(user, url) {
  const answer = await fetch(url, { headers: { Authorization: `Bearer ${user.access_token}` } });
  return answer.status;
}

export const signIn = (config) => manager(config).signinRedirect();

export async function receive(config) {
  const user = await manager(config).signinRedirectCallback();
  return (url) => call(user, url);
}

export async function byPopup(config) {
  const own = manager(config);
  const first = await own.signinPopup();
  const renewed = await own.signinSilent();
  if (renewed.access_token === first.access_token) throw new Error("no other token");
  await own.revokeAccessToken();
  const [one, other] = [await call(first, config.calls[0].url), await call(renewed, config.calls[0].url)];
  return ["by popup", "renewed in a hidden frame", `${other} once revoked`, `${one} with the token before`];
}

export const handOver = (config) =>
  window.opener ? manager(config).signinPopupCallback() : manager(config).signinSilentCallback();
