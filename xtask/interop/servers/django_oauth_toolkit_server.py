"""django-oauth-toolkit with its own views and its own consent page, in a Django of one file."""

import django
from django.conf import settings

from shared import CONFIG, serve

LOGIN = '<form method="post">{% csrf_token %}{{ form }}<button>Sign in</button></form>'

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider"],
    LOGIN_URL="/login",
    MIDDLEWARE=[
        "django.middleware.common.CommonMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    OAUTH2_PROVIDER={"SCOPES": {"read": "read", "write": "write"}, "DEFAULT_SCOPES": ["read"]},
    # A password is checked once for each run, and nothing here is worth a guess.
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ROOT_URLCONF="__main__",
    SECRET_KEY="a server of one run",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    ("django.template.loaders.locmem.Loader", {"login.html": LOGIN}),
                    "django.template.loaders.app_directories.Loader",
                ],
                "context_processors": ["django.template.context_processors.request"],
            },
        }
    ],
)
django.setup()

from django.contrib.auth import get_user_model
from django.contrib.auth.views import LoginView
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import include, path
from oauth2_provider.decorators import protected_resource
from oauth2_provider.models import get_application_model


@protected_resource(scopes=["read"])
def resource(_request):
    return JsonResponse({"served": True})


urlpatterns = [
    path("login", LoginView.as_view(template_name="login.html")),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("resource", resource),
]

call_command("migrate", verbosity=0)
owner = get_user_model().objects.create_user(CONFIG["user"], password=CONFIG["password"])
Application = get_application_model()
Application.objects.create(
    name="a client",
    client_id=CONFIG["client_id"],
    client_type=Application.CLIENT_PUBLIC,
    authorization_grant_type=Application.GRANT_IMPLICIT,
    redirect_uris=CONFIG["redirect_uri"],
    user=owner,
)

# One thread for all of it, since the tables are in its memory.
serve("django-oauth-toolkit", get_wsgi_application())
