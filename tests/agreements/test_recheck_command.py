"""`manage.py recheck`: by hand, for all or for some, and measured."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agreements.actions import checking, writing
from agreements.models import Flag, Version
from contacts.models import Event
from tests.cast import Cast
from tests.factories import draft, municipality

pytestmark = pytest.mark.django_db

PERSON = "<p>Kontakta Gunilla Hagström, gunilla.hagstrom@ostersund.se, för att boka möten.</p>"


def drafts(cast: Cast, number: int, *, first: int = 0) -> list[Version]:
    """Drafts of as many municipalities, each with a person in its text."""
    return [
        write(draft(cast, municipality=municipality(f"98{n:02d}", f"Provkommun{n}"), by=cast.af_coordinator), cast)
        for n in range(first, first + number)
    ]


def write(version: Version, cast: Cast, text: str = PERSON) -> Version:
    revision = version.sections.get(key="employers").revision
    writing.save_section(
        by=cast.af_coordinator, version_id=version.pk, key="employers", raw={"cooperation": text}, revision=revision
    )
    return version


def recheck(*args: Any, **options: Any) -> str:
    out = StringIO()
    call_command("recheck", *args, stdout=out, **options)
    return out.getvalue()


def test_it_prints_what_it_measured(cast: Cast) -> None:
    drafts(cast, 3)
    measured = json.loads(recheck(all=True, json=True))
    assert list(measured) == [
        "agreements",
        "seconds",
        "load_seconds",
        "ratio",
        "opened",
        "closed",
        "unchanged",
        "queries",
    ]
    assert (measured["agreements"], measured["opened"], measured["closed"]) == (3, 6, 0)
    assert measured["seconds"] > 0 < measured["load_seconds"]


def test_a_second_run_finds_the_same_and_opens_nothing(cast: Cast) -> None:
    drafts(cast, 2)
    recheck(all=True)
    again = json.loads(recheck(all=True, json=True))
    assert (again["opened"], again["closed"], again["unchanged"]) == (0, 0, 4)
    assert Flag.objects.open().count() == 4


def test_queries_do_not_grow_with_the_agreements_of_a_batch(cast: Cast) -> None:
    drafts(cast, 3)
    few = json.loads(recheck(all=True, json=True))
    drafts(cast, 9, first=3)
    Flag.objects.all().delete()
    many = json.loads(recheck(all=True, json=True))
    assert (few["agreements"], many["agreements"]) == (3, 12)
    assert many["queries"] == few["queries"] <= 24


def test_queries_grow_with_batches(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts(cast, 4)
    recheck(all=True)
    one = json.loads(recheck(all=True, json=True))["queries"]
    monkeypatch.setattr(checking, "BATCH", 2)
    assert json.loads(recheck(all=True, json=True))["queries"] == 2 * one


def test_only_the_versions_named_are_checked(cast: Cast) -> None:
    first, second = drafts(cast, 2)
    printed = recheck(str(first.pk))
    assert "1 agreements checked" in printed
    assert set(Flag.objects.values_list("version", flat=True)) == {first.pk}
    assert second.pk != first.pk


def test_mended_text_closes_its_flags_and_history_tells_it(cast: Cast) -> None:
    (version,) = drafts(cast, 1)
    recheck(all=True)
    write(version, cast, "<p>Kontakta arbetsmarknadsenheten.</p>")
    assert "2 closed" in recheck(all=True)
    assert not Flag.objects.open().exists()
    told = Event.objects.about(version.subject).filter(type__startswith="flag.")
    assert sorted(told.values_list("type", flat=True)) == ["flag.closed"] * 2 + ["flag.opened"] * 2


def test_a_flag_that_is_seen_again_is_not_written_anew(cast: Cast) -> None:
    drafts(cast, 2)
    recheck(all=True)
    before = list(Flag.objects.order_by("pk").values_list("pk", "first_seen", "reason"))
    recheck(all=True)
    assert list(Flag.objects.order_by("pk").values_list("pk", "first_seen", "reason")) == before


def test_a_bar_shows_how_far_it_has_come(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    drafts(cast, 1)
    recheck(all=True)
    assert "1/1" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["4711", "--all"]])
def test_ids_or_all_must_be_said(words: list[str]) -> None:
    with pytest.raises(CommandError, match="--all"):
        call_command("recheck", *words)


def test_a_version_that_is_not_there_is_told(db: None) -> None:
    with pytest.raises(CommandError, match="4711"):
        call_command("recheck", "4711")


def test_an_empty_portal_is_rechecked_at_once(db: None) -> None:
    assert json.loads(recheck(all=True, json=True))["agreements"] == 0
