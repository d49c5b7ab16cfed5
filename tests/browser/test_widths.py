"""No page is wider than a small screen, whatever has been written in it."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from agreements.actions import checking, negotiating, writing
from agreements.models import Version
from contacts import actions as contact_actions
from contacts.models import Event
from tests import factories
from tests.cast import Cast
from tests.test_doors import GET, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

NOW = datetime.datetime.combine(factories.TODAY, datetime.time(12), tzinfo=datetime.UTC)
WIDTHS = (390, 320)
LONG = "arbetsmarknadsintegrationsochvuxenutbildningsenheten"
FILES = {
    "municipality_csv",
    "municipality_json",
    "copy_download",
    "attachment_download",
    "signed_file_download",
    "staffing_csv",
    "history_csv",
    "history_json",
}
SEEN_BY_OTHERS = {
    "dashboard": "officer",
    "municipality_list": "officer",
    "checks": "officer",
    "sign": "signatory",
}


def full_of_long_words(cast: Cast) -> Version:
    """An accepted agreement whose names, mailboxes and rows do not fit a small screen in one piece."""
    point = factories.contact_point(
        cast.ostersund,
        "operative",
        by=cast.coordinator,
        function_text=f"Enhetschef {LONG}",
        unit=LONG.capitalize(),
        mailbox="arbetsmarknadsintegration.vuxenutbildning@ostersund.se",
        sdk_address="0203:" + LONG.replace("å", "a"),
    )
    contact_actions.change_holder(by=cast.coordinator, contact_point_id=point.pk, name="Bo Ek", today=factories.TODAY)
    version = factories.fill(factories.draft(cast), cast)
    party = version.parties.get(side="municipality")
    rows = [
        writing.ChosenContact(c.party_id, c.contact_point_id, c.level) for c in version.contacts.order_by("position")
    ]
    writing.choose_contacts(
        by=cast.coordinator,
        version_id=version.pk,
        key="contacts",
        chosen=[*rows, writing.ChosenContact(party.pk, point.pk, "operative")],
        revision=1,
    )
    writing.save_section(
        by=cast.coordinator,
        version_id=version.pk,
        key="background",
        raw={"local_situation": f"<p>Anna Lindqvist, {LONG}@{LONG}.example och {LONG * 2}</p>"},
        revision=1,
    )
    checking.recheck(version_ids=[version.pk], now=NOW)
    Event.objects.update(pending=False)
    return version


def accept(version: Version, cast: Cast) -> None:
    negotiating.propose(by=cast.coordinator, version_id=version.pk)
    negotiating.accept(by=cast.af_coordinator, version_id=version.pk)


def test_no_page_is_wider_than_a_small_screen(new_context, cast):
    version = full_of_long_words(cast)
    draft = [
        reverse("agreement", args=(version.pk,)),
        *(reverse("section_edit", args=(version.pk, key)) for key in ("background", "contacts", "goals", "validity")),
        reverse("propose", args=(version.pk,)),
    ]
    pages = {role: new_context(user=getattr(cast, role), width=WIDTHS[0]).new_page() for role in cast.by_name()}
    wide = {address: widest(pages["coordinator"], address) for address in draft}

    accept(version, cast)
    version.refresh_from_db()
    point = version.contacts.get(contact_point__function_text__contains=LONG).contact_point
    world = World(cast, version, point)
    for name, (arguments, _statuses) in GET.items():
        if name not in FILES:
            address = reverse(name, kwargs=arguments(world))
            wide[name] = widest(pages[SEEN_BY_OTHERS.get(name, "coordinator")], address)

    assert {name: found for name, found in wide.items() if found} == {}


def widest(page, address):
    """What sticks out of the window; empty when nothing does."""
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    if "<html" not in page.goto(address).text():
        return []  # a part of a page is judged within its page
    return [found for width in WIDTHS for found in sticks_out(page, width)]


def sticks_out(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    return page.evaluate(
        """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
            [...document.querySelectorAll("main *, header *, footer *")]
                .filter(e => Math.max(e.getBoundingClientRect().right, e.scrollWidth) > window.innerWidth + 1)
                .map(e => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`).slice(0, 6)
            .concat([`scrollWidth ${document.documentElement.scrollWidth}`])"""
    )
