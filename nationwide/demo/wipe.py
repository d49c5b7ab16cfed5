"""Empties the portal of agreements, contact points and history before a new demonstration is loaded."""

from __future__ import annotations

from django.db import connection

from agreements.models import RuleSet, TemplateVersion
from contacts.models import Membership, OrganisationUserPermission, User
from municipalities.models import Municipality, Organisation
from nationwide.demo.accounts import COLLEAGUE_DOMAIN

EMPTIED = (
    "agreements_agreement",
    "agreements_archivecheck",
    "agreements_archiveorder",
    "agreements_attachedfile",
    "agreements_bulkrun",
    "contacts_contactpoint",
    "contacts_event",
)
"""What hangs on these goes with them; numbers begin anew."""
COPIES = r"^[0-9]{4}-[0-9]+$"
"""The codes of multiplied municipalities."""


def wipe() -> None:
    """Inside the caller's transaction. Reference data, the template, published rules and other logins stay."""
    settle()
    RuleSet.objects.drafts().delete()
    TemplateVersion.objects.drafts().delete()
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(EMPTIED)} RESTART IDENTITY CASCADE")
    invented = User.objects.filter(email__endswith=COLLEAGUE_DOMAIN)
    Membership.objects.filter(user__in=invented).delete()
    OrganisationUserPermission.objects.filter(user__in=invented).delete()
    invented.delete()
    copies = list(Municipality.objects.filter(code__regex=COPIES).values_list("pk", flat=True))
    Municipality.objects.filter(pk__in=copies).delete()
    Organisation.objects.filter(pk__in=copies).delete()


def settle() -> None:
    """Let the checks that wait for the end of the transaction be made now: tables can't be altered before."""
    connection.check_constraints()
