"""The pages of what was signed outside the portal, with the real processes that look into the file."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from agreements.models import AttachedFile, SignedFile, Version
from agreements.shelf import read
from agreements.states import State
from tests import factories, files
from tests.agreements.forms import words_of
from tests.cast import Cast
from tests.elsewhere import cleared, marked, plain_signed

BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "encrypted": (files.encrypted_pdf, "skyddad med lösenord"),
    "truncated": (files.truncated_pdf, "skadad eller inte hel"),
    "empty": (bytes, "Filen är tom"),
    "10,000 pages": (files.pdf_of_many_pages, "fler än 1 000 sidor"),
    "script": (files.pdf_with_script, "innehåller skript"),
    "launches": (files.pdf_that_launches, "innehåller skript"),
    "Word": (files.word, "Filen är ingen PDF"),
    "picture": (files.picture, "Filen är ingen PDF"),
    "text": (lambda: b"hej", "Filen är ingen PDF"),
    "other wording": (lambda: marked("b" * 64), "annan version av texten"),
}


@pytest.fixture
def version(cast: Cast) -> Version:
    return factories.accepted(cast)


@pytest.fixture
def writer(cast: Cast, client: Client) -> Client:
    client.force_login(cast.coordinator)
    return client


def filled(version: Version, **changes: str) -> dict[str, str]:
    """Everything but the file, as a coordinator fills it in."""
    data = {"kind": "paper", "compared": "on"}
    for party in version.parties.all():
        facts = {
            "name": "Karl Chef",
            "function": "Förvaltningschef",
            "signed_on": "2024-11-20",
            "kind": "delegation",
            "reference": "AMN 2024/118",
            "date": "2024-11-14",
        }
        data |= {f"part-{party.pk}-{name}": value for name, value in facts.items()}
    return data | changes


def send(client: Client, version: Version, content: bytes | None, **changes: str) -> Any:
    upload = {} if content is None else {"upload": files.sent(content, "avtal.pdf")}
    return client.post(reverse("hand_in", args=[version.pk]), filled(version, **changes) | upload)


def test_a_bad_file_is_told_at_its_field_and_the_rest_is_kept(version: Version, writer: Client):
    """One test for all of them: what is dear is the agreement they are handed in to."""
    found = {}
    for name, (make, words) in BAD.items():
        answer = send(writer, version, make())
        page = answer.content.decode()
        at_field = page.partition('id="id_upload_error"')[2][:400]
        kept = page.count('value="Karl Chef"'), page.count('value="2024-11-20"')
        found[name] = (answer.status_code, words in at_field, kept)

    assert found == dict.fromkeys(BAD, (422, True, (2, 2)))
    assert not SignedFile.objects.exists()
    assert not AttachedFile.objects.exists()


def test_a_file_of_another_agreement_is_told_so(version: Version, cast: Cast, writer: Client):
    are = factories.accepted(cast, municipality=cast.are, by=cast.outsider)

    assert "annan överenskommelse" in words_of(send(writer, version, marked(are.text_hash)))


def test_from_upload_to_in_force(version: Version, cast: Cast, writer: Client):
    answer = send(writer, version, plain_signed())
    row = SignedFile.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("signed_file", args=[version.pk, row.pk]))
    AttachedFile.objects.update(status="clear")

    writer.force_login(cast.af_coordinator)
    desk = words_of(writer.get(reverse("my_work")))
    page = words_of(writer.get(answer["Location"]))
    done = writer.post(reverse("signed_file_vouch", args=[version.pk, row.pk]), {"seen": "on"}, follow=True)

    version.refresh_from_db()
    assert version.state == State.IN_FORCE
    assert "Filer att bekräfta" in desk
    assert "Väntar på att Arbetsförmedlingen, region Nord bekräftar" in page
    assert "oförändrad · omfattar hela filen · utfärdad av" in page
    assert "Undertecknat utanför portalen avtal.pdf" in words_of(done)


def test_what_is_left_out_for_a_party_is_asked_for(version: Version, writer: Client):
    party = version.parties.get(side="af")

    page = words_of(send(writer, version, files.pdf(), **{f"part-{party.pk}-reference": ""}))

    assert "Arbetsförmedlingen, region Nord: Beslutets beteckning: Skriv beslutets beteckning." in page


def test_a_party_left_empty_has_not_signed_in_the_file(version: Version, writer: Client):
    party = version.parties.get(side="af")
    empty = {f"part-{party.pk}-{name}": "" for name in ("name", "function", "signed_on", "kind", "reference", "date")}

    send(writer, version, files.pdf(), **empty)

    assert [claim.party.side for claim in SignedFile.objects.get().claims.all()] == ["municipality"]


def test_the_very_bytes_are_handed_out_to_those_who_see_names(version: Version, cast: Cast, client: Client):
    row = cleared(cast.coordinator, version, plain_signed())
    address = reverse("signed_file_download", args=[version.pk, row.pk])
    client.force_login(cast.reader)

    answer = client.get(address)

    assert answer.getvalue() == plain_signed() == read(row.file.file.name)
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_names_are_covered_for_those_who_may_not_see_them(version: Version, cast: Cast, client: Client):
    row = cleared(cast.coordinator, version, plain_signed(), name="Anna Andersson.pdf")
    client.force_login(cast.skr_reader)

    page = words_of(client.get(reverse("signed_file", args=[version.pk, row.pk])))

    assert "Namn" not in page.replace("namn", "")
    assert "Sara Ordnare" not in page
    assert "Andersson" not in page


def test_rejecting_says_why_and_opens_for_another_file(version: Version, cast: Cast, client: Client):
    row = cleared(cast.coordinator, version)
    client.force_login(cast.af_coordinator)

    client.post(reverse("signed_file_close", args=[version.pk, row.pk]), {"reason": "Sidan 3 saknas"})

    client.force_login(cast.coordinator)
    page = words_of(client.get(reverse("signed_file", args=[version.pk, row.pk])))
    assert "Inte bekräftad" in page
    assert "Sidan 3 saknas" in page
    assert client.get(reverse("hand_in", args=[version.pk])).status_code == 200


def test_who_handed_it_in_is_not_asked_to_vouch(version: Version, cast: Cast, writer: Client):
    row = cleared(cast.coordinator, version)
    address = reverse("signed_file_vouch", args=[version.pk, row.pk])

    page = words_of(writer.get(reverse("signed_file", args=[version.pk, row.pk])))

    assert "Bekräfta filen" not in page
    assert writer.post(address, {"seen": "on"}).status_code == 409


def test_history_tells_it_in_plain_words(version: Version, cast: Cast, client: Client):
    row = cleared(cast.coordinator, version)
    client.force_login(cast.af_coordinator)
    client.post(reverse("signed_file_vouch", args=[version.pk, row.pk]), {"seen": "on"})

    page = words_of(client.get(reverse("agreement_history", args=[version.pk])))

    assert "Lämnade in en fil som är undertecknad utanför portalen för Östersunds kommun och" in page
    assert "Bekräftade för Arbetsförmedlingen, region Nord en fil" in page
    assert "Underskrifterna i en fil utanför portalen räknas" in page


def test_a_full_disk_is_told_at_the_field_and_nothing_is_left(
    version: Version, writer: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
):
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(default_storage, "save", full)
        answer = send(writer, version, files.pdf())
    assert "ingen plats kvar" in words_of(answer)
    assert (answer.status_code, SignedFile.objects.count(), AttachedFile.objects.count()) == (422, 0, 0)

    assert send(writer, version, files.pdf()).status_code == 302
