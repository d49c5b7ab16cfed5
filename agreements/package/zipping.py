"""A ZIP written as it is read, in constant memory: the same entries give the same bytes. Pure."""

from __future__ import annotations

import datetime
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

MANIFEST: Final = "SHA256SUMS"
Chunks = Callable[[], Iterable[bytes]]


class Damaged(Exception):
    """A file is not what was stored; nothing that looks whole may be handed out."""


@dataclass(frozen=True)
class Entry:
    """A file of the package. sha256, size: what it should be, where that is known."""

    name: str
    chunks: Chunks
    sha256: str = ""
    size: int = 0
    packed: bool = True
    """Whether it is compressed; PDFs and packages are so already."""


class _Sink(io.RawIOBase):
    """Takes what is written until it is fetched; it can't be wound back, so ZIP writes what can be sent at once."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # zipfile writes bytes
        self._waiting.append(bytes(data))
        return len(data)

    def fetch(self) -> bytes:
        content = b"".join(self._waiting)
        self._waiting.clear()
        return content


def zipped(entries: Iterable[Entry], *, folder: str, at: datetime.datetime) -> Iterator[bytes]:
    """The entries in one folder, all of the same time. An error ends it without the end that makes a ZIP whole."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:
        for entry in entries:
            with archive.open(_info(entry, folder, at), "w") as file:
                for chunk in entry.chunks():
                    file.write(chunk)
                    if content := sink.fetch():
                        yield content
            yield sink.fetch()
    yield sink.fetch()


def _info(entry: Entry, folder: str, at: datetime.datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(
        f"{folder}/{entry.name}", date_time=(at.year, at.month, at.day, at.hour, at.minute, at.second)
    )
    info.compress_type = zipfile.ZIP_DEFLATED if entry.packed else zipfile.ZIP_STORED
    info.create_system, info.external_attr = 3, 0o100644 << 16
    info.file_size = entry.size
    return info


def with_manifest(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries, and last the sums of what was written, as `sha256sum -c` reads them."""
    sums: list[tuple[str, Checked]] = []
    for entry in entries:
        checked = Checked(entry)
        sums.append((entry.name, checked))
        yield Entry(entry.name, checked, size=entry.size, packed=entry.packed)
    lines = "".join(f"{checked.hexdigest()}  {name}\n" for name, checked in sums)
    yield Entry(MANIFEST, lambda: [lines.encode()])


class Checked:
    """An entry's bytes as they pass, and their sum. Raises Damaged at the end of what is not as it was stored."""

    def __init__(self, entry: Entry) -> None:
        self.entry, self._digest = entry, hashlib.sha256()

    def __call__(self) -> Iterator[bytes]:
        for chunk in self.entry.chunks():
            self._digest.update(chunk)
            yield chunk
        if self.entry.sha256 and self.hexdigest() != self.entry.sha256:
            raise Damaged(self.entry.name)

    def hexdigest(self) -> str:
        return self._digest.hexdigest()
