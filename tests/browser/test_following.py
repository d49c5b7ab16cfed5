"""Following up in a real browser: a meeting is planned and held with minutes, a goal is measured, the curve is seen."""

from __future__ import annotations

import datetime
import time
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from agreements.actions import meetings
from agreements.models import FollowUp, MeasuredValue, Version
from contacts.actions import change_holder
from tests import files
from tests.agreements.following import activity_row, goal_row, measure, plan, progress
from tests.cast import Cast
from tests.factories import in_force

pytestmark = pytest.mark.django_db(transaction=True)
DAY = datetime.timedelta(days=1)


def follow(visit: Any, cast: Cast, version: Version, **how: Any) -> Page:
    page: Page = visit(reverse("following", args=(version.pk,)), user=cast.coordinator, **how)
    return page


def test_a_button_pressed_twice_saves_once(visit: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    version, slow = in_force(cast), meetings.plan_meeting
    monkeypatch.setattr(meetings, "plan_meeting", lambda **words: (time.sleep(0.3), slow(**words))[1])
    page = follow(visit, cast, version)
    page.get_by_role("link", name="Planera ett möte").click()
    page.get_by_label("Datum").fill(str(timezone.localdate()))
    twice = "button => { button.click(); setTimeout(() => button.click(), 150) }"
    page.get_by_role("button", name="Planera mötet").evaluate(twice)

    expect(page.get_by_text("Mötet är planerat.")).to_be_visible()
    assert FollowUp.objects.count() == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_a_meeting_is_planned_and_held_with_minutes(visit: Any, cast: Cast, tmp_path: Path, scripts: bool) -> None:
    version, today = in_force(cast), timezone.localdate()
    minutes = tmp_path / "protokoll.pdf"
    minutes.write_bytes(files.pdf("Protokoll"))
    page = follow(visit, cast, version, scripts=scripts)

    page.get_by_role("link", name="Planera ett möte").click()
    page.get_by_label("Datum").fill(str(today))
    page.get_by_label("Börjar").fill("13:00")
    page.get_by_label("Plats").fill("Rådhuset")
    page.get_by_label("Dagordning").fill("Målen\nKontaktytorna")
    page.get_by_role("button", name="Planera mötet").click()
    expect(page.get_by_text("Mötet är planerat.")).to_be_visible()

    page.get_by_role("region", name="Möten").get_by_role("link", name="Årlig uppföljning").click()
    page.get_by_role("link", name="Anteckna att det hölls").click()
    expect(page.get_by_text("Kontaktytorna", exact=False).first).to_be_visible()
    page.get_by_role("group", name="Funktioner som deltog").get_by_role("checkbox").first.check()
    page.get_by_label("Kort om resultatet").fill("Två mål av tre är nådda.")
    page.get_by_label("Beslut").fill("Fler jobbspår i vården.")
    page.get_by_role("button", name="Spara anteckningarna").click()

    page.get_by_label("Fil", exact=True).set_input_files(minutes)
    page.get_by_label("Rubrik", exact=True).fill("Protokollet")
    page.get_by_role("button", name="Bifoga filen").click()
    expect(page.get_by_role("button", name="Ta bort Protokollet")).to_be_visible()
    row = FollowUp.objects.get()
    assert (row.held_on, len(row.took_part), row.attachments.count()) == (today, 1, 1)


def test_a_goal_is_measured_and_the_curve_is_seen(visit: Any, cast: Cast) -> None:
    version = in_force(cast)
    measure(cast, version, 64, timezone.localdate() - 100 * DAY, today=timezone.localdate())
    page = follow(visit, cast, version)
    page.get_by_role("region", name="Mål", exact=True).get_by_role("link", name="Anteckna ett värde").click()

    page.get_by_role("textbox", name="Värde").fill("70,5")
    page.get_by_role("textbox", name="Källa").fill("Statistiken")
    page.get_by_role("button", name="Spara värdet").click()

    curve = page.get_by_role("img", name="uppmätta värden")
    expect(curve).to_be_visible()
    assert curve.locator("circle").count() == 2
    expect(page.get_by_role("cell", name="70,5 av 100")).to_be_visible()
    assert MeasuredValue.objects.count() == 2


def test_an_activity_gets_its_status_by_keyboard_alone(visit: Any, cast: Cast) -> None:
    version = in_force(cast)
    page = visit(reverse("activity", args=(version.pk, activity_row(version))), user=cast.coordinator)
    page.get_by_role("radio", name="Ej påbörjad").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.get_by_label("Kommentar").focus()
    page.keyboard.type("Rutinen är beslutad.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Statusen är ändrad.")).to_be_visible()
    expect(page.get_by_text("Rutinen är beslutad.")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_no_page_of_following_up_breaks_an_accessibility_rule(
    visit: Any, axe: Any, cast: Cast, scheme: str, width: int
) -> None:
    version, today = in_force(cast), timezone.localdate()
    row, held = (plan(cast, version, planned_on=today + n * DAY, place="Rådhuset", agenda="Målen") for n in (5, 6))
    FollowUp.objects.filter(pk=held.pk).update(held_on=today, took_part=["Enhetschef"], summary="Bra", decisions="Mer")
    values = [measure(cast, version, 64 + n, today - n * 60 * DAY, today=today) for n in (2, 1)]
    progress(cast, version, "ongoing", note="Arbetsgruppen har börjat.")
    point = version.contacts.filter(party__side="municipality").earliest("pk").contact_point
    change_holder(by=cast.coordinator, contact_point_id=point.pk, name="Bo Ek", today=today)
    goal = (version.pk, goal_row(version))
    page = follow(visit, cast, version, scheme=scheme, width=width)

    for address in (
        reverse("following", args=(version.pk,)),
        reverse("follow_up", args=(version.pk,)),
        reverse("meeting_plan", args=(version.pk,)),
        *(
            reverse(name, args=(version.pk, row.pk))
            for name in ("meeting", "meeting_change", "meeting_cancel", "meeting_hold")
        ),
        reverse("meeting", args=(version.pk, held.pk)),
        reverse("goal", args=goal),
        reverse("goal_value", args=(*goal, values[0].pk)),
        reverse("activity", args=(version.pk, activity_row(version))),
        reverse("staffing", args=(version.pk,)),
        reverse("organisation_calendar", args=(cast.ostersund.pk,)),
        reverse("agreement", args=(version.pk,)),
    ):
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_calendar_address_is_made_and_shown_once(visit: Any, axe: Any, cast: Cast) -> None:
    in_force(cast)
    page = visit(reverse("organisation_calendar", args=(cast.ostersund.pk,)), user=cast.coordinator, width=320)
    page.get_by_role("button", name="Skapa en adress").click()

    address = page.get_by_label("Adress", exact=True).input_value()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert "/kalenderfil/" in address
    page.reload()
    expect(page.get_by_label("Adress", exact=True)).to_have_count(0)
