"""What the servers on Flask share: an account, a login page and a consent page."""

import secrets

from flask import Flask, redirect, request, session

from shared import CONFIG

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
