"""Attaching a file and finding it again, in a real browser."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from agreements.actions import checking, clearing, indexing
from agreements.models import Attachment, Version
from tests import factories, files
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def settle() -> None:
    """What a worker does after every change."""
    now = datetime.datetime.now(datetime.UTC)
    indexing.index_missing()
    while clearing.clear_next(now=now) or checking.deliver_events(now=now):
        pass


@pytest.fixture
def version(cast: Cast) -> Version:
    return factories.fill(factories.draft(cast), cast)


def choose(page: Page, content: bytes, name: str) -> None:
    page.get_by_label("Fil", exact=True).set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": content}]
    )


def test_a_file_is_attached_checked_and_opened(version: Version, cast: Cast, visit: Any):
    page = visit(reverse("agreement", args=[version.pk]), user=cast.coordinator)
    page.get_by_role("link", name="Bifogade filer: se eller lägg till").click()
    choose(page, files.pdf("Truckkort och lagerarbete"), "Behov åäö.pdf")
    page.get_by_label("Rubrik").fill("Arbetsgivarnas behov")
    page.get_by_role("button", name="Bifoga filen").click()

    expect(page.get_by_text("Filen kan öppnas om en stund")).to_be_visible()
    settle()
    link = page.get_by_role("link", name="Arbetsgivarnas behov", exact=True)
    expect(link).to_be_visible(timeout=10_000)
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "Behov åäö.pdf"


def test_a_refused_file_is_told_at_its_field_and_the_rest_is_kept(version: Version, cast: Cast, visit: Any, axe: Any):
    page = visit(reverse("attachments", args=[version.pk]), user=cast.coordinator, width=320)
    page.get_by_label("Rubrik").fill("Arbetsgivarnas behov")
    page.get_by_label("Hör till").select_option(label="4 Gemensamma mål")
    choose(page, files.encrypted_pdf(), "behov.pdf")
    page.get_by_role("button", name="Bifoga filen").click()

    expect(page.get_by_role("heading", name="Filen är inte bifogad")).to_be_visible()
    expect(page.get_by_label("Rubrik")).to_have_value("Arbetsgivarnas behov")
    expect(page.get_by_label("Hör till")).to_have_value("goals")
    assert "skyddad med lösenord" in page.locator("#id_upload_error").inner_text()
    axe(page)


def test_a_file_that_is_too_large_is_told_of_before_it_is_sent(version: Version, cast: Cast, visit: Any):
    page = visit(reverse("attachments", args=[version.pk]), user=cast.coordinator)
    page.evaluate("document.querySelector('[data-largest]').dataset.largest = '100'")
    choose(page, files.pdf(), "stor.pdf")

    expect(page.get_by_role("alert")).to_contain_text("större än 25 MB")
    page.get_by_label("Rubrik").fill("Stor")
    page.get_by_role("button", name="Bifoga filen").click()
    expect(page.get_by_label("Fil", exact=True)).to_be_focused()
    assert not Attachment.objects.exists()


def test_a_file_is_removed_after_a_question(version: Version, cast: Cast, visit: Any):
    page = visit(reverse("attachments", args=[version.pk]), user=cast.coordinator)
    choose(page, files.picture(), "karta.png")
    page.get_by_label("Rubrik").fill("Karta")
    page.get_by_role("button", name="Bifoga filen").click()
    page.get_by_role("button", name="Ta bort Karta").click()
    page.get_by_role("dialog").get_by_role("button", name="Ta bort").click()

    expect(page.get_by_role("heading", name="Inga filer är bifogade")).to_be_visible()


@pytest.mark.parametrize(("width", "first_stop"), [(1280, "Sök i portalen"), (320, "Vad söker du?")])
def test_the_search_is_used_by_keyboard_and_marks_what_it_found(
    width: int, first_stop: str, version: Version, cast: Cast, visit: Any, axe: Any
):
    settle()
    page = visit(reverse("my_work"), user=cast.coordinator, width=width)
    if width < 640:
        page.get_by_role("search").get_by_role("button", name="Sök").press("Enter")
    page.get_by_role("searchbox", name=first_stop).focus()
    page.keyboard.type("gymnasieutbildningar")
    page.keyboard.press("Enter")

    expect(page.locator("mark").first).to_have_text("gymnasieutbildning")
    axe(page)
    page.get_by_role("link", name="Bakgrund").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/overenskommelser/{version.pk}/#avsnitt-background$"))


def test_a_misspelt_search_leads_on(version: Version, cast: Cast, visit: Any, axe: Any):
    settle()
    page = visit(f"{reverse('search')}?q=ostersnd", user=cast.coordinator, scripts=False)
    page.get_by_role("link", name="östersunds", exact=True).click()

    expect(page.get_by_role("heading", level=2).first).to_contain_text("Östersunds kommun")
