"""The bin: who finds what there, taking a draft back, and what is purged after its days."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from agreements.actions import amending, attaching, binning, commenting, negotiating
from agreements.actions.commenting import Said
from agreements.anchors import Place
from agreements.binned import days_left, last_day_in_bin
from agreements.models import Version
from agreements.states import State
from contacts.errors import NotAllowed, Refused
from contacts.models import Event
from tests import files
from tests.agreements.forms import words_of
from tests.cast import Cast
from tests.factories import TODAY, draft, fill, in_force, municipality

BIN = "/overenskommelser/papperskorgen/"


def binned(cast: Cast, **how: Any) -> Version:
    version = draft(cast, **how)
    return negotiating.discard(by=how.get("by") or cast.coordinator, version_id=version.pk, reason="Dubblett.")


def aged(version: Version, days: int) -> Version:
    Version.objects.filter(pk=version.pk).update(discarded_at=timezone.now() - datetime.timedelta(days=days))
    return version


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2090, 1, 1)), st.integers(0, 60))
def test_thirty_days_are_counted_down_to_nothing(day: datetime.date, passed: int) -> None:
    today = day + datetime.timedelta(days=passed)
    assert days_left(day, today) == max(0, 31 - passed)
    assert (days_left(day, today) > 0) == (today <= last_day_in_bin(day))


def test_both_parties_find_the_draft_with_who_why_and_how_long(client: Client, cast: Cast) -> None:
    binned(cast)

    for user in (cast.coordinator, cast.af_coordinator, cast.reader):
        client.force_login(user)
        told = words_of(client.get(BIN))
        assert "Dubblett." in told
        assert "Sara Ordnare" in told
        assert "31 dagar" in told
    client.force_login(cast.outsider)
    assert "Papperskorgen är tom" in words_of(client.get(BIN))


def test_a_draft_is_taken_back_as_it_was(client: Client, cast: Cast) -> None:
    version = fill(draft(cast), cast)
    before = dict(version.sections.values_list("key", "content"))
    negotiating.discard(by=cast.coordinator, version_id=version.pk, reason="Dubblett.")
    client.force_login(cast.af_coordinator)

    answer = client.post(reverse("restore", args=(version.pk,)), follow=True)

    assert "Utkastet är tillbaka." in words_of(answer)
    version.refresh_from_db()
    assert (version.state, version.discarded_at) == (State.DRAFT, None)
    assert dict(version.sections.values_list("key", "content")) == before
    assert Event.objects.filter(type="agreement.restore").exists()


@pytest.mark.parametrize("role", ["signatory", "reader", "officer", "administrator", "outsider"])
def test_only_coordinators_of_the_parties_take_it_back(cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed):
        binning.restore(by=getattr(cast, role), version_id=binned(cast).pk)


def test_another_draft_or_a_later_version_stands_in_the_way(cast: Cast) -> None:
    version = binned(cast)
    other = draft(cast)
    with pytest.raises(Refused, match="redan en överenskommelse under arbete"):
        binning.restore(by=cast.coordinator, version_id=version.pk)
    negotiating.discard(by=cast.coordinator, version_id=other.pk, reason="Fel.")
    assert binning.restore(by=cast.coordinator, version_id=version.pk).state == State.DRAFT


def test_an_amendment_that_was_followed_by_another_is_not_taken_back(cast: Cast) -> None:
    old = in_force(cast)
    second = amending.start_amendment(by=cast.coordinator, version_id=old.pk, today=TODAY)
    negotiating.discard(by=cast.coordinator, version_id=second.pk, reason="Fel.")
    amending.start_amendment(by=cast.coordinator, version_id=old.pk, today=TODAY)

    with pytest.raises(Refused, match="under arbete"):
        binning.restore(by=cast.coordinator, version_id=second.pk)


def test_after_its_days_it_is_purged_and_the_history_stays(client: Client, cast: Cast) -> None:
    version = fill(draft(cast), cast)
    said = Said("Stämmer det?", mentions=(), organisation_id=None)
    commenting.begin_thread(by=cast.coordinator, version_id=version.pk, key="background", place=Place(), said=said)
    attaching.attach(by=cast.coordinator, version_id=version.pk, upload=files.sent(files.pdf()), title="Kartläggning")
    negotiating.discard(by=cast.coordinator, version_id=version.pk, reason="Dubblett.")
    told = Event.objects.about(version.subject).count()
    assert binning.purge_all(today=timezone.localdate(), now=timezone.now()) == 0
    aged(version, 31)

    assert binning.purge_all(today=timezone.localdate(), now=timezone.now()) == 1
    assert binning.purge_all(today=timezone.localdate(), now=timezone.now()) == 0

    assert [name for name in binning.PURGED if getattr(version, name).exists()] == []
    assert Event.objects.about(version.subject).count() == told + 1
    client.force_login(cast.coordinator)
    page = client.get(reverse("agreement", args=(version.pk,)))
    assert "har gallrats" in words_of(page)
    assert "Ta tillbaka utkastet" not in words_of(page)


def test_what_is_purged_or_too_old_is_not_taken_back(cast: Cast) -> None:
    version = aged(binned(cast), 31)
    with pytest.raises(Refused, match="30 dagar"):
        binning.restore(by=cast.coordinator, version_id=version.pk)
    binning.purge(version_id=version.pk, now=timezone.now())
    with pytest.raises(Refused, match="30 dagar"):
        binning.restore(by=cast.coordinator, version_id=version.pk)


def test_the_bin_costs_the_same_with_three_drafts_and_with_thirty(client: Client, cast: Cast) -> None:
    client.force_login(cast.af_coordinator)
    counts = []
    for number in range(30):
        binned(cast, municipality=municipality(f"88{number:02d}", f"Prov{number}"), by=cast.af_coordinator)
        if number in (2, 29):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(BIN)
            counts.append(len(queries))
    assert counts[0] == counts[1]
