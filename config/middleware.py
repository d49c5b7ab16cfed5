"""What every answer to somebody who has logged in has in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse

from contacts.history import nudges_wait, send

Answer = Callable[[HttpRequest], HttpResponse]
KEPT_BY_NOBODY = "private, no-store"


class LoginRequired(LoginRequiredMiddleware):
    """Django's, but an open page reads no session: then its answer depends on no cookie, and anybody may keep it."""

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


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


def nudge_afterwards(get_response: Answer) -> Answer:
    """Workers are nudged when the answer has left: a slow broker is nothing that a user waits for."""

    def answer(request: HttpRequest) -> HttpResponse:
        with nudges_wait() as nudges:
            response = get_response(request)
        if nudges:
            close = response.close

            def close_and_nudge() -> None:
                close()
                for task, arguments in nudges:
                    send(task, *arguments)

            response.close = close_and_nudge  # type: ignore[method-assign]  # the server calls it after the last byte
        return response

    return answer
