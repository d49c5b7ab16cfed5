"""The chase: a weekly letter to each function mailbox with all that waits there."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from agreements.chase import Letter as Due
from agreements.chase import letters_due, week_of
from agreements.chase_letter import Addresses, Choice, Known, Told, choose, parts, subject_of
from agreements.findings import covered
from agreements.models import ChasedFlag, Flag, Version
from agreements.pressing import FlagRow, read_pressing
from contacts.actions.letters import write
from contacts.history import by_the_system, record_all
from contacts.links import absolute
from contacts.models import Event, Letter
from contacts.rules import without_names


def chase(*, now: datetime.datetime) -> int:
    """Write this week's letters; the number written. A second run in the week writes those that are missing."""
    today = timezone.localdate(now)
    written = Letter.objects.filter(kind=Letter.Kind.CHASE, occasion=week_of(today))
    sent = set(written.values_list("recipient", "occasion"))
    pressing = read_pressing(today)
    known = {pk: _known(flag) for pk, flag in pressing.flags.items()}
    due = letters_due(pressing.waiting, sent=sent, today=today)
    return sum(_write(letter, choose(letter, known), pressing.owners[letter.recipient], now) for letter in due)


def _known(flag: FlagRow) -> Known:
    return Known(flag.pk, flag.version, flag.rule, flag.severity, flag.open_since)


@transaction.atomic
def _write(due: Due, choice: Choice, owner: int, now: datetime.datetime) -> int:
    """One letter, what it tells, and a line in the history of each agreement; 0 when another worker was first."""
    versions = Version.objects.select_related("agreement").defer("frozen")
    agreements = versions.in_bulk({item.version for item in choice.picked})
    titles = {pk: without_names(version.title) for pk, version in agreements.items()}
    context = {
        "parts": parts(choice, titles, _told(choice), ADDRESSES),
        "left_out": choice.left_out,
        "all": absolute(f"{reverse('agreement_list')}?visa=flaggade"),
        "recipient": due.recipient,
        "site": absolute("/"),
    }
    letter = write(
        kind=Letter.Kind.CHASE,
        recipient=due.recipient,
        occasion=due.week,
        contact_point_id=owner,
        subject=subject_of(choice, titles),
        text=render_to_string("mail/chase.txt", context),
        html=render_to_string("mail/chase.html", context),
        now=now,
    )
    if letter is None:
        return 0
    chased = [ChasedFlag(letter=letter, flag_id=pk, step=due.flags[pk]) for pk in choice.told]
    ChasedFlag.objects.bulk_create(chased)
    record_all(_events(letter, choice, agreements))
    return 1


def _told(choice: Choice) -> dict[int, Told]:
    """The words of the flags that are told one by one. A shared mailbox is read by many: names are covered."""
    wanted = [flag for item in choice.picked for flag in item.flags]
    return {
        flag.pk: Told(
            reason=covered(flag.reason, flag.subject, flag.details.get("named", ())),
            mend=covered(flag.mend, flag.subject, flag.details.get("named", ())),
            contact_point=flag.details.get("contact_point"),
            section=flag.section_key,
            is_serious=flag.severity == Flag.Severity.SERIOUS,
        )
        for flag in Flag.objects.filter(pk__in=wanted)
    }


def _events(letter: Letter, choice: Choice, agreements: dict[int, Version]) -> Iterator[Event]:
    count: Counter[int] = Counter()
    for item in choice.picked:
        count[item.version] += len(item.told) + item.more
    for version, flags in count.items():
        after = {"letter": letter.pk, "recipient": letter.recipient, "flags": flags}
        yield by_the_system("agreement.chased", subject=agreements[version].subject, after=after)


def _agreement(pk: int) -> str:
    return absolute(reverse("agreement", args=[pk]))


ADDRESSES = Addresses(
    agreement=_agreement,
    level=lambda pk: absolute(reverse("agreement_level", args=[pk])),
    section=lambda pk, key: f"{_agreement(pk)}#avsnitt-{key}",
    contact_point=lambda pk: absolute(reverse("contact_point", args=[pk])),
)
