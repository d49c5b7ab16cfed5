"""What is sent to the portal is cut off where it has grown too large, so that nobody fills its disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


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
