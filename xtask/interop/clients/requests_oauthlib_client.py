"""requests-oauthlib: an `OAuth2Session` over oauthlib's `MobileApplicationClient`, a line in for a line out.

It says where the user agent is to go, is told where that came back to, and says what came of it.
"""

import importlib.metadata
import json
import os
import sys

# Everybody is on this machine, without TLS.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

from oauthlib.oauth2 import MobileApplicationClient, OAuth2Error
from requests_oauthlib import OAuth2Session

CONFIG = json.loads(sys.argv[1])
PACKAGE = "requests-oauthlib"


def say(**words):
    print(json.dumps(words), flush=True)


def outcome(session, address):
    try:
        session.token_from_fragment(address)
    except OAuth2Error as error:
        return {"error": error.error}
    return {"api": session.get(CONFIG["api"]).status_code}


say(version=f"{PACKAGE} {importlib.metadata.version(PACKAGE)}")
for _ in CONFIG["decisions"]:
    client = MobileApplicationClient(CONFIG["client_id"])
    session = OAuth2Session(client=client, redirect_uri=CONFIG["redirect_uri"], scope=CONFIG["scope"])
    session.trust_env = False
    url, _state = session.authorization_url(CONFIG["authorization_endpoint"])
    say(url=url)
    say(**outcome(session, json.loads(sys.stdin.readline())["address"]))
