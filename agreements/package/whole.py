"""A whole package: its parts, a README, and the sums of all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.core.files.storage import default_storage
from django.template.loader import render_to_string

from agreements.gather import Whole
from agreements.models import PrintedCopy
from agreements.package.parts import Packed, Part, metadata, parts_of
from agreements.package.zipping import Entry, with_manifest, zipped
from agreements.public_copy import mark_of


@dataclass(frozen=True)
class Package:
    packed: Packed

    @property
    def file_name(self) -> str:
        return f"{self.packed.folder}-arkivpaket.zip"

    @cached_property
    def parts(self) -> list[Part]:
        found = parts_of(self.packed)
        return [*found, metadata(self.packed, found)]

    @property
    def missing(self) -> list[str]:
        """Kept files that are not where they should be."""
        return [part.stored for part in self.parts if part.stored and not default_storage.exists(part.stored)]

    def chunks(self) -> Iterator[bytes]:
        """The ZIP, as it is made. Raises Damaged when a kept file has changed."""
        signed = self.packed.version.signed_at or self.packed.version.state_since
        entries = [self._readme(), *(part.entry for part in self.parts)]
        return zipped(with_manifest(entries), folder=self.packed.folder, at=signed)

    def _readme(self) -> Entry:
        context = {"packed": self.packed, "text": self.packed.document["text"], "parts": self.parts}
        content = render_to_string("agreements/package/README.txt", context).encode()
        return Entry("README.txt", lambda: [content])


def made_copies(whole: Whole, *, signatories: bool) -> dict[str, PrintedCopy]:
    """The made copies of the signed text by variant. signatories: whether the public one names them."""
    marks = {
        PrintedCopy.Variant.ARCHIVE: whole.version.text_hash,
        PrintedCopy.Variant.READING: whole.version.text_hash,
        PrintedCopy.Variant.PUBLIC: mark_of(whole.version.text_hash, names=signatories),
    }
    rows = whole.version.copies.filter(variant__in=marks, text_hash__in=marks.values(), made_at__isnull=False)
    return {copy.variant: copy for copy in rows if marks[PrintedCopy.Variant(copy.variant)] == copy.text_hash}
