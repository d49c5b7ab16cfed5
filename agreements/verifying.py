"""Whether a file is a copy of ours: by its hash; and when it is none, by what it says of itself."""

from __future__ import annotations

import enum
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from agreements.models import PrintedCopy, Seal, SignedFile, Version
from agreements.seal_inspection import Inspection, inspect
from agreements.seal_source import from_settings
from agreements.verification_code import codes_in

LARGEST: Final = 25 * 1024 * 1024
MOST_CLAIMS: Final = 50
HYPHEN_IN_PDF: Final = r"\055"
"""How some programs write a hyphen in a PDF's strings."""
_HASH: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


class Verdict(enum.StrEnum):
    VALID = "valid"
    REPLACED = "replaced"
    """Whole and ours, but a later version of the agreement is signed."""
    CHANGED = "changed"
    """Says that it is a copy of ours, and is not what we made."""
    UNKNOWN = "unknown"
    ELSEWHERE = "elsewhere"
    """Not made here: the very file that the parties signed outside the portal and handed in."""


class Unreadable(enum.StrEnum):
    """Why nothing can be said of a file."""

    EMPTY = "Filen är tom. Välj den PDF du vill kontrollera."
    TOO_LARGE = "Filen är större än 25 MB. Ett exemplar från portalen är aldrig så stort."
    NO_PDF = "Filen är ingen PDF."
    TRUNCATED = "Filen är avkortad: slutet saknas. Hämta den igen där du fick den."
    ENCRYPTED = "Filen är krypterad eller lösenordsskyddad. Exemplar från portalen är aldrig det."
    BROKEN = "Filen är skadad och går inte att läsa som PDF."
    TOO_HEAVY = "Filen tar för lång tid att läsa. Exemplar från portalen gör aldrig det."


class CannotRead(Exception):
    def __init__(self, why: Unreadable) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True)
class Outcome:
    verdict: Verdict
    copy: PrintedCopy | None = None
    seal: Seal | None = None
    """Of the copy, as it was stored."""
    later: Version | None = None
    sha256: str = ""
    added_to: bool = False
    """The file begins with our copy, whole; something was added behind it."""
    inspection: Inspection | None = None
    """What an unknown file was found to hold; made when neither its hash nor its bytes lead to a copy."""


Inspector = Callable[[bytes], Inspection]


def verify(pdf: bytes, look: Inspector | None = None) -> Outcome:
    """Judge a file. Only one that we do not know is opened, and that in another process. Raises CannotRead."""
    digest = hashlib.sha256(pdf).hexdigest()
    copy, seal = copy_of(digest)
    if copy is not None:
        return outcome_of(copy, seal, digest)
    copy = _of_signed_file(digest)
    if copy is not None:
        return Outcome(Verdict.ELSEWHERE, copy, _newest_seal(copy), _later(version_of(copy)), digest)
    _refuse_what_is_no_pdf(pdf)
    claimed = _claimed(pdf.decode("latin-1"))
    if claimed is not None:
        return _changed(claimed, pdf, digest)
    found = (look or _look)(pdf)
    claimed = _by_codes(found.codes)
    if claimed is not None:
        return _changed(claimed, pdf, digest)
    _refuse_what_cannot_be_read(pdf, found)
    return Outcome(Verdict.UNKNOWN, sha256=digest, inspection=found)


def by_code(code: str) -> Outcome:
    """What a code on paper leads to. That the paper says what we printed, only the reader's eyes can tell."""
    copy = _signed().filter(code=code).first() if code else None
    return outcome_of(copy, _newest_seal(copy), "") if copy else Outcome(Verdict.UNKNOWN)


def outcome_of(copy: PrintedCopy, seal: Seal | None, digest: str) -> Outcome:
    later = _later(version_of(copy))
    verdict = Verdict.REPLACED if later else Verdict.VALID
    return Outcome(verdict, copy, seal, later, digest)


