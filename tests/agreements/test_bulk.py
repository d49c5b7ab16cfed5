"""Many agreements at once: each row by itself, a report of what was not done and why, workers that are killed."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agreements import tasks
from agreements.actions import amending, bulk, negotiating
from agreements.models import BulkRow, BulkRun, Version
from agreements.states import State
from contacts.actions import end_role
from contacts.errors import NotAllowed, Refused
from contacts.models import Event, User
from contacts.roles import Role
from tests import factories
from tests.agreements.forms import tree_of, words_of
from tests.agreements.joint import give_notice
from tests.cast import Cast
from tests.factories import TODAY, draft, in_force, member, municipality

LIST, MANY = "/overenskommelser/", "/overenskommelser/flera/"


def asked(verb: str, *versions: Version, **facts: Any) -> bulk.Asked:
    return bulk.Asked(verb, [version.pk for version in versions], facts, uuid.uuid4())


def run_all(by: User, verb: str, *versions: Version, **facts: Any) -> dict[str, tuple[str, str]]:
    run = bulk.start_bulk(by=by, asked=asked(verb, *versions, **facts), now=timezone.now())
    assert bulk.do_all(run_id=run.pk, now=timezone.now())
    return {row.label.split(",")[0]: (row.outcome, row.message) for row in run.rows.all()}


def other_in_force(cast: Cast, code: str, name: str) -> Version:
    place = municipality(code, name)
    coordinator, signatory = (member(place, role) for role in (Role.MUNICIPAL_COORDINATOR, Role.MUNICIPAL_SIGNATORY))
    return in_force(cast, municipality=place, by=coordinator, signatory=signatory)


def test_each_is_renewed_or_told_why_not(cast: Cast) -> None:
    good, busy, leaving = in_force(cast), other_in_force(cast, "2326", "Bergs"), other_in_force(cast, "2361", "Härjes")
    amending.start_amendment(by=cast.af_coordinator, version_id=busy.pk, today=TODAY)
    give_notice(leaving, cast.af_signatory, cast.nord, leaving=[leaving.parties.get(position=0).pk])

    told = run_all(cast.af_coordinator, "renew", good, busy, leaving)

    assert told["Östersunds kommun"][0] == "done"
    assert told["Bergs kommun"] == ("refused", "Version 2 är redan under arbete. Fortsätt i den.")
    assert told["Härjes kommun"][0] == "refused"
    assert "uppsagd" in told["Härjes kommun"][1]
    new = Version.objects.get(agreement=good.agreement, number=2)
    assert new.state == State.PROPOSED
    assert BulkRow.objects.get(outcome="done").result == new
    assert BulkRun.objects.get().finished_at is not None


def test_what_one_only_reads_is_not_done_and_what_one_does_not_see_is_left_out(cast: Cast) -> None:
    mine, other = draft(cast), draft(cast, municipality=cast.are, by=cast.af_coordinator)

    assert run_all(cast.reader, "discard", mine, reason="Dubblett.")["Östersunds kommun"][0] == "not_allowed"
    assert list(run_all(cast.coordinator, "discard", mine, other, reason="Dubblett.")) == ["Östersunds kommun"]
    with pytest.raises(Refused, match="Välj minst en"):
        bulk.start_bulk(by=cast.outsider, asked=asked("discard", mine), now=timezone.now())
    other.refresh_from_db()
    assert other.state == State.DRAFT


def test_only_where_nothing_is_left_is_proposed(cast: Cast) -> None:
    full = factories.fill(draft(cast), cast)
    empty = draft(cast, municipality=cast.are, by=cast.af_coordinator)

    told = run_all(cast.af_coordinator, "propose", full, empty)

    assert told["Östersunds kommun"] == ("done", "Föreslagen för den andra parten.")
    assert told["Åre kommun"] == ("refused", "26 saker återstår innan överenskommelsen kan föreslås.")


def test_a_role_that_is_taken_away_counts_from_the_next_row(cast: Cast) -> None:
    first, second = draft(cast), draft(cast, municipality=cast.are, by=cast.af_coordinator)
    run = bulk.start_bulk(
        by=cast.af_coordinator, asked=asked("discard", first, second, reason="Fel."), now=timezone.now()
    )
    bulk.do_next(run_id=run.pk, now=timezone.now())
    membership = cast.af_coordinator.memberships.get()
    end_role(by=None, membership=membership, today=timezone.localdate())

    bulk.do_all(run_id=run.pk, now=timezone.now())

    assert list(run.rows.values_list("outcome", flat=True)) == ["done", "not_allowed"]


def test_the_same_form_sent_twice_is_done_once_and_nobody_elses_is_taken(cast: Cast) -> None:
    wish = asked("discard", draft(cast), reason="Dubblett.")
    first = bulk.start_bulk(by=cast.coordinator, asked=wish, now=timezone.now())

    assert bulk.start_bulk(by=cast.coordinator, asked=wish, now=timezone.now()) == first
    with pytest.raises(NotAllowed):
        bulk.start_bulk(by=cast.af_coordinator, asked=wish, now=timezone.now())
    assert BulkRun.objects.count() == 1


@transaction.atomic
def killed_after_its_first_row(run: BulkRun) -> None:
    bulk.do_next(run_id=run.pk, now=timezone.now())
    raise KeyboardInterrupt


@pytest.mark.django_db(transaction=True)
def test_a_killed_workers_row_is_free_again_and_done_once(cast: Cast) -> None:
    version = draft(cast)
    run = bulk.start_bulk(by=cast.coordinator, asked=asked("discard", version, reason="Fel."), now=timezone.now())
    with pytest.raises(KeyboardInterrupt):
        killed_after_its_first_row(run)
    version.refresh_from_db()
    assert version.state == State.DRAFT

    assert tasks.bulk_next(run.pk)
    assert tasks.bulk_next(run.pk)

    assert Event.objects.filter(type="agreement.discard").count() == 1
    assert run.rows.get().outcome == "done"
    assert bulk.resume_bulk() == 0


def test_a_row_that_goes_wrong_does_not_stop_the_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = draft(cast), draft(cast, municipality=cast.are, by=cast.af_coordinator)

    def discard(by: User, version_id: int, facts: Any, today: Any) -> bulk.Done:
        if version_id == first.pk:
            raise RuntimeError("broken")
        return bulk.Done("Klart.", negotiating.discard(by=by, version_id=version_id, reason="Fel."))

    monkeypatch.setitem(bulk.VERBS, "discard", discard)

    told = run_all(cast.af_coordinator, "discard", first, second)

    assert told["Östersunds kommun"][0] == "failed"
    assert told["Åre kommun"] == ("done", "Klart.")


# ------------------------------------------------------------------------------------------------------- pages


def test_rows_are_ticked_in_the_list_and_the_report_says_what_was_not_done(client: Client, cast: Cast) -> None:
    first, second = (
        draft(cast),
        factories.fill(draft(cast, municipality=cast.are, by=cast.outsider), cast, by=cast.outsider),
    )
    client.force_login(cast.af_coordinator)
    boxes = [box.get("value") for box in tree_of(client.get(LIST)).iter("input") if box.get("name") == "val"]
    assert sorted(boxes) == sorted([str(first.pk), str(second.pk)])
    page = client.get(MANY, {"val": boxes})
    token = next(box.get("value") for box in tree_of(page).iter("input") if box.get("name") == "token")

    report = client.post(MANY, {"val": boxes, "verb": "propose", "token": token}, follow=True)

    told = words_of(report)
    assert "1 av 2 gjordes. 1 gjordes inte." in told
    assert "saker återstår innan överenskommelsen kan föreslås" in told
    only = words_of(client.get(report.redirect_chain[-1][0], {"visa": "inte"}))
    assert "Föreslagen för den andra parten" not in only
    client.force_login(cast.coordinator)
    assert client.get(report.redirect_chain[-1][0]).status_code == 404


def test_everything_that_matches_the_filters_can_be_chosen(client: Client, cast: Cast) -> None:
    draft(cast)
    draft(cast, municipality=cast.are, by=cast.af_coordinator)
    client.force_login(cast.af_coordinator)

    assert "Valda (2)" in words_of(client.get(MANY, {"alla": "1"}))
    assert "Valda (1)" in words_of(client.get(MANY, {"alla": "1", "q": "are"}))


def test_many_are_left_to_the_workers(client: Client, cast: Cast) -> None:
    versions = [
        draft(cast, municipality=municipality(f"87{n:02d}", f"Prov{n}"), by=cast.af_coordinator) for n in range(11)
    ]
    client.force_login(cast.af_coordinator)
    data = {"val": [v.pk for v in versions], "verb": "discard", "reason": "Avbrutet.", "token": uuid.uuid4()}

    report = client.post(MANY, data, follow=True)

    assert "0 av 11 är behandlade." in words_of(report)
    run = BulkRun.objects.get()
    tasks.bulk_next(run.pk)
    part = client.get(reverse("bulk_run", args=(run.pk,)), headers={"HX-Request": "true", "HX-Target": "rapport"})
    assert "11 av 11 gjordes." in words_of(part)
    assert "hx-trigger" not in part.content.decode()
    assert "11 av 11 gjordes" in words_of(client.get(reverse("bulk_runs")))


def test_who_writes_nothing_has_nothing_to_tick(client: Client, cast: Cast) -> None:
    draft(cast)
    client.force_login(cast.reader)

    assert 'name="val"' not in client.get(LIST).content.decode()


def test_a_report_costs_the_same_with_three_rows_and_with_thirty(client: Client, cast: Cast) -> None:
    client.force_login(cast.af_coordinator)
    counts = []
    for size in (3, 30):
        versions = [
            draft(cast, municipality=municipality(f"{size:02d}{n:02d}", f"P{size}x{n}"), by=cast.af_coordinator)
            for n in range(size)
        ]
        run = bulk.start_bulk(
            by=cast.af_coordinator, asked=asked("discard", *versions, reason="Fel."), now=timezone.now()
        )
        bulk.do_all(run_id=run.pk, now=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("bulk_run", args=(run.pk,)))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_nothing_is_told_of_agreements_that_one_does_not_see(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    client.force_login(cast.outsider)

    page = client.get(MANY, {"val": version.pk})

    assert (page.status_code, page.context["chosen"], page.context["labels"]) == (200, [], [])
    assert version.agreement.reference not in page.content.decode()
