"""On whose behalf somebody can sign for a party: others who sign for it, and holders of functions that sign."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from agreements.models import Party
from contacts.access import signatories_of
from contacts.mailboxes import mailbox_of
from contacts.models import Holder, User


@dataclass(frozen=True)
class Giver:
    """Somebody whose commission one can sign on. key: "u12" or "h34"; mailbox: where that is told, if anywhere."""

    key: str
    name: str
    function: str
    mailbox: str
    user_id: int | None = None

    @property
    def words(self) -> str:
        return f"{self.name}, {self.function}" if self.function else self.name


def givers_for(party: Party, *, by: User, on: datetime.date) -> list[Giver]:
    """Everybody who could have given the user a commission, by name; each person once, oneself not."""
    users = [user for user in signatories_of([party.organisation])[party.organisation_id] if user.pk != by.pk]
    found = {user.name: Giver(f"u{user.pk}", user.name, "", user.email, user.pk) for user in users}
    holders = Holder.objects.current(on).filter(
        contact_point__organisation=party.organisation_id,
        contact_point__ended_on__isnull=True,
        contact_point__function__signing=True,
    )
    for holder in holders.select_related("contact_point__function").order_by("pk"):
        mailbox = mailbox_of(holder.contact_point)
        if holder.name != by.name and holder.name not in found:
            address = mailbox[0] if mailbox else ""
            found[holder.name] = Giver(f"h{holder.pk}", holder.name, holder.contact_point.name, address)
    return sorted(found.values(), key=lambda giver: giver.name)
