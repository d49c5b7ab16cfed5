"""Where PDF files stand: under the SHA-256 of their bytes, so that a name can only ever mean one file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


@dataclass(frozen=True)
class Shelved:
    name: str
    sha256: str
    size: int


def shelve(pdf: bytes) -> Shelved:
    """Store the bytes. Doing it twice leaves one file; one that was damaged since is written anew."""
    digest = hashlib.sha256(pdf).hexdigest()
    name = f"copies/{digest[:2]}/{digest}.pdf"
    if not is_whole(name, digest):
        default_storage.delete(name)
        name = default_storage.save(name, ContentFile(pdf))
    return Shelved(name, digest, len(pdf))


def is_whole(name: str, sha256: str) -> bool:
    """Whether the file is there, with the very bytes it was stored with."""
    try:
        with default_storage.open(name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False
