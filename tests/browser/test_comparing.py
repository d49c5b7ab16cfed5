"""The redline in a browser: what is heard, what is seen without colour, by keyboard, small, light and dark."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agreements.actions import negotiating
from agreements.models import Version
from tests import factories
from tests.agreements.test_amending import amend
from tests.cast import Cast
from tests.comparing.test_compare_page import write

pytestmark = pytest.mark.django_db(transaction=True)

GOALS = ("Fler unga i arbete", "Färre hushåll med försörjningsstöd", "Fler i vuxenutbildning")


def amended(cast: Cast) -> Version:
    """A new version with a changed sentence, a row that has moved, one that is gone and one that is new."""
    old = factories.fill(factories.draft(cast), cast)
    write(
        old,
        cast,
        "goals",
        goals=[{"what": what, "target": "75", "due": "2027-12-31", "responsible": "Chef"} for what in GOALS],
    )
    old = signed(old, cast)
    new = amend(old, cast)
    rows = new.sections.get(key="goals").content["goals"]
    write(new, cast, "goals", goals=[rows[1], rows[0] | {"target": "80"}, {"what": "Fler jobbspår", "target": "4"}])
    write(new, cast, "employers", cooperation="<p>Gemensamma besök hos <strong>alla</strong> arbetsgivare.</p>")
    return new


def signed(version: Version, cast: Cast) -> Version:
    negotiating.propose(by=cast.coordinator, version_id=version.pk)
    version = negotiating.accept(by=cast.af_coordinator, version_id=version.pk)
    now = factories.datetime.datetime(2026, 11, 22, 12, tzinfo=factories.datetime.UTC)
    factories.sign_for(version, "municipality", cast.signatory, now=now)
    return factories.sign_for(version, "af", cast.af_signatory, now=now)


def test_what_came_and_went_is_heard_and_is_seen_without_colour(visit, cast):
    page = visit(reverse("comparison", args=(amended(cast).pk,)), user=cast.coordinator)

    section = page.get_by_role("region", name="11 Arbetsgivare och kompetensförsörjning")
    added = section.get_by_role("insertion")
    assert " ".join(added.inner_text().split()) == "tillagt: alla slut på tillägg"
    assert "underline" in added.evaluate("e => getComputedStyle(e).textDecorationLine")
    gone = page.get_by_role("region", name="4 Gemensamma mål").get_by_role("deletion").first
    assert "line-through" in gone.evaluate("e => getComputedStyle(e).textDecorationLine")


def test_a_row_that_has_moved_says_from_where_and_to_where(visit, cast):
    page = visit(reverse("comparison", args=(amended(cast).pk,)), user=cast.coordinator)

    rows = page.get_by_role("region", name="4 Gemensamma mål").get_by_role("listitem")
    said = [text.split("\n")[0] for text in rows.all_inner_texts()]

    assert said == [
        "Rad 1, flyttad från plats 2 till plats 1",
        "Rad 2, ändrad",
        "Tidigare rad 3, borttagen",
        "Rad 3, tillagd",
    ]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_comparison_is_chosen_and_narrowed_by_keyboard_alone(visit, cast, scripts):
    version = amended(cast)
    page = visit(reverse("agreement", args=(version.pk,)), user=cast.coordinator, scripts=scripts)

    page.get_by_role("link", name="Jämför med mallen").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Jämför", exact=True).focus()
    page.keyboard.type("Nationell")
    page.get_by_role("button", name="Visa jämförelsen").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Visa bara ändringar").focus()
    page.keyboard.press("Enter")

    assert page.get_by_role("heading", level=1).inner_text() == "Jämför"
    assert "fran=mall-1" in page.url
    assert "visa=andringar" in page.url
    assert page.get_by_role("heading", name="3 Gemensamt syfte").count() == 0


def test_the_summary_leads_to_the_section(visit, cast):
    page = visit(reverse("comparison", args=(amended(cast).pk,)), user=cast.coordinator)

    page.get_by_role("link", name="4 Gemensamma mål").press("Enter")

    assert page.url.endswith("#avsnitt-goals")
    assert page.get_by_role("heading", name="4 Gemensamma mål").is_visible()


def test_what_is_folded_opens_by_keyboard(visit, cast):
    page = visit(reverse("comparison", args=(amended(cast).pk,)), user=cast.coordinator)
    fold = page.locator("#avsnitt-purpose")

    fold.locator("summary").press("Enter")

    assert fold.get_by_text("Nationell text, låst").is_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_no_rule_of_accessibility_is_broken(visit, cast, axe, scheme, width):
    version = amended(cast)
    for name in ("comparison", "agreement_standing", "agreement_history"):
        page = visit(reverse(name, args=(version.pk,)), user=cast.coordinator, scheme=scheme, width=width)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_it_is_black_and_told_apart_by_lines(visit, cast):
    page = visit(reverse("comparison", args=(amended(cast).pk,)), user=cast.coordinator, scheme="dark")
    page.emulate_media(media="print")

    looks = page.get_by_role("insertion").first.evaluate(
        "e => [getComputedStyle(e).color, getComputedStyle(e).textDecorationStyle]"
    )

    assert looks == ["rgb(0, 0, 0)", "double"]
    assert not page.get_by_role("button", name="Visa jämförelsen").is_visible()
