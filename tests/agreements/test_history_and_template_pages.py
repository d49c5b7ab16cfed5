"""The history in plain Swedish, and the national template to read."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.actions import negotiating, writing
from agreements.models import TemplateVersion, Version
from agreements.presenters import PRESENTERS, present
from contacts.models import Event
from tests.agreements.forms import tree_of, words_of
from tests.cast import Cast
from tests.factories import draft, in_force


def history(client: Client, user: Any, version: Version, **query: str) -> Any:
    client.force_login(user)
    return client.get(reverse("agreement_history", args=(version.pk,)), query)


def test_every_step_is_told_newest_first(client: Client, cast: Cast) -> None:
    version = in_force(cast)

    text = words_of(history(client, cast.coordinator, version))

    steps = [
        "Överenskommelsen är i kraft",
        "Undertecknade för Arbetsförmedlingen",
        "Godtog texten",
        "Föreslog överenskommelsen",
        "Valde kontaktytor",
        "Ändrade giltighetstiden",
        "Ändrade avsnitt 4 Gemensamma mål",
        "Startade överenskommelsen från nationell mall 1",
    ]
    places = [text.index(step) for step in steps]
    assert places == sorted(places)
    assert "Händelse:" not in text


def test_a_change_is_told_with_before_and_after(client: Client, cast: Cast) -> None:
    version = draft(cast)
    for revision, text in enumerate(("Först <script>x</script> så.", "Sedan så.")):
        raw = {"cooperation": f"<p>{text}</p>"}
        writing.save_section(by=cast.coordinator, version_id=version.pk, key="employers", raw=raw, revision=revision)

    answer = history(client, cast.coordinator, version)

    assert "Före Först så. Efter Sedan så." in words_of(answer)
    assert "Sara Ordnare, Samordnare, kommun, Östersunds kommun" in words_of(answer)


def test_a_discarded_draft_keeps_its_history(client: Client, cast: Cast) -> None:
    version = draft(cast)
    negotiating.discard(by=cast.coordinator, version_id=version.pk, reason="Fel motpart.")

    assert "Fel motpart." in words_of(history(client, cast.coordinator, version))


def test_an_event_nobody_knows_is_still_shown() -> None:
    assert "agreement.something" in present(Event(type="agreement.something"), {}, names=True).text


@pytest.mark.parametrize("type", sorted(PRESENTERS))
def test_an_event_without_its_facts_breaks_no_page(type: str) -> None:
    assert present(Event(type=type), {}, names=False).text


def test_history_is_leafed_through_and_costs_the_same(client: Client, cast: Cast) -> None:
    version = draft(cast)
    counts = []
    for number in (3, 120):
        Event.objects.bulk_create(Event(type="agreement.propose", subject=version.subject) for _ in range(number))
        history(client, cast.coordinator, version)
        with CaptureQueriesContext(connection) as seen:
            answer = history(client, cast.coordinator, version)
        counts.append(len(seen))

    lines = next(e for e in tree_of(answer).iter("ol") if e.get("class") == "events")
    assert len(lines) == 50
    assert counts[0] == counts[1]
    assert "Startade överenskommelsen" in words_of(history(client, cast.coordinator, version, sida="3"))


def test_the_template_says_that_it_is_a_reconstruction(client: Client, cast: Cast) -> None:
    client.force_login(cast.outsider)

    text = words_of(client.get(reverse("template", args=(1,))))

    assert "är en rekonstruktion" in text
    assert "Nationell text, låst" in text


def test_a_template_not_yet_published_is_for_those_who_edit_it(client: Client, cast: Cast) -> None:
    TemplateVersion.objects.create(number=2, name="Utkast till mall 2")
    address = reverse("template", args=(2,))
    status = {}
    for role in ("officer", "coordinator", "skr_reader"):
        client.force_login(getattr(cast, role))
        status[role] = client.get(address).status_code

    assert status == {"officer": 200, "coordinator": 404, "skr_reader": 404}
