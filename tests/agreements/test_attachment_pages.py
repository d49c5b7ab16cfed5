"""The page of attached files: what is sent, what is refused and what is handed out."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agreements.actions import attaching, clearing
from agreements.models import AttachedFile, Attachment, Version
from tests import factories, files
from tests.agreements.forms import words_of
from tests.cast import Cast


@pytest.fixture
def version(cast: Cast) -> Version:
    return factories.draft(cast)


@pytest.fixture
def writer(cast: Cast, client: Client) -> Client:
    client.force_login(cast.coordinator)
    return client


def page_of(version: Version) -> str:
    return reverse("attachments", args=[version.pk])


def send(client: Client, version: Version, upload: SimpleUploadedFile | None, title: str = "Kartläggning") -> Any:
    data = {"title": title, "section_key": "goals"} | ({"upload": upload} if upload else {})
    return client.post(page_of(version), data)


def attached(
    version: Version, cast: Cast, content: bytes, name: str = "bilaga.pdf", title: str = "Bilaga"
) -> Attachment:
    attachment = attaching.attach(
        by=cast.coordinator, version_id=version.pk, upload=files.sent(content, name), title=title
    )
    AttachedFile.objects.update(status="clear")
    return attachment


def fetch(client: Client, attachment: Attachment, **headers: str) -> Any:
    address = reverse("attachment_download", args=[attachment.version_id, attachment.pk])
    response = client.get(address, headers=headers)
    response.body = response.getvalue()
    return response


def test_a_good_file_is_attached_and_listed(version: Version, writer: Client):
    response = send(writer, version, files.sent(files.word(), "Kartläggning.docx"))

    assert (response.status_code, response["Location"]) == (302, page_of(version))
    words = words_of(writer.get(page_of(version)))
    assert "Kartläggning.docx" in words
    assert "Kontrolleras" in words


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (files.encrypted_pdf, "a.pdf", "skyddad med lösenord"),
        (files.truncated_pdf, "a.pdf", "skadad eller inte hel"),
        (bytes, "a.pdf", "Filen är tom"),
        (files.pdf_with_script, "a.pdf", "innehåller skript"),
        (files.zip_bomb, "a.docx", "växer orimligt mycket"),
        (files.sheet_with_macro, "a.xlsx", "innehåller makron"),
        (lambda: b"MZ" + bytes(99), "a.pdf", "varken PDF, Word"),
        (files.picture_bomb, "a.png", "50 miljoner bildpunkter"),
        (lambda: bytes(26 * 1024 * 1024), "a.pdf", "större än 25 MB"),
    ],
)
def test_a_bad_file_is_refused_at_its_field_and_the_form_keeps_the_rest(
    content: Any, name: str, said: str, version: Version, writer: Client
):
    response = send(writer, version, files.sent(content(), name), title="Kartläggning 2026")

    form = response.context["form"]
    assert response.status_code == 422
    assert said in form.errors["upload"][0]
    assert 'value="Kartläggning 2026"' in response.content.decode()
    assert '<option value="goals" selected>' in response.content.decode()
    assert not Attachment.objects.exists()


def test_a_form_without_file_or_title_says_what_is_missing(version: Version, writer: Client):
    response = send(writer, version, None, title="")

    assert set(response.context["form"].errors) == {"upload", "title"}


def test_what_an_executable_calls_itself_does_not_matter(version: Version, writer: Client):
    upload = SimpleUploadedFile("protokoll.pdf", b"MZ" + bytes(500), "application/pdf")

    assert send(writer, version, upload).status_code == 422


def test_a_request_that_announces_far_too_much_is_not_read(version: Version, writer: Client, settings: Any):
    settings.LARGEST_REQUEST = 1000

    assert send(writer, version, files.sent(files.pdf() + bytes(2000))).status_code == 400


def test_no_more_of_a_file_than_can_be_taken_in_reaches_the_disk(version: Version, writer: Client, settings: Any):
    settings.LARGEST_UPLOAD = 100_000

    response = send(writer, version, files.sent(b"%PDF" + bytes(3_000_000)))

    assert response.status_code == 422
    assert response.wsgi_request.FILES["upload"].size < 300_000


def test_a_file_that_waits_is_not_handed_out(version: Version, cast: Cast, writer: Client):
    attachment = attached(version, cast, files.pdf())
    AttachedFile.objects.update(status="waiting")

    assert writer.get(reverse("attachment_download", args=[version.pk, attachment.pk])).status_code == 404


def test_a_document_is_handed_out_to_be_saved_under_its_swedish_name(version: Version, cast: Cast, writer: Client):
    attachment = attached(version, cast, files.pdf(), "Målgrupp åäö.pdf")

    response = fetch(writer, attachment)

    assert response.body == files.pdf()
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    disposition = response["Content-Disposition"]
    assert disposition == "attachment; filename*=utf-8''M%C3%A5lgrupp%20%C3%A5%C3%A4%C3%B6.pdf"


def test_a_picture_is_shown_in_the_browser(version: Version, cast: Cast, writer: Client):
    response = fetch(writer, attached(version, cast, files.picture(), "karta.png"))

    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == 'inline; filename="karta.png"'


def test_a_file_is_kept_by_no_browser(version: Version, cast: Cast, writer: Client):
    assert fetch(writer, attached(version, cast, files.pdf()))["Cache-Control"] == "private, no-store"


def test_an_outsider_finds_neither_page_nor_file(version: Version, cast: Cast, client: Client):
    attachment = attached(version, cast, files.pdf())
    client.force_login(cast.outsider)

    assert client.get(page_of(version)).status_code == 404
    assert client.get(reverse("attachment_download", args=[version.pk, attachment.pk])).status_code == 404


def test_a_file_of_another_agreement_is_not_found_through_ones_own(version: Version, cast: Cast, client: Client):
    attachment = attached(version, cast, files.pdf())
    own = factories.draft(cast, municipality=cast.are, by=cast.outsider)
    client.force_login(cast.outsider)

    assert client.get(reverse("attachment_download", args=[own.pk, attachment.pk])).status_code == 404
    assert client.post(reverse("attachment_remove", args=[own.pk, attachment.pk])).status_code == 404


def test_who_sees_no_names_sees_that_there_is_a_file_but_not_what_is_in_it(
    version: Version, cast: Cast, client: Client
):
    attachment = attached(version, cast, files.pdf(), "Anna Lindqvist.pdf", title="Möte med Anna Lindqvist")
    client.force_login(cast.skr_reader)

    for address in (page_of(version), reverse("agreement", args=[version.pk])):
        words = words_of(client.get(address))
        assert "Lindqvist" not in words
        assert "Möte med [namn visas inte]" in words
    assert fetch(client, attachment).status_code == 403


def test_the_history_tells_what_was_attached_and_covers_names_in_it(version: Version, cast: Cast, client: Client):
    attached(version, cast, files.pdf(), title="Möte med Anna Lindqvist")
    client.force_login(cast.skr_reader)

    words = words_of(client.get(reverse("agreement_history", args=[version.pk])))

    assert "Bifogade en fil till hela överenskommelsen" in words
    assert "Lindqvist" not in words


def test_the_agreement_shows_its_files_with_their_hash(version: Version, cast: Cast, writer: Client):
    attachment = attached(version, cast, files.pdf(), title="Kartläggning av unga")

    words = words_of(writer.get(reverse("agreement", args=[version.pk])))

    assert "Kartläggning av unga" in words
    assert attachment.file.sha256 in words


def test_a_title_is_changed_on_a_page_of_its_own(version: Version, cast: Cast, writer: Client):
    attachment = attached(version, cast, files.pdf())
    address = reverse("attachment_change", args=[version.pk, attachment.pk])

    response = writer.post(address, {"title": "Ny rubrik", "section_key": ""})

    assert response["Location"] == page_of(version)
    assert "Ny rubrik" in words_of(writer.get(page_of(version)))


def test_a_file_is_removed(version: Version, cast: Cast, writer: Client):
    attachment = attached(version, cast, files.pdf())

    writer.post(reverse("attachment_remove", args=[version.pk, attachment.pk]))

    assert "Inga filer är bifogade" in words_of(writer.get(page_of(version)))


def test_the_list_asks_for_itself_until_every_file_is_checked(version: Version, cast: Cast, writer: Client):
    attached(version, cast, files.pdf())
    AttachedFile.objects.update(status="waiting")
    waiting = writer.get(page_of(version), headers={"HX-Request": "true", "HX-Target": "filer"}).content.decode()
    clearing.clear_next(now=AttachedFile.objects.get().due_at)
    done = writer.get(page_of(version), headers={"HX-Request": "true", "HX-Target": "filer"}).content.decode()

    assert "varv=1" in waiting
    assert "<h1" not in waiting
    assert "hx-get" not in done


@pytest.mark.parametrize("number", [3, 30])
def test_the_page_asks_a_constant_number_of_queries(
    number: int, version: Version, cast: Cast, writer: Client, django_assert_num_queries: Any
):
    for place in range(number):
        digest = f"{place:064x}"
        file = AttachedFile.objects.create(sha256=digest, kind="pdf", size=1, file="x", status="clear")
        Attachment.objects.create(version=version, file=file, title=f"Fil {place}", name="x.pdf")
    writer.get(page_of(version))

    with django_assert_num_queries(5):
        writer.get(page_of(version))
