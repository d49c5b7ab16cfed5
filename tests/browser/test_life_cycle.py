"""In a real browser: a municipality leaves a joint agreement, an amendment is seen through, agreements are renewed."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agreements.actions import giving_notice, signing
from agreements.models import Notice, Version
from tests import factories
from tests.agreements.joint import at, joint_in_force, signatory_of
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db(transaction=True)


def open_page(new_context: Any, user: Any, **window: Any) -> Page:
    page: Page = new_context(user=user, **window).new_page()
    return page


def sign(page: Page, version: Version) -> None:
    page.goto(f"/overenskommelser/{version.pk}/")
    page.get_by_role("link", name=re.compile("Läs och underteckna")).click()
    page.get_by_label("Delegationsbeslut").check()
    page.get_by_label("Beslutets beteckning").fill("AMN § 27")
    page.get_by_label("Beslutsdatum").fill("2026-01-15")
    page.get_by_label("Jag har läst hela texten ovanför").check()
    page.get_by_role("button", name="Underteckna", exact=True).click()
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Bekräfta", exact=True).click()
    page.get_by_role("button", name="Underteckna", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Överenskommelse mellan")


def test_a_municipality_leaves_a_joint_agreement_and_the_rest_goes_on(cast: Cast, new_context: Any, axe: Any) -> None:
    version = joint_in_force(cast)
    are = open_page(new_context, signatory_of(cast.are))
    are.goto(f"/overenskommelser/{version.pk}/")
    are.get_by_role("link", name="Säg upp för Åre kommun").click()
    expect(are.get_by_role("main")).to_contain_text("Överenskommelsen upphör bara för Åre kommun.")
    are.get_by_label("Skäl").fill("Kommunen vill ha en egen överenskommelse.")
    are.get_by_label("Jag säger upp i funktionen").fill("Förvaltningschef")
    are.get_by_label("Nämnd- eller styrelsebeslut").check()
    are.get_by_label("Beslutets beteckning").fill("KS § 12")
    are.get_by_label("Beslutsdatum").fill("2026-01-15")
    axe(are)
    are.get_by_role("button", name="Säg upp överenskommelsen").click()
    last = Notice.objects.get().last_day

    ours = open_page(new_context, cast.coordinator, width=390)
    ours.goto(f"/overenskommelser/{version.pk}/")
    parties = ours.locator(".signatories")
    expect(parties.get_by_role("listitem").filter(has_text="Åre kommun")).to_contain_text(f"Lämnar {last.day} ")
    expect(parties.get_by_role("listitem").filter(has_text="Östersunds kommun")).not_to_contain_text("Lämnar")
    axe(ours)

    after = last + datetime.timedelta(days=1)
    signing.end_expired(today=after, now=at(after))
    giving_notice.carry_out_all(today=after, now=at(after))
    ours.goto(f"/overenskommelser/{version.pk}/historik/")
    expect(ours.get_by_role("main")).to_contain_text("Åre kommun lämnade överenskommelsen")
    officer = open_page(new_context, cast.officer)
    officer.goto("/nationellt/kommuner/?status=signed")
    for name in ("Östersund", "Åre"):
        expect(officer.get_by_role("row").filter(has_text=name)).to_have_count(1)


def test_an_amendment_shows_only_what_changes_and_replaces_the_old_version(
    cast: Cast, new_context: Any, axe: Any
) -> None:
    old = factories.in_force(cast)
    kommun, af = open_page(new_context, cast.coordinator), open_page(new_context, cast.af_coordinator)
    kommun.goto(f"/overenskommelser/{old.pk}/")
    kommun.get_by_role("link", name="Börja på en ny version").click()
    kommun.get_by_role("button", name="Börja på en ny version").click()
    new = Version.objects.get(number=2)
    kommun.goto(f"/overenskommelser/{new.pk}/avsnitt/validity/")
    kommun.get_by_label("Gäller från och med").fill(str(timezone.localdate()))
    kommun.get_by_label("Uppsägningstid i månader").fill("9")
    kommun.get_by_role("button", name="Spara", exact=True).click()
    expect(kommun.get_by_text("är sparat")).to_be_visible()
    kommun.goto(f"/overenskommelser/{new.pk}/")
    kommun.get_by_role("link", name="Vad som ändras i version 2").click()
    expect(kommun.get_by_role("article", name="Avsnitt som ändras")).to_contain_text("9 månader")
    folded = kommun.locator("details", has_text="Gemensamt syfte").first
    assert folded.get_attribute("open") is None
    folded.locator("summary").press("Enter")
    expect(folded.locator(".locked")).to_be_visible()
    axe(kommun)
    kommun.goto(f"/overenskommelser/{new.pk}/foresla/")
    kommun.get_by_role("button", name=re.compile("Föreslå")).click()
    af.goto(f"/overenskommelser/{new.pk}/godta/")
    af.get_by_role("button", name="Godta texten").click()
    for user in (cast.signatory, cast.af_signatory):
        sign(open_page(new_context, user), new)

    signing.end_expired(today=timezone.localdate(), now=timezone.now())
    kommun.goto(f"/overenskommelser/{old.pk}/")
    expect(kommun.get_by_role("main")).to_contain_text("En ny version har ersatt den.")


@pytest.mark.parametrize("scripts", [True, False])
def test_agreements_are_renewed_from_the_list_by_keyboard_with_a_report(
    cast: Cast, new_context: Any, axe: Any, scripts: bool
) -> None:
    version = factories.in_force(cast)
    busy = factories.draft(cast, municipality=cast.are, by=cast.af_coordinator)
    page = open_page(new_context, cast.af_coordinator, scripts=scripts)
    page.goto("/overenskommelser/")
    for name in ("Östersunds kommun", "Åre kommun"):
        page.get_by_role("checkbox", name=f"Välj {name}").press("Space")
    page.get_by_role("button", name="Gör något med de valda").press("Enter")
    expect(page.get_by_role("heading", name="Valda (2)")).to_be_visible()
    page.get_by_role("radio", name="Förnya").press("Space")
    if scripts:
        axe(page)
    page.get_by_role("button", name="Genomför").press("Enter")

    expect(page.locator("#rapport [role=status]")).to_contain_text("1 av 2 gjordes. 1 gjordes inte.")
    expect(page.get_by_role("row").filter(has_text="Åre")).to_contain_text("är ett utkast och kan inte förnyas")
    if scripts:
        axe(page)
    new = Version.objects.get(agreement=version.agreement_id, number=2)
    assert (new.state, busy.state) == ("proposed", "draft")
    page.get_by_role("link", name=re.compile("Östersunds kommun")).click()
    expect(page.get_by_role("main")).to_contain_text("Väntar på att Östersunds kommun granskar.")
