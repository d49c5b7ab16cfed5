"""Addresses in letters: absolute ones, the signed one by which a contact point is confirmed, and personal ones.

A signed or personal link is made when its letter leaves. The letter's row holds only a placeholder, so that who reads
the database cannot answer in somebody's place.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import re
from collections.abc import Collection, Mapping
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

LIFETIME: Final = datetime.timedelta(days=60)
_PLACEHOLDER: Final = re.compile(r"\[\[svar:(\d+)\]\]")
_PERSONAL: Final = re.compile(r"\[\[lank:(\d+)\]\]")
_SIGNER: Final = signing.TimestampSigner(sep=".", salt="contacts.confirmation")


def absolute(path: str) -> str:
    """The address of a page of ours as a letter prints it."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def placeholder(confirmation_id: int) -> str:
    return f"[[svar:{confirmation_id}]]"


def personal_placeholder(link_id: int) -> str:
    return f"[[lank:{link_id}]]"


def with_links(text: str, questions: Collection[int], secrets: Mapping[int, str]) -> str:
    """The text with a link in the place of each placeholder.

    questions, secrets: what the letter asks and leads to; a placeholder that somebody has typed leads to nothing else.
    """

    def link(found: re.Match[str]) -> str:
        return confirmation_link(int(found[1])) if int(found[1]) in questions else ""

    def personal(found: re.Match[str]) -> str:
        secret = secrets.get(int(found[1]))
        return absolute(reverse("link", args=[secret])) if secret else ""

    return _PERSONAL.sub(personal, _PLACEHOLDER.sub(link, text))


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


def secret_of(seed: str) -> str:
    """The secret of a personal link: the same each time, and to be worked out by nobody who has the database alone."""
    digest = salted_hmac("contacts.personal_link", seed, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
