"""Rows that are added, moved and removed in the browser, with the keyboard and said aloud."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from contacts.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def user(transactional_db: None) -> User:
    return User.objects.create_user("siv@kommun.example", "en lång hemlig mening 42", name="Siv Ordnare")


@pytest.fixture
def page(visit, user):
    return visit("/stilguide/", user=user)


def status(page):
    return page.locator("[data-rows-status]")


def orders(page):
    return page.locator('[data-row-control="ORDER"] input').evaluate_all("inputs => inputs.map(i => i.value)")


def test_an_added_row_is_numbered_takes_the_focus_and_is_said(page):
    page.get_by_role("button", name="Lägg till mål").click()
    expect(page.locator('[name="goals-TOTAL_FORMS"]')).to_have_value("4")
    expect(page.locator("#id_goals-3-what")).to_be_focused()
    expect(status(page)).to_have_text("Mål 4 av 4 är tillagd.")


def test_a_row_moves_by_keyboard_and_keeps_the_focus(page):
    first = page.locator("#id_goals-0-what")
    first.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(first).to_be_focused()
    expect(status(page)).to_have_text("Mål står nu på plats 2 av 3.")
    names = page.locator("[data-row] input[name$='-what']").evaluate_all("inputs => inputs.map(i => i.name)")
    assert names[:2] == ["goals-1-what", "goals-0-what"]
    assert orders(page) == ["1", "2", "3"]


def test_the_first_row_says_that_it_is_first(page):
    page.get_by_role("button", name="Flytta upp mål").first.click()
    expect(status(page)).to_have_text("Raden står redan först.")


def test_a_removed_row_is_marked_and_can_be_taken_back(page):
    page.get_by_role("button", name="Ta bort mål").first.click()
    undo = page.get_by_role("button", name="Ångra", exact=True).last
    expect(undo).to_be_focused()
    expect(page.locator("#id_goals-0-DELETE")).to_be_checked()
    undo.press("Enter")
    expect(page.locator("#id_goals-0-DELETE")).not_to_be_checked()
    expect(page.locator("#id_goals-0-what")).to_be_visible()


def test_without_scripts_rows_have_order_and_removal_as_fields(visit, user):
    page = visit("/stilguide/", user=user, scripts=False)
    expect(page.locator("#id_goals-0-DELETE")).to_be_visible()
    expect(page.locator("#id_goals-2-what")).to_be_visible()
    expect(page.get_by_role("button", name="Lägg till mål")).to_be_hidden()
