"""What every template gets, besides request, user and messages."""

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, object]:
    return {"DEMO": settings.DEMO}
