"""Whose turn it is to sign: parties are called, and called off. Letters follow from it, see asking_to_sign."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.urls import reverse

from agreements.gather import Whole
from agreements.models import Party, Signature, Version
from agreements.turns import next_to_sign
from contacts.actions.personal_links import close_links
from contacts.history import nudge

ASK: Final = "agreements.ask_to_sign"


def call_next(whole: Whole, now: datetime.datetime) -> None:
    """Note since when those whose turn it is can sign; a worker writes to them. Inside the caller's transaction."""
    due = [party for party in next_to_sign(whole.parties, signed_in(whole.version)) if party.called_at is None]
    for party in due:
        party.called_at = now
        party.save(update_fields=["called_at"])
    if due:
        transaction.on_commit(lambda: nudge(ASK))


def call_off(version: Version, parties: Collection[Party], now: datetime.datetime) -> None:
    """The parties have signed, or cannot any more: what leads to their pages is closed."""
    close_links(paths=[sign_path(version.pk, party.pk) for party in parties], now=now)


def call_off_all(version: Version, now: datetime.datetime) -> None:
    """Nobody can sign the version any more."""
    call_off(version, list(version.parties.all()), now)
    version.parties.filter(called_at__isnull=False).update(called_at=None)


def signed_in(version: Version) -> set[int]:
    """The parties that have signed."""
    return set(Signature.objects.filter(version=version).values_list("party", flat=True))


def sign_path(version_id: int, party_id: int) -> str:
    return reverse("sign", args=(version_id, party_id))
