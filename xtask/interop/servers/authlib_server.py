"""Authlib's authorization server on Flask: the implicit grant for `token`, and OpenID's for `id_token token`."""

import os

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import ClientMixin, ImplicitGrant, TokenMixin
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDImplicitGrant
from flask import request
from joserfc.jwk import RSAKey

from flask_site import SCOPES, app, consent_page, is_allowed, login_page, user
from shared import CONFIG, serve

KEY = RSAKey.generate_key(2048)
TOKENS = {}
LIFETIME = 3600


class Client(ClientMixin):
    def get_client_id(self):
        return CONFIG["client_id"]

    def get_default_redirect_uri(self):
        return CONFIG["redirect_uri"]

    def get_allowed_scope(self, scope):
        return scope or "read"

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri == CONFIG["redirect_uri"]

    def check_client_secret(self, client_secret):
        return False

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "none"

    def check_response_type(self, response_type):
        return response_type in ("token", "id_token", "id_token token")

    def check_grant_type(self, grant_type):
        return grant_type == "implicit"


class Token(TokenMixin):
    def __init__(self, facts):
        self.scope = facts["scope"]

    def check_client(self, client):
        return True

    def get_scope(self):
        return self.scope

    def get_expires_in(self):
        return LIFETIME

    def is_expired(self):
        return False

    def is_revoked(self):
        return False


class OpenIDImplicit(OpenIDImplicitGrant):
    def exists_nonce(self, nonce, request):
        return False

    def resolve_client_private_key(self, client):
        return KEY

    def get_client_algorithm(self, client):
        return "RS256"

    def get_client_claims(self, client):
        return {"iss": "https://authlib.example", "exp": LIFETIME}

    def generate_user_info(self, user, scope):
        return UserInfo(sub=user)


class Validator(BearerTokenValidator):
    def authenticate_token(self, token_string):
        return TOKENS.get(token_string)


def save_token(token, request):
    TOKENS[token["access_token"]] = Token(token)


app.config["OAUTH2_SCOPES_SUPPORTED"] = SCOPES
server = AuthorizationServer(app, lambda client_id: Client() if client_id == CONFIG["client_id"] else None, save_token)
server.register_grant(ImplicitGrant)
server.register_grant(OpenIDImplicit)
protected = ResourceProtector()
protected.register_token_validator(Validator())


@app.get("/authorize")
def ask():
    try:
        grant = server.get_consent_grant(end_user=user())
    except OAuth2Error as error:
        return server.handle_error_response(request, error)
    return consent_page() if user() and grant.prompt != "login" else login_page()


@app.post("/authorize")
def decide():
    grant = server.get_consent_grant(end_user=user())
    return server.create_authorization_response(grant=grant, grant_user=user() if is_allowed() else None)


@app.get("/resource")
@protected("read")
def resource():
    return {"served": True}


serve("Authlib", app)
