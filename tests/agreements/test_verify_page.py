"""The page where anybody verifies a copy: answers without login, keeps nothing, and does not wear out."""

from __future__ import annotations

import datetime
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agreements.actions import printing
from agreements.actions.printing import make_next
from agreements.models import PrintedCopy
from agreements.shelf import read
from agreements.verification_code import new_code
from agreements.views import verifying
from contacts.limits import asker
from tests.cast import Cast
from tests.factories import in_force
from tests.printed import copy as printed_copy

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _nobody_has_asked_before() -> None:
    cache.clear()


@pytest.fixture
def archive(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> PrintedCopy:
    monkeypatch.setattr(printing, "render", lambda *_, variant, **__: printed_copy(variant))
    in_force(cast)
    for _ in range(2):
        make_next(now=NOW)
    return PrintedCopy.objects.get(variant="archive")


@pytest.fixture
def pdf(archive: PrintedCopy) -> bytes:
    return read(str(archive.file.name))


def dropped(client: Client, content: bytes, name: str = "exemplar.pdf", **more: Any) -> Any:
    return client.post(reverse("verify"), {"fil": SimpleUploadedFile(name, content)}, **more)


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_valid_file_is_told_with_parties_functions_and_seal(client: Client, pdf: bytes, archive: PrintedCopy):
    answer = dropped(client, pdf)

    assert answer.status_code == 200
    for told in (
        "<h1>Exemplaret är äkta och oförändrat</h1>",
        "Östersunds kommun",
        "Förvaltningschef, 22 november 2026",
        archive.code,
        "DEMO – inte giltig, sigill för överenskommelser",
        "PAdES B-T",
        "Förseglingen är gjord av en demoinstallation och är inte giltig.",
    ):
        assert told in words(answer), told


def test_names_are_shown_when_the_setting_says_so(client: Client, pdf: bytes, settings: Any):
    assert "Karl Chef" not in words(dropped(client, pdf))
    settings.PUBLIC_SIGNATORY_NAMES = True
    assert "Karl Chef" in words(dropped(client, pdf))


def test_a_changed_file_is_told_which_agreement_it_claims_to_be(client: Client, pdf: bytes):
    answer = dropped(client, pdf[:9000] + bytes([pdf[9000] ^ 1]) + pdf[9001:])

    assert "<h1>Filen är ändrad</h1>" in words(answer)
    assert "Överenskommelsen som filen säger sig vara" in words(answer)


def test_an_unsealed_copy_is_told_to_be_so(client: Client, cast: Cast, archive: PrintedCopy):
    reading = PrintedCopy.objects.get(variant="reading")

    assert "Exemplaret är oförseglat." in words(dropped(client, read(str(reading.file.name))))


def test_a_code_leads_to_the_agreement(client: Client, archive: PrintedCopy):
    typed = archive.code.lower().replace("-", " ")

    answer = client.get(reverse("verify"), {"kod": typed})

    assert answer["Location"] == reverse("verify_code", args=[archive.code])
    page = client.get(answer["Location"])
    assert "Koden hör till en undertecknad överenskommelse" in words(page)
    assert page.status_code == 200


def test_a_code_in_another_spelling_leads_to_the_right_address(client: Client, archive: PrintedCopy):
    answer = client.get(reverse("verify_code", args=[archive.code.lower()]))

    assert answer["Location"] == reverse("verify_code", args=[archive.code])


def test_a_code_of_nobody_is_unknown(client: Client, db: None):
    answer = client.get(reverse("verify_code", args=[new_code()]))

    assert answer.status_code == 404
    assert "Koden är okänd" in words(answer)


@pytest.mark.parametrize("typed", ["7F3K-9QX2", "hej", "<b>x</b>", "1" * 12, "Å" * 12])
def test_a_code_that_cannot_be_right_is_told_and_kept(typed: str, client: Client, db: None):
    answer = client.get(reverse("verify"), {"kod": typed})

    assert answer.status_code == 422
    assert "Koden stämmer inte." in words(answer)


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "Filen är tom."), (b"hej", "Filen är ingen PDF."), (b"%PDF-1.7 halv", "Filen är avkortad")],
)
def test_a_file_that_cannot_be_read_is_told_why(content: bytes, why: str, client: Client, db: None):
    answer = dropped(client, content)

    assert answer.status_code == 422
    assert why in words(answer)


