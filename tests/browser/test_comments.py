"""Talking about a text in a real browser: by keyboard alone, about marked words, and what has been read."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from agreements.actions import commenting, writing
from agreements.actions.commenting import Said
from agreements.anchors import Place
from agreements.models import LastLook, Thread, Version
from contacts.models import Event
from tests.cast import Cast
from tests.factories import draft

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "<p>Kommunen kallar till möte varje månad. Möten hålls varje månad även på sommaren.</p>"
SELECT = """([words, nth]) => {
    const walker = document.createTreeWalker(document.querySelector("[data-path=local_situation] .prose"), 4);
    const node = walker.nextNode();
    let at = -1;
    for (let n = 0; n <= nth; n++) at = node.data.indexOf(words, at + 1);
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
}"""


@pytest.fixture
def version(cast: Cast) -> Version:
    made = draft(cast)
    write(made, cast, TEXT)
    return made


def write(version: Version, cast: Cast, text: str) -> None:
    revision = version.sections.get(key="background").revision
    raw = {"local_situation": text}
    writing.save_section(by=cast.coordinator, version_id=version.pk, key="background", raw=raw, revision=revision)
    Event.objects.update(pending=False)


def say(version: Version, cast: Cast) -> Thread:
    return commenting.begin_thread(
        by=cast.coordinator, version_id=version.pk, key="background", place=Place(), said=Said("Stämmer det?")
    )


def section(version: Version) -> str:
    return reverse("section_talk", args=(version.pk, "background"))


def tab_to(page: Page, wanted: Locator, most: int = 80) -> None:
    """Walk there as a keyboard does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is not reached by Tab")


def test_a_comment_is_made_answered_and_resolved_by_keyboard_alone(visit: Any, axe: Any, cast: Cast, version: Version):
    page = visit(section(version), user=cast.af_coordinator)
    tab_to(page, page.get_by_role("textbox", name="Kommentar").first)
    page.keyboard.type("Räcker en gång i månaden?")
    tab_to(page, page.get_by_role("button", name="Spara kommentaren").first)
    page.keyboard.press("Enter")

    thread = page.get_by_role("listitem", name="Hela avsnittet")
    expect(thread).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Kommentaren är sparad.")).to_be_visible()
    axe(page)

    tab_to(page, page.locator("summary", has_text="Svara"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Svar", exact=True)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("Ja, det räcker.")
    tab_to(page, page.get_by_role("button", name="Spara svaret").first)
    page.keyboard.press("Enter")
    expect(thread).to_contain_text("Ja, det räcker.")

    tab_to(page, page.get_by_role("button", name="Markera som klar").first)
    page.keyboard.press("Enter")
    expect(thread.get_by_text("Klar", exact=True)).to_be_visible()
    expect(thread).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Öppna igen").first)
    page.keyboard.press("Enter")
    expect(thread.get_by_role("button", name="Markera som klar")).to_be_visible()


def test_words_that_are_selected_are_taken_into_the_form(visit: Any, axe: Any, cast: Cast, version: Version):
    page = visit(section(version), user=cast.coordinator)
    page.evaluate(SELECT, ["varje månad", 1])
    page.get_by_text("Gäller ett fält, en rad eller några ord").click()
    page.evaluate(SELECT, ["varje månad", 1])
    page.get_by_role("button", name="Hämta de ord jag har markerat").press("Enter")
    expect(page.get_by_label("Ord i texten")).to_have_value("varje månad")
    page.get_by_label("Kommentar", exact=True).fill("Även på sommaren?")
    page.get_by_role("button", name="Spara kommentaren").click()

    expect(page.get_by_role("listitem", name="Lokalt läge")).to_contain_text("varje månad")
    page.reload()
    expect(page.locator("mark.commented")).to_have_text("varje månad")
    assert Thread.objects.get().before.endswith("Möten hålls ")
    axe(page)


def test_what_is_wrong_is_told_with_the_focus_and_the_words_stay(visit: Any, cast: Cast, version: Version):
    page = visit(section(version), user=cast.coordinator)
    page.get_by_label("Kommentar", exact=True).fill("Gäller 811228-9874")
    page.get_by_role("button", name="Spara kommentaren").click()

    expect(page.get_by_role("group", name="Kommentaren är inte sparad")).to_be_focused()
    expect(page.get_by_label("Kommentar", exact=True)).to_have_value("Gäller 811228-9874")


def test_a_section_that_is_read_is_noted_and_what_changes_after_is_marked(
    visit: Any, axe: Any, cast: Cast, version: Version
):
    page = visit(reverse("agreement", args=(version.pk,)), user=cast.af_coordinator)
    page.locator("#avsnitt-background").scroll_into_view_if_needed()
    with page.expect_response("**/last/", timeout=15_000):
        page.wait_for_timeout(3500)
    assert LastLook.objects.filter(user=cast.af_coordinator, section_key="background").exists()

    write(version, cast, "<p>Möten hålls två gånger om året.</p>")
    say(version, cast)
    page.reload()
    mark = page.locator("#samtal-background")
    expect(mark.get_by_role("link", name="Ändrat sedan du läste")).to_be_visible()
    expect(mark.get_by_role("link", name="1 oläst kommentar")).to_be_visible()
    expect(page.get_by_role("navigation", name="Avsnitt").get_by_role("link", name="Bakgrund")).to_contain_text(
        "ändrat sedan du läste, 1 oläst kommentar"
    )
    axe(page)

    mark.get_by_role("link", name="Ändrat sedan du läste").click()
    with page.expect_response("**/last/", timeout=15_000):
        expect(page.locator("#andrat")).to_contain_text("Möten hålls två gånger om året.")
    page.goto(reverse("agreement", args=(version.pk,)))
    expect(page.get_by_role("link", name="Inget ändrat sedan du läste")).to_be_visible()
    expect(page.locator("#samtal-background")).to_be_empty()


def test_everything_works_without_scripts(visit: Any, cast: Cast, version: Version):
    say(version, cast)
    page = visit(section(version), user=cast.af_coordinator, scripts=False)
    page.get_by_role("button", name="Markera avsnittet som läst").click()
    expect(page.get_by_text("Markerat som läst.")).to_be_visible()
    page.locator("summary", has_text="Svara").click()
    page.get_by_label("Svar", exact=True).fill("Ja.")
    page.get_by_role("button", name="Spara svaret").click()
    page.get_by_role("button", name="Markera som klar").click()
    expect(page.get_by_text("Tråden är klar.")).to_be_visible()


def test_the_desk_shows_what_is_new_once_it_is_open(visit: Any, axe: Any, cast: Cast, version: Version):
    say(version, cast)
    page = visit(reverse("my_work"), user=cast.af_coordinator)

    expect(page.get_by_role("heading", name="Nytt för dig (1)")).to_be_visible()
    expect(page.get_by_role("link", name="1 oläst kommentar")).to_be_visible()
    axe(page)
