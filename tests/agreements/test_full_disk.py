"""A disk that is really full: what is sent, printed and sealed is told of, and done when there is room again."""

from __future__ import annotations

import datetime
import io
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agreements.actions import printing
from agreements.models import AttachedFile, PrintedCopy, Seal, SignedFile
from agreements.shelf import is_whole
from tests import factories, files
from tests.agreements.forms import words_of
from tests.cast import Cast
from tests.elsewhere import NOW
from tests.printed import copy as printed_copy


@pytest.fixture
def disk(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Four megabytes that hold everything the portal stores, all of them taken."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a disk of one's own can't be mounted here")
    settings.MEDIA_ROOT = place
    with open(place / "filler", "wb", buffering=0) as filler:
        try:
            while filler.write(bytes(65536)) == 65536:
                pass
        except OSError:
            pass
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def make_room(disk: Path) -> None:
    (disk / "filler").unlink()


def arrive_on(disk: Path, settings: Any) -> None:
    """What is sent is kept there from its first byte, as large files are."""
    settings.FILE_UPLOAD_TEMP_DIR, settings.FILE_UPLOAD_MAX_MEMORY_SIZE = str(disk), 0


def stored(disk: Path) -> list[str]:
    return [path.name for path in disk.rglob("*") if path.is_file() and path.name != "filler"]


def test_a_copy_is_sealed_and_stored_when_there_is_room_again(cast: Cast, disk: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(printing, "render", lambda *_, variant, **__: printed_copy(variant))
    factories.in_force(cast)
    PrintedCopy.objects.update(ordered_at=NOW)

    for _ in range(2):
        printing.make_next(now=NOW, leave=PrintedCopy.objects.exclude(failure="").values_list("pk", flat=True))
    assert set(PrintedCopy.objects.values_list("failure", flat=True)) == {printing.NO_SPACE}
    assert stored(disk) == []

    make_room(disk)
    while printing.make_next(now=NOW + datetime.timedelta(minutes=1)):
        pass

    copies = list(PrintedCopy.objects.all())
    assert [copy.failure for copy in copies] == ["", ""]
    assert all(is_whole(copy.file.name, copy.sha256) for copy in copies)
    assert Seal.objects.stored().count() == 1
    assert len(stored(disk)) == 2


@pytest.mark.parametrize("full", ["where files are stored", "where they arrive"])
def test_an_upload_says_so_at_its_field_and_goes_through_afterwards(
    full: str, cast: Cast, client: Client, disk: Path, settings: Any
):
    version = factories.draft(cast)
    client.force_login(cast.coordinator)
    if full == "where they arrive":
        arrive_on(disk, settings)

    def send() -> Any:
        upload = files.sent(files.picture(size=(30, 30)), "karta.png")
        return client.post(reverse("attachments", args=[version.pk]), {"upload": upload, "title": "Karta över länet"})

    refused = send()
    assert refused.status_code == 422
    assert "ingen plats kvar" in words_of(refused)
    assert 'value="Karta över länet"' in refused.content.decode()
    assert (stored(disk), AttachedFile.objects.count(), SignedFile.objects.count()) == ([], 0, 0)

    make_room(disk)
    assert send().status_code == 302
    assert len(stored(disk)) == 1


def test_a_file_to_verify_is_not_an_error_of_the_portal(client: Client, disk: Path, settings: Any, db: None):
    arrive_on(disk, settings)

    answer = client.post(reverse("verify"), {"fil": io.BytesIO(files.pdf())})

    assert answer.status_code == 503
    assert "kunde inte tas emot" in words_of(answer)
