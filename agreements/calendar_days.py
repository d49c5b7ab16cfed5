"""What an organisation's calendar holds: its agreements' meetings, and the days that follow from their periods.

Four queries, however many agreements there are. Nothing in it names a person: what people typed is covered, and
agendas and minutes stay in the portal.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from django.db.models import Q
from django.urls import reverse

from agreements.actions.followed import FOLLOWED
from agreements.deadlines import NOTICE_BEFORE_END, months_before
from agreements.ical import Entry, calendar_file
from agreements.models import FollowUp, Notice, Party, Version
from contacts.links import absolute
from contacts.rules import without_names
from municipalities.models import Organisation

BACK: Final = datetime.timedelta(days=365)
"""How far back meetings stay in the calendar."""
MOST: Final = 3000
"""Entries of one calendar; the nearest days are kept."""


def calendar_of(organisation: Organisation, today: datetime.date) -> bytes:
    """The organisation's calendar, and that of what is below it."""
    return calendar_file(name_of(organisation), days_of(organisation, today))


def name_of(organisation: Organisation) -> str:
    return f"Överenskommelser, {organisation.name}"


def days_of(organisation: Organisation, today: datetime.date) -> list[Entry]:
    """What the calendar holds, in the order of the days."""
    versions = list(_versions(_family(organisation), today))
    entries = [*_meetings(versions, today), *_notices(versions, today)]
    entries += (entry for version in versions for entry in period_days(version, today))
    nearest = sorted(entries, key=lambda entry: (abs((entry.day - today).days), entry.uid))[:MOST]
    return sorted(nearest, key=lambda entry: (entry.day, entry.uid))


def _family(organisation: Organisation) -> list[int]:
    """The organisation and those below it, as roles reach them."""
    below = Q(parent=organisation.pk) | Q(parent__parent=organisation.pk)
    return list(Organisation.objects.filter(below | Q(pk=organisation.pk)).values_list("pk", flat=True))


def _versions(organisations: Collection[int], today: datetime.date) -> Iterable[Version]:
    """The newest version in force of each agreement that binds one of them today or later."""
    bound = Party.objects.filter(organisation__in=organisations).binding_from(today).values("version_id")
    rows = Version.objects.filter(pk__in=bound, state__in=FOLLOWED).with_heads().defer("frozen").order_by("number")
    return {version.agreement_id: version for version in rows}.values()


def _meetings(versions: Collection[Version], today: datetime.date) -> Iterator[Entry]:
    by_agreement = {version.agreement_id: version for version in versions}
    rows = FollowUp.objects.filter(agreement__in=by_agreement, planned_on__gte=today - BACK)
    for row in rows.order_by("-planned_on", "pk")[:MOST]:
        yield meeting_entry(row, by_agreement[row.agreement_id])


def meeting_entry(row: FollowUp, version: Version) -> Entry:
    """A meeting on the day it was held, else on the one it is planned for."""
    moved = row.held_on is not None and row.held_on != row.planned_on
    link = row.link if without_names(row.link) == row.link else ""
    return Entry(
        uid=f"uppfoljning-{row.pk}",
        summary=f"{row.get_kind_display()}: {version.agreement.reference}",
        day=row.day,
        starts_at=None if moved else row.starts_at,
        ends_at=None if moved else row.ends_at,
        location=without_names(row.place) or link,
        description=described(row, version, link),
        url=absolute(reverse("meeting", args=(version.pk, row.pk))),
        sequence=row.revision,
        changed=row.changed_at,
        cancelled=row.cancelled_at is not None,
        busy=True,
    )


def described(row: FollowUp, version: Version, link: str) -> str:
    lines = [version.title]
    if row.forum:
        lines.append(f"Forum: {without_names(row.forum)}")
    if row.responsible:
        lines.append(f"Ansvarig funktion: {without_names(row.responsible)}")
    if link and row.place:
        lines.append(f"Möteslänk: {link}")
    return "\n".join(lines)


def _notices(versions: Collection[Version], today: datetime.date) -> Iterator[Entry]:
    """The last day for each municipality that leaves after notice, for as long as the notice stands."""
    by_pk = {version.pk: version for version in versions}
    rows = Notice.objects.standing().filter(version__in=by_pk, last_day__gte=today).select_related("leaving")
    for row in rows[:MOST]:
        version = by_pk[row.version_id]
        yield Entry(
            uid=f"uppsagd-{row.pk}",
            summary=f"{version.agreement.reference} upphör för {row.leaving.name} efter uppsägning",
            day=row.last_day,
            description=version.title,
            url=absolute(reverse("agreement", args=(version.pk,))),
            changed=row.given_at,
        )


def period_days(version: Version, today: datetime.date) -> Iterator[Entry]:
    """The last day, when the parties are told of it, and the day of revision; none that has passed or is cut off."""
    days: list[tuple[str, str, datetime.date]] = []
    reference = version.agreement.reference
    if version.period_end:
        days.append(("slut", f"{reference} går ut", version.period_end))
        days += [
            (f"slut-{months}", f"{reference} går ut om {months} månader", months_before(version.period_end, months))
            for months in NOTICE_BEFORE_END
        ]
    if version.revision_date:
        days.append(("oversyn", f"{reference} ska ses över senast i dag", version.revision_date))
    for what, summary, day in days:
        if day >= today and (version.notice_until is None or day <= version.notice_until):
            yield Entry(
                uid=f"{what}-{version.agreement_id}",
                summary=summary,
                day=day,
                description=version.title,
                url=absolute(reverse("agreement", args=(version.pk,))),
                sequence=version.number,
                changed=version.signed_at or version.created_at,
            )
