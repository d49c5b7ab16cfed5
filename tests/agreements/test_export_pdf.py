"""manage.py export_pdf: the stored copy, or one made on the spot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agreements import tasks
from agreements.actions import printing
from agreements.models import PrintedCopy
from contacts.models import Event
from tests.cast import Cast
from tests.factories import draft, in_force
from tests.printed import whole_text


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.SEAL_DEMO = False
    monkeypatch.setattr(printing, "render", lambda document, *, variant, **_: b"%PDF-1.7 " + variant.encode())


@pytest.mark.usefixtures("quick")
def test_the_stored_copy_is_written_byte_for_byte(cast: Cast, tmp_path: Path, settings):
    version = in_force(cast)
    tasks.render_pdfs()

    call_command("export_pdf", version.pk, variant="archive", out=str(tmp_path / "a.pdf"))

    copy = version.copies.get(variant="archive")
    assert (tmp_path / "a.pdf").read_bytes() == (settings.MEDIA_ROOT / copy.file.name).read_bytes()


def test_a_copy_that_is_not_made_yet_is_made_without_changing_anything(cast: Cast, tmp_path: Path, settings):
    version = in_force(cast)
    before = Event.objects.count()

    call_command("export_pdf", version.pk, variant="reading", out=str(tmp_path / "a.pdf"))
    tasks.render_pdfs()

    copy = version.copies.get(variant="reading")
    assert (tmp_path / "a.pdf").read_bytes() == (settings.MEDIA_ROOT / copy.file.name).read_bytes()
    assert Event.objects.filter(type="copy.made").count() == 2
    assert Event.objects.count() == before + 2


def test_a_draft_is_printed_as_it_stands(cast: Cast, tmp_path: Path):
    version = draft(cast)

    call_command("export_pdf", version.pk, variant="draft", out=str(tmp_path / "a.pdf"))

    text = whole_text((tmp_path / "a.pdf").read_bytes())
    assert "UTKAST" in text
    assert "Östersunds kommun" in text
    assert not PrintedCopy.objects.exists()


def test_an_unsigned_version_has_no_archive_copy(cast: Cast, tmp_path: Path):
    with pytest.raises(CommandError, match="not signed"):
        call_command("export_pdf", draft(cast).pk, variant="archive", out=str(tmp_path / "a.pdf"))

    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.usefixtures("quick")
def test_a_changed_file_is_not_handed_out(cast: Cast, tmp_path: Path, settings):
    version = in_force(cast)
    tasks.render_pdfs()
    copy = version.copies.get(variant="archive")
    (settings.MEDIA_ROOT / copy.file.name).write_bytes(b"changed")

    with pytest.raises(CommandError, match="missing or has changed"):
        call_command("export_pdf", version.pk, variant="archive", out=str(tmp_path / "a.pdf"))


def test_an_unknown_version_is_told(db: None, tmp_path: Path):
    with pytest.raises(CommandError, match="no version 4711"):
        call_command("export_pdf", 4711, variant="draft", out=str(tmp_path / "a.pdf"))


def test_a_place_that_cannot_be_written_is_told(cast: Cast, tmp_path: Path):
    with pytest.raises(CommandError, match="could not be written"):
        call_command("export_pdf", draft(cast).pk, variant="draft", out=str(tmp_path / "no" / "a.pdf"))
