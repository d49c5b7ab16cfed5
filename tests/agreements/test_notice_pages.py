"""Notice on the pages: giving it, who sees it, taking it back, and the lists."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from psycopg.types.range import Range

from agreements.actions import checking, giving_notice
from agreements.evidence import read_evidence, standing_on
from agreements.models import Flag, Notice, Version
from tests.agreements.forms import words_of
from tests.agreements.joint import NOW, give_notice, joint_in_force, party_of, signatory_of
from tests.agreements.test_amending import links
from tests.cast import Cast
from tests.factories import TODAY, in_force

DECISION = {"function": "Förvaltningschef", "kind": "board", "reference": "AMN § 12", "date": str(TODAY)}


def page(client: Client, user: Any, version: Version) -> Any:
    client.force_login(user)
    return client.get(reverse("agreement", args=(version.pk,)))


def test_a_signatory_gives_notice_and_everybody_sees_it(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    address = links(page(client, cast.signatory, version))["Säg upp för Östersunds kommun"]
    form = words_of(client.get(address))
    assert "Med 6 månaders uppsägningstid är sista dagen" in form

    answer = client.post(address, DECISION | {"reason": "Samverkan ordnas på annat sätt."}, follow=True)

    last = Notice.objects.get().last_day
    assert "Överenskommelsen är uppsagd och upphör" in words_of(answer)
    for user in (cast.coordinator, cast.af_coordinator, cast.officer, cast.reader):
        told = words_of(page(client, user, version))
        assert "Uppsagd" in told
        assert f"Lämnar {last.day} " in told
        assert "Samverkan ordnas på annat sätt." in told


def test_an_empty_form_says_what_is_missing(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    client.force_login(cast.signatory)

    answer = client.post(reverse("notice_give", args=(version.pk, party_of(version, cast.ostersund).pk)), {})

    assert answer.status_code == 422
    assert "Skriv varför överenskommelsen sägs upp." in words_of(answer)
    assert not Notice.objects.exists()


def test_af_chooses_the_municipality(client: Client, cast: Cast) -> None:
    version = joint_in_force(cast)
    client.force_login(cast.af_signatory)
    address = reverse("notice_give", args=(version.pk, party_of(version, cast.nord).pk))
    assert "Kommun som överenskommelsen sägs upp för" in words_of(client.get(address))
    are = party_of(version, cast.are)

    client.post(address, DECISION | {"reason": "Åre går till en annan region.", "leaving": are.pk})

    assert list(Notice.objects.values_list("leaving", flat=True)) == [are.pk]
    assert "Åre kommun lämnar" not in words_of(page(client, cast.coordinator, version))
    assert "Den upphör" in words_of(page(client, cast.coordinator, version))


def test_names_are_covered_for_those_who_see_none(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    give_notice(version, cast.signatory, cast.ostersund, reason="Anna Lindqvist har slutat.")

    told = words_of(page(client, cast.skr_reader, version))

    assert "Karl Chef" not in told
    assert "Anna Lindqvist" not in told
    assert "Karl Chef" in words_of(page(client, cast.coordinator, version))


def test_who_gave_notice_asks_and_the_other_consents(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    notice = give_notice(version, cast.signatory, cast.ostersund)
    back = reverse("notice_back", args=(version.pk, notice.pk))
    assert links(page(client, cast.signatory, version))["Ta tillbaka uppsägningen"] == back
    client.post(back, {"reason": "Nämnden har ändrat sig."})
    client.force_login(cast.af_signatory)
    assert "vill ta tillbaka sin uppsägning" in words_of(client.get(reverse("my_work")))
    assert "Nämnden har ändrat sig." in words_of(client.get(back))

    answer = client.post(back, follow=True)

    assert "Uppsägningen är tillbakatagen" in words_of(answer)
    assert "uppsagd" not in words_of(page(client, cast.coordinator, version)).lower()
    history = words_of(client.get(reverse("agreement_history", args=(version.pk,))))
    assert "samtyckte till att uppsägningen för Östersunds kommun togs tillbaka" in history


def test_lists_and_desks_tell_of_notice(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    give_notice(version, cast.signatory, cast.ostersund, on=timezone.localdate())
    client.force_login(cast.coordinator)

    listed = words_of(client.get("/overenskommelser/?visa=uppsagda"))
    desk = words_of(client.get(reverse("my_work")))

    assert "Uppsagd" in listed
    assert str(version.last_day) in listed
    assert "Uppsagda (1)" in desk
    assert "Östersunds kommun har sagt upp den." in desk


def test_flags_tell_of_notice_at_once_and_of_who_leaves(cast: Cast) -> None:
    version = joint_in_force(cast)
    give_notice(version, signatory_of(cast.are), cast.are)
    checking.recheck(version_ids=[version.pk], now=NOW)
    assert Flag.objects.open().get(rule="expiring").reason == (
        "Åre kommun lämnar överenskommelsen 22 maj 2027, och ingen ny är påbörjad."
    )

    give_notice(version, cast.signatory, cast.ostersund)
    checking.recheck(version_ids=[version.pk], now=NOW)

    assert Flag.objects.open().get(rule="expiring").reason == (
        "Överenskommelsen är uppsagd och upphör 22 maj 2027, och ingen ny är påbörjad."
    )


def test_who_has_left_is_no_longer_checked_with_the_others(cast: Cast) -> None:
    version = joint_in_force(cast)
    give_notice(version, signatory_of(cast.are), cast.are)
    gone = datetime.datetime(2027, 5, 24, tzinfo=datetime.UTC)
    giving_notice.carry_out_all(today=gone.date(), now=gone)

    checking.recheck(version_ids=[version.pk], now=gone)

    assert not Flag.objects.open().filter(reason__contains="Åre").exists()
    assert not Flag.objects.open().filter(organisation=cast.are).exists()


@pytest.mark.parametrize("end", [None, datetime.date(2028, 12, 31)])
def test_who_stays_is_checked_whether_or_not_there_is_an_end(cast: Cast, end: datetime.date | None) -> None:
    version = in_force(cast)
    Version.objects.filter(pk=version.pk).update(period_end=end)
    version.parties.update(in_force=Range(TODAY, end))

    [evidence] = read_evidence([version], standing_on(TODAY))

    assert len(evidence.case.contacts) == version.contacts.count() == 4
    assert len(evidence.case.menders) == 2


def test_the_agreement_page_costs_the_same_with_and_without_notice(
    client: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    version = joint_in_force(cast)
    give_notice(version, signatory_of(cast.are), cast.are)
    give_notice(version, cast.signatory, cast.ostersund)
    client.force_login(cast.coordinator)
    with django_assert_max_num_queries(26):
        client.get(reverse("agreement", args=(version.pk,)))
