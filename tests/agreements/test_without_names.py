"""A reader without names walks every page there is and meets no name, wherever one has been written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agreements.actions import checking, negotiating, writing
from agreements.html import cover, readable
from agreements.models import Version
from contacts import actions as contact_actions
from contacts.models import Event
from contacts.roles import Role
from contacts.rules import HIDDEN, names_in
from tests import factories
from tests.agreements.test_agreement_page import NOW, check
from tests.cast import Cast
from tests.test_doors import GET, World

NAME, SURNAME = "Anna Lindqvist", "lindqvist"
MAILBOX = "anna.lindqvist@ostersund.se"
GIVEN = "Torgny"
"""A single given name, which is a name as a field of its own and after a title, and nothing elsewhere."""


def named_everywhere(cast: Cast) -> Version:
    """An accepted agreement with the same name in every place where somebody can write one."""
    point = factories.contact_point(
        cast.ostersund,
        "operative",
        by=cast.coordinator,
        function_text=f"Enhetschef {NAME}",
        unit=f"{NAME}s enhet",
        mailbox=MAILBOX,
    )
    factories.contact_point(cast.ostersund, "strategic", by=cast.coordinator, deputy_id=point.pk)
    alone = {"function_text": GIVEN, "mailbox": "", "phone": "070-174 06 05", "deputy_id": None}
    given = factories.contact_point(cast.ostersund, "operative", by=cast.coordinator, **alone)
    contact_actions.change_holder(by=cast.coordinator, contact_point_id=point.pk, name=NAME, today=factories.TODAY)
    version = factories.fill(factories.draft(cast), cast)
    _choose(version, point.pk, cast, revision=1)
    _choose(version, given.pk, cast, revision=2)
    _write(version, cast, "routines", handover=f"<p>Samordnare {GIVEN} bokar möten.</p>", transition="<p>Gemensam.</p>")
    _write(version, cast, "background", local_situation=f"<p>Fråga <strong>Anna</strong> Lindqvist, {MAILBOX}.</p>")
    _write(version, cast, "employers", cooperation=f'<p><a href="mailto:{MAILBOX}">Hör av dig</a></p>')
    party = version.parties.get(side="municipality")
    facts = {"unit": f"{NAME}s nämnd", "case_number": f"Dnr {NAME}", "signing_function": f"Chef {NAME}"}
    writing.save_parties(
        by=cast.coordinator, version_id=version.pk, key="parties", changes={party.pk: facts}, revision=2
    )
    check(version)
    negotiating.propose(by=cast.coordinator, version_id=version.pk)
    negotiating.send_back(by=cast.af_coordinator, version_id=version.pk, reason=f"Stryk {NAME}.")
    negotiating.propose(by=cast.coordinator, version_id=version.pk)
    return negotiating.accept(by=cast.af_coordinator, version_id=version.pk)


def _choose(version: Version, point: int, cast: Cast, *, revision: int) -> None:
    rows = [
        writing.ChosenContact(c.party_id, c.contact_point_id, c.level) for c in version.contacts.order_by("position")
    ]
    party = version.parties.get(side="municipality")
    writing.choose_contacts(
        by=cast.coordinator,
        version_id=version.pk,
        key="contacts",
        chosen=[*rows, writing.ChosenContact(party.pk, point, "operative")],
        revision=revision,
    )


def _write(version: Version, cast: Cast, key: str, **raw: Any) -> None:
    revision = version.sections.get(key=key).revision
    writing.save_section(by=cast.coordinator, version_id=version.pk, key=key, raw=raw, revision=revision)


def signed(version: Version, cast: Cast) -> Version:
    """The municipality's signatory is a named person, in a function and by a decision that name one too."""
    user = factories.member(cast.ostersund, Role.MUNICIPAL_SIGNATORY)
    type(user).objects.filter(pk=user.pk).update(name=NAME)
    user.refresh_from_db()
    decision = factories.decision(function=f"Chef {NAME}", reference=f"Beslut av {NAME}")
    factories.sign_for(version, "municipality", user, now=NOW, decision=decision)
    return version


