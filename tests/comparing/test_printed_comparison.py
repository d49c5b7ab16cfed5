"""A comparison as PDF: ordered by a reader, made by a worker, and handed out to those who see the same."""

from __future__ import annotations

import copy
import datetime
import io
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from agreements import pdf, tasks
from agreements.models import PrintedCopy, Version
from tests import factories, printed
from tests.agreements.forms import words_of
from tests.agreements.test_pdf_standards import tags
from tests.agreements.test_without_names import SURNAME, named_everywhere
from tests.cast import Cast
from tests.comparing.test_compare_page import compared, write


def sample(*, only_changes: bool = True) -> dict[str, Any]:
    old = printed.text()
    new = copy.deepcopy(old)
    section = next(one for one in new["sections"] if one["key"] == "routines")
    section["locked"] = section["locked"].replace("fem arbetsdagar", "tre arbetsdagar")
    goals = next(one for one in new["sections"] if one["key"] == "goals")["blocks"][0]
    goals["rows"].append(goals["rows"].pop(0))
    goals["ids"].append(goals["ids"].pop(0))
    names = {"old_name": "Version 1, gällande", "new_name": "Version 2, utkast"}
    facts = {"reference": old["reference"], "title": old["title"], "ordered_at": "2026-11-22T12:00:00+01:00"}
    return {"old": old, "new": new, "only_changes": only_changes, **names, **facts}


@cache
def made(only_changes: bool = True) -> bytes:
    return pdf.render(sample(only_changes=only_changes), variant="comparison", demo=False)


@pytest.fixture
def opened() -> Any:
    with pikepdf.open(io.BytesIO(made())) as file:
        yield file


def test_it_is_titled_as_a_comparison(opened: pikepdf.Pdf):
    title = str(opened.docinfo["/Title"])

    assert title == "Jämförelse ÖK-2026-0042: Version 1, gällande med Version 2, utkast"
    assert opened.Root.ViewerPreferences.DisplayDocTitle is True


def test_it_claims_pdf_ua_and_is_tagged(opened: pikepdf.Pdf):
    assert opened.open_metadata()["pdfuaid:part"] == "1"
    assert opened.Root.MarkInfo.Marked is True
    assert str(opened.Root.Lang) == "sv"


def test_what_was_changed_can_be_heard():
    text = printed.whole_text(made())

    assert "borttaget: fem slut på borttaget" in text
    assert "tillagt: tre slut på tillägg" in text
    assert "Rad 3, flyttad från plats 1 till plats 3" in text


def test_what_is_the_same_is_named_or_printed():
    short, whole = printed.whole_text(made(True)), printed.whole_text(made(False))

    assert "Oförändrade avsnitt, som inte trycks här: 0 Försättsblad, 1 Parter" in short
    assert "Avvikelser och tvist" in whole
    assert len(whole) > 3 * len(short)


def test_the_same_comparison_gives_the_same_bytes():
    assert pdf.render(sample(), variant="comparison", demo=False) == made()


def test_markup_that_got_past_an_earlier_gate_is_not_typeset():
    bad = sample()
    bad["new"]["sections"][2]["locked"] = '<p>Text<img src="https://example.org/x.png"></p><script>x()</script>'

    text = printed.whole_text(pdf.render(bad, variant="comparison", demo=False))

    assert "x()" not in text


def test_its_headings_paragraphs_and_tables_are_tagged(opened: pikepdf.Pdf):
    found = tags(opened)

    assert found["/H1"] == 1
    assert found["/H2"] == 2  # goals and routines are what has changed
    for tag in ("/P", "/Table", "/TR", "/TH", "/TD", "/Sect"):
        assert found[tag] > 0, tag


def test_qpdf_finds_no_fault(tmp_path: Path):
    qpdf = shutil.which("qpdf")
    if qpdf is None:
        pytest.skip("qpdf is not installed here")
    (tmp_path / "copy.pdf").write_bytes(made())

    answer = subprocess.run([qpdf, "--check", tmp_path / "copy.pdf"], capture_output=True, text=True, check=False)

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "WARNING" not in answer.stdout + answer.stderr


# ----------------------------------------------------------------------------------------------------- ordering


def order(client: Client, user: Any, version: Version, **query: str) -> Any:
    client.force_login(user)
    return client.post(reverse("comparison_order", args=(version.pk,)), query)


def download(client: Client, user: Any, version: Version, **query: str) -> Any:
    client.force_login(user)
    return client.get(reverse("comparison_download", args=(version.pk,)), query)


def test_a_comparison_is_ordered_made_and_fetched(client: Client, cast: Cast):
    version = factories.draft(cast)
    write(version, cast, "employers", cooperation="<p>Gemensamma besök.</p>")

    order(client, cast.reader, version, visa="andringar")
    waiting = words_of(compared(client, cast.reader, version, visa="andringar"))
    assert tasks.render_pdfs() == 1
    answer = download(client, cast.reader, version, visa="andringar")

    assert "PDF skapas" in waiting
    assert "tillagt: Gemensamma besök." in printed.whole_text(b"".join(answer.streaming_content))
    assert answer["Content-Disposition"].endswith('-jamforelse.pdf"')


def test_the_same_comparison_is_printed_once(client: Client, cast: Cast):
    version = factories.draft(cast)

    order(client, cast.reader, version)
    order(client, cast.coordinator, version)

    assert PrintedCopy.objects.count() == 1


def test_another_text_is_another_comparison(client: Client, cast: Cast):
    version = factories.draft(cast)
    order(client, cast.coordinator, version)

    write(version, cast, "employers", cooperation="<p>Besök.</p>")

    assert "Skapa PDF" in words_of(compared(client, cast.coordinator, version))
    assert download(client, cast.coordinator, version).status_code == 404


def test_a_failed_comparison_can_be_ordered_again(client: Client, cast: Cast):
    version = factories.draft(cast)
    order(client, cast.coordinator, version)
    PrintedCopy.objects.update(failed_at=datetime.datetime.now(datetime.UTC), failure="Fel.", attempts=5)

    order(client, cast.coordinator, version)

    assert PrintedCopy.objects.get().failed_at is None


def test_one_without_names_gets_a_copy_without_names(client: Client, cast: Cast):
    version = named_everywhere(cast)
    for user in (cast.coordinator, cast.skr_reader):
        order(client, user, version)
    tasks.render_pdfs()

    texts = {
        user.pk: printed.whole_text(b"".join(download(client, user, version).streaming_content)).lower()
        for user in (cast.coordinator, cast.skr_reader)
    }

    assert SURNAME in texts[cast.coordinator.pk]
    assert SURNAME not in texts[cast.skr_reader.pk]


def test_a_comparison_is_no_copy_of_the_agreement(client: Client, cast: Cast):
    version = factories.in_force(cast)
    order(client, cast.coordinator, version)
    tasks.render_pdfs()

    client.force_login(cast.coordinator)
    page = words_of(client.get(reverse("agreement", args=(version.pk,))))

    assert client.get(reverse("copy_download", args=(version.pk, "comparison"))).status_code == 404
    assert "Jämförelse" not in page
