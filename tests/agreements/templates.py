"""Template versions for tests, made by the product's own actions."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from agreements.actions import template_drafts, template_publishing
from agreements.actions.template_drafts import OutlineRow, SectionChange
from agreements.models import TemplateSection, TemplateVersion
from contacts.models import User

NEWS = "Uppföljning varje halvår."
Fields = list[dict[str, Any]]


def outline_of(draft: TemplateVersion) -> list[OutlineRow]:
    return [OutlineRow(s.number, s.title, s.key) for s in draft.sections.all()]


def seen_of(draft: TemplateVersion) -> dict[str, int]:
    return dict(draft.sections.values_list("key", "revision"))


def save_outline(by: User, draft: TemplateVersion, rows: list[OutlineRow]) -> TemplateVersion:
    draft.refresh_from_db()
    return template_drafts.save_outline(
        by=by, number=draft.number, rows=rows, seen=seen_of(draft), revision=draft.revision
    )


def without(by: User, draft: TemplateVersion, *keys: str) -> TemplateVersion:
    return save_outline(by, draft, [row for row in outline_of(draft) if row.key not in keys])


def rewrite(
    by: User,
    draft: TemplateVersion,
    key: str,
    *,
    locked: str | None = None,
    fields: Callable[[Fields], Fields] | None = None,
) -> TemplateSection:
    """Save a section with another national text, or other fields."""
    section = draft.sections.get(key=key)
    change = SectionChange(
        guidance=section.guidance,
        locked=section.locked if locked is None else locked,
        fields=fields(section.definition) if fields else section.definition,
    )
    return template_drafts.save_section(by=by, number=draft.number, key=key, change=change, revision=section.revision)


def with_news(by: User, draft: TemplateVersion, news: str = NEWS) -> TemplateVersion:
    draft.refresh_from_db()
    facts = template_drafts.Facts(draft.name, draft.note, news)
    return template_drafts.save_facts(by=by, number=draft.number, facts=facts, revision=draft.revision)


def publish(
    by: User, draft: TemplateVersion, *, valid_from: datetime.date | None = None, close_others: bool = False
) -> TemplateVersion:
    with_news(by, draft)
    draft.refresh_from_db()
    now = timezone.localtime()
    return template_publishing.publish(
        by=by,
        number=draft.number,
        seen=template_publishing.mark_of(draft, list(draft.sections.all())),
        valid_from=valid_from or now.date(),
        close_others=close_others,
        now=now,
    )


def second(by: User, change: Callable[[TemplateVersion], Any] | None = None, **how: Any) -> TemplateVersion:
    """Template 2, published; `change` writes in the draft first."""
    draft = template_drafts.start_draft(by=by)
    if change is not None:
        change(draft)
    return publish(by, draft, **how)
