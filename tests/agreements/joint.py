"""A joint agreement: Östersund and Åre with AF region Nord, signed by all."""

from __future__ import annotations

import datetime
from typing import Any

from agreements.actions import giving_notice, negotiating, writing
from agreements.actions.giving_notice import Wish
from agreements.models import Notice, Party, Version
from contacts.models import User
from contacts.roles import Role
from municipalities.models import Organisation
from tests import factories
from tests.cast import Cast
from tests.factories import TODAY, decision, sign_party

NOW = datetime.datetime.combine(TODAY, datetime.time(12), tzinfo=datetime.UTC)


def at(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), tzinfo=datetime.UTC)


def signatory_of(organisation: Organisation) -> User:
    """The one who signs for Åre."""
    found = User.objects.filter(
        memberships__organisation=organisation, memberships__role=Role.MUNICIPAL_SIGNATORY
    ).first()
    return found or factories.member(organisation, Role.MUNICIPAL_SIGNATORY)


def joint_draft(cast: Cast) -> Version:
    return writing.start_agreement(
        by=cast.coordinator, municipalities=[cast.ostersund, cast.are], af=cast.nord, today=TODAY
    )


def joint_accepted(cast: Cast) -> Version:
    version = joint_draft(cast)
    filled(version, cast)
    negotiating.propose(by=cast.coordinator, version_id=version.pk)
    return negotiating.accept(by=cast.af_coordinator, version_id=version.pk)


def filled(version: Version, cast: Cast) -> None:
    """Everything but the contact points by the common factory; those of Åre by Åre's own coordinator."""
    editors = {cast.ostersund.pk: cast.coordinator, cast.are.pk: cast.outsider, cast.nord.pk: cast.af_coordinator}
    choose = factories.choose_all
    factories.choose_all = lambda *args, **kwargs: None
    try:
        factories.fill(version, cast)
    finally:
        factories.choose_all = choose
    chosen = []
    for party in version.parties.select_related("organisation"):
        for level in ("strategic", "operative"):
            point = factories.contact_point(party.organisation, level, by=editors[party.organisation_id])
            chosen.append(writing.ChosenContact(party.pk, point.pk, level))
    writing.choose_contacts(by=cast.coordinator, version_id=version.pk, key="contacts", chosen=chosen, revision=0)


def signatories(cast: Cast) -> dict[int, User]:
    return {cast.ostersund.pk: cast.signatory, cast.are.pk: signatory_of(cast.are), cast.nord.pk: cast.af_signatory}


def sign_all(version: Version, cast: Cast, *, on: datetime.date = TODAY) -> Version:
    users = signatories(cast)
    for party in version.parties.all():
        sign_party(version, party, users[party.organisation_id], now=at(on))
    version.refresh_from_db()
    return version


def joint_in_force(cast: Cast) -> Version:
    return sign_all(joint_accepted(cast), cast)


def party_of(version: Version, organisation: Organisation) -> Party:
    return version.parties.get(organisation=organisation)


def give_notice(version: Version, by: User, giver: Organisation, *, on: datetime.date = TODAY, **wish: Any) -> Notice:
    """Notice for a municipality; its row is returned."""
    giving_notice.give_notice(
        by=by,
        version_id=version.pk,
        party_id=party_of(version, giver).pk,
        wish=Wish(**{"reason": "Organisationen ändras."} | wish),
        decision=decision(),
        now=at(on),
    )
    version.refresh_from_db()
    return Notice.objects.filter(version=version).latest("pk")
