"""Addresses in letters: absolute ones, and the signed one by which a contact point is confirmed.

A signed link is made when its letter leaves. The letter's row holds only a placeholder, so that who reads the
database cannot answer in somebody's place.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

LIFETIME: Final = datetime.timedelta(days=60)
_PLACEHOLDER: Final = re.compile(r"\[\[svar:(\d+)\]\]")
_SIGNER: Final = signing.TimestampSigner(sep=".", salt="contacts.confirmation")


def absolute(path: str) -> str:
    """The address of a page of ours as a letter prints it."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def placeholder(confirmation_id: int) -> str:
    return f"[[svar:{confirmation_id}]]"


def with_links(text: str, questions: Collection[int]) -> str:
    """The text with a signed link in the place of each placeholder.

    questions: those the letter asks; a placeholder that somebody has typed into a field leads to no other.
    """

    def link(found: re.Match[str]) -> str:
        return confirmation_link(int(found[1])) if int(found[1]) in questions else ""

    return _PLACEHOLDER.sub(link, text)


def confirmation_link(confirmation_id: int) -> str:
    return absolute(reverse("confirm_by_link", args=[sign(confirmation_id)]))


def sign(confirmation_id: int) -> str:
    return _SIGNER.sign(str(confirmation_id))


def unsign(token: str) -> int | None:
    """The question a link is about; None for one that is not ours or too old."""
    try:
        return int(_SIGNER.unsign(token, max_age=LIFETIME))
    except signing.BadSignature:
        return None
