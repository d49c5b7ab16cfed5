"""Pictures: whole, and no larger than a screen or a page can use. Pure."""

from __future__ import annotations

import warnings
from typing import BinaryIO, Final

from PIL import Image, ImageFile, UnidentifiedImageError

from agreements.inspecting.kinds import BadFile, FileKind, Reason

MOST_PIXELS: Final = 50_000_000
_KINDS: Final = {"PNG": FileKind.PNG, "JPEG": FileKind.JPEG, "MPO": FileKind.JPEG}


def judge_picture(file: BinaryIO) -> FileKind:
    """The kind of picture it is; every pixel is unpacked once its size is known. Raises BadFile."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # the PDF renderer turns it on for the whole process
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(file, formats=("PNG", "JPEG", "MPO")) as picture:
                kind = _KINDS[picture.format or ""]
                if picture.width * picture.height > MOST_PIXELS:
                    raise BadFile(Reason.PIXELS)
                picture.verify()
            file.seek(0)
            with Image.open(file) as picture:
                picture.load()
        except Image.DecompressionBombError:
            raise BadFile(Reason.PIXELS) from None
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError):
            raise BadFile(Reason.BROKEN) from None
    return kind
