"""The lowest level in a real browser: read, raised, published, and nothing against accessibility on the way."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agreements.actions import checking, weighing
from agreements.models import RuleSet
from tests.agreements.rule_sets import RAISED, draft
from tests.cast import Cast
from tests.factories import draft as new_agreement
from tests.factories import in_force

pytestmark = pytest.mark.django_db(transaction=True)
SCHEMES = ("light", "dark")


@pytest.fixture
def judged(cast: Cast) -> Any:
    """An agreement in force that has been checked, and a weighed draft of a higher level."""
    version = in_force(cast)
    checking.recheck(version_ids=[version.pk], now=timezone.now() - datetime.timedelta(days=40))
    draft(cast.officer, weighed=True, **RAISED)
    return version


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_page_of_the_level_breaks_an_accessibility_rule(
    visit: Any, axe: Any, cast: Cast, judged: Any, scheme: str, width: int
) -> None:
    page = visit(f"/overenskommelser/{judged.pk}/lagsta-niva/", user=cast.officer, scheme=scheme, width=width)
    addresses = ["/nationellt/lagsta-niva/", "/nationellt/?show=level", "/lagsta-niva/"]
    addresses += [
        "/nationellt/?show=expiry",
        "/nationellt/jamfor/?mot=2023-01-01",
        "/nationellt/over-tid/?matt=binding",
    ]
    addresses += [f"/lagsta-niva/2/{part}" for part in ("", "andra/", "publicera/", "kasta/", "jamfor/1/")]
    addresses += [
        "/lagsta-niva/2/foljder/overenskommelser/",
        f"/overenskommelser/{new_agreement_of(cast)}/lagsta-niva/",
    ]
    axe(page)
    for address in addresses:
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def new_agreement_of(cast: Cast) -> int:
    return new_agreement(cast, municipality=cast.are, by=cast.af_coordinator).pk


def test_the_level_is_raised_from_a_draft_to_a_date(visit: Any, cast: Cast) -> None:
    in_force(cast)
    page = visit("/lagsta-niva/", user=cast.officer)
    page.get_by_role("button", name="Skapa ett utkast").click()
    page.get_by_label("Namn").fill("Höjd nivå")
    page.locator("#id_N07").select_option(label="Krav")
    page.get_by_role("button", name="Spara utkastet").click()
    expect(page.get_by_text("Följderna räknas …")).to_be_visible()

    weighing.weigh_drafts(now=timezone.now())

    expect(page.get_by_role("link", name="Visa de överenskommelser som bedöms annorlunda (1)")).to_be_visible()
    page.get_by_role("link", name="Publicera …").click()
    page.get_by_label("Gäller från och med").fill(str(timezone.localdate()))
    page.get_by_label("Jag har läst följderna ovanför").check()
    page.get_by_role("button", name="Publicera").click()
    expect(page.get_by_text("Höjd nivå är publicerat.")).to_be_visible()
    assert RuleSet.objects.in_force(timezone.localdate()).number == 2


def test_leaving_a_draft_with_unsaved_changes_is_warned_of(visit: Any, cast: Cast) -> None:
    draft(cast.officer)
    page = visit("/lagsta-niva/2/andra/", user=cast.officer)
    page.get_by_label("Namn").fill("Ett annat namn")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/lagsta-niva/")
    assert asked == ["beforeunload"]
