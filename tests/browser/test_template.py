"""The national template in a real browser: SKR makes version 2, and a coordinator goes over to it to the end."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from agreements.actions import amending, template_drafts
from agreements.models import TemplateVersion, Version
from tests.agreements.templates import NEWS, outline_of, rewrite, save_outline, second, with_news
from tests.cast import Cast
from tests.factories import in_force

pytestmark = pytest.mark.django_db(transaction=True)
MENDED = "Ett nytt och kortare syfte."


def changed(cast: Cast) -> Any:
    def change(draft: TemplateVersion) -> None:
        rows = [row for row in outline_of(draft) if row.key != "communication"]
        save_outline(cast.officer, draft, [row for row in rows if row.key != "background"])
        rewrite(cast.officer, draft, "purpose", locked=f"<p>{MENDED}</p>")
        new = {"label": "Restid till arbetet", "kind": "text", "required": True}
        rewrite(cast.officer, draft, "employers", fields=lambda fields: [*fields, new])

    return change


def outline_by_keyboard(page: Page) -> None:
    """The second section is moved past the third with Alt and an arrow, and heard to be."""
    page.get_by_role("link", name="Ändra avsnitten").click()
    row = page.locator("[data-row]").nth(1)
    row.get_by_role("textbox", name="Rubrik").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("[data-rows-status]")).to_contain_text("står nu på plats 3 av 25")
    page.get_by_role("button", name="Spara avsnitten").click()
    expect(page.get_by_text("Avsnitten är sparade.")).to_be_visible()


def new_purpose(page: Page) -> None:
    """The national text is written anew in the editor."""
    page.get_by_role("link", name="Redigera avsnitt 3 Gemensamt syfte").click()
    text = page.locator("[contenteditable=true]").first
    text.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(MENDED)
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.get_by_text("3 Gemensamt syfte är sparat.")).to_be_visible()


def new_field(page: Page) -> None:
    page.get_by_role("link", name="Redigera avsnitt 11").click()
    page.get_by_role("button", name="Lägg till fält").click()
    row = page.locator("[data-row]").last
    row.get_by_label("Rubrik", exact=True).fill("Restid till arbetet")
    row.get_by_label("Sort", exact=True).select_option(label="Löpande text med formatering")
    row.get_by_label("Krävs", exact=True).select_option(label="Ja, alltid")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.get_by_text("Restid till arbetet (krävs)")).to_be_visible()


def test_skr_makes_the_second_version_and_publishes_it(visit: Any, axe: Any, cast: Cast) -> None:
    page = visit("/mall/", user=cast.officer)
    page.get_by_role("button", name="Skapa ett utkast").click()
    outline_by_keyboard(page)
    new_purpose(page)
    new_field(page)
    page.get_by_role("link", name="Namn och nyheter").click()
    page.get_by_label("Vad är nytt").fill(NEWS)
    page.get_by_role("button", name="Spara").click()

    page.get_by_role("link", name="Förhandsgranska").click()
    expect(page.get_by_text(MENDED)).to_be_visible()
    page.get_by_role("link", name="Med exempel").click()
    expect(page.get_by_text("Exempeltext: Restid till arbetet.")).to_be_visible()

    page.goto("/mall/2/publicera/")
    page.get_by_role("link", name="Vad som skiljer mot mall 1").click()
    expect(page.locator("ins").filter(has_text="kortare").first).to_be_visible()
    axe(page)
    page.go_back()
    page.get_by_label("Gäller från och med").fill(str(timezone.localdate()))
    page.get_by_label("Jag har läst vad som skiljer").check()
    page.get_by_role("button", name="Publicera").click()

    expect(page.get_by_text("är publicerad.")).to_be_visible()
    keys = [section.key for section in TemplateVersion.objects.get(number=2).sections.all()]
    assert keys[1:3] == ["background", "parties"]
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.cursor().execute("UPDATE agreements_templatesection SET locked = 'x' WHERE key = 'purpose'")


def test_a_coordinator_goes_over_and_decides_to_the_end(visit: Any, axe: Any, cast: Cast) -> None:
    old = in_force(cast)
    read_before = old.frozen
    second(cast.officer, changed(cast))
    page = visit(f"/overenskommelser/{old.pk}/", user=cast.coordinator)
    page.get_by_role("link", name="Vad är nytt, och gå över till mall 2").click()
    axe(page)
    page.get_by_role("button", name="Börja på en ny version på mall 2").click()
    axe(page)

    page.get_by_label("Lägg in i").select_option(value="routines.handover")
    page.get_by_role("button", name="Lägg in Lokalt läge").click()
    expect(page.get_by_text("Inlagd i 13 Rutiner och övergångar")).to_be_visible()
    expect(page.locator("ins").filter(has_text="kortare").first).to_be_visible()
    while (unread := page.get_by_role("button", name="Läst")).count():
        unread.first.click()
    page.get_by_role("link", name="Fyll i Restid till arbetet").click()
    page.locator("[contenteditable=true]").last.click()
    page.keyboard.type("Högst en timme med kollektivtrafik.")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.get_by_text("Avsnitt 11 är sparat.")).to_be_visible()

    new = Version.objects.latest("pk")
    page.goto(f"/overenskommelser/{new.pk}/ny-mall/")
    expect(page.get_by_text("Ni har tagit ställning till allt som är nytt i mall 2.")).to_be_visible()
    old.refresh_from_db()
    assert (old.template.number, old.frozen) == (1, read_before)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_no_page_of_the_template_breaks_an_accessibility_rule(
    visit: Any, axe: Any, cast: Cast, width: int, scheme: str
) -> None:
    old = in_force(cast)
    second(cast.officer, changed(cast))
    new = amending.start_amendment(by=cast.coordinator, version_id=old.pk, today=timezone.localdate())
    draft = template_drafts.start_draft(by=cast.officer)
    with_news(cast.officer, draft)
    page = visit("/mall/", user=cast.officer, scheme=scheme, width=width)
    addresses = ["/mall/", "/mall/2/", "/mall/2/stang/", "/mall/2/jamfor/1/", "/nationellt/mallar/"]
    addresses += ["/nationellt/mallar/lista/?mall=1", f"/overenskommelser/{new.pk}/ny-mall/"]
    parts = ("", "uppgifter/", "disposition/", "avsnitt/goals/", "publicera/", "kasta/", "forhandsvisning/")
    addresses += [f"/mall/3/{part}" for part in parts]
    for address in addresses:
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    window = visit(f"/overenskommelser/{new.pk}/ny-mall/", user=cast.coordinator, scheme=scheme, width=width)
    axe(window)
    assert window.evaluate("document.documentElement.scrollWidth") <= width
