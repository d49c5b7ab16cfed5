"""What the files claim to be, seen by tools that did not make them."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import segno
from django.conf import settings

from agreements import pdf
from tests.printed import CODE, copy, pages, signed

VARIANTS = ("archive", "reading", "draft")


@pytest.fixture(scope="module", params=VARIANTS)
def opened(request: pytest.FixtureRequest) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(copy(request.param))) as file:
        yield file


@pytest.fixture(scope="module")
def archive() -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(copy("archive"))) as file:
        yield file


def dictionaries(file: pikepdf.Pdf) -> Iterator[Any]:
    for part in file.objects:
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            yield part


def tags(file: pikepdf.Pdf) -> Counter[str]:
    """How many structure elements of each kind hang in the tree."""
    found: Counter[str] = Counter()
    waiting = [file.Root.StructTreeRoot.K]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting.extend(node)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found[str(node.S)] += 1
            waiting.append(node.get("/K", pikepdf.Array()))
    return found


def test_the_archive_copy_claims_pdf_a_3a(archive: pikepdf.Pdf):
    xmp = archive.open_metadata()

    assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "A")
    assert xmp.pdfa_status == "3A"


def test_the_archive_copy_has_a_colour_profile_as_output_intent(archive: pikepdf.Pdf):
    (intent,) = archive.Root.OutputIntents

    assert str(intent.S) == "/GTS_PDFA1"
    assert intent.DestOutputProfile.N == 3
    assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"


def test_the_archive_copy_has_an_identifier(archive: pikepdf.Pdf):
    assert all(len(bytes(part)) > 15 for part in archive.trailer.ID)


def test_metadata_say_the_same_in_both_places(archive: pikepdf.Pdf):
    xmp = archive.open_metadata()

    assert xmp["dc:title"] == str(archive.docinfo["/Title"])
    assert ", ".join(xmp["dc:creator"]) == str(archive.docinfo["/Author"])
    assert xmp["xmp:CreateDate"] == "2026-11-22T13:00:00+01:00"


@pytest.mark.parametrize("variant", ["reading", "draft"])
def test_the_copies_for_reading_claim_pdf_ua(variant: str):
    with pikepdf.open(io.BytesIO(copy(variant))) as file:
        xmp = file.open_metadata()
        assert xmp["pdfuaid:part"] == "1"
        assert "pdfaid:part" not in xmp


def test_every_copy_is_tagged_and_says_its_language(opened: pikepdf.Pdf):
    assert opened.Root.MarkInfo.Marked is True
    assert opened.Root.ViewerPreferences.DisplayDocTitle is True
    assert str(opened.Root.Lang) == "sv"
    assert all(str(page.Tabs) == "/S" for page in opened.pages)


def test_headings_tables_and_lists_are_tagged(opened: pikepdf.Pdf):
    found = tags(opened)

    assert found["/H1"] == 1
    assert found["/H2"] == 26  # 25 sections and the table of contents
    for tag in ("/H3", "/P", "/L", "/LI", "/Lbl", "/Table", "/TR", "/TH", "/TD", "/Sect", "/Link"):
        assert found[tag] > 0, tag
    assert found["/Figure"] == 0


def test_every_cell_under_a_head_knows_its_head(opened: pikepdf.Pdf):
    cells = [part for part in dictionaries(opened) if part.get("/S") == pikepdf.Name.TD and "/A" in part]

    assert cells
    assert all(len(cell.A.Headers) >= 1 for cell in cells)


def test_sections_are_bookmarks(opened: pikepdf.Pdf):
    with opened.open_outline() as outline:
        titles = [item.title for item in outline.root]

    assert titles[1:4] == ["1 Parter", "2 Bakgrund och uppdrag", "3 Gemensamt syfte"]
    assert len(titles) == 25


def test_all_fonts_are_ours_and_embedded(opened: pikepdf.Pdf):
    fonts = [part for part in dictionaries(opened) if part.get("/Type") == pikepdf.Name.FontDescriptor]
    names = {str(font.FontName).split("+")[1].rstrip(",") for font in fonts}

    assert names <= {"Inter", "Inter-Semi-Bold", "Source-Serif-4", "Source-Serif-4-Semi-Bold", "Source-Serif-4-Italic"}
    assert len(names) >= 4
    assert all(any(key in font for key in ("/FontFile2", "/FontFile3")) for font in fonts)


def test_every_font_can_be_read_back_as_text(opened: pikepdf.Pdf):
    fonts = [part for part in dictionaries(opened) if part.get("/Subtype") == pikepdf.Name.Type0]

    assert fonts
    assert all("/ToUnicode" in font for font in fonts)


def test_nothing_runs_and_nothing_is_locked(opened: pikepdf.Pdf):
    assert not opened.is_encrypted
    for key in ("/OpenAction", "/AA", "/AcroForm"):
        assert key not in opened.Root
    for part in dictionaries(opened):
        assert "/JS" not in part
        assert part.get("/S") not in (pikepdf.Name.JavaScript, pikepdf.Name.Launch, pikepdf.Name.SubmitForm)


@pytest.mark.parametrize("variant", ["reading", "draft"])
def test_nothing_is_attached_to_the_copies_for_reading(variant: str):
    with pikepdf.open(io.BytesIO(copy(variant))) as file:
        assert list(file.attachments) == []


def test_links_are_shown_in_print(opened: pikepdf.Pdf):
    links = [link for page in opened.pages for link in page.get("/Annots", [])]

    assert links
    assert all(link.F == 4 and "/Contents" in link for link in links)


@pytest.mark.parametrize("variant", VARIANTS)
def test_qpdf_finds_no_fault(variant: str, tmp_path: Path):
    qpdf = shutil.which("qpdf")
    if qpdf is None:
        pytest.skip("qpdf is not installed here")
    (tmp_path / "copy.pdf").write_bytes(copy(variant))

    answer = subprocess.run([qpdf, "--check", tmp_path / "copy.pdf"], capture_output=True, text=True, check=False)

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "WARNING" not in answer.stdout + answer.stderr


SOME = ("contacts", "background", "signatures")


def test_the_same_document_gives_the_same_bytes():
    first, second = (pdf.render(signed(only=SOME), variant="archive", demo=False) for _ in range(2))

    assert first == second


def test_another_process_gives_the_same_bytes():
    """Hash seeds, temporary names and the clock leave no trace in the file."""
    program = (
        "import django, hashlib; django.setup(); from agreements import pdf; from tests.printed import signed;"
        f"content = pdf.render(signed(only={SOME}), variant='archive', demo=False);"
        "print(hashlib.sha256(content).hexdigest())"
    )
    env = os.environ | {"PYTHONHASHSEED": "7", "DJANGO_SETTINGS_MODULE": "config.settings"}
    ours = pdf.render(signed(only=SOME), variant="archive", demo=False)

    answer = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == hashlib.sha256(ours).hexdigest()


def test_a_changed_letter_gives_another_file():
    first = signed(only=SOME)
    other = signed(only=SOME, background={"local_situation": "<p>Annat.</p>"})

    assert pdf.render(first, variant="archive", demo=False) != pdf.render(other, variant="archive", demo=False)


def test_the_code_and_its_square_stand_on_every_page_of_the_archive_copy_and_on_no_other():
    assert all(f"Kod {CODE}" in page for page in pages(copy("archive")))
    assert all(CODE not in page for variant in ("reading", "draft") for page in pages(copy(variant)))


def test_the_square_leads_to_the_page_of_its_code():
    mark = pdf.code_mark(CODE)

    assert mark.address == f"{settings.SITE_URL}/verifiera/{CODE}/"
    assert segno.make_qr(mark.address, error="m").svg_inline(border=2, omitsize=True, dark="#1d1c1a") == mark.square


def test_the_code_is_no_part_of_what_is_read_aloud(archive: pikepdf.Pdf):
    """It stands in the margin of each page: marked as an artifact, as page numbers are."""
    content = archive.pages[3].Contents.read_bytes()

    assert content.count(b"/Artifact") >= 2
    assert tags(archive)["/Figure"] == 0
