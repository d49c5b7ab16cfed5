"""Auditing what is stored: every kind of file, every kind of fault, and nothing removed that was not asked for."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements import archive_check, tasks
from agreements.actions import auditing, printing
from agreements.archive_check import folders
from agreements.models import ArchiveCheck, AttachedFile, PrintedCopy
from agreements.presenters import present
from agreements.shelf import shelve, shelve_upload
from agreements.stored import KINDS
from contacts.models import Event
from tests.cast import Cast
from tests.factories import in_force

NOW = timezone.now()
PDF = b"%PDF-1.7 made by a test "
PICTURE = b"a picture"


@pytest.fixture
def stored(cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    """Two printed copies and an attached file; where they stand."""
    settings.SEAL_DEMO = False
    monkeypatch.setattr(printing, "render", lambda document, *, variant, **_: PDF + variant.encode())
    in_force(cast)
    tasks.render_pdfs()
    digest = hashlib.sha256(PICTURE).hexdigest()
    shelved = shelve_upload(io.BytesIO(PICTURE), digest, len(PICTURE), ".png")
    AttachedFile.objects.create(sha256=digest, kind="png", size=len(PICTURE), file=shelved.name, status="clear")
    return Path(settings.MEDIA_ROOT)


def run(*options: str) -> tuple[int, list[dict[str, Any]]]:
    """The command's exit status, and each line it said."""
    said, status = io.StringIO(), 0
    try:
        call_command("check_archive", "--json", *options, stdout=said, stderr=io.StringIO())
    except SystemExit as stop:
        status = int(stop.code or 0)
    return status, [json.loads(line) for line in said.getvalue().splitlines()]


def aged(path: Path, days: int = 2) -> Path:
    then = time.time() - days * 86400
    os.utime(path, (then, then))
    return path


def orphan(root: Path, name: str = "copies/ab/nobodys.pdf") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PDF)
    return aged(path)


def copy_file(root: Path) -> Path:
    return root / str(PrintedCopy.objects.earliest("pk").file.name)


def test_every_column_of_files_is_in_the_list():
    """A FileField, or a column that is called a file: Seal keeps names of files in text."""
    columns = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.FileField)
        or (isinstance(field, models.CharField) and (field.name == "file" or field.name.endswith("_file")))
    }

    assert columns == {(kind.model, kind.column) for kind in KINDS}


def test_a_whole_archive_is_well(stored: Path):
    status, [total] = run()

    assert status == 0
    size = sum(path.stat().st_size for path in stored.rglob("*") if path.is_file())
    assert total == {"checked": 3, "size": size, "missing": 0, "changed": 0, "orphaned": 0}


def test_an_empty_archive_is_well(db: None):
    assert run()[0] == 0


def test_a_missing_file_is_found(stored: Path):
    path = copy_file(stored)
    path.unlink()

    status, [finding, total] = run()

    assert (status, total["missing"]) == (1, 1)
    copy = PrintedCopy.objects.earliest("pk")
    assert finding == {"fault": "missing", "name": copy.file.name, "of": f"printed copy {copy.pk}"}


def test_one_changed_byte_is_found(stored: Path):
    path = stored / str(AttachedFile.objects.get().file.name)
    path.write_bytes(PICTURE[:-1] + b"!")

    status, [finding, _total] = run()

    assert (status, finding["fault"], finding["of"].split()[0]) == (1, "changed", "attached")


def test_a_file_that_no_row_names_is_found_wherever_it_stands(stored: Path):
    places = ["copies/ab/nobodys.pdf", "beside.txt", "copies-of-old/x/y/z.pdf"]
    for place in places:
        orphan(stored, place)

    status, findings = run()

    assert status == 1
    assert sorted(finding["name"] for finding in findings[:-1]) == sorted(places)


def test_a_young_file_may_still_be_named(stored: Path):
    orphan(stored).touch()

    assert run()[0] == 0


