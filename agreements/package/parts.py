"""What lies in an archive package: one small maker a kind of part. A new kind is one more function in PARTS."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final

from django.core.files.storage import default_storage

from agreements import happenings
from agreements.document import attached
from agreements.gather import Whole
from agreements.models import AttachedFile, Attachment, PrintedCopy, Version
from agreements.package.metadata import Described, identifier, metadata_xml
from agreements.package.zipping import Entry
from agreements.public_copy import covered_print
from agreements.staffing import COLUMNS, read_staffing
from contacts.access import Reach
from contacts.csv_lines import as_csv_lines
from contacts.models import Event

PDF, CSV, JSON = "application/pdf", "text/csv", "application/json"
CHUNK: Final = 64 * 1024
TAKEN_OUT: Final = "archive."
"""Types of events that tell who took out what: of the reading, not of the agreement."""
_UNSAFE: Final = re.compile(r"[^\w .,()+-]")


@dataclass(frozen=True)
class Part:
    """A file of a package, and what the README says it is. stored: where its bytes stand, when they are kept."""

    entry: Entry
    media_type: str
    words: str
    stored: str = ""


@dataclass(frozen=True)
class Packed:
    """Whose package it is: a version, and a reader who may see names or may not."""

    whole: Whole
    copies: dict[str, PrintedCopy]
    """The made copies of the signed text, by variant, with the document they were printed of."""
    names: bool
    reach: Reach
    today: datetime.date

    @property
    def version(self) -> Version:
        return self.whole.version

    @cached_property
    def document(self) -> dict[str, Any]:
        """What was printed, as this reader may see it."""
        if self.names:
            return dict(self.copies[PrintedCopy.Variant.ARCHIVE].document)
        return covered_print(self.copies[PrintedCopy.Variant.PUBLIC].document)

    @property
    def is_ready(self) -> bool:
        return (PrintedCopy.Variant.ARCHIVE if self.names else PrintedCopy.Variant.PUBLIC) in self.copies

    @property
    def folder(self) -> str:
        """Of plain letters, for programs that know no others."""
        return f"{self.version.agreement.reference.replace('Ö', 'O')}-v{self.version.number}"


def stored_part(name: str, file: str, sha256: str, size: int, media_type: str, words: str) -> Part:
    entry = Entry(name, partial(_read, file), sha256, size, packed=False)
    return Part(entry, media_type, words, stored=file)


def _read(file: str) -> Iterator[bytes]:
    with default_storage.open(file) as opened:
        yield from iter(partial(opened.read, CHUNK), b"")


def _made(name: str, media_type: str, words: str, lines: Callable[[], Iterable[str]]) -> Part:
    return Part(Entry(name, lambda: (line.encode() for line in lines())), media_type, words)


# --------------------------------------------------------------------------------------------------- the parts


def printed(packed: Packed) -> Iterator[Part]:
    """The PDFs; those that hold names only for those who see them."""
    archive, reading, public = (packed.copies.get(variant) for variant in ("archive", "reading", "public"))
    if packed.names and archive:
        file, sha256 = archive.newest_file()
        size = default_storage.size(file) if default_storage.exists(file) else 0
        yield stored_part(
            "arkivexemplar.pdf", file, sha256, size, PDF, "arkivexemplaret (PDF/A-3a), förseglat om sigill finns"
        )
    if packed.names and reading:
        yield _copy("lasexemplar.pdf", reading, "läsexemplaret (PDF/UA-1)")
    if not packed.names and public:
        yield _copy("offentligt-exemplar.pdf", public, "det offentliga exemplaret (PDF/UA-1), utan namn")


def _copy(name: str, copy: PrintedCopy, words: str) -> Part:
    return stored_part(name, str(copy.file.name), copy.sha256, copy.size, PDF, words)


def as_data(packed: Packed) -> Iterator[Part]:
    words = "texten, dess kontrollsumma och underskrifterna som data"
    words += "" if packed.names else "; namn är täckta, och kontrollsumman gäller texten som den undertecknades"
    yield Part(Entry("overenskommelse.json", lambda: [attached(packed.document)]), JSON, words)


def history(packed: Packed) -> Iterator[Part]:
    """Of the agreement with all its versions; without who has taken it out, so that taking it out changes nothing."""
    sections = happenings.sections_of_template(packed.version.template_id)
    rows = Event.objects.about(packed.version.subject).exclude(type__startswith=TAKEN_OUT).newest_first()

    def lines() -> Iterator[Any]:
        return happenings.told(rows.iterator(happenings.CHUNK), sections, names=packed.names)

    reference, names = packed.version.agreement.reference, packed.names
    words = "vad som har hänt med överenskommelsen"
    yield _made("historik.csv", CSV, words, lambda: happenings.csv_of(lines(), names=names))
    yield _made("historik.json", JSON, words, lambda: happenings.json_of(lines(), reference, names=names))


def files(packed: Packed) -> Iterator[Part]:
    """Attached files and minutes: what is in them can't be covered, so they are for those who see names."""
    if not packed.names:
        return
    rows = Attachment.objects.belonging_to(packed.version).filter(file__status=AttachedFile.Status.CLEAR)
    for number, row in enumerate(rows.order_by("follow_up_id", "pk"), start=1):
        folder = "uppfoljning" if row.follow_up_id else "bilagor"
        name = f"{folder}/{number:02d} {_safe(row.name)}"
        file = row.file
        yield stored_part(name, str(file.file.name), file.sha256, file.size, file.content_type, row.title)


