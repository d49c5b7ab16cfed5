"""The review of a proposed text in a real browser: from section to section, and back with the reasons."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from agreements.models import SectionReview
from contacts.models import Event
from tests.cast import Cast
from tests.factories import proposed

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_text_is_reviewed_section_by_section_and_sent_back_with_the_reasons(visit: Any, axe: Any, cast: Cast):
    version = proposed(cast)
    Event.objects.update(pending=False)
    page = visit(reverse("agreement", args=(version.pk,)), user=cast.af_coordinator)
    page.get_by_role("link", name="Granska avsnitt för avsnitt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Granskning")
    axe(page)

    page.get_by_role("link", name="Granska nästa avsnitt").click()
    page.get_by_role("button", name="Godta avsnitt 0").click()
    expect(page.get_by_text("Avsnitt 0 är godtaget.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Avsnitt 1 Parter")
    page.get_by_text("Något behöver ändras").click()
    page.get_by_label("Vad behöver ändras?").fill("Enhetens namn saknas.")
    axe(page)
    page.get_by_role("button", name="Behöver ändras").click()
    expect(page.get_by_text("1 behöver ändras").first).to_be_visible()

    page.goto(reverse("review", args=(version.pk,)))
    page.get_by_role("link", name="Skicka tillbaka med skälen").click()
    expect(page.get_by_label("Skäl")).to_have_value("Avsnitt 1: Enhetens namn saknas.")
    page.get_by_role("button", name="Skicka tillbaka").click()
    expect(page.get_by_text("Överenskommelsen är tillbaka som utkast.")).to_be_visible()
    assert set(SectionReview.objects.values_list("verdict", flat=True)) == {"accepted", "change"}
