"""Every kind of file there is in the storage, and which rows name them: the one list that audits and purges go by.

A test fails when a model gets a column for a file that is not here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import Exists, Model, OuterRef, QuerySet

from agreements.models import ArchiveRow, AttachedFile, PrintedCopy, Seal


class Named(NamedTuple):
    """A file that a row names, and what its bytes should be."""

    pk: int
    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class StoredKind:
    """A column of files. due: the rows whose file must be there. A file that any row names is nobody's to remove."""

    key: str
    model: type[Model]
    due: Callable[[], QuerySet[Any]]
    column: str = "file"

    def count(self) -> int:
        return self.due().exclude(**{self.column: ""}).count()

    def after(self, pk: int, most: int) -> list[Named]:
        rows = self.due().exclude(**{self.column: ""}).filter(pk__gt=pk).order_by("pk")
        return [Named(*row) for row in rows.values_list("pk", self.column, "sha256", "size")[:most]]

    def known(self, names: Collection[str]) -> set[str]:
        found = self.model._default_manager.filter(**{f"{self.column}__in": names})
        return set(found.values_list(self.column, flat=True))


def _copies() -> QuerySet[PrintedCopy]:
    """Made ones; the file of a sealed copy is its seal's."""
    sealed = Seal.objects.stored().filter(copy=OuterRef("pk"), sha256=OuterRef("sha256"))
    return PrintedCopy.objects.filter(~Exists(sealed), made_at__isnull=False)


KINDS: Final = (
    StoredKind("printed copy", PrintedCopy, _copies),
    StoredKind("sealed file", Seal, lambda: Seal.objects.stored()),
    StoredKind("attached file", AttachedFile, lambda: AttachedFile.objects.all()),
    StoredKind("ordered archive", ArchiveRow, lambda: ArchiveRow.objects.all()),
)


def unknown(names: Collection[str]) -> Iterator[str]:
    """Those of the names that no row of any kind knows."""
    known = set[str]().union(*(kind.known(names) for kind in KINDS)) if names else set()
    return (name for name in names if name not in known)
