"""The pages that belong to no app, and what every page shares, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from contacts.models import User

pytestmark = pytest.mark.django_db(transaction=True)
SCHEMES = ("light", "dark")


@pytest.fixture
def user(transactional_db: None) -> User:
    return User.objects.create_user("siv@kommun.example", "en lång hemlig mening 42", name="Siv Ordnare")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    "address", ["/logga-in/", "/tillganglighet/", "/finns-inte/", "/verifiera/", "/verifiera/?kod=7F3K"]
)
def test_open_pages_break_no_accessibility_rule(visit, axe, address, scheme):
    axe(visit(address, scheme=scheme))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_component_breaks_an_accessibility_rule(visit, axe, user, scheme, width):
    page = visit("/stilguide/", user=user, scheme=scheme, width=width)
    expect(page.locator("[data-editor][data-ready]")).to_have_count(1)
    axe(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_open_menus_and_dialogs_break_no_accessibility_rule(visit, axe, user, scheme):
    page = visit("/stilguide/", user=user, scheme=scheme)
    page.get_by_text("Siv Ordnare").first.click()
    axe(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Öppna en ruta").click()
    axe(page)


@pytest.mark.parametrize("width", [320, 390, 768])
def test_nothing_is_wider_than_a_small_screen(visit, user, width):
    page = visit("/stilguide/", user=user, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_stop_of_the_keyboard_leads_past_the_menu(visit, user):
    page = visit("/stilguide/", user=user)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hoppa till innehållet")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_escape_closes_the_menu_and_gives_the_focus_back(visit, user):
    page = visit("/stilguide/", user=user)
    menu = page.locator("details[data-menu]")
    menu.locator("summary").press("Enter")
    page.get_by_role("radio", name="Mörkt").focus()
    page.keyboard.press("Escape")
    expect(menu.locator("summary")).to_be_focused()
    expect(menu).not_to_have_attribute("open", "")


def test_the_chosen_appearance_is_there_on_the_next_page_from_the_start(visit):
    page = visit("/tillganglighet/")
    page.get_by_text("Utseende", exact=True).first.click()
    page.get_by_role("radio", name="Mörkt").check()
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
    page.goto("/logga-in/")
    expect(page.locator("html")).to_have_attribute("data-color-scheme", "dark")


def test_a_question_is_asked_before_the_form_goes(visit, user):
    page = visit("/stilguide/", user=user)
    page.get_by_role("button", name="Fråga först").click()
    dialog = page.get_by_role("dialog", name="Ska utkastet skickas tillbaka?")
    dialog.get_by_role("button", name="Avbryt").click()
    expect(dialog).to_be_hidden()
    assert page.url.endswith("/stilguide/")
    page.get_by_role("button", name="Fråga först").click()
    dialog.get_by_role("button", name="Skicka tillbaka").click()
    page.wait_for_url("**/stilguide/?*")


def test_leaving_with_unsaved_changes_is_warned_of(visit, user):
    page = visit("/stilguide/", user=user)
    page.get_by_label("Forum", exact=True).first.fill("Nytt namn")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/tillganglighet/")
    assert asked == ["beforeunload"]


def test_errors_take_the_focus_and_lead_to_their_field(visit, user):
    page = visit("/stilguide/", user=user)
    page.get_by_label("Forum", exact=True).first.fill("")
    page.get_by_role("button", name="Spara avsnittet").click()
    summary = page.get_by_role("group", name="Det här behöver rättas")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Forum").click()
    expect(page.get_by_label("Forum", exact=True).first).to_be_focused()
