"""Renewing: the new period, what is proposed at once, and what a new version changes."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from agreements.actions import amending, negotiating, renewing, writing
from agreements.changes import changes
from agreements.ending import NewPeriod
from agreements.gather import Whole
from agreements.models import Section, Version
from agreements.states import State
from contacts.errors import NotAllowed, Refused
from contacts.models import Event
from tests.agreements.forms import words_of
from tests.agreements.joint import give_notice
from tests.agreements.test_amending import links
from tests.cast import Cast
from tests.factories import TODAY, accepted, in_force

Date = datetime.date


def test_an_agreement_is_renewed_unchanged_and_proposed_at_once(cast: Cast) -> None:
    old = in_force(cast)

    renewal = renewing.renew(by=cast.af_coordinator, version_id=old.pk, today=TODAY)

    new = renewal.version
    assert (new.state, new.number, new.proposed_by_side, renewal.left) == (State.PROPOSED, 2, "af", [])
    assert (new.period_start, new.period_end) == (Date(2029, 1, 1), Date(2031, 2, 10))
    assert (new.period_end - new.period_start).days == (old.period_end - old.period_start).days
    types = list(Event.objects.about(new.subject).order_by("pk").values_list("type", flat=True))[-4:]
    assert types == ["agreement.amended", "agreement.period_saved", "agreement.renewed", "agreement.propose"]


def test_another_period_and_a_look_at_the_texts_leave_a_draft(cast: Cast) -> None:
    old = in_force(cast)
    period = NewPeriod(Date(2029, 1, 1), Date(2029, 12, 31), None)

    new = renewing.renew(by=cast.coordinator, version_id=old.pk, today=TODAY, period=period, unchanged=False).version

    assert (new.state, new.period_end, new.notice_months) == (State.DRAFT, period.end, 6)


def test_what_is_left_keeps_it_a_draft(cast: Cast) -> None:
    old = in_force(cast)
    Section.objects.filter(version=old, key="employers").update(content={})

    renewal = renewing.renew(by=cast.coordinator, version_id=old.pk, today=TODAY)

    assert renewal.version.state == State.DRAFT
    assert [item.section for item in renewal.left] == ["employers"]


def test_what_is_not_signed_is_not_renewed(cast: Cast) -> None:
    with pytest.raises(Refused, match="är godtagen och kan inte förnyas"):
        renewing.renew(by=cast.coordinator, version_id=accepted(cast).pk, today=TODAY)


@pytest.mark.parametrize("role", ["signatory", "reader", "outsider", "officer"])
def test_only_coordinators_renew(cast: Cast, role: str) -> None:
    old = in_force(cast)
    with pytest.raises(NotAllowed):
        renewing.renew(by=getattr(cast, role), version_id=old.pk, today=TODAY)


def test_what_has_been_given_notice_or_has_no_end_is_refused(cast: Cast) -> None:
    old = in_force(cast)
    give_notice(old, cast.signatory, cast.ostersund)
    with pytest.raises(Refused, match="uppsagd"):
        renewing.renew(by=cast.coordinator, version_id=old.pk, today=TODAY)
    Version.objects.filter(pk=old.pk).update(notice_until=None, period_end=None)
    with pytest.raises(Refused, match="tills vidare"):
        renewing.renew(by=cast.coordinator, version_id=old.pk, today=TODAY)


def test_only_what_differs_is_a_change(cast: Cast) -> None:
    old = in_force(cast)
    new = amending.start_amendment(by=cast.coordinator, version_id=old.pk, today=TODAY)
    assert differing(old, new) == set()
    raw = {"cooperation": "<p>Ett möte om året.</p>"}
    writing.save_section(by=cast.coordinator, version_id=new.pk, key="employers", raw=raw, revision=0)

    assert differing(old, new) == {"employers"}
    renewed = NewPeriod(Date(2029, 1, 1), Date(2029, 12, 31), None)
    negotiating.discard(by=cast.coordinator, version_id=new.pk, reason="En annan väg.")
    new = renewing.renew(by=cast.coordinator, version_id=old.pk, today=TODAY, period=renewed).version
    assert differing(old, new) == {"validity"}


def differing(old: Version, new: Version) -> set[str]:
    return {change.key for change in changes(old.frozen, Whole(new).document) if change.difference != "same"}


def test_the_page_opens_what_changes_and_folds_the_rest(client: Client, cast: Cast) -> None:
    old = in_force(cast)
    new = amending.start_amendment(by=cast.coordinator, version_id=old.pk, today=TODAY)
    raw = {"cooperation": "<p>Ett möte om året.</p>"}
    writing.save_section(by=cast.coordinator, version_id=new.pk, key="employers", raw=raw, revision=0)
    client.force_login(cast.af_coordinator)
    address = links(client.get(reverse("agreement", args=(new.pk,))))["Vad som ändras i version 2"]

    page = client.get(address)

    told = words_of(page)
    assert "av 25 avsnitt skiljer sig från version 1" in told
    assert "Ett möte om året." in told.split("Oförändrade avsnitt")[0]
    assert client.get(reverse("agreement_changes", args=(old.pk,))).status_code == 404


def test_the_form_proposes_a_period_and_renews(client: Client, cast: Cast) -> None:
    old = in_force(cast)
    client.force_login(cast.af_coordinator)
    address = links(client.get(reverse("agreement", args=(old.pk,))))["Förnya"]
    assert 'value="2029-01-01"' in client.get(address).content.decode()
    wrong = client.post(address, {"period_start": "2029-01-01", "period_end": "2028-01-01", "how": "oforandrad"})
    assert wrong.status_code == 422
    assert "Slutdatum ska vara senare än startdatum." in words_of(wrong)

    dates = {"period_start": "2029-01-01", "period_end": "2030-12-31", "how": "oforandrad"}
    answer = client.post(address, dates, follow=True)

    assert "Version 2 är föreslagen för den nya perioden." in words_of(answer)
    assert "redan under arbete" in words_of(client.get(address, follow=True))
    assert Version.objects.get(number=2).period_end == Date(2030, 12, 31)
