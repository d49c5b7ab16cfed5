"""Where files stand: under the SHA-256 of their bytes, so that a name can only ever mean one file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

UPLOADS = "attachments"
"""The folder of what people have sent."""
PACKAGES = "packages"
"""The folder of what is packed for those who asked for an archive, and purged after some days."""


@dataclass(frozen=True)
class Shelved:
    name: str
    sha256: str
    size: int


def shelve(pdf: bytes) -> Shelved:
    """Store the bytes. Doing it twice leaves one file; one that was damaged since is written anew."""
    name, digest = address_of(pdf)
    return Shelved(_placed(name, digest, ContentFile(pdf)), digest, len(pdf))


def shelve_upload(file: IO[bytes], digest: str, size: int, suffix: str) -> Shelved:
    """The same of a file that somebody has sent, whose SHA-256 is known."""
    file.seek(0)
    return Shelved(_placed(upload_name(digest, suffix), digest, File(file)), digest, size)


def shelve_package(file: IO[bytes], digest: str, size: int, *, order: int) -> Shelved:
    """The same of a package that has been put together beside the storage; each order's own, to be purged with it."""
    file.seek(0)
    return Shelved(_placed(f"{PACKAGES}/{order}/{digest}.zip", digest, File(file)), digest, size)


def upload_name(digest: str, suffix: str) -> str:
    return f"{UPLOADS}/{digest[:2]}/{digest}{suffix}"


def _placed(name: str, digest: str, content: File[bytes]) -> str:
    if not is_whole(name, digest):
        default_storage.delete(name)
        name = default_storage.save(name, content)
    return name


def address_of(pdf: bytes) -> tuple[str, str]:
    """Where the bytes stand, or would stand, and their SHA-256."""
    digest = hashlib.sha256(pdf).hexdigest()
    return f"copies/{digest[:2]}/{digest}.pdf", digest


def read(name: str) -> bytes:
    with default_storage.open(name) as file:
        return bytes(file.read())


def is_whole(name: str, sha256: str) -> bool:
    """Whether the file is there, with the very bytes it was stored with."""
    try:
        with default_storage.open(name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def discard(name: str) -> None:
    default_storage.delete(name)
