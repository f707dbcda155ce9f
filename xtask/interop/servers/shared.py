"""What the Python servers share: an account, a login page, a consent page, and a port of their own."""

import importlib.metadata
import json
import secrets
import sys
import threading

from flask import Flask, redirect, request, session
from werkzeug.serving import WSGIRequestHandler, make_server

CONFIG = json.loads(sys.argv[1])
SCOPES = ["openid", "read", "write"]

app = Flask(__name__)
app.secret_key = secrets.token_bytes(32)


def page(content, status=200):
    return f"<!DOCTYPE html><html lang=en><title>{app.name}</title><body>{content}</body></html>", status


def form(path, content):
    query = request.query_string.decode("ascii")
    action = f"{path}?{query}".replace("&", "&amp;").replace('"', "%22")
    return page(f'<form method="post" action="{action}">{content}</form>')


def user():
    return session.get("user")


def login_page():
    return form("/login", '<input name="username"><input name="password" type="password"><button>Sign in</button>')


def consent_page():
    button = '<button name="decision" value="{}">{}</button>'
    return form("/authorize", button.format("allow", "Allow") + button.format("deny", "Deny"))


def is_allowed():
    return request.form.get("decision") == "allow"


@app.post("/login")
def login():
    if (request.form["username"], request.form["password"]) != (CONFIG["user"], CONFIG["password"]):
        return page("wrong user or password", 403)
    session["user"] = CONFIG["user"]
    return redirect(f"/authorize?{request.query_string.decode('ascii')}")


class Quiet(WSGIRequestHandler):
    def log(self, *_args):
        pass


def serve(package):
    """Listens on a port that the system gives, says which, and ends when nobody listens to it any more."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    version = f"{package} {importlib.metadata.version(package)}"
    print(json.dumps({"port": server.server_port, "version": version}), flush=True)
    sys.stdin.read()
