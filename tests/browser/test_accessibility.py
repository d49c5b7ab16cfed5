"""Every page that a role may open, in light and in dark, against WCAG 2.2 A and AA."""

from __future__ import annotations

from typing import Any

import pytest

from contacts.models import ContactPoint
from tests import factories
from tests.cast import Cast
from tests.test_doors import GET, ROLES, World, address

pytestmark = pytest.mark.django_db(transaction=True)

FILES = {"municipality_csv", "municipality_json", "flag_csv", "flag_xlsx", "copy_download"}


def pages_of(role: str) -> list[str]:
    """The routes that answer this role with a page."""
    place = ROLES.index(role)
    return [name for name, (_, statuses) in GET.items() if statuses.split()[place] == "200" and name not in FILES]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("role", ROLES)
def test_no_page_of_a_role_breaks_an_accessibility_rule(
    role: str, scheme: str, cast: Cast, new_context: Any, axe: Any
) -> None:
    version = factories.accepted(cast)
    world = World(cast, version, ContactPoint.objects.filter(organisation=cast.ostersund).earliest("pk"))
    page = new_context(user=getattr(cast, role), scheme=scheme).new_page()
    assert len(pages_of(role)) >= 5
    for name in pages_of(role):
        answer = page.goto(address(name, GET, world))
        assert answer.status == 200
        if "<html" in answer.text():  # parts of pages are judged within their pages
            axe(page)
