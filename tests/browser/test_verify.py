"""Verifying a copy in a real browser: by keyboard, by dropping it, and on a small screen."""

from __future__ import annotations

import datetime
import re
import threading
from pathlib import Path

import pikepdf
import pytest
from django.db import connection
from playwright.sync_api import expect

from agreements.actions import printing
from agreements.models import PrintedCopy
from agreements.shelf import read
from tests.cast import Cast
from tests.factories import in_force
from tests.printed import copy as printed_copy

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)

DROP = """
([name, bytes]) => {
  const form = document.querySelector("form[data-drop]");
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, {type: "application/pdf"}));
  for (const type of ["dragenter", "dragover", "drop"])
    form.dispatchEvent(new DragEvent(type, {dataTransfer: data, bubbles: true, cancelable: true}));
}
"""


@pytest.fixture
def archive(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> PrintedCopy:
    monkeypatch.setattr(printing, "render", lambda *_, variant, **__: printed_copy(variant))
    in_force(cast)
    # The browser's driver has an event loop in this thread, and pyHanko wants one of its own
    worker = threading.Thread(target=work)
    worker.start()
    worker.join(60)
    return PrintedCopy.objects.get(variant="archive")


def work() -> None:
    for _ in range(2):
        printing.make_next(now=NOW)
    connection.close()


def test_a_genuine_file_is_told_without_logging_in_and_breaks_no_rule(visit, axe, archive: PrintedCopy, tmp_path: Path):
    (tmp_path / "exemplar.pdf").write_bytes(read(str(archive.file.name)))
    page = visit("/verifiera/", width=320)
    page.get_by_label("PDF, högst 25 MB").set_input_files(tmp_path / "exemplar.pdf")
    page.get_by_role("button", name="Kontrollera filen").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Exemplaret är äkta och oförändrat")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    axe(page)


def test_a_dropped_file_is_sent_at_once(visit, transactional_db: None, tmp_path: Path):
    with pikepdf.new() as file:
        file.add_blank_page()
        file.save(tmp_path / "annan.pdf")
    page = visit("/verifiera/")
    page.evaluate(DROP, ["annan.pdf", list((tmp_path / "annan.pdf").read_bytes())])

    expect(page.get_by_role("heading", level=1)).to_have_text("Filen är okänd", timeout=40_000)


def test_a_typed_code_leads_to_its_agreement(visit, axe, archive: PrintedCopy):
    page = visit("/verifiera/")
    page.get_by_label("Kod").fill(archive.code.lower())
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(f"/verifiera/{archive.code}/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Koden hör till en undertecknad överenskommelse")
    axe(page)