def text_of(content: bytes) -> str:
    """A page or a file; a spreadsheet is a folder of XML that has been packed."""
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist())


def walk(client: Client, world: World) -> dict[str, str]:
    """Everything a GET leads to, as a page and as htmx's part of it, with the search for the name as well."""
    told = {}
    for name, (arguments, _statuses) in GET.items():
        address = reverse(name, kwargs=arguments(world))
        for headers in ({}, {"HX-Request": "true", "HX-Target": "lista"}):
            answer = client.get(address, headers=headers)
            told[f"{address} {headers}"] = text_of(b"".join(answer) if answer.streaming else answer.content)
    for contact in world.version.contacts.all():
        address = reverse("contact_point", args=(contact.contact_point_id,))
        told[address] = client.get(address).content.decode()
    return told


@pytest.mark.parametrize("make", [named_everywhere, lambda cast: signed(named_everywhere(cast), cast)])
def test_the_reader_without_names_meets_none_anywhere(
    client: Client, cast: Cast, make: Callable[[Cast], Version]
) -> None:
    version = make(cast)
    checking.recheck(version_ids=[version.pk], now=NOW)
    Event.objects.update(pending=False)
    point = version.contacts.get(contact_point__mailbox=MAILBOX).contact_point
    client.force_login(cast.skr_reader)

    told = walk(client, World(cast, version, point))

    assert {address for address, text in told.items() if SURNAME in text.lower()} == set()
    assert {address for address, text in told.items() if GIVEN in text} == set()
    assert HIDDEN in told[f"{reverse('agreement', args=(version.pk,))} {{}}"]


def test_a_reader_with_names_meets_them_on_the_same_pages(client: Client, cast: Cast) -> None:
    version = named_everywhere(cast)
    client.force_login(cast.reader)

    told = walk(client, World(cast, version, version.contacts.get(contact_point__mailbox=MAILBOX).contact_point))

    met = {address.split()[0] for address, text in told.items() if NAME in text}
    assert {reverse(name, args=(version.pk,)) for name in ("agreement", "agreement_flags", "agreement_history")} <= met


@pytest.mark.parametrize("name", ["agreement", "agreement_history"])
def test_a_search_among_agreements_finds_no_name(client: Client, cast: Cast, name: str) -> None:
    version = named_everywhere(cast)
    client.force_login(cast.skr_reader)

    found = client.get(reverse("agreement_list"), {"q": "Lindqvist"}).content.decode()

    assert reverse(name, args=(version.pk,)) not in found


def test_the_pdf_is_refused_with_the_reason_and_no_link_leads_to_it(client: Client, cast: Cast) -> None:
    version = named_everywhere(cast)
    client.force_login(cast.skr_reader)

    for variant in ("archive", "reading", "draft"):
        answer = client.get(reverse("copy_download", args=(version.pk, variant)))
        assert answer.status_code == 403
        assert "din roll ger inte rätt till namn" in answer.content.decode()
    for page in ("agreement", "copies"):
        assert "/pdf/archive/" not in client.get(reverse(page, args=(version.pk,))).content.decode()


def test_a_name_across_two_elements_is_covered_once_and_links_lose_their_address() -> None:
    markup = '<p>Fråga <strong>Anna</strong> Lindqvist &amp; <a href="https://x.se/anna-lindqvist">andra</a>.</p>'

    covered = cover(markup, names_in(readable(markup)), HIDDEN)

    assert covered == f"<p>Fråga <strong>{HIDDEN}</strong> &amp; <a>andra</a>.</p>"


def test_seeing_the_names_of_one_organisation_does_not_open_the_nation(client: Client, cast: Cast) -> None:
    version = named_everywhere(cast)
    contact_actions.give_role(
        by=None, user=cast.skr_reader, organisation=cast.are, role=Role.READER, today=factories.TODAY
    )
    client.force_login(cast.skr_reader)

    assert NAME not in client.get(reverse("agreement_history", args=(version.pk,))).content.decode()
