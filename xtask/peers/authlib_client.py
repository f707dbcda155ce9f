"""Authlib: the address goes to `OAuth2Client.token_from_fragment`, with the state beside it."""

from authlib.oauth2.client import OAuth2Client

from shared import run


def answer(asked):
    client = OAuth2Client(session=None, client_id="client", scope=asked["scope"], redirect_uri=asked["redirect_uri"])
    token = client.token_from_fragment(asked["address"], state=asked["state"])
    return {"token": token["access_token"], "lifetime": token.get("expires_in"), "scope": token.get("scope")}


run("Authlib", answer)
