"""Two doors that belong to nobody else: one for machines that watch, one to measure against."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from config.cache import cache_answers


@login_not_required
@never_cache
@require_GET
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


@require_GET
def bare(request: HttpRequest) -> HttpResponse:
    """The base of all measuring: every middleware, the session and the user, and nothing else."""
    request.user.is_active  # noqa: B018 - loads the user, as every page does
    return HttpResponse("ok", content_type="text/plain")
