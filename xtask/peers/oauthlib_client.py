"""oauthlib: the address goes to `MobileApplicationClient.parse_request_uri_response`, with state and scope beside it."""

import os

# Its own switch for what the specification asks: without it, an answer without a type is taken.
os.environ["OAUTHLIB_STRICT_TOKEN_TYPE"] = "1"

from oauthlib.oauth2 import MobileApplicationClient

from shared import run


def answer(asked):
    client = MobileApplicationClient("client")
    token = client.parse_request_uri_response(asked["address"], state=asked["state"], scope=asked["scope"].split(" "))
    scope = token.get("scope")
    return {
        "token": token["access_token"],
        "lifetime": token.get("expires_in"),
        "scope": scope if scope is None else " ".join(scope),
    }


run("oauthlib", answer)
