"""What the check has read and judged is kept under the hash of what it saw, and is never older than that."""

from __future__ import annotations

import datetime

import pytest

from agreements.actions import checking, rechecking, writing
from agreements.models import Flag, Section, Version
from contacts import actions as contact_actions
from contacts.judging import loaded, stored
from contacts.models import ContactPoint
from contacts.personbound import ContactFacts, assess
from tests.cast import Cast
from tests.factories import TODAY, contact_facts, draft, fill

pytestmark = pytest.mark.django_db
NOW = datetime.datetime.combine(TODAY, datetime.time(12), tzinfo=datetime.UTC)
NAMED = "<p>Kontakta Anna Lindqvist på enheten.</p>"


@pytest.fixture
def version(cast: Cast) -> Version:
    """A draft with everything filled in, a name in its text, checked once."""
    version = fill(draft(cast), cast)
    revision = version.sections.get(key="employers").revision
    writing.save_section(
        by=cast.coordinator, version_id=version.pk, key="employers", raw={"cooperation": NAMED}, revision=revision
    )
    recheck(version)
    return version


def recheck(version: Version) -> None:
    checking.recheck(version_ids=[version.pk], now=NOW)


def rules(version: Version) -> list[str]:
    return sorted(Flag.objects.open().filter(version=version).values_list("rule", flat=True))


def refuse(*_: object) -> None:
    raise AssertionError("this was read before")


def test_what_has_not_changed_is_neither_read_nor_judged_again(
    version: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rules(version)
    monkeypatch.setattr("agreements.evidence.read_text", refuse)
    monkeypatch.setattr("agreements.flags.assessed", refuse)

    recheck(version)

    assert rules(version) == before
    assert "name_in_text" in before


def test_a_text_that_was_changed_behind_the_portal_is_read_again(version: Version) -> None:
    Section.objects.filter(version=version, key="employers").update(content={"cooperation": "<p>Ring växeln.</p>"})

    recheck(version)

    assert "name_in_text" not in rules(version)


def test_another_edition_of_the_check_reads_and_judges_everything_again(
    version: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    Section.objects.update(findings=[])
    ContactPoint.objects.update(assessment=stored(assess(ContactFacts(function="Anna Berg"))))
    recheck(version)
    assert {"person_bound_contact", "unreachable_contact"} & set(rules(version))
    assert "name_in_text" not in rules(version)

    monkeypatch.setattr("agreements.evidence.edition", lambda: "nyutgåva")
    monkeypatch.setattr("contacts.judging.edition", lambda: "nyutgåva")
    recheck(version)

    assert "name_in_text" in rules(version)
    assert not {"person_bound_contact", "unreachable_contact"} & set(rules(version))


def test_a_new_holder_or_channel_is_judged_at_once(version: Version, cast: Cast) -> None:
    point = version.contacts.filter(party__side="municipality").first().contact_point
    facts = contact_facts(cast.ostersund, point.level, mailbox="", phone="070-174 06 05")
    contact_actions.change_contact_point(by=cast.coordinator, contact_point_id=point.pk, facts=facts, revision=1)

    recheck(version)

    assert "mixed_contact" in rules(version)


def test_what_is_kept_says_the_same_as_the_check_without_the_holders_own_channels() -> None:
    facts = ContactFacts(
        function="Enhetschef Karin Dahlberg",
        mailbox="arbete@annan.se",
        own_domain="are.se",
        holder_names=("Karin Dahlberg",),
        holder_emails=("karin.dahlberg@are.se",),
    )
    said, kept = assess(facts), loaded(stored(assess(facts)))

    assert (kept.verdict, kept.mend) == (said.verdict, said.mend)
    assert [reason for reason in said.reasons if reason.code != "holder_email"] == list(kept.reasons)
    assert "karin.dahlberg@are.se" not in str(stored(said))


def test_it_is_kept_in_the_database_without_the_holders_own_channels(version: Version, cast: Cast) -> None:
    point = version.contacts.filter(party__side="municipality").first().contact_point
    contact_actions.change_holder(
        by=cast.coordinator, contact_point_id=point.pk, name="Bo Ek", email="bo.ek@ostersund.se", today=TODAY
    )

    recheck(version)

    point.refresh_from_db()
    assert point.assessment["verdict"] == "function_bound"
    assert "bo.ek" not in str(point.assessment)


@pytest.mark.parametrize(("total", "size"), [(1, 25), (100, 25), (297, 38), (1000, 126), (29_000, 200)])
def test_a_run_is_cut_so_that_several_workers_get_their_share(total: int, size: int) -> None:
    assert rechecking.portion(total) == size
