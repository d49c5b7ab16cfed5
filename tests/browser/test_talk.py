"""What htmx does when the server is away, refuses, or has forgotten the session: told plainly, nothing lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from contacts.models import User

pytestmark = pytest.mark.django_db(transaction=True)
ASK = "address => { htmx.ajax('GET', address, {target: '#formular', swap: 'innerHTML'}).catch(() => null) }"


@pytest.fixture
def page(visit, transactional_db):
    user = User.objects.create_user("siv@kommun.example", "en lång hemlig mening 42", name="Siv Ordnare")
    page = visit("/stilguide/", user=user)
    page.get_by_label("Forum", exact=True).first.fill("Det jag skrev")
    return page


@pytest.fixture(autouse=True)
def _what_was_written_stays(page, complaints):
    yield
    expect(page.get_by_label("Forum", exact=True).first).to_have_value("Det jag skrev")
    complaints.clear()  # the browser tells of the failure that was meant


def message(page):
    return page.get_by_role("status").first


def test_a_server_that_is_away_is_told_of(page):
    page.route("**/tillganglighet/", lambda route: route.abort())
    page.evaluate(ASK, "/tillganglighet/")
    expect(message(page)).to_contain_text("Servern går inte att nå just nu.")


def test_a_page_that_is_gone_is_told_of(page):
    page.evaluate(ASK, "/finns-inte/")
    expect(message(page)).to_contain_text("finns inte längre")


def test_a_failure_of_the_server_is_told_of(page):
    page.route("**/tillganglighet/", lambda route: route.fulfill(status=500, body="fel"))
    page.evaluate(ASK, "/tillganglighet/")
    expect(message(page)).to_contain_text("ändringen är inte sparad")


def test_an_ended_session_never_puts_the_login_page_over_what_was_written(page):
    page.context.clear_cookies()
    page.evaluate(ASK, "/stilguide/")
    expect(message(page)).to_contain_text("Du har loggats ut.")
    expect(page.get_by_label("Lösenord")).to_have_count(0)
