"""Verifying a copy: open to everybody, keeps nothing, and never works longer than a bounded time."""

from __future__ import annotations

import logging
import threading
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from agreements.verification_code import read_code
from agreements.verified import Told, told
from agreements.verifying import LARGEST, CannotRead, Unreadable, by_code
from agreements.verifying import verify as judge
from contacts.limits import is_over

logger = logging.getLogger(__name__)

AT_ONCE: Final = threading.BoundedSemaphore(2)
"""Files looked into at the same time by one web process; its other threads stay free for everybody else."""
FORM_AROUND: Final = 100_000
"""Bytes that a form adds to the file in it."""
MOST_FILES, MOST_CODES, MINUTES = 20, 60, 10

NO_FILE: Final = "Välj en PDF, eller skriv koden som står längst ner på varje sida."
NO_CODE: Final = "Koden stämmer inte. Den har tolv tecken, till exempel 7F3K-9QX2-M4TJ. Kontrollera varje tecken."
TOO_OFTEN: Final = "Du har kontrollerat många exemplar på kort tid. Vänta tio minuter och försök igen."
NOT_KEPT: Final = "Filen kunde inte tas emot just nu. Försök igen om en stund."
BUSY: Final = "Många kontrollerar filer just nu. Försök igen om en liten stund."


@login_not_required
@csrf_exempt  # it changes nothing and says the same to everybody, so that scripts may ask as well
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form, and the answer to a file. A typed code leads to a page with an address of its own."""
    if request.method != "POST":
        typed = request.GET.get("kod", "")
        code = read_code(typed)
        if code:
            return redirect("verify_code", code)
        return _form(request, error=NO_CODE, typed=typed, status=422) if typed else _form(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + FORM_AROUND:  # before any of it is read
        return _form(request, error=Unreadable.TOO_LARGE, status=413)
    if is_over("verify-file", request, most=MOST_FILES, seconds=MINUTES * 60):
        return _form(request, error=TOO_OFTEN, status=429)
    file = request.FILES.get("fil")
    return _judged(request, file) if file else _form(request, error=NO_FILE, status=422)


@login_not_required
@never_cache
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the code on a page leads to."""
    read = read_code(code)
    if not read:
        return _form(request, error=NO_CODE, typed=code[:60], status=404)
    if read != code:
        return redirect("verify_code", read)
    if is_over("verify-code", request, most=MOST_CODES, seconds=MINUTES * 60):
        return _form(request, error=TOO_OFTEN, typed=code, status=429)
    found = told(by_code(code), names=settings.PUBLIC_SIGNATORY_NAMES, of_code=True)
    return _answer(request, found, status=200 if found.agreement else 404, code=code)


def _judged(request: HttpRequest, file: UploadedFile) -> HttpResponse:
    if not AT_ONCE.acquire(blocking=False):
        return _form(request, error=BUSY, status=503)
    try:
        outcome = judge(file.read())
    except CannotRead as refusal:
        return _form(request, error=str(refusal), status=422)
    except OSError:
        logger.exception("a file to verify could not be read")
        return _form(request, error=NOT_KEPT, status=503)
    finally:
        AT_ONCE.release()
        file.close()
    found = told(outcome, names=settings.PUBLIC_SIGNATORY_NAMES)
    return _answer(request, found, file_name=str(file.name)[:150])


def _form(request: HttpRequest, *, error: str = "", typed: str = "", status: int = 200) -> HttpResponse:
    return render(request, "agreements/verify.html", {"error": error, "typed": typed}, status=status)


def _answer(
    request: HttpRequest, found: Told, *, status: int = 200, code: str = "", file_name: str = ""
) -> HttpResponse:
    context = {"found": found, "code": code, "file_name": file_name}
    return render(request, "agreements/verified.html", context, status=status)
