"""The archive of an order: one ZIP of packages, put together as it is sent, with a list of what is and is not in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.template.loader import render_to_string

from agreements.models import ArchiveOrder, ArchiveRow, Version
from agreements.package.parts import stored_part
from agreements.package.zipping import Entry, with_manifest, zipped
from contacts.access import Reach
from contacts.csv_lines import Columns, as_csv_lines

CHUNK: Final = 100
COLUMNS: Final[Columns[ArchiveRow]] = {
    "Beteckning": lambda row: row.version.agreement.reference,
    "Version": lambda row: row.version.number,
    "Överenskommelse": lambda row: row.label,
    "Utfall": lambda row: row.get_outcome_display(),
    "Besked": lambda row: row.message,
    "Fil": lambda row: row.name,
    "SHA-256": lambda row: row.sha256,
}


@dataclass(frozen=True)
class Gathered:
    """reach: of whoever fetches it; what has gone out of sight since it was asked for is left out."""

    order: ArchiveOrder
    reach: Reach

    @property
    def rows(self) -> QuerySet[ArchiveRow]:
        seen = Version.objects.visible_to(self.reach).values("pk")
        rows = self.order.rows.filter(version__in=seen).select_related("version__agreement")
        return rows.defer("version__frozen").order_by("position")

    @property
    def packed(self) -> QuerySet[ArchiveRow]:
        return self.rows.filter(outcome=ArchiveRow.Outcome.PACKED).exclude(file="")

    @property
    def folder(self) -> str:
        return f"arkiv-{self.order.pk}"

    def missing(self) -> list[str]:
        """Packages that are not where they should be."""
        names = self.packed.values_list("file", flat=True).iterator(CHUNK)
        return [name for name in names if not default_storage.exists(name)]

    def chunks(self) -> Iterator[bytes]:
        at = self.order.finished_at or self.order.ordered_at
        return zipped(with_manifest(self._entries()), folder=self.folder, at=at)

    def _entries(self) -> Iterator[Entry]:
        readme = render_to_string("agreements/package/ARKIV.txt", {"order": self.order}).encode()
        yield Entry("README.txt", lambda: [readme])
        yield Entry("INNEHALL.csv", partial(self._list))
        for row in self.packed.iterator(CHUNK):
            part = stored_part(row.name, str(row.file.name), row.sha256, row.size, "application/zip", row.label)
            yield part.entry

    def _list(self) -> Iterator[bytes]:
        return (line.encode() for line in as_csv_lines(self.rows.iterator(CHUNK), COLUMNS))
