"""Public copies: one is ordered of each signed agreement whose archive copy has been made, and made by a worker.

Found by looking and not by an event: agreements signed before, and a setting that has changed, are then no exceptions.
"""

from __future__ import annotations

import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from agreements.actions.printing import nudge_after_commit, order_again, order_facts, signed_document
from agreements.models import PrintedCopy, Version
from agreements.public_copy import as_public, mark_of, mark_text
from agreements.states import SIGNED
from contacts.history import record

AT_ONCE: Final = 100
"""Ordered in one run; the timetable comes back every minute."""
TRIED_AGAIN_AFTER: Final = datetime.timedelta(days=1)
"""Nobody has a button for a public copy that failed."""


def public_copies() -> QuerySet[PrintedCopy]:
    """The public copies that may be shown as the setting is now, made or ordered."""
    rows = PrintedCopy.objects.filter(variant=PrintedCopy.Variant.PUBLIC, version__state__in=SIGNED)
    return rows.filter(text_hash=_mark("version__text_hash"))


def public_copy_of(version: Version) -> PrintedCopy | None:
    """The version's own, when it has been made."""
    mark = mark_of(version.text_hash, names=settings.PUBLIC_SIGNATORY_NAMES)
    made = version.copies.filter(variant=PrintedCopy.Variant.PUBLIC, text_hash=mark, made_at__isnull=False)
    return made.defer("document").first()


def order_public_copies(*, now: datetime.datetime) -> int:
    """Order the public copies that are missing or failed a day ago, some at a time; the number ordered."""
    failed = Q(failed_at__lt=now - TRIED_AGAIN_AFTER)
    known = PrintedCopy.objects.filter(~failed, version=OuterRef("pk"), variant=PrintedCopy.Variant.PUBLIC)
    archive = PrintedCopy.objects.filter(version=OuterRef("pk"), variant=PrintedCopy.Variant.ARCHIVE)
    rows = Version.objects.filter(Exists(archive.filter(made_at__isnull=False)), state__in=SIGNED)
    missing = rows.exclude(Exists(known.filter(text_hash=_mark(OuterRef("text_hash")))))
    return sum(
        order_public_copy(version_id=pk, now=now, again=True)
        for pk in list(missing.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    )


@transaction.atomic
def order_public_copy(*, version_id: int, now: datetime.datetime, again: bool = False) -> bool:
    """Order the public copy of a signed version; whether it was ordered now. again: also one that has failed."""
    version = Version.objects.select_for_update(of=("self",)).get(pk=version_id)
    names = settings.PUBLIC_SIGNATORY_NAMES
    copy, is_new = PrintedCopy.objects.get_or_create(
        version=version,
        variant=PrintedCopy.Variant.PUBLIC,
        text_hash=mark_of(version.text_hash, names=names),
        defaults={"document": as_public(signed_document(version), names=names), "ordered_at": now},
    )
    if is_new:
        record("copy.ordered", by=None, subject=version.subject, after=order_facts(copy))
        nudge_after_commit()
    elif again and copy.failed_at:
        order_again(copy, by=None, now=now)
        return True
    return is_new


def _mark(text_hash: str | OuterRef) -> Func:
    """public_copy.mark_of, asked of the database."""
    before = mark_text("", names=settings.PUBLIC_SIGNATORY_NAMES)
    of = text_hash if isinstance(text_hash, OuterRef) else F(text_hash)
    joined = Concat(Value(before), of, output_field=CharField())
    template = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
    return Func(joined, template=template, output_field=CharField())
