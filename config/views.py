"""Doors that belong to nobody else: two for machines, the statement of accessibility, and the style guide."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from config.cache import cache_answers
from config.styleguide import samples


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when database and Valkey answer, else 503. Says nothing more, since anyone may ask."""
    well = {"database": database_answers(), "valkey": cache_answers()}
    return JsonResponse(well, status=200 if all(well.values()) else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token. Whoever has been logged out meanwhile is asked to log in, as on every other page."""
    login = resolve_url(settings.LOGIN_URL)
    if not request.user.is_authenticated and request.path != login:
        return redirect_to_login(request.get_full_path(), login)
    return render(request, "403_csrf.html", status=403)


@require_safe
def bare(request: HttpRequest) -> HttpResponse:
    """The base of all measuring: every middleware, the session and the user, and nothing else."""
    request.user.is_active  # noqa: B018 - loads the user, as every page does
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accessibility.html", {"contact": settings.ACCESSIBILITY_CONTACT})


@require_http_methods(["GET", "HEAD", "POST"])
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component on one page. A post changes nothing: it shows the forms with their errors."""
    status = 422 if request.method == "POST" else 200
    return render(request, "styleguide.html", samples(request.POST or None, request.GET), status=status)
