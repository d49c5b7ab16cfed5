"""The public copy of a signed agreement: open to everybody, without login."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from agreements.actions.publishing import public_copies
from agreements.views.copies import file_name, sent

KEPT_FOR: Final = 5 * 60
"""Seconds that it may be kept without asking: a setting that takes back names counts soon."""


@login_not_required
@require_safe
def public_copy(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The PDF of an agreement that is in force or has been; there is no such address for any other."""
    made = public_copies().filter(version=pk, made_at__isnull=False)
    copy = made.select_related("version__agreement").defer("document", "version__frozen").first()
    if copy is None or copy.version is None:
        raise Http404("Det finns inget offentligt exemplar på den här adressen.")
    answer = sent(request, copy, file_name(copy.version, copy), inline=True)
    del answer["Cache-Control"]
    patch_cache_control(answer, public=True, max_age=KEPT_FOR)
    return answer
