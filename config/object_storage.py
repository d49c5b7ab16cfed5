"""Files in an S3-compatible store, when one is named (docs/archive.md). Loaded only then: boto3 is an extra."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

NO_ROOM: Final = frozenset({"QuotaExceeded", "XMinioStorageFull", "InsufficientCapacity", "EntityTooLarge"})
"""How stores say what a disk says with ENOSPC."""


class ObjectStorage(S3Storage):  # type: ignore[misc]  # django-storages is untyped
    """An object is there whole or not at all: the store takes it as one. Errors are those of a disk, to who waits."""

    def _save(self, name: str, content: File[bytes]) -> str:
        with _as_of_a_disk():
            return str(super()._save(name, content))

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _as_of_a_disk():
            return super()._open(name, mode)


@contextmanager
def _as_of_a_disk() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        number = errno.ENOSPC if code in NO_ROOM else errno.EIO
        raise OSError(number, f"the object store answered {code}") from error
    except BotoCoreError as error:
        raise OSError(errno.EIO, f"the object store: {type(error).__name__}") from error
