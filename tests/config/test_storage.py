"""Files are there whole or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from config.storage import DurableStorage


def everything_under(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_the_portal_stores_its_files_durably(settings: Any):
    name = default_storage.save("a/b.pdf", ContentFile(b"content"))

    assert isinstance(default_storage._wrapped, DurableStorage)
    assert everything_under(settings.MEDIA_ROOT) == [settings.MEDIA_ROOT / name]
    assert (settings.MEDIA_ROOT / name).read_bytes() == b"content"


def test_only_the_portals_own_user_reads_the_files(settings: Any):
    name = default_storage.save("a/b.pdf", ContentFile(b"content"))

    assert (settings.MEDIA_ROOT / name).stat().st_mode & 0o777 == 0o600
    assert (settings.MEDIA_ROOT / "a").stat().st_mode & 0o777 == 0o700


def test_a_file_is_never_written_over(settings: Any):
    first = default_storage.save("a.pdf", ContentFile(b"first"))
    second = default_storage.save("a.pdf", ContentFile(b"second"))

    assert first != second
    assert (settings.MEDIA_ROOT / first).read_bytes() == b"first"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_nothing_half_written(step: str, monkeypatch: pytest.MonkeyPatch, settings: Any):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match="No space"):
        default_storage.save("a.pdf", ContentFile(b"content"))

    assert everything_under(settings.MEDIA_ROOT) == []


def test_a_process_killed_while_it_writes_leaves_no_file_of_that_name(settings: Any):
    program = (
        "import django, os; django.setup(); from django.core.files.base import ContentFile;"
        "from django.core.files.storage import default_storage;"
        "os.fsync = lambda _: os.kill(os.getpid(), 9);"
        "default_storage.save('a.pdf', ContentFile(b'content' * 9999))"
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "MEDIA_ROOT": str(settings.MEDIA_ROOT)}

    assert subprocess.run([sys.executable, "-c", program], env=env, check=False).returncode == -9
    assert not default_storage.exists("a.pdf")
    assert len(everything_under(settings.MEDIA_ROOT)) == 1


def test_what_a_killed_process_left_is_cleared_when_it_is_old(settings: Any):
    default_storage.save("a.pdf", ContentFile(b"content"))
    workshop = settings.MEDIA_ROOT / DurableStorage.UNFINISHED
    old, young = workshop / "old", workshop / "young"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 4000, time.time() - 4000))

    default_storage.save("b.pdf", ContentFile(b"content"))

    assert not old.exists()
    assert young.exists()
