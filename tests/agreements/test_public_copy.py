"""The public copy: for everybody, without login, and without names."""

from __future__ import annotations

import datetime
import io
import json
import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from agreements import pdf, tasks
from agreements.actions import printing
from agreements.actions.publishing import order_public_copies, public_copy_of
from agreements.models import PrintedCopy, Version
from agreements.public_copy import as_public, covered_print
from contacts.models import Event
from tests.agreements.test_without_names import NAME, SURNAME, named_everywhere
from tests.cast import Cast
from tests.factories import accepted, in_force, sign_for
from tests.printed import CODE, signed, whole_text

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
PDF = b"%PDF-1.7 made by a test "


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.SEAL_DEMO = False
    monkeypatch.setattr(printing, "render", lambda document, *, variant, **_: PDF + variant.encode())


@pytest.fixture
def published(quick: None, cast: Cast) -> Version:
    version = in_force(cast)
    make(version)
    return version


def make(version: Version) -> None:
    tasks.render_pdfs()
    order_public_copies(now=NOW)
    tasks.render_pdfs()


def address(version: Version) -> str:
    return reverse("public_copy", args=[version.pk])


@pytest.fixture(scope="module")
def printed() -> bytes:
    return pdf.render(as_public(signed(), names=False), variant="public", demo=False, code=CODE)


def test_it_says_what_it_is_and_leaves_out_staffing_and_signatories_names(printed: bytes):
    text = whole_text(printed)

    assert "Offentligt exemplar, utan bemanningslista" in text
    assert "Förvaltningschef" in text
    assert CODE in text
    assert not re.search("Karl Chef|Eva Regionchef|Bilaga 4|Bemanningslistan förs", text)


def test_it_claims_pdf_ua_and_is_tagged(printed: bytes):
    with pikepdf.open(io.BytesIO(printed)) as opened, opened.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert opened.Root.MarkInfo.Marked
        assert "offentligt exemplar" in metadata["dc:title"]


def test_signatories_are_named_when_the_setting_says_so():
    document = covered_print(as_public(signed(), names=True))

    assert [row["name"] for row in document["signatures"]] == ["Karl Chef", "Eva Regionchef"]


def test_no_name_that_somebody_has_written_is_left(cast: Cast, quick: None):
    version = named_everywhere(cast)
    sign_for(version, "municipality", cast.signatory, now=NOW)
    make(sign_for(version, "af", cast.af_signatory, now=NOW))
    copy = PrintedCopy.objects.get(variant="public")

    html = pdf.as_html(copy.document, variant="public", demo=False)

    assert NAME in json.dumps(copy.document, ensure_ascii=False), "the order holds the signed text itself"
    assert SURNAME not in html.lower()


def test_anybody_reads_it_without_login_and_may_keep_it_for_a_while(published: Version, client: Client):
    answer = client.get(address(published))

    assert b"".join(answer) == PDF + b"public"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "public, max-age=300"
    again = client.get(address(published), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_the_open_page_of_the_municipality_leads_to_it_as_soon_as_it_is_made(quick: None, cast: Cast, client: Client):
    version = in_force(cast)
    page = reverse("public_municipality", args=["2380-ostersund"])
    before = client.get(page).content.decode()

    make(version)

    assert "Finns inte än" in before
    assert f'href="{address(version)}"' in client.get(page).content.decode()


def test_it_stays_when_the_agreement_has_ended(published: Version, client: Client):
    Version.objects.filter(pk=published.pk).update(state="ended", ended_as="expired")

    assert b"".join(client.get(address(published))) == PDF + b"public"


def test_what_is_not_in_force_has_no_such_address(cast: Cast, client: Client):
    assert client.get(address(accepted(cast))).status_code == 404


def test_a_reader_without_names_gets_it_and_finds_it_on_the_page(published: Version, cast: Cast, client: Client):
    client.force_login(cast.skr_reader)

    page = client.get(reverse("agreement", args=[published.pk])).content.decode()
    answer = client.get(reverse("copy_download", args=[published.pk, "public"]))

    assert address(published) in page
    assert b"".join(answer) == PDF + b"public"
    assert answer["Content-Disposition"].endswith('-offentlig.pdf"')


def test_an_outsider_gets_it_at_the_open_address_alone(published: Version, cast: Cast, client: Client):
    client.force_login(cast.outsider)

    assert client.get(reverse("copy_download", args=[published.pk, "public"])).status_code == 404
    assert b"".join(client.get(address(published))) == PDF + b"public"


def test_it_is_ordered_once_when_the_archive_copy_is_there(quick: None, cast: Cast):
    in_force(cast)
    assert order_public_copies(now=NOW) == 0
    tasks.render_pdfs()

    assert [order_public_copies(now=NOW), order_public_copies(now=NOW)] == [1, 0]
    assert Event.objects.filter(type="copy.ordered", after__variant="public", actor_id=None).count() == 1


def test_a_changed_setting_makes_another_copy_and_hides_the_old_one(published: Version, client: Client, settings: Any):
    settings.PUBLIC_SIGNATORY_NAMES = True
    assert client.get(address(published)).status_code == 404

    make(published)

    named = public_copy_of(published)
    assert named is not None
    assert named.document["public"] == {"names": True}
    assert b"".join(client.get(address(published)))


def test_its_code_tells_that_it_is_the_public_copy(published: Version, client: Client):
    copy = PrintedCopy.objects.get(variant="public")

    page = client.get(reverse("verify_code", args=[copy.code])).content.decode()

    assert "Det här är det offentliga exemplaret" in page
    assert published.text_hash in page


def test_one_that_failed_is_tried_again_the_day_after(published: Version):
    failed = {"made_at": None, "failed_at": NOW, "failure": "x", "file": "", "sha256": "", "size": 0, "attempts": 5}
    PrintedCopy.objects.filter(variant="public").update(**failed)

    assert order_public_copies(now=NOW + datetime.timedelta(hours=1)) == 0
    assert order_public_copies(now=NOW + datetime.timedelta(hours=25)) == 1
    assert PrintedCopy.objects.get(variant="public").failed_at is None


def test_it_can_be_written_to_a_file(published: Version, tmp_path: Path):
    call_command("export_pdf", published.pk, variant="public", out=str(tmp_path / "a.pdf"), stderr=io.StringIO())

    assert (tmp_path / "a.pdf").read_bytes() == PDF + b"public"
