"""A section as it was at an earlier revision: walked back to from the text as it is now, through its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from agreements.models import Section, Version
from agreements.patches import Broken, undone, written
from contacts.models import Event

SAVED: Final = "agreement.section_saved"
AUTOSAVED: Final = "agreement.section_autosaved"

Told = tuple[str, Mapping[str, Any], Mapping[str, Any]]
"""An event's type, before and after."""


def content_at(version: Version, section: Section, revision: int) -> dict[str, Any] | None:
    """The content that stood at the revision; None when history does not tell. One query."""
    if not 0 <= revision <= section.revision:
        return None
    events = Event.objects.about(version.subject).filter(type__in=(SAVED, AUTOSAVED), at__gte=version.created_at)
    told = events.filter(after__section=section.key).newest_first().values_list("type", "before", "after")
    try:
        return walked_back(section.content, told.iterator(), revision)
    except Broken:
        return None


def walked_back(content: Mapping[str, Any], told: Iterable[Told], revision: int) -> dict[str, Any]:
    """The content before every save, newest first, that came after the revision. Raises Broken."""
    for type, before, after in told:
        if after["revision"] <= revision:
            break
        content = before_save(content, type, before, after)
    return dict(content)


def before_save(
    content: Mapping[str, Any], type: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The content before one save that led to this one. Raises Broken."""
    if type == AUTOSAVED:
        return undone(content, after["at"], before["text"], after["text"])
    if written(after["content"]) != written(content):
        raise Broken
    stood: Mapping[str, Any] = before["content"]
    return stood
