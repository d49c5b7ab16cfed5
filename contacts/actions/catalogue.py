"""What changes the controlled list of functions."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from contacts.actions.people import demand_administrator
from contacts.history import record
from contacts.models import Function, User

FUNCTION_FIELDS = ("key", "name", "side", "level", "signing", "other", "active", "mends", "position")


@transaction.atomic
def save_function(*, by: User, function: Function) -> Function:
    """Add a function to the list, or change one. A function is never deleted, only made impossible to choose."""
    demand_administrator(by)
    old = Function.objects.filter(pk=function.pk).first() if function.pk else None
    function.save()
    record(
        "function.changed" if old else "function.added",
        by=by,
        subject=f"function:{function.pk}",
        before=_facts(old) if old else {},
        after=_facts(function),
    )
    return function


def _facts(function: Function) -> dict[str, Any]:
    return {field: getattr(function, field) for field in FUNCTION_FIELDS}