def test_nothing_chosen_is_told(client: Client, db: None):
    assert client.post(reverse("verify")).status_code == 422


def test_a_file_that_is_too_large_is_refused_before_it_is_read(client: Client, db: None):
    answer = client.generic("POST", reverse("verify"), b"x", CONTENT_LENGTH=str(27 * 1024 * 1024))

    assert answer.status_code == 413
    assert "större än 25 MB" in words(answer)


def test_the_file_is_not_stored(client: Client, pdf: bytes, settings: Any):
    before = sorted(settings.MEDIA_ROOT.rglob("*"))

    dropped(client, pdf + b"% changed")

    assert sorted(settings.MEDIA_ROOT.rglob("*")) == before
    assert not any(path.suffix == ".upload" for path in Path(settings.FILE_UPLOAD_TEMP_DIR or "/tmp").iterdir())


def test_no_cookie_is_set_and_no_answer_is_kept(client: Client, db: None):
    answer = client.get(reverse("verify"))

    assert answer.cookies == {}
    assert "no-store" in answer["Cache-Control"]


def test_one_address_may_not_ask_without_end(client: Client, db: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(verifying, "MOST_FILES", 3)

    found = [dropped(client, b"hej").status_code for _ in range(5)]

    assert found == [422, 422, 422, 429, 429]
    assert dropped(client, b"hej", REMOTE_ADDR="192.0.2.7").status_code == 422


def test_codes_are_not_tried_without_end(client: Client, db: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(verifying, "MOST_CODES", 2)

    found = [client.get(reverse("verify_code", args=[new_code()])).status_code for _ in range(3)]

    assert found == [404, 404, 429]


def test_without_the_cache_files_are_verified_all_the_same(
    client: Client, pdf: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def away(*_: object, **__: object) -> int:
        raise ValueError

    monkeypatch.setattr(cache, "incr", away)
    caplog.set_level(logging.WARNING)

    assert dropped(client, pdf).status_code == 200
    assert "the cache is away: verify-file is not counted" in caplog.text


def test_only_a_few_files_are_looked_into_at_once(client: Client, db: None):
    held = [verifying.AT_ONCE.acquire(blocking=False) for _ in range(2)]
    try:
        answer = dropped(client, b"%PDF-1.7")
    finally:
        for _ in held:
            verifying.AT_ONCE.release()

    assert held == [True, True]
    assert answer.status_code == 503
    assert dropped(client, b"hej").status_code == 422, "the place was given back"


def test_behind_a_proxy_the_address_is_what_the_proxy_saw(rf: Any, settings: Any):
    request = rf.get("/", HTTP_X_FORWARDED_FOR="10.0.0.1, 203.0.113.9", REMOTE_ADDR="127.0.0.1")
    assert asker(request) == "127.0.0.1"
    settings.BEHIND_PROXY = True
    assert asker(request) == "203.0.113.9"
    assert asker(rf.get("/", HTTP_X_FORWARDED_FOR="2001:db8::1:2:3:4")) == "2001:db8::/64"
    assert asker(rf.get("/", HTTP_X_FORWARDED_FOR="nonsense")) == "unknown"


def test_verifying_costs_the_same_however_many_copies_there_are(
    client: Client, pdf: bytes, archive: PrintedCopy, django_assert_num_queries: Any
):
    """One for the seal, one for the copy, one for a later version; none for parties or signatures."""
    with django_assert_num_queries(3):
        dropped(client, pdf)
    for number in range(30):
        PrintedCopy.objects.create(
            version=archive.version, variant="archive", text_hash=f"{number:064}", document={}, code=new_code()
        )
    with django_assert_num_queries(3):
        dropped(client, pdf)


def test_the_page_is_found_from_every_other(client: Client, db: None):
    assert f'href="{reverse("verify")}"' in client.get(reverse("login")).content.decode()


def test_web_processes_do_not_load_the_sealer() -> None:
    program = (
        "import django, sys; django.setup(); import config.wsgi, config.urls, agreements.tasks; "
        "sys.exit(any(name.startswith('pyhanko') for name in sys.modules))"
    )
    env = {"DJANGO_SETTINGS_MODULE": "config.settings", "PATH": ""}

    assert subprocess.run([sys.executable, "-c", program], env=env, check=False).returncode == 0
