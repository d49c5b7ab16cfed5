"""Taking out the archive package of one agreement."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from agreements.actions.taking_out import take_out
from agreements.views.doors import open_version
from contacts.errors import Refused
from contacts.models import User


@require_POST
def archive_package(request: HttpRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
    """The ZIP, sent as it is made. It is posted for, since who takes out what is written down."""
    open_version(request, pk)
    try:
        package = take_out(by=cast(User, request.user), version_id=pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("agreement", pk)
    return as_zip(package.chunks(), package.file_name)


def as_zip(chunks: object, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
