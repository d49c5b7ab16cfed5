"""Letters to those who sign: when it is their party's turn, and reminders. One letter to a user with all that waits."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from agreements.actions.calling import sign_path
from agreements.asking import step_due
from agreements.models import AskedToSign, Party, Signature, Version
from agreements.states import State
from agreements.turns import next_to_sign
from contacts.access import signatories_of
from contacts.actions.letters import write
from contacts.actions.personal_links import link_for
from contacts.history import by_the_system, record_all
from contacts.links import absolute, personal_placeholder
from contacts.models import Letter, PersonalLink, User
from contacts.rules import without_names


@dataclass(frozen=True)
class Due:
    """A party whose turn it is, and the step of the letter that is due to a user."""

    party: Party
    called_at: datetime.datetime
    step: int
    days: int
    """Since the turn came."""


def ask_all(*, now: datetime.datetime, reminding: bool) -> int:
    """Write to everybody whose turn has come; with reminding also again. The number of letters written.

    Late and repeated runs, and two at once, ask nobody twice. A run with nothing to ask costs the same few queries
    however much is waited for.
    """
    steps = (0, *settings.SIGNING_REMINDER_DAYS) if reminding else (0,)
    users = {user.pk: user for user, _ in _due(steps, timezone.localdate(now))}
    return sum(_ask(user, steps, now) for _, user in sorted(users.items()))


def _called() -> list[Party]:
    """The parties whose turn it is, with version and organisation: two queries, however many."""
    waiting = Version.objects.filter(state__in=[State.ACCEPTED, State.SIGNING])
    rows = Party.objects.filter(version__in=waiting).select_related("organisation", "version__agreement")
    signed = set(Signature.objects.filter(version__in=waiting).values_list("party", flat=True))
    by_version: defaultdict[int, list[Party]] = defaultdict(list)
    for party in rows.defer("version__frozen"):
        by_version[party.version_id].append(party)
    return [p for parties in by_version.values() for p in next_to_sign(parties, signed) if p.called_at]


@transaction.atomic
def _ask(user: User, steps: tuple[int, ...], now: datetime.datetime) -> int:
    """One letter with all that waits for the user; 0 when nothing is due any more. Two workers wait for each other."""
    if not User.objects.select_for_update(of=("self",)).filter(pk=user.pk, is_active=True).exists():
        return 0
    due = [item for one, item in _due(steps, timezone.localdate(now)) if one == user]
    if not due:
        return 0
    links = [_link(user, item.party, now) for item in due]
    letter = _write(user, due, links, now)
    if letter is None:
        return 0
    AskedToSign.objects.bulk_create(
        AskedToSign(party=item.party, user=user, called_at=item.called_at, step=item.step, letter=letter)
        for item in due
    )
    record_all(
        by_the_system(
            "agreement.asked_to_sign",
            subject=item.party.version.subject,
            after={"party": item.party.name, "step": item.step, "to": user.name, "letter": letter.pk},
        )
        for item in due
    )
    return 1


def _due(steps: tuple[int, ...], today: datetime.date) -> Iterator[tuple[User, Due]]:
    """Who is to be asked for what: each signatory of each party whose turn it is, if a step is due."""
    called = _called()
    people = signatories_of([party.organisation for party in called])
    told: defaultdict[tuple[int, int, datetime.datetime], list[int]] = defaultdict(list)
    rows = AskedToSign.objects.filter(party__in=called).values_list("party_id", "user_id", "called_at", "step")
    for party_id, user_id, called_at, known in rows:
        told[party_id, user_id, called_at].append(known)
    for party in called:
        for user in people[party.organisation_id]:
            if party.called_at is not None:
                days = (today - timezone.localdate(party.called_at)).days
                step = step_due(days, steps, told[party.pk, user.pk, party.called_at])
                if step is not None:
                    yield user, Due(party, party.called_at, step, days)


def _link(user: User, party: Party, now: datetime.datetime) -> PersonalLink:
    path, subject = sign_path(party.version_id, party.pk), party.version.subject
    return link_for(user=user, path=path, subject=subject, days=settings.SIGNING_LINK_DAYS, now=now)


def _write(user: User, due: list[Due], links: list[PersonalLink], now: datetime.datetime) -> Letter | None:
    reminder = all(item.step for item in due)
    titles = [without_names(item.party.version.title) for item in due]
    addresses = [personal_placeholder(link.pk) for link in links]
    lines = [
        {"title": title, "party": item.party.name, "days": item.step and item.days, "link": address}
        for title, item, address in zip(titles, due, addresses, strict=True)
    ]
    context = {
        "lines": lines,
        "reminder": reminder,
        "until": min(link.expires_at for link in links),
        "recipient": user.email,
        "site": absolute("/"),
    }
    what = titles[0] if len(due) == 1 else f"{len(due)} överenskommelser"
    return write(
        kind=Letter.Kind.SIGNING,
        recipient=user.email,
        occasion=now.isoformat(),
        contact_point_id=None,
        subject=f"{'Påminnelse: underteckna' if reminder else 'Att underteckna'}: {what}",
        text=render_to_string("mail/signing.txt", context),
        html=render_to_string("mail/signing.html", context),
        links=[link.pk for link in links],
        now=now,
    )
