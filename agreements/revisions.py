"""A section's text as it was at an earlier revision, as history tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from agreements.models import Section, Version
from contacts.models import Event

SAVED: Final = "agreement.section_saved"

Told = tuple[Mapping[str, Any], Mapping[str, Any]]
"""What stood before and after a save."""


def content_at(version: Version, section: Section, revision: int) -> dict[str, Any] | None:
    """The content that stood at the revision; None when history does not tell. One query."""
    if not 0 <= revision <= section.revision:
        return None
    events = Event.objects.about(version.subject).filter(type=SAVED, at__gte=version.created_at)
    told = events.filter(after__section=section.key).newest_first().values_list("before", "after")
    return walked_back(section.content, told.iterator(), revision)


def walked_back(content: Mapping[str, Any], told: Iterable[Told], revision: int) -> dict[str, Any] | None:
    """The content before every save, newest first, that came after the revision; None where they do not fit."""
    for before, after in told:
        if after["revision"] <= revision:
            break
        if after["content"] != content:
            return None
        content = before["content"]
    return dict(content)
