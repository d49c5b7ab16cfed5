"""A contact point that is missing is made on the way, and nothing that was typed is lost."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from agreements.models import Version
from contacts.models import ContactPoint, Function
from tests.agreements.forms import filled, save, section_address
from tests.cast import Cast
from tests.factories import contact_point, draft


@pytest.fixture
def version(cast: Cast) -> Version:
    return draft(cast)


@pytest.fixture
def writer(client: Client, cast: Cast) -> Client:
    client.force_login(cast.coordinator)
    return client


def make(writer: Client, address: str, **headers: str) -> HttpResponse:
    """Fill in the form of a new contact point that stands at the address, and send it."""
    form = filled(writer.get(address), "kontaktyta")
    function = Function.objects.filter(side="municipality", other=False).earliest("pk")
    form |= {"function": str(function.pk), "mailbox": "arbetsmarknad@ostersund.se"}
    return writer.post(address, form, headers=headers)


def test_without_scripts_the_section_is_saved_and_the_form_leads_back(
    writer: Client, version: Version, cast: Cast
) -> None:
    point = contact_point(cast.ostersund, "operative", by=cast.coordinator)
    party = version.parties.get(side="municipality")
    ticked = f"{party.pk}:operative:{point.pk}"

    away = save(writer, version, "contacts", contacts=[ticked], new_contact=str(cast.ostersund.pk))
    back = make(writer, away["Location"])
    new = ContactPoint.objects.latest("pk")

    assert back["Location"] == f"{section_address(version, 'contacts')}?kontakt={new.pk}"
    boxes = filled(writer.get(back["Location"]), "avsnitt-formular")["contacts"]
    assert set(boxes) == {ticked, f"{party.pk}:{new.level}:{new.pk}"}


def test_in_a_dialog_only_the_form_is_sent_and_what_was_made_is_told(writer: Client, cast: Cast) -> None:
    address = reverse("contact_point_add", args=(cast.ostersund.pk,))
    dialog = {"HX-Request": "true", "HX-Target": "ny-kontaktyta"}

    part = writer.get(address, headers=dialog)
    made = make(writer, address, **dialog)

    assert "<html" not in part.content.decode()
    assert "contact-point-made" in made["HX-Trigger"]
    assert made.content == b""


@pytest.mark.parametrize("strange", ["https://ond.example/", "//ond.example/", "javascript:alert(1)", "/x/?kontakt=1"])
def test_the_form_never_leads_to_a_strange_place(writer: Client, cast: Cast, strange: str) -> None:
    address = reverse("contact_point_add", args=(cast.ostersund.pk,))

    answer = make(writer, f"{address}?till={strange}")

    assert answer["Location"] == reverse("organisation", args=(cast.ostersund.pk,))


def test_the_way_back_to_our_own_page_is_kept_through_errors(writer: Client, version: Version, cast: Cast) -> None:
    address = f"{reverse('contact_point_add', args=(cast.ostersund.pk,))}?till={section_address(version, 'contacts')}"
    form = filled(writer.get(address), "kontaktyta")

    answer = writer.post(address.partition("?")[0], form)

    assert answer.status_code == 422
    assert filled(answer, "kontaktyta")["till"] == section_address(version, "contacts")
