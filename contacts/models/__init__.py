"""Users and roles, functions and contact points, history; letters and the links in them."""

from contacts.models.letter import Confirmation, Letter
from contacts.models.link import PersonalLink, PersonalLinkQuerySet
from contacts.models.people import (
    ContactPoint,
    ContactPointQuerySet,
    Event,
    EventQuerySet,
    Function,
    Holder,
    HolderQuerySet,
    Level,
    Membership,
    MembershipQuerySet,
    OrganisationUserPermission,
    User,
    UserManager,
)

__all__ = [
    "Confirmation",
    "ContactPoint",
    "ContactPointQuerySet",
    "Event",
    "EventQuerySet",
    "Function",
    "Holder",
    "HolderQuerySet",
    "Letter",
    "Level",
    "Membership",
    "MembershipQuerySet",
    "OrganisationUserPermission",
    "PersonalLink",
    "PersonalLinkQuerySet",
    "User",
    "UserManager",
]
