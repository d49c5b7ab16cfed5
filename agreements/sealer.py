"""What seals, stamps and examines with the configured keys, and tells everything that goes wrong as SealFailed."""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.errors import PathError

from agreements import seal, seal_keys
from agreements.seal import Checked, Examination, Keys
from agreements.seal_source import NoTimestamp, SealFailed, Source

READING: Final = (PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, zlib.error)
FAULTS: Final = (SigningError, PathError, *READING)


@dataclass(frozen=True)
class Certificate:
    """Whose seal it is, and until when."""

    subject: str
    sha256: str
    until: datetime.datetime


@dataclass(frozen=True)
class Sealed:
    pdf: bytes
    found: Examination


class Sealer:
    def __init__(self, source: Source) -> None:
        self.source = source

    @property
    def keys(self) -> Keys:
        return seal_keys.load(self.source)

    @property
    def certificate(self) -> Certificate:
        certificate = seal.certificate_of(self.keys.signer)
        name = certificate.subject.native.get("common_name") or certificate.subject.human_friendly
        return Certificate(name, certificate.sha256.hex(), certificate.not_valid_after)

    def seal(self, pdf: bytes, *, reason: str, contact: str) -> Sealed:
        return self._done(lambda: seal.seal(pdf, self.keys, reason=reason, contact=contact))

    def stamp(self, pdf: bytes) -> Sealed:
        return self._done(lambda: seal.stamp(pdf, self.keys))

    def examine(self, pdf: bytes) -> Examination:
        """What the seals in a file say; an Examination with a problem when it cannot be read."""
        try:
            return seal.examine(pdf, seal_keys.trusted(self.source), now=datetime.datetime.now(datetime.UTC))
        except Exception as error:  # a damaged file breaks its reader in any way
            return Examination(problem=f"{type(error).__name__}: {error!s:.200}")

    def _done(self, work: Callable[[], Checked]) -> Sealed:
        try:
            return Sealed(*work())
        except SealFailed:
            raise
        except TimestampRequestError as error:
            raise NoTimestamp(str(error)) from error
        except FAULTS as error:
            raise SealFailed(f"{type(error).__name__}: {error}") from error
