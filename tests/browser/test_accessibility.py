"""Every page that a role may open, in light and in dark, against WCAG 2.2 A and AA."""

from __future__ import annotations

import re
from typing import Any

import pytest

from contacts.models import ContactPoint
from tests import factories
from tests.browser.conftest import RULES
from tests.cast import Cast
from tests.test_doors import GET, ROLES, World, address

pytestmark = pytest.mark.django_db(transaction=True)

COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
FILES = {"municipality_csv", "municipality_json", "flag_csv", "flag_xlsx", "copy_download"}


def pages_of(role: str) -> list[str]:
    """The routes that answer this role with a page."""
    place = ROLES.index(role)
    return [name for name, (_, statuses) in GET.items() if statuses.split()[place] == "200" and name not in FILES]


def substance(html: str) -> str:
    """The page without its frame and what is new in each answer: what it has of its own for axe to judge."""
    return re.sub(
        r'<header.*?</header>|nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|hx-headers=.*?>',
        "",
        html,
        flags=re.S,
    )


@pytest.mark.parametrize(("scheme", "rules"), [("light", RULES), ("dark", COLOURS)])
def test_no_page_of_any_role_breaks_an_accessibility_rule(
    scheme: str, rules: dict[str, Any], cast: Cast, new_context: Any, axe: Any
) -> None:
    version = factories.accepted(cast)
    world = World(cast, version, ContactPoint.objects.filter(organisation=cast.ostersund).earliest("pk"))
    judged: set[str] = set()
    for role in ROLES:
        page = new_context(user=getattr(cast, role), scheme=scheme).new_page()
        assert len(pages_of(role)) >= 5
        for name in pages_of(role):
            answer = page.goto(address(name, GET, world), wait_until="commit")
            assert answer.status == 200
            own = substance(answer.text())
            if "<html" not in own or own in judged:  # parts of pages are judged within their pages
                continue
            judged.add(own)
            page.wait_for_load_state("load")
            axe(page, rules)
    assert len(judged) > len(pages_of("officer"))
