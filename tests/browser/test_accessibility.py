"""Every page that a role may open, in light and in dark, against WCAG 2.2 A and AA."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest
from django.test import Client

from contacts.models import ContactPoint
from tests import factories
from tests.browser.conftest import LEAN, RULES
from tests.cast import Cast
from tests.test_doors import GET, ROLES, World, address

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

VALUES = re.compile(r"""( (?!class|role|type|scope|tabindex|aria-hidden|hidden)[a-z-]+)=(?:"[^"]*"|'[^']*')""")
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, **LEAN}
FILES = {
    *("municipality_csv", "municipality_json", "flag_csv", "flag_xlsx", "two_days_csv", "two_days_xlsx"),
    *("municipality_xlsx", "map_svg", "map_png"),
    *("copy_download", "attachment_download", "signed_file_download", "staffing_csv", "history_csv", "history_json"),
}


def pages_of(role: str) -> list[str]:
    """The routes that answer this role with a page."""
    place = ROLES.index(role)
    return [name for name, (_, statuses) in GET.items() if statuses.split()[place] == "200" and name not in FILES]


def kinds(html: str) -> set[str]:
    """What kinds of elements the page has, the frame left out: each by its tag, its attributes, and the values that axe
    judges by. A page with no kind that was not judged on the same route before has nothing new to judge.
    """
    own = re.sub(r"<header.*?</header>", "", html, flags=re.DOTALL)
    return {re.sub(VALUES, r"\1", tag) for tag in re.findall(r"<[a-z][^>]*>", own)}


@pytest.mark.parametrize(("scheme", "rules"), [("light", RULES), ("dark", COLOURS)])
def test_no_page_of_any_role_breaks_an_accessibility_rule(
    scheme: str, rules: dict[str, Any], cast: Cast, client: Client, new_context: Any, axe: Any
) -> None:
    """In the dark, where colours alone are judged, a kind of element is judged once whatever its route."""
    version = factories.accepted(cast)
    world = World(cast, version, ContactPoint.objects.filter(organisation=cast.ostersund).earliest("pk"))
    judged: defaultdict[str, set[str]] = defaultdict(set)
    for role in ROLES:
        client.force_login(getattr(cast, role))
        page = new_context(user=getattr(cast, role), scheme=scheme).new_page()
        assert len(pages_of(role)) >= 5
        for name in pages_of(role):
            answer = client.get(address(name, GET, world))
            assert answer.status_code == 200
            html = b"" if answer.streaming else answer.content
            found, seen = kinds(html.decode(errors="replace")), judged[name if scheme == "light" else "any"]
            if b"<html" not in html or found <= seen:  # parts of pages are judged within their pages
                continue
            seen |= found
            page.goto(address(name, GET, world))
            axe(page, rules)
    assert sum(map(len, judged.values())) > 300
