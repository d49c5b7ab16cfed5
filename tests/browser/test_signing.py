"""In a real browser: identity is proven, the text signed on a telephone; the other party declines, and all see why."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from agreements.models import Signature
from contacts.roles import Role
from tests import factories
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_signs_on_a_telephone_and_the_other_declines(cast: Cast, visit: Any, axe: Any) -> None:
    version = factories.accepted(cast)
    factories.member(cast.ostersund, Role.MUNICIPAL_SIGNATORY)
    ours = visit(f"/overenskommelser/{version.pk}/", user=cast.signatory, width=390)
    ours.get_by_role("link", name=re.compile("Läs och underteckna")).click()
    expect(ours.get_by_text(version.text_hash).first).to_be_visible()
    ours.get_by_label("Delegationsbeslut").check()
    ours.get_by_label("Beslutets beteckning").fill("AMN § 27")
    ours.get_by_label("Beslutsdatum").fill("2026-01-15")
    ours.get_by_text("Undertecknar du på uppdrag av någon annan?").click()
    axe(ours)
    ours.get_by_label("Jag har läst hela texten ovanför").check()
    ours.get_by_role("button", name="Underteckna", exact=True).click()

    ours.get_by_label("Lösenord").fill(PASSWORD)
    axe(ours)
    ours.keyboard.press("Enter")
    expect(ours.get_by_label("Beslutets beteckning")).to_have_value("AMN § 27")
    ours.get_by_role("button", name="Underteckna", exact=True).click()
    expect(ours.get_by_role("main")).to_contain_text("Undertecknad")
    assert Signature.objects.get().proof_level == "password"

    theirs = visit(f"/overenskommelser/{version.pk}/", user=cast.af_signatory)
    theirs.get_by_role("link", name=re.compile("Avböj")).click()
    theirs.get_by_label("Skäl").fill("Målen går inte att mäta.")
    axe(theirs)
    theirs.get_by_role("button", name=re.compile("Avböj")).click()
    expect(theirs.locator("#avbojd")).to_contain_text("Målen går inte att mäta.")
    ours.goto("/mitt-arbete/")
    expect(ours.get_by_role("main")).to_contain_text("avböjde att underteckna. Skäl: Målen går inte att mäta.")
