"""What several tests of contact points begin with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from contacts.actions import change_holder
from contacts.models import ContactPoint, Function
from municipalities.models import Organisation
from tests.cast import Cast
from tests.factories import TODAY, contact_point


@pytest.fixture
def point(cast: Cast) -> ContactPoint:
    """Östersund's own, function-bound, held by Karin Dahlberg."""
    made = contact_point(cast.ostersund, by=cast.coordinator)
    change_holder(by=cast.coordinator, contact_point_id=made.pk, name="Karin Dahlberg", today=TODAY)
    return made


@pytest.fixture
def coordinator(cast: Cast, client: Client) -> Client:
    client.force_login(cast.coordinator)
    return client


@pytest.fixture
def typed() -> Callable[..., dict[str, Any]]:
    """What is typed in the form of a contact point."""

    def make(organisation: Organisation, **changes: Any) -> dict[str, Any]:
        function = Function.objects.filter(side=organisation.side, level="tactical", other=False).earliest("position")
        return {
            "function": str(function.pk),
            "function_text": "",
            "unit": "Arbetsmarknadsenheten",
            "mailbox": "arbetsmarknad@ostersund.se",
            "phone": "063-14 30 00",
            "sdk_address": "",
            "postal_address": "",
            "deputy": "",
            "revision": "0",
        } | changes

    return make