def signed_elsewhere(packed: Packed) -> Iterator[Part]:
    """The files that parties signed outside the portal, byte for byte: they hold the names of those who signed."""
    if not packed.names:
        return
    rows = packed.version.signed_files.standing().with_files().filter(counted_at__isnull=False)
    for number, row in enumerate(rows.order_by("pk"), start=1):
        name, file = f"undertecknat/{number:02d} {_safe(row.name)}", row.file
        words = "undertecknad utanför portalen"
        yield stored_part(name, str(file.file.name), file.sha256, file.size, file.content_type, words)


def _safe(name: str) -> str:
    """A file's name as every system can store it, and `sha256sum` can read it."""
    return _UNSAFE.sub("_", name).strip(" .")[-120:] or "fil"


def staffing(packed: Packed) -> Iterator[Part]:
    """Annex B4 as it is today: no part of what was signed."""
    if packed.names:
        yield _made("bemanningslista.csv", CSV, "bilaga B4: vem som innehar varje funktion", partial(_staffing, packed))


def _staffing(packed: Packed) -> Iterator[str]:
    return as_csv_lines(read_staffing(packed.whole, packed.today, packed.reach).posts, COLUMNS)


PARTS: Final[tuple[Callable[[Packed], Iterator[Part]], ...]] = (
    printed,
    as_data,
    history,
    files,
    signed_elsewhere,
    staffing,
)


def parts_of(packed: Packed) -> list[Part]:
    return [part for maker in PARTS for part in maker(packed)]


def metadata(packed: Packed, parts: Iterable[Part]) -> Part:
    about = Described(
        state=packed.version.get_state_display(),
        last_day=packed.version.last_day,
        earlier=_earlier(packed.version),
        names=packed.names,
        files=[(part.entry.name, part.media_type, part.words) for part in parts],
    )
    content = metadata_xml(packed.document, about)
    words = "beskrivning enligt Dublin Core, med parter, diarienummer och datum"
    return Part(Entry("metadata.xml", lambda: [content]), "application/xml", words)


def _earlier(version: Version) -> list[str]:
    rows = Version.objects.filter(agreement=version.agreement_id, number__lt=version.number, signed_at__isnull=False)
    numbers = rows.order_by("-number").values_list("number", flat=True)
    reference = version.agreement.reference
    return [identifier({"reference": reference, "version": number}) for number in numbers]
