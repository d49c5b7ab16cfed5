"""Answering a letter in a real browser, and the letters themselves as a mail program shows them."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import expect

from agreements.actions import chasing
from agreements.models import Flag
from contacts.actions import confirming
from contacts.links import sign
from contacts.models import Confirmation, ContactPoint, Letter
from contacts.post_office import message_of
from tests.cast import Cast, make_cast
from tests.factories import af_region, contact_point, in_force, municipality
from tests.fixtures import load

pytestmark = pytest.mark.django_db(transaction=True)
SCHEMES = ("light", "dark")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    load()
    return make_cast(municipality("2380", "Östersunds"), municipality("2321", "Åre"), af_region("Nord"))


@pytest.fixture
def asked(cast: Cast) -> ContactPoint:
    """A contact point that has been asked today."""
    point = contact_point(cast.ostersund, "tactical", by=cast.coordinator)
    ContactPoint.objects.update(confirmed_at=timezone.now() - datetime.timedelta(days=320))
    confirming.ask_all(now=timezone.now())
    return point


def link() -> str:
    return f"/bekrafta/{sign(Confirmation.objects.get().pk)}/"


@pytest.mark.parametrize("scripts", [True, False])
def test_one_click_on_the_link_confirms_without_login(visit, asked, scripts):
    page = visit(link(), scripts=scripts)
    page.get_by_role("button", name="Ja, det stämmer").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Tack, uppgifterna är bekräftade")
    assert Confirmation.objects.get().answer == "confirmed"
    page.goto(link())
    expect(page.get_by_role("heading", level=1)).to_have_text("Länken gäller inte längre")


def test_the_no_leads_to_the_form_when_one_has_logged_in(visit, cast, asked):
    page = visit(link(), user=cast.coordinator)
    page.get_by_role("link", name="Nej, ändra uppgifterna").click()

    expect(page).to_have_url(re.compile(rf"/kontaktytor/{asked.pk}/andra/$"))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_of_the_question_break_no_accessibility_rule(visit, axe, cast, asked, scheme, width):
    ContactPoint.objects.update(bounced_at=timezone.now())
    own = f"/kontaktytor/{asked.pk}/"
    for address, user in ((link(), None), ("/bekraftat/", None), ("/bekrafta/1.a.b/", None), (own, cast.coordinator)):
        page = visit(address, scheme=scheme, width=width, user=user)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@override_settings(SITE_URL="http://localhost")
@pytest.mark.parametrize("width", [1280, 390])
def test_the_letters_break_no_accessibility_rule(visit, axe, cast, asked, width):
    version = in_force(cast)
    facts: dict[str, Any] = {"section_key": "contacts", "organisation": cast.ostersund, "mender": asked}
    for rule, severity in (("person_bound_contact", "serious"), ("no_deputy", "warning"), ("n04", "serious")):
        Flag.objects.create(version=version, rule=rule, severity=severity, reason="Skäl.", mend="Så här.", **facts)
    chasing.chase(now=timezone.now())

    for letter in Letter.objects.order_by("kind"):
        [(html, _)] = message_of(letter).alternatives
        page = visit("about:blank", width=width)
        page.set_content(html)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Letter.objects.count() == 2
