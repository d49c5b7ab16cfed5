"""The way in. Open to everybody, and says the same whatever is wrong."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView

from contacts.demo import LOGINS
from contacts.forms import LoginForm


class Login(LoginView):
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """In demo mode, and only then, the page shows who one can be."""
        context = super().get_context_data(**kwargs)
        return context | {"demo_logins": LOGINS if settings.DEMO else ()}
