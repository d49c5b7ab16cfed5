"""What every answer to somebody who has logged in has in common."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]
KEPT_BY_NOBODY = "private, no-store"


def keep_nothing(get_response: Answer) -> Answer:
    """No browser and nobody between keeps the pages of somebody who has logged in.

    An answer that says itself how it may be kept, as the PDFs do, is left alone.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "Cache-Control" not in response.headers and request.user.is_authenticated:
            response.headers["Cache-Control"] = KEPT_BY_NOBODY
        return response

    return answer