def test_nothing_is_removed_unless_it_is_asked_for(stored: Path):
    lost = orphan(stored)
    run()
    assert lost.exists()

    status, [removed, total] = run("--remove-orphans")

    assert (status, total["orphaned"], lost.exists()) == (0, 0, False)
    assert removed == {"fault": "orphaned", "name": "copies/ab/nobodys.pdf", "of": "", "removed": True}
    assert Event.objects.get(type="archive.removed").after == {"file": "copies/ab/nobodys.pdf"}


def test_removing_takes_no_file_that_a_row_names(stored: Path):
    for path in stored.rglob("*.*"):
        aged(path)

    run("--remove-orphans")

    assert run()[0] == 0


def test_for_people_it_is_said_in_lines(stored: Path):
    copy_file(stored).unlink()
    said = io.StringIO()

    with pytest.raises(SystemExit):
        call_command("check_archive", stdout=said, stderr=io.StringIO())

    assert said.getvalue().startswith("missing   copies/")
    assert "3 checked, 1 missing, 0 changed, 0 orphaned" in said.getvalue()


def test_a_storage_that_does_not_answer_finds_nothing_missing(stored: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise OSError("no answer")

    monkeypatch.setattr(archive_check.default_storage, "open", broken)
    with pytest.raises(CommandError, match="does not answer"):
        call_command("check_archive", stdout=io.StringIO())

    assert ArchiveCheck.objects.get().finished_at is None


def test_an_audit_is_taken_up_where_it_was_left(stored: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive_check, "AT_ONCE", 1)
    check = auditing.open_check(now=NOW)
    auditing.check_some(check=check, now=NOW)

    again = auditing.open_check(now=NOW + datetime.timedelta(hours=1))
    tasks.check_archive()

    again.refresh_from_db()
    assert again == check
    assert (again.checked, again.faults, bool(again.finished_at)) == (3, 0, True)


def test_an_audit_of_the_day_before_is_begun_anew(db: None):
    old = auditing.start_check(now=NOW - datetime.timedelta(days=1))

    assert auditing.open_check(now=NOW) != old


def test_folders_come_in_an_order_that_can_be_taken_up(settings: Any):
    for place in ("a/x/1", "a/y/1", "a-b/z/1", "b/1", ".unfinished/1"):
        orphan(Path(settings.MEDIA_ROOT), place)

    every = list(folders())

    assert every == ["a", "a/x", "a/y", "a-b", "a-b/z", "b"]
    assert [list(folders(after=folder)) for folder in every] == [every[n + 1 :] for n in range(len(every))]


def test_administrators_are_alerted_until_it_is_well_again(stored: Path, cast: Cast, client: Client):
    path, content = copy_file(stored), PDF + b"archive"
    path.unlink()
    tasks.check_archive()
    client.force_login(cast.administrator)
    page = client.get(reverse("my_work")).content.decode()
    assert "Arkivet behöver ses över" in page
    assert path.name in page

    assert shelve(content).name.endswith(path.name)
    tasks.check_archive()

    assert "Arkivet behöver ses över" not in client.get(reverse("my_work")).content.decode()


def test_others_are_not_alerted(stored: Path, cast: Cast, client: Client):
    copy_file(stored).unlink()
    tasks.check_archive()
    client.force_login(cast.coordinator)

    assert "Arkivet behöver ses över" not in client.get(reverse("my_work")).content.decode()


def test_history_tells_of_it(stored: Path):
    copy_file(stored).unlink()
    tasks.check_archive()

    line = present(Event.objects.get(type="archive.checked"), {}, names=False)

    assert (line.text, line.note) == ("Granskade 3 lagrade filer", "1 saknas")


def test_the_number_of_questions_grows_with_batches_and_not_with_files(
    stored: Path, django_assert_max_num_queries: Any
):
    for number in range(30):
        name = shelve(PDF + str(number).encode())
        AttachedFile.objects.create(sha256=name.sha256, kind="pdf", size=name.size, file=name.name)
    check = auditing.start_check(now=NOW)

    with django_assert_max_num_queries(70):
        while auditing.check_some(check=check, now=NOW):
            pass

    assert check.checked == 33
