"""Handing out PDF copies: to those who read the agreement, under the right name, and only when they have changed."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agreements import tasks
from agreements.actions import printing
from agreements.models import PrintedCopy, Version
from tests.cast import Cast
from tests.factories import draft, in_force

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
PDF = b"%PDF-1.7 made by a test"
TOKEN = r'<input type="hidden" name="csrfmiddlewaretoken"[^>]*>'


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.SEAL_DEMO = False
    monkeypatch.setattr(printing, "render", lambda document, *, variant, **_: PDF + variant.encode())


@pytest.fixture
def signed(cast: Cast) -> Version:
    version = in_force(cast)
    tasks.render_pdfs()
    return version


def address(version: Version, variant: str = "archive") -> str:
    return reverse("copy_download", args=[version.pk, variant])


def fetch(client: Client, user: Any, version: Version, variant: str = "archive", **headers: str) -> Any:
    client.force_login(user)
    response = client.get(address(version, variant), headers=headers)
    response.body = response.getvalue()  # a file that is read to its end is closed
    return response


@pytest.mark.parametrize(("variant", "word"), [("archive", "arkiv"), ("reading", "las")])
def test_a_signed_copy_is_an_attachment_with_a_name_that_says_what_it_is(
    variant: str, word: str, signed: Version, cast: Cast, client: Client
):
    response = fetch(client, cast.coordinator, signed, variant)

    name = f"OK-{signed.agreement.created_at.year}-{signed.agreement_id:04d}-{word}.pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Content-Type"] == "application/pdf"
    assert response.body == PDF + variant.encode()


def test_an_amendment_has_its_version_in_the_name(signed: Version, cast: Cast, client: Client):
    Version.objects.filter(pk=signed.pk).update(number=2)

    assert "-v2-arkiv.pdf" in fetch(client, cast.coordinator, signed)["Content-Disposition"]


def test_nobody_between_keeps_the_copy(signed: Version, cast: Cast, client: Client):
    control = fetch(client, cast.coordinator, signed)["Cache-Control"]

    assert set(control.split(", ")) == {"private", "no-cache"}


def test_an_unchanged_copy_is_not_sent_again(signed: Version, cast: Cast, client: Client):
    etag = fetch(client, cast.coordinator, signed)["ETag"]

    again = fetch(client, cast.coordinator, signed, if_none_match=etag)

    assert etag == f'"{signed.copies.get(variant="archive").sha256}"'
    assert again.status_code == 304
    assert again["ETag"] == etag
    assert "private" in again["Cache-Control"]


@pytest.mark.parametrize(
    "who",
    ["coordinator", "signatory", "reader", "af_coordinator", "af_signatory", "officer"],
)
def test_everybody_who_reads_the_agreement_with_its_names_gets_its_copy(
    who: str, signed: Version, cast: Cast, client: Client
):
    assert fetch(client, cast.by_name()[who], signed).status_code == 200


@pytest.mark.parametrize("who", ["outsider", "administrator"])
@pytest.mark.parametrize("variant", ["archive", "reading", "draft"])
def test_others_get_404(who: str, variant: str, signed: Version, cast: Cast, client: Client):
    assert fetch(client, cast.by_name()[who], signed, variant).status_code == 404


def test_visitors_are_asked_to_log_in(signed: Version, client: Client):
    response = client.get(address(signed))

    assert response.status_code == 302
    assert reverse("login") in response["Location"]


def test_a_copy_that_is_not_made_yet_is_404(cast: Cast, client: Client):
    assert fetch(client, cast.coordinator, in_force(cast)).status_code == 404


@pytest.mark.parametrize("variant", ["public", "arkiv", "x"])
def test_an_unknown_variant_is_404(variant: str, signed: Version, cast: Cast, client: Client):
    assert fetch(client, cast.coordinator, signed, variant).status_code == 404


def test_a_copy_whose_file_is_gone_is_404_and_logged(
    signed: Version, cast: Cast, client: Client, caplog: pytest.LogCaptureFixture
):
    copy = signed.copies.get(variant="archive")
    copy.file.storage.delete(copy.file.name)

    assert fetch(client, cast.coordinator, signed).status_code == 404
    assert f"the file of copy {copy.pk} is missing" in caplog.text


def test_a_stored_file_has_no_address_of_its_own(signed: Version, cast: Cast, client: Client):
    client.force_login(cast.coordinator)
    name = signed.copies.get(variant="archive").file.name

    assert client.get(f"/{name}").status_code == 404
    assert client.get(f"/static/{name}").status_code == 404


# ------------------------------------------------------------------------------------------------- the panel


def panel(client: Client, user: Any, version: Version) -> str:
    client.force_login(user)
    return client.get(reverse("copies", args=[version.pk])).content.decode()


def test_the_panel_waits_while_a_copy_is_made(cast: Cast, client: Client):
    version = in_force(cast)

    content = panel(client, cast.coordinator, version)

    assert "PDF skapas …" in content
    assert 'hx-trigger="every 2s"' in content
    assert address(version) not in content


def test_the_panel_links_to_what_is_made_and_stops_asking(signed: Version, cast: Cast, client: Client):
    content = panel(client, cast.reader, signed)

    assert address(signed, "archive") in content
    assert address(signed, "reading") in content
    assert "hx-get" not in content


def test_the_panel_gives_up_asking_after_a_while(cast: Cast, client: Client):
    version = in_force(cast)
    client.force_login(cast.coordinator)

    content = client.get(reverse("copies", args=[version.pk]), {"varv": "60"}).content.decode()

    assert "PDF:en dröjer." in content
    assert "hx-get" not in content


def test_the_page_and_the_panel_show_the_same(signed: Version, cast: Cast, client: Client):
    content = panel(client, cast.coordinator, signed).strip()

    page = client.get(reverse("agreement", args=[signed.pk])).content.decode()

    assert re.sub(TOKEN, "", content) in re.sub(TOKEN, "", page)


def test_a_coordinator_orders_a_draft_and_gets_it(cast: Cast, client: Client):
    version = draft(cast)
    client.force_login(cast.coordinator)

    response = client.post(reverse("draft_order", args=[version.pk]))
    tasks.render_pdfs()

    assert response["Location"] == reverse("agreement", args=[version.pk])
    assert fetch(client, cast.coordinator, version, "draft").body == PDF + b"draft"
    assert "Skapa PDF av utkastet" not in panel(client, cast.coordinator, version)


def test_a_draft_cannot_be_ordered_by_reading(cast: Cast, client: Client):
    version = draft(cast)
    client.force_login(cast.coordinator)

    assert client.get(reverse("draft_order", args=[version.pk])).status_code == 405
    assert not PrintedCopy.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("reader", 403), ("signatory", 403), ("officer", 403), ("outsider", 404)])
def test_others_cannot_order_a_draft(who: str, status: int, cast: Cast, client: Client):
    version = draft(cast)
    client.force_login(cast.by_name()[who])

    assert client.post(reverse("draft_order", args=[version.pk])).status_code == status
    assert "Skapa PDF av utkastet" not in panel(client, cast.reader, version)


def test_ordering_a_draft_of_a_signed_agreement_is_refused_with_a_message(signed: Version, cast: Cast, client: Client):
    client.force_login(cast.coordinator)

    response = client.post(reverse("draft_order", args=[signed.pk]), follow=True)

    assert "har inget utkast längre" in response.content.decode()


def test_a_signed_agreement_without_copies_offers_to_make_them(cast: Cast, client: Client):
    version = in_force(cast)
    version.copies.all().delete()
    order = reverse("signed_order", args=[version.pk])
    assert order not in panel(client, cast.reader, version)
    assert order in panel(client, cast.coordinator, version)

    client.post(order)
    tasks.render_pdfs()

    assert fetch(client, cast.coordinator, version).status_code == 200
    assert order not in panel(client, cast.coordinator, version)


def test_a_failed_copy_says_why_and_can_be_tried_again(signed: Version, cast: Cast, client: Client):
    copy = signed.copies.get(variant="archive")
    PrintedCopy.objects.filter(pk=copy.pk).update(
        made_at=None, failed_at=NOW, failure=printing.NOT_STORED, attempts=5, file="", sha256="", size=0
    )
    retry = reverse("copy_retry", args=[signed.pk, copy.pk])
    assert printing.NOT_STORED in panel(client, cast.coordinator, signed)
    assert retry not in panel(client, cast.reader, signed)

    client.force_login(cast.coordinator)
    client.post(retry)
    tasks.render_pdfs()

    assert fetch(client, cast.coordinator, signed).status_code == 200


def test_a_copy_of_another_agreement_cannot_be_tried_again(signed: Version, cast: Cast, client: Client):
    copy = signed.copies.get(variant="archive")
    other = draft(cast, municipality=cast.are, by=cast.outsider)
    client.force_login(cast.outsider)

    assert client.post(reverse("copy_retry", args=[other.pk, copy.pk])).status_code == 404
    assert client.post(reverse("copy_retry", args=[signed.pk, copy.pk])).status_code == 404
