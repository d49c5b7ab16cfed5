"""Django's administration as this portal uses it: one way in, for whoever administers the portal."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from contacts.access import Permission, reach_of


class PortalAdminSite(AdminSite):
    site_header = "Administration"
    site_title = "Överenskommelseportalen"
    index_title = "Register som styr portalen"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """The role decides, and nothing else: when it ends the door is closed at once."""
        return reach_of(request.user).nationally(Permission.ADMINISTER)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The portal has one login page; who is logged in and still came here has nothing to do here."""
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
