"""Every verb that changes people, roles, functions and contact points."""

from contacts.actions.catalogue import save_function
from contacts.actions.contact_points import (
    CONTACT_FIELDS,
    add_contact_point,
    change_contact_point,
    change_holder,
    confirm_contact_point,
    end_contact_point,
)
from contacts.actions.people import add_user, change_user, close_user, end_role, give_role

__all__ = [
    "CONTACT_FIELDS",
    "add_contact_point",
    "add_user",
    "change_contact_point",
    "change_holder",
    "change_user",
    "close_user",
    "confirm_contact_point",
    "end_contact_point",
    "end_role",
    "give_role",
    "save_function",
]
