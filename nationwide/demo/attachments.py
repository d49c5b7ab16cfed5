"""A few files attached to drafts, which a worker checks as it does with all others."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator

import docx

from agreements.actions.attaching import facts_of
from agreements.models import AttachedFile, Attachment
from agreements.shelf import shelve_upload
from agreements.states import State
from contacts.models import Event
from nationwide.demo.rows import Built
from nationwide.demo.timeline import days

MOST = 3
TITLE = "Kartläggning av målgruppen"
PARAGRAPHS = (
    "Kartläggningen bygger på uppgifter från ekonomiskt bistånd, vuxenutbildningen och Arbetsförmedlingen.",
    "Flest står långt från arbetsmarknaden bland unga utan gymnasieutbildning och bland utrikes födda kvinnor.",
    "Restauranger, vård och träindustri söker personal. Truckkort och yrkessvenska efterfrågas mest.",
)


def attach_some(all_built: Iterable[Built]) -> Iterator[Event]:
    """The rows and files of some drafts; what their histories tell of it."""
    drafts = [built for built in all_built if built.version.state == State.DRAFT]
    for number, built in enumerate(drafts[:MOST], start=1):
        version = built.version
        attachment = Attachment.objects.create(
            version=version,
            file=_stored(f"{TITLE} {number}"),
            title=TITLE,
            name="Kartläggning av målgruppen.docx",
            section_key="target_groups",
            added_at=version.created_at + days(1),
        )
        subject, after = version.subject, facts_of(attachment)
        del after["sha256"]
        yield Event(type="attachment.added", subject=subject, at=attachment.added_at, after=after)


def _stored(title: str) -> AttachedFile:
    content = io.BytesIO()
    document = docx.Document()
    document.add_heading(title)
    for paragraph in PARAGRAPHS:
        document.add_paragraph(paragraph)
    document.save(content)
    digest, size = hashlib.sha256(content.getvalue()).hexdigest(), len(content.getvalue())
    shelved = shelve_upload(content, digest, size, ".docx")
    return AttachedFile.objects.create(sha256=digest, kind="docx", size=size, file=shelved.name)
