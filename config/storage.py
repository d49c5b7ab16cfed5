"""Files on the local disk that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class DurableStorage(FileSystemStorage):
    """Writes beside the place, and moves the file there once every byte is on the disk.

    A process that is killed, or a disk that is full, leaves at most a file in UNFINISHED, which the next one to
    save clears away; the name asked for never holds half a file.
    """

    UNFINISHED = ".unfinished"
    FORGOTTEN_AFTER = 60 * 60  # seconds: nobody writes one file for an hour

    def _save(self, name: str, content: File[bytes]) -> str:
        place, workshop = Path(self.path(name)), Path(self.path(self.UNFINISHED))
        for folder in (place.parent, workshop):
            folder.mkdir(parents=True, exist_ok=True, mode=self.directory_permissions_mode or 0o777)
        _clear(workshop, time.time() - self.FORGOTTEN_AFTER)
        handle, temporary = tempfile.mkstemp(dir=workshop)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, self.file_permissions_mode or 0o600)
            os.replace(temporary, place)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(place.parent)
        return name


def _clear(workshop: Path, before: float) -> None:
    """Remove what killed processes left behind."""
    for path in workshop.iterdir():
        try:
            if path.stat().st_mtime < before:
                path.unlink()
        except FileNotFoundError:  # another process was first, or has just finished its file
            continue


def _sync_folder(folder: Path) -> None:
    """A file's name is kept by its folder, which has to reach the disk as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
