"""oauthlib's MobileApplicationServer behind Flask.

Its errors have two ways home. `errors=fragment`: the endpoint writes the answer, errors too. `errors=query`: the application
catches the exception before it shows a page, and redirects to the address that the exception offers.
"""

import os

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

from flask import redirect, request
from oauthlib.oauth2 import AccessDeniedError, FatalClientError, MobileApplicationServer, OAuth2Error, RequestValidator

from flask_site import SCOPES, app, consent_page, is_allowed, login_page, page, user
from shared import CONFIG, serve

TOKENS = {}


class Validator(RequestValidator):
    def validate_client_id(self, client_id, request, *args, **kwargs):
        return client_id == CONFIG["client_id"]

    def validate_redirect_uri(self, client_id, redirect_uri, request, *args, **kwargs):
        return redirect_uri == CONFIG["redirect_uri"]

    def get_default_redirect_uri(self, client_id, request, *args, **kwargs):
        return CONFIG["redirect_uri"]

    def get_default_scopes(self, client_id, request, *args, **kwargs):
        return ["read"]

    def validate_scopes(self, client_id, scopes, client, request, *args, **kwargs):
        return set(scopes) <= set(SCOPES)

    def validate_response_type(self, client_id, response_type, client, request, *args, **kwargs):
        return response_type == "token"

    def save_bearer_token(self, token, request, *args, **kwargs):
        TOKENS[token["access_token"]] = set(token["scope"].split())

    def validate_bearer_token(self, token, scopes, request):
        return set(scopes) <= TOKENS.get(token, set())


def refuse_what_the_user_refuses(asked):
    """Raised inside the endpoint, so that the endpoint writes the denial as it writes every other error."""
    if request.method == "POST" and not is_allowed():
        raise AccessDeniedError(request=asked)
    return {}


server = MobileApplicationServer(Validator())
WRITES_ERRORS = CONFIG["errors"] == "fragment"
if WRITES_ERRORS:
    server.implicit_grant.custom_validators.post_token.append(refuse_what_the_user_refuses)


def address():
    """As it was sent: Flask's own `request.url` has the escapes of other alphabets taken out."""
    return f"{request.base_url}?{request.query_string.decode('ascii')}"


def answer():
    headers, _, status = server.create_authorization_response(address(), credentials={"user": user()})
    return redirect(headers["Location"], status)


def answer_error(error):
    return answer() if WRITES_ERRORS else redirect(error.in_uri(error.redirect_uri))


@app.errorhandler(FatalClientError)
def tell_the_user(error):
    return page(error.error, 400)


@app.get("/authorize")
def ask():
    try:
        server.validate_authorization_request(address())
    except FatalClientError:
        raise
    except OAuth2Error as error:
        return answer_error(error)
    return consent_page() if user() else login_page()


@app.post("/authorize")
def decide():
    if WRITES_ERRORS or is_allowed():
        return answer()
    _, asked = server.validate_authorization_request(address())
    return answer_error(AccessDeniedError(request=asked["request"]))


@app.get("/resource")
def resource():
    is_valid, _ = server.verify_request(address(), headers=dict(request.headers), scopes=["read"])
    # What is answered to a token that will not do is left to the application; this one does what RFC 6750 section 3 asks.
    if is_valid:
        return {"served": True}
    error = ', error="invalid_token"' if "Authorization" in request.headers else ""
    return "", 401, {"WWW-Authenticate": f'Bearer realm="oauthlib"{error}'}


serve("oauthlib", app)
