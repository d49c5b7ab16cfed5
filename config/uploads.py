"""What is sent to the portal is cut off where it has grown too large, so that nobody fills its disk."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

logger = logging.getLogger(__name__)


class CutOff(FileUploadHandler):
    """Lets one file more than the largest through, of all that one request sends; the rest is read and forgotten.

    The form then sees a file that is a little too large, and says so beside everything else that was filled in. A
    request that announces many times more is refused before any of it is read.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.passed = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        if content_length > settings.LARGEST_REQUEST:
            raise RequestDataTooBig("a request larger than all files that may be attached at once")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.passed > settings.LARGEST_UPLOAD:
            return None
        self.passed += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps the file."""


class Lost(UploadedFile):
    """A file that there was no room for. Whoever reads it is told what the disk said, so that its field can say so."""

    def __init__(self, error: OSError, name: str) -> None:
        super().__init__(None, name, size=0)
        self.error = error

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        raise self.error

    def read(self, size: int = -1) -> bytes:
        raise self.error

    def close(self) -> None:
        """There is nothing to close."""


class OnDisk(TemporaryFileUploadHandler):
    """Keeps a file beside the form while it is judged. A full disk loses the file, and not the rest of the form."""

    error: OSError | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.error = None
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._lose(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        try:
            if self.error is None:
                super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._lose(error)
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        try:
            if self.error is None:
                return super().file_complete(file_size)
        except OSError as error:
            self._lose(error)
        return Lost(self.error or OSError(), self.file_name or "")

    def _lose(self, error: OSError) -> None:
        logger.error("a file that was sent could not be kept: %s", error)
        self.error = error
        file = getattr(self, "file", None)
        if file is not None:
            with suppress(OSError):  # what has not been written yet finds no room now either
                file.close()