def copy_of(digest: str) -> tuple[PrintedCopy | None, Seal | None]:
    """The signed copy that a file is, to the byte, and its seal: the first file, or one that was stamped anew."""
    seal = Seal.objects.stored().filter(sha256=digest).first()
    known = Q(pk=seal.copy_id) if seal else Q(sha256=digest)
    copy = _signed().filter(known).first()
    return copy, seal or _newest_seal(copy)


def _of_signed_file(digest: str) -> PrintedCopy | None:
    """The archive copy of the agreement that was signed in this very file, made or not made yet."""
    counted = SignedFile.objects.standing().filter(file__sha256=digest, counted_at__isnull=False)
    rows = PrintedCopy.objects.filter(variant=PrintedCopy.Variant.ARCHIVE, version__signed_at__isnull=False)
    rows = rows.filter(version__in=counted.values("version")).select_related("version__agreement")
    return rows.defer("version__frozen").order_by("-pk").first()


def version_of(copy: PrintedCopy) -> Version:
    if copy.version is None:
        raise ValueError("a template's trial print is nobody's to verify")
    return copy.version


def _signed() -> QuerySet[PrintedCopy]:
    """Copies of signed texts that have been made; drafts are nobody's to verify."""
    variants = (PrintedCopy.Variant.ARCHIVE, PrintedCopy.Variant.READING, PrintedCopy.Variant.PUBLIC)
    rows = PrintedCopy.objects.filter(variant__in=variants, made_at__isnull=False, version__signed_at__isnull=False)
    return rows.select_related("version__agreement").defer("version__frozen")


def _newest_seal(copy: PrintedCopy | None) -> Seal | None:
    return copy.seals.stored().order_by("-pk").first() if copy else None


def _later(version: Version) -> Version | None:
    """The newest signed version of the same agreement, when it is not this one."""
    rows = Version.objects.filter(agreement=version.agreement_id, number__gt=version.number, signed_at__isnull=False)
    return rows.defer("frozen").order_by("-number").first()


def _claimed(text: str) -> PrintedCopy | None:
    """The copy that the file's bytes say it is: by a code, or by the hash of the signed text."""
    found = _by_codes(codes_in(text.replace(HYPHEN_IN_PDF, "-"))[:MOST_CLAIMS])
    if found is not None:
        return found
    hashes = list(dict.fromkeys(_HASH.findall(text)))[:MOST_CLAIMS]
    return _signed().filter(text_hash__in=hashes).order_by("variant", "pk").first() if hashes else None


def _by_codes(codes: tuple[str, ...] | list[str]) -> PrintedCopy | None:
    rows = {copy.code: copy for copy in _signed().filter(code__in=codes)} if codes else {}
    return next((rows[code] for code in codes if code in rows), None)


def _changed(copy: PrintedCopy, pdf: bytes, digest: str) -> Outcome:
    ours = [(copy.size, copy.sha256), *copy.seals.stored().values_list("size", "sha256")]
    added = any(len(pdf) > size and hashlib.sha256(pdf[:size]).hexdigest() == known for size, known in ours)
    return Outcome(Verdict.CHANGED, copy, _newest_seal(copy), _later(version_of(copy)), digest, added_to=added)


def _refuse_what_is_no_pdf(pdf: bytes) -> None:
    if not pdf:
        raise CannotRead(Unreadable.EMPTY)
    if len(pdf) > LARGEST:
        raise CannotRead(Unreadable.TOO_LARGE)
    if b"%PDF-" not in pdf[:1024]:
        raise CannotRead(Unreadable.NO_PDF)


def _refuse_what_cannot_be_read(pdf: bytes, found: Inspection) -> None:
    why = {"encrypted": Unreadable.ENCRYPTED, "too heavy": Unreadable.TOO_HEAVY, "unreadable": Unreadable.BROKEN}
    if b"%%EOF" not in pdf[-2048:] and found.problem != "encrypted":
        raise CannotRead(Unreadable.TRUNCATED)
    if found.problem:
        raise CannotRead(why[found.problem])


def _look(pdf: bytes) -> Inspection:
    return inspect(pdf, from_settings())
