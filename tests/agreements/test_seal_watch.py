"""The certificate that seals ends: told 90 days before, once, to those who can do something about it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agreements import tasks
from agreements.actions import seal_watch
from agreements.models import SealWarning
from config.checks import production_seals, the_seal_can_be_used
from contacts.models import Event, Letter
from tests.cast import Cast
from tests.sealing import NOW, source

DAY = datetime.timedelta(days=1)
END = 100
"""Days the certificate lives."""


@pytest.fixture
def configured(settings: Any) -> Any:
    use(settings, END)
    settings.OPERATIONS_MAILBOX = "drift@portalen.example"
    return settings


def use(settings: Any, days: int) -> None:
    given = source(days)
    settings.SEAL_DEMO = False
    settings.SEAL_PKCS12, settings.SEAL_PASSPHRASE, settings.SEAL_ROOTS = given.pkcs12, given.passphrase, given.roots


@pytest.mark.usefixtures("configured", "db")
def test_nothing_is_said_while_there_is_time() -> None:
    assert seal_watch.watch(now=NOW) is None


@pytest.mark.usefixtures("configured", "db")
@pytest.mark.parametrize(("days", "threshold"), [(11, 90), (75, 30), (95, 7), (101, 0)])
def test_the_narrowest_threshold_that_was_passed_is_told(days: int, threshold: int) -> None:
    warning = seal_watch.watch(now=NOW + days * DAY)

    assert warning
    assert warning.threshold == threshold
    assert Event.objects.get(type="seal.ending").after["threshold"] == threshold


@pytest.mark.usefixtures("configured", "db")
def test_each_threshold_is_told_once() -> None:
    told = [seal_watch.watch(now=NOW + days * DAY) for days in (11, 12, 40, 75, 76)]

    assert [each.threshold for each in told if each] == [90, 30]
    assert Letter.objects.filter(kind="operations").count() == 2


@pytest.mark.usefixtures("configured", "db")
def test_the_letter_says_what_ends_and_when() -> None:
    seal_watch.watch(now=NOW + 11 * DAY)

    letter = Letter.objects.get()

    assert letter.recipient == "drift@portalen.example"
    assert letter.subject.startswith("Sigillets certifikat går ut ")
    assert "DEMO – inte giltig, sigill för överenskommelser" in letter.text
    assert letter.html


@pytest.mark.usefixtures("db")
def test_without_a_mailbox_it_is_told_on_the_pages_only(configured: Any) -> None:
    configured.OPERATIONS_MAILBOX = ""

    assert seal_watch.watch(now=NOW + 11 * DAY)
    assert not Letter.objects.exists()


@pytest.mark.parametrize("role", ["administrator", "officer", "skr_reader"])
def test_administrators_and_skr_see_it_on_their_desk(role: str, cast: Cast, client: Client, configured: Any):
    seal_watch.watch(now=NOW + 11 * DAY)
    client.force_login(getattr(cast, role))

    assert "Sigillets certifikat går ut" in client.get(reverse("my_work")).content.decode()


def test_others_are_not_troubled(cast: Cast, client: Client, configured: Any):
    seal_watch.watch(now=NOW + 11 * DAY)
    client.force_login(cast.coordinator)

    assert "Sigillets certifikat" not in client.get(reverse("my_work")).content.decode()


def test_a_new_certificate_ends_the_warning(cast: Cast, client: Client, configured: Any):
    seal_watch.watch(now=NOW + 11 * DAY)
    use(configured, 3650)

    tasks.watch_seal()
    client.force_login(cast.administrator)

    assert SealWarning.objects.get().closed_at
    assert Event.objects.filter(type="seal.replaced").count() == 1
    assert "Sigillets certifikat" not in client.get(reverse("my_work")).content.decode()


def test_without_a_seal_there_is_nothing_to_watch(settings: Any, db: None) -> None:
    settings.SEAL_DEMO = False

    assert seal_watch.watch(now=NOW) is None


# ---------------------------------------------------------------------------------------------- when it starts


def problems(check: Any) -> list[str]:
    return [str(message.id) for message in check(None)]


def test_a_right_seal_starts(configured: Any) -> None:
    configured.SEAL_TIMESTAMP_URL = "https://tsa.example"

    assert problems(the_seal_can_be_used) == []


def test_a_seal_without_time_or_mailbox_is_warned_of(configured: Any) -> None:
    configured.OPERATIONS_MAILBOX = ""

    assert problems(the_seal_can_be_used) == ["portal.W021", "portal.W022"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"SEAL_PASSPHRASE": "fel"},
        {"SEAL_PKCS12": source().roots},
        {"SEAL_PKCS12": source().pkcs12 / "nowhere"},  # type: ignore[operator]
        {"SEAL_ROOTS": source().pkcs12},
        {"SEAL_REVOCATION": "/nowhere"},
        {"SEAL_PKCS12": None, "SEAL_PKCS11_MODULE": "/nowhere/token.so"},
    ],
    ids=lambda wrong: "+".join(wrong),
)
def test_a_wrong_seal_does_not_start(wrong: dict[str, object], configured: Any) -> None:
    for name, value in wrong.items():
        setattr(configured, name, value)

    assert "portal.E020" in problems(the_seal_can_be_used)


def test_production_without_a_seal_is_warned_of(settings: Any) -> None:
    settings.PRODUCTION, settings.SEAL_DEMO = True, False

    assert problems(production_seals) == ["portal.W020"]


def test_the_demo_needs_nothing(settings: Any) -> None:
    assert settings.SEAL_DEMO
    assert problems(the_seal_can_be_used) + problems(production_seals) == []
