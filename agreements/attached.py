"""Attached files as pages show them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agreements.models import AttachedFile, Attachment
from contacts.rules import without_names


@dataclass(frozen=True)
class AttachedLine:
    """An attached file, covered for a reader who may not see names."""

    pk: int
    title: str
    name: str
    kind: str
    size: int
    sha256: str
    section_key: str
    status: str
    failure: str
    can_open: bool

    @property
    def waits(self) -> bool:
        return self.status == AttachedFile.Status.WAITING

    @property
    def is_refused(self) -> bool:
        return self.status == AttachedFile.Status.REFUSED


def attached_lines(attachments: Iterable[Attachment], *, names: bool) -> list[AttachedLine]:
    """What is in a file can't be covered, so it opens only for those who see names."""
    return [_line(attachment, names) for attachment in attachments]


def _line(attachment: Attachment, names: bool) -> AttachedLine:
    file = attachment.file
    return AttachedLine(
        pk=attachment.pk,
        title=attachment.title if names else without_names(attachment.title),
        name=attachment.name if names else without_names(attachment.name),
        kind=file.get_kind_display(),
        size=file.size,
        sha256=file.sha256,
        section_key=attachment.section_key,
        status=file.status,
        failure=file.failure,
        can_open=names and file.status == AttachedFile.Status.CLEAR,
    )
