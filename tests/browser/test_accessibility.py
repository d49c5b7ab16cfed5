"""Every page that a role may open, in light and in dark, against WCAG 2.2 A and AA."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest

from contacts.models import ContactPoint
from tests import factories
from tests.browser.conftest import RULES
from tests.cast import Cast
from tests.test_doors import GET, ROLES, World, address

pytestmark = pytest.mark.django_db(transaction=True)

VALUES = re.compile(r"""( (?!class|role|type|scope|tabindex|aria-hidden|hidden)[a-z-]+)="[^"]*\"""")
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
FILES = {
    *("municipality_csv", "municipality_json", "flag_csv", "flag_xlsx"),
    *("copy_download", "attachment_download", "staffing_csv", "history_csv", "history_json"),
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
    scheme: str, rules: dict[str, Any], cast: Cast, new_context: Any, axe: Any
) -> None:
    version = factories.accepted(cast)
    world = World(cast, version, ContactPoint.objects.filter(organisation=cast.ostersund).earliest("pk"))
    judged: defaultdict[str, set[str]] = defaultdict(set)
    for role in ROLES:
        page = new_context(user=getattr(cast, role), scheme=scheme).new_page()
        assert len(pages_of(role)) >= 5
        for name in pages_of(role):
            answer = page.goto(address(name, GET, world), wait_until="commit")
            assert answer.status == 200
            html = answer.text()
            if "<html" not in html or kinds(html) <= judged[name]:  # parts of pages are judged within their pages
                continue
            judged[name] |= kinds(html)
            page.wait_for_load_state("load")
            axe(page, rules)
    assert len(judged) > 30
